"""The directory of services: search it, give it away and take one in, as Open Referral HSDS."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from quartier.companions import actions, hsds, queries
from quartier.companions.queries import Wanted
from quartier.lib import choices, clock
from quartier.lib.text import one_line
from quartier.team.access import Actor

LARGEST = 5 * 1024 * 1024
ZIP = b"PK"


def show(request: HttpRequest) -> HttpResponse:
    """Search by need, place, kind and language; those to check, or withdrawn; POST: take in a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wrong: list[str] = []
    if request.method == "POST":
        wrong = _take_in(request, actor)
        if not wrong:
            return redirect("companion_services")
    need, place, language, kind, only = (
        one_line(request.GET.get(name, ""), 80) for name in ("need", "place", "language", "kind", "only")
    )
    wanted = Wanted(need, place, language, kind, stale=only == "stale", withdrawn=only == "withdrawn")
    today = clock.now().astimezone(actor.organisation.zone).date()
    return render(
        request,
        "console/companions/services.html",
        {
            "chosen": {"need": need, "place": place, "language": language, "kind": kind, "only": only},
            "services": [
                (each, choices.chosen(hsds.KINDS, each.kinds), queries.is_stale(each, today))
                for each in queries.services(actor.organisation, wanted)
            ],
            "languages": choices.LANGUAGES,
            "kinds": hsds.KINDS,
            "keeps": actor.has("supervisor", "coordinator", "admin"),
            "to_check": queries.to_check(actor.organisation),
            "wrong": wrong,
        },
        status=422 if wrong else 200,
    )


def _take_in(request: HttpRequest, actor: Actor) -> list[str]:
    """Read and keep the file; gives what is wrong with it."""
    file: Any = request.FILES.get("file")
    if file is None:
        return [_("Choose a file.")]
    if file.size > LARGEST:
        return [_("This file is too large: at most 5 MB.")]
    content = file.read()
    try:
        rows = hsds.unpack(content) if content[:2] == ZIP else json.loads(content)
        services = hsds.read(rows)
    except hsds.NotHSDS as error:
        return error.reasons
    except (ValueError, RecursionError):
        return [_("This is neither a JSON file nor a zip with tables.")]
    new, known = actions.take_in(actor=actor, services=services)
    messages.success(request, _("Imported: %(new)s new, %(known)s updated.") % {"new": new, "known": known})
    return []


def file(request: HttpRequest) -> HttpResponse:
    """The whole directory, as a file that others can read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    response = JsonResponse(hsds.written(queries.listed_services(actor.organisation)))
    response["Content-Disposition"] = 'attachment; filename="services.json"'
    return response


def package(request: HttpRequest) -> HttpResponse:
    """The whole directory, as tables for a spreadsheet, in a zip."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    content = hsds.packed(queries.listed_services(actor.organisation))
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="services.zip"'
    return response
