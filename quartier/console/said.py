"""What people say after a visit: what is not right first, satisfaction by whom, and their own words."""

import csv
import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from quartier.console.cut import cut
from quartier.followup import access, actions, queries
from quartier.followup.rules import BOUNDS
from quartier.lib import choices, clock
from quartier.lib.text import one_line
from quartier.team.access import Actor

SHOWN = 50


def show(request: HttpRequest) -> HttpResponse:
    """The page; asked by htmx, only its moving part."""
    return _page(request)


def _page(request: HttpRequest, wrong: str = "", typed: dict[str, str] | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    kind, postcode = _filters(request)
    found = queries.said(actor.organisation, clock.now(), kind=kind, postcode=postcode)
    bad = cut(request, "not-right", queries.bad(actor.organisation), SHOWN)
    access.looked_at_all(actor, "follow_up", [row.pk for row in bad.rows])
    chosen = queries.settings_of(actor.organisation)
    context = {
        "bad": bad,
        "found": found,
        "helped": cut(request, "helped", found.helped, SHOWN),
        "volunteers": cut(request, "volunteers", found.volunteers, SHOWN),
        "told": cut(request, "words", found.told, SHOWN),
        "kinds": choices.KINDS,
        "kind": kind,
        "postcode": postcode,
        "chosen": typed or {"share": str(chosen.share), "hours": str(chosen.hours)},
        "wrong": wrong,
        "is_head": actor.has("admin"),
    }
    part = request.htmx and not wrong  # type: ignore[attr-defined]
    name = "console/said_live.html" if part else "console/said.html"
    return render(request, name, context, status=422 if wrong else 200)


def _filters(request: HttpRequest) -> tuple[str, str]:
    kind = request.GET.get("kind", "")
    known = kind if kind in {each.code for each in choices.KINDS} else ""
    return known, one_line(request.GET.get("place", ""), 12)


def act(request: HttpRequest, follow_up_id: UUID) -> HttpResponse:
    """I have looked after it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = access.answer_for(actor, follow_up_id)
    actions.look_after(actor=actor, follow_up=row)
    messages.success(request, _("Saved: it is dealt with."))
    return redirect("said")


def choose(request: HttpRequest) -> HttpResponse:
    """Whom the group asks, and when."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    typed = {name: one_line(request.POST.get(name, ""), 20) for name in BOUNDS}
    try:
        actions.choose(actor=actor, **{name: int(value) for name, value in typed.items()})
    except ValueError:
        wrong = _("Enter whole numbers: from 0 to 100 visits out of 100, and from 1 to 48 hours.")
        return _page(request, wrong, typed)
    messages.success(request, _("Saved."))
    return redirect("said")


# Fewer answers than this could be those of somebody whom one knows.
SMALL = 5


def export(request: HttpRequest) -> HttpResponse:
    """Counts by kind of help and postcode, as a table for elsewhere: no names, no words, small counts hidden."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queries.by_place(actor.organisation, clock.now())
    file = io.StringIO()
    table = csv.writer(file)
    hows = [
        pgettext("how it went", "Very good"),
        pgettext("how it went", "Good"),
        pgettext("how it went", "Not good"),
    ]
    head = [_("What"), _("Postcode"), _("Answers"), *hows]
    table.writerow([safe(word) for word in head])
    for kind, postcode, tally in found:
        counts = [hidden(each) for each in (tally.answers, tally.very_good, tally.good, tally.not_good)]
        table.writerow([safe(str(choices.kind(kind).name)), safe(postcode), *counts])
    response = HttpResponse("\ufeff" + file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="said.csv"'
    response["Cache-Control"] = "no-store"
    return response


def hidden(count: int) -> Any:
    """The count; where it is small, only that."""
    return f"<{SMALL}" if 0 < count < SMALL else count


def safe(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
