"""What was written: what nobody of the team has read yet, and every message about one request or file in one place."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from quartier.cases.access import case_for, request_for
from quartier.console.cut import cut
from quartier.console.post import CHANNELS
from quartier.conversation import actions, queries
from quartier.conversation.access import to_read_for
from quartier.conversation.queries import Line
from quartier.followup.access import looked_at_all
from quartier.lib.ids import uuid7
from quartier.messaging.models import Message
from quartier.team.access import Actor

SHOWN = 100
STATES = {
    "due": gettext_lazy("on its way"),
    "sending": gettext_lazy("on its way"),
    "unknown": gettext_lazy("may have been sent: we are checking"),
    "sent": gettext_lazy("sent"),
    "delivered": gettext_lazy("arrived"),
    "failed": gettext_lazy("not arrived"),
    "cancelled": gettext_lazy("no longer needed"),
    "held": gettext_lazy("waiting for an email with others"),
    "new": pgettext_lazy("a text that came in", "just came"),
    "yes": pgettext_lazy("a text that came in", "a yes"),
    "no": pgettext_lazy("a text that came in", "a no"),
    "stop": pgettext_lazy("a text that came in", "wants no more messages"),
    "start": pgettext_lazy("a text that came in", "wants messages again"),
    "words": pgettext_lazy("a text that came in", "words for us"),
    "relayed": pgettext_lazy("a text that came in", "passed on to the other person"),
    "robot": pgettext_lazy("a text that came in", "written by a program"),
}
LOOKS = {"delivered": "done", "failed": "none", "unknown": "none"}
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Said:
    """One message as the page shows it: words without links, which open what they lead to."""

    line: Line
    channel: str
    state: str
    look: str
    words: str


def written(request: HttpRequest) -> HttpResponse:
    """What people wrote and nobody has read; asked by htmx, only its moving part."""
    return _written(request)


def _written(request: HttpRequest, wrong: str = "", at: UUID | None = None, typed: str = "") -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    unread = cut(request, "unread", queries.unread(actor), SHOWN)
    looked_at_all(actor, "received", [row.received_id for row in unread.rows])
    context = {
        "rows": [
            (row, CHANNELS.get(row.received.channel, row.received.channel), uuid7()) for row in unread.rows
        ],
        "unread": unread,
        "wrong": wrong,
        "wrong_at": at,
        "typed": typed,
    }
    part = request.htmx and not wrong  # type: ignore[attr-defined]
    name = "console/written_live.html" if part else "console/written.html"
    return render(request, name, context, status=422 if wrong else 200)


def act(request: HttpRequest, to_read_id: UUID) -> HttpResponse:
    """It is read, or answered."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = to_read_for(actor, to_read_id)
    match request.POST.get("do"):
        case "read":
            actions.read(actor=actor, to_read=row)
            messages.success(request, _("Saved: it is read."))
        case "answer" if row.received.person is not None:
            typed = request.POST.get("words", "")
            try:
                actions.say(
                    actor=actor,
                    person=row.received.person,
                    words=typed,
                    once=_once(request),
                    to_read=row,
                )
                messages.success(request, _("Your answer is on its way."))
            except actions.NothingSaid:
                return _written(request, _("Write a few words first."), row.pk)
            except actions.CannotBeWritten:
                return _written(request, _("No one can write to this person: call them."), row.pk, typed)
        case _:
            raise Http404
    return redirect("written")


def _once(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("once", ""))
    except ValueError as error:
        raise Http404 from error


def of_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Every message about one request: its state, its cost, and why."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = request_for(actor, request_id)
    lines = queries.thread(actor, request_id=asked.pk)
    return _thread(request, lines, {"asked": asked, "case": asked.case, "topic": f"request:{asked.pk}"})


def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every message about one file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_for(actor, case_id)
    lines = queries.thread(actor, case_id=case.pk)
    return _thread(request, lines, {"case": case, "topic": f"case:{case.pk}"})


def _thread(request: HttpRequest, lines: list[Line], more: dict[str, object]) -> HttpResponse:
    said = [
        Said(
            line,
            str(CHANNELS.get(line.channel, line.channel)),
            str(STATES.get(line.state, line.state)),
            LOOKS.get(line.state, "closed" if line.incoming else ""),
            " ".join(_LINK.sub("…", line.words).split()),
        )
        for line in lines
    ]
    cost = sum((line.cost for line in lines), start=Message().cost)
    return render(request, "console/thread.html", {"said": said, "cost": cost, **more})
