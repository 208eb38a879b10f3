"""The words that a group has for what came of a call: its own, their order, and which are offered."""

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from quartier.console.line.afterwards import CodeLabel, code_labels
from quartier.lib.text import one_line
from quartier.team.access import Actor
from quartier.telephony import actions as line
from quartier.telephony.actions.codes import MAX_LABEL_CHARS, MAX_WRAP_UP_CODES

MAX_PLACE = 99


@dataclass
class CodeRow:
    """One row of the form, as it was typed. `name`: of its boxes; `label`: of a code that is ours; `labels`: language,
    its name, text."""

    name: str
    code: str
    label: str
    place: str
    is_active: bool
    labels: list[tuple[str, str, str]] = field(default_factory=list)
    is_moved: bool = False
    wrong: str = ""

    @property
    def is_own(self) -> bool:
        return bool(self.labels)

    @property
    def is_new(self) -> bool:
        return not self.code


def show(request: HttpRequest) -> HttpResponse:
    """The codes; sent, they are offered so after the next call."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = _rows(actor)
    if request.method == "POST":
        _read(request, rows)
        filled = [row for row in rows if not row.is_new or any(text for _code, _name, text in row.labels)]
        _check(filled)
        if not any(row.wrong for row in filled):
            line.change_wrap_up_codes(actor=actor, codes=_choices(filled))
            messages.success(request, _("This applies from the next call on."))
            return redirect("line_codes")
    wrong = next((row.wrong for row in rows if row.wrong), "")
    context = {
        "rows": rows,
        "wrong": wrong,
        "may_add": len(rows) <= MAX_WRAP_UP_CODES,
        "max_label": MAX_LABEL_CHARS,
    }
    return render(request, "console/line_codes.html", context, status=422 if wrong else 200)


def _rows(actor: Actor) -> list[CodeRow]:
    codes = code_labels(actor.organisation)
    rows = [_row(actor, f"code{place}", each, place) for place, each in enumerate(codes, 1)]
    return [*rows, _row(actor, "new", CodeLabel("", "", labels={}), len(rows) + 1)]


def _row(actor: Actor, name: str, code: CodeLabel, place: int) -> CodeRow:
    spoken = [] if code.labels is None else _languages(actor)
    labels = [(each, called, (code.labels or {}).get(each, "")) for each, called in spoken]
    return CodeRow(name, code.code, code.label, str(place), code.is_active, labels)


def _languages(actor: Actor) -> list[tuple[str, str]]:
    names = {code: str(name) for code, name in settings.LANGUAGES}
    return [(code, names.get(code, code)) for code in actor.organisation.languages]


def _read(request: HttpRequest, rows: list[CodeRow]) -> None:
    """What was typed, each row by its code, so that a page that is old changes no other one."""
    sent = {request.POST.get(f"{name}-code", ""): name for name in request.POST.getlist("row")}
    for row in rows:
        name = sent.get(row.code)
        if name is None:
            continue
        was, row.place = row.place, one_line(request.POST.get(f"{name}-place", ""), 4)
        row.is_moved = row.is_new or row.place != was
        row.is_active = request.POST.get(f"{name}-active") == "on"
        row.labels = [
            (code, called, one_line(request.POST.get(f"{name}-label-{code}", ""), 200))
            for code, called, _text in row.labels
        ]


def _check(rows: list[CodeRow]) -> None:
    for row in rows:
        texts = [text for _code, _name, text in row.labels]
        if row.is_own and not any(texts):
            row.wrong = _(
                "Enter the words for this code in at least one language. To stop offering it, untick it."
            )
        elif any(len(text) > MAX_LABEL_CHARS for text in texts):
            row.wrong = _("At most %(count)s characters, so that it fits on a button.") % {
                "count": MAX_LABEL_CHARS
            }
        elif not (row.place.isascii() and row.place.isdigit() and 1 <= int(row.place) <= MAX_PLACE):
            row.wrong = _("The place is a whole number from 1 to %(most)s.") % {"most": MAX_PLACE}
    if rows and not any(row.is_active for row in rows):
        rows[0].wrong = _("At least one must be offered.")
    if len(rows) > MAX_WRAP_UP_CODES:
        rows[-1].wrong = _("That is as many as there can be: %(count)s.") % {"count": MAX_WRAP_UP_CODES}


def _choices(rows: list[CodeRow]) -> list[line.CodeChoice]:
    """In their order; of two with one place, the one that was just put there comes first."""
    return [
        line.CodeChoice(row.code, row.is_active, {code: text for code, _name, text in row.labels})
        for row in sorted(rows, key=lambda row: (int(row.place), not row.is_moved))
    ]
