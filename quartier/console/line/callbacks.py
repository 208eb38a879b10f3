"""Whom we ring back, with a clock for each, and the messages that were left. Nobody leaves the list by themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.console.queries import line as read
from quartier.console.request_page import COORDINATES
from quartier.lib import choices, clock
from quartier.lib.text import clean
from quartier.look import rules as look
from quartier.team.access import Actor
from quartier.telephony import actions as line
from quartier.telephony import queries
from quartier.telephony.models import Callback
from quartier.telephony.queries.showing import Listed
from quartier.telephony.rules import NotPossible

WHY = {
    Callback.Why.ASKED: gettext_lazy("asked to be called back"),
    Callback.Why.MISSED: gettext_lazy("hung up while waiting"),
    Callback.Why.CUT_OFF: gettext_lazy("was cut off"),
    Callback.Why.TROUBLE: gettext_lazy("called while our side was down"),
    Callback.Why.MESSAGE: gettext_lazy("left a message"),
    Callback.Why.PROMISED: gettext_lazy("was promised a call"),
}
# Nobody is late who has been waiting for so long since their turn.
GRACE = timedelta(minutes=15)
NOTE_AT_MOST = 2000


@dataclass(frozen=True)
class Row:
    """One row of the list. `promise`: minutes from the wish to when it is late; `rests`: until when it is not their
    turn yet; `mine`: I have it."""

    listed: Listed
    who: str
    why: str
    language: str
    promise: float
    rests: str
    mine: bool

    @property
    def callback(self) -> Callback:
        return self.listed.callback


def show(request: HttpRequest) -> HttpResponse:
    """The list and the messages; asked by htmx, only their moving part."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = clock.now()
    rows = [row_of(actor, each, now) for each in queries.callbacks(actor.organisation, now)]
    standing = read.standing(actor)
    context = {
        "mine": [row for row in rows if row.mine],
        "due": [row for row in rows if not row.mine and not row.listed.is_given_up and not row.rests],
        "later": [row for row in rows if not row.mine and not row.listed.is_given_up and row.rests],
        "given_up": [row for row in rows if not row.mine and row.listed.is_given_up],
        "messages_left": queries.messages(actor.organisation),
        "coordinates": actor.has(*COORDINATES),
        "talking": read.talking(actor) if actor.has(*COORDINATES) else [],
        "standing": standing,
    }
    part = request.htmx  # type: ignore[attr-defined]
    return render(
        request, "console/line_callbacks_live.html" if part else "console/line_callbacks.html", context
    )


def row_of(actor: Actor, listed: Listed, now: datetime) -> Row:
    """What the list says of a callback."""
    callback = listed.callback
    late_at = callback.due_at + GRACE
    names = {each.code: str(each.name) for each in choices.LANGUAGES}
    return Row(
        listed,
        who=callback.person.name if callback.person else "",
        why=str(WHY[Callback.Why(callback.why)]),
        language=names.get(callback.language, ""),
        promise=look.minutes_between(callback.wanted_at, late_at),
        rests=look.day_time(callback.due_at, now) if callback.due_at > now else "",
        mine=callback.state == Callback.State.CLAIMED and callback.claimed_by_id == actor.id,
    )


def act(request: HttpRequest, callback_id: UUID) -> HttpResponse:
    """Take it, call, say how it went, hand it back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    note = clean(request.POST.get("note", ""), NOTE_AT_MOST)
    try:
        said = _done(actor, callback_id, request.POST.get("do", ""), note)
    except NotPossible:
        messages.warning(request, _("Somebody else has it, or it is over. Here is how it stands now."))
    else:
        messages.success(request, said)
    return redirect("line_callbacks")


def _done(actor: Actor, callback_id: UUID, what: str, note: str) -> str:
    match what:
        case "claim":
            line.claim(actor=actor, callback_id=callback_id)
            return _("It is yours for ten minutes.")
        case "call":
            line.claim(actor=actor, callback_id=callback_id)
            line.wish(actor=actor, what="dial", to=callback_id)
            return _("Your phone rings first, then theirs.")
        case "tried":
            row = line.tried(actor=actor, callback_id=callback_id, note=note)
            if row.state == Callback.State.GIVEN_UP:
                return _("Tried often enough: a coordinator decides what comes next.")
            return _("Noted. Next try: %(when)s.") % {"when": look.day_time(row.due_at, clock.now())}
        case "done":
            line.done(actor=actor, callback_id=callback_id, note=note)
            return _("Done, and off the list.")
        case "release":
            line.release(actor=actor, callback_id=callback_id)
            return _("Handed back. Somebody else can take it.")
        case "again":
            line.try_again(actor=actor, callback_id=callback_id)
            return _("Back on the list.")
        case "give_up":
            line.give_up(actor=actor, callback_id=callback_id, note=note)
            return _("Nobody is called any more. It is off the list.")
    raise Http404
