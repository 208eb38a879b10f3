"""Whom we ring back, with a clock for each, and the messages that were left. Nobody leaves the list by themselves."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quartier.callcore import Standing
from quartier.cases import queries as cases
from quartier.console.line.failure_words import failure_note
from quartier.console.line.refusals import Refusal, refusal_of
from quartier.console.queries import line as read
from quartier.console.request_page import COORDINATES
from quartier.lib import choices, clock, phone
from quartier.lib.text import clean
from quartier.look import rules as look
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.telephony import access, queries
from quartier.telephony import actions as line
from quartier.telephony.models import Audio, Call, Callback
from quartier.telephony.queries.callback_list import CALLBACK_GRACE, CallbackRow
from quartier.telephony.queries.floods import Fold
from quartier.telephony.rules import MayNotDial, NotPossible, OnTheLine, number_block

WHY = {
    Callback.Why.ASKED: gettext_lazy("asked to be called back"),
    Callback.Why.MISSED: gettext_lazy("hung up while waiting"),
    Callback.Why.CUT_OFF: gettext_lazy("was cut off"),
    Callback.Why.TROUBLE: gettext_lazy("called while our side was down"),
    Callback.Why.MESSAGE: gettext_lazy("left a message"),
    Callback.Why.PROMISED: gettext_lazy("was promised a call"),
}
NOTE_AT_MOST = 2000
# Where somebody can call out with the line.
CAN_DIAL = {Standing.AVAILABLE, Standing.PAUSED, Standing.WRAP_UP}
MAX_KNOWN_FILES = 500


@dataclass(frozen=True)
class VoiceMessage:
    """A message in its row. `length` as clocks write it, `0:34`; `who`: a name, or how the number ends."""

    audio: Audio
    length: str
    who: str


@dataclass(frozen=True)
class Row:
    """One row of the list. `who`: the name, or how the number ends; `digits`: how it ends, `42 17`; `facts`: what else
    is known, in a few words each; `promise`: minutes from the wish to when it is late; `rests`: until when it is not
    their turn yet; `mine`: I have it."""

    listed: CallbackRow
    who: str
    digits: str
    why: str
    is_asked: bool
    facts: list[str]
    messages: list[VoiceMessage]
    refusal: Refusal | None
    promise: float
    rests: str
    mine: bool

    @property
    def callback(self) -> Callback:
        return self.listed.callback


@dataclass(frozen=True)
class FoldRow:
    """Many rows as one. `first`: by which it is opened; `block`: the beginning of their numbers, or ""; `until`: when
    the last of them called, which is sent back with what is cleared."""

    first: UUID
    count: int
    block: str
    first_at: datetime
    last_at: datetime

    @property
    def until(self) -> str:
        return self.last_at.isoformat()


def show(request: HttpRequest) -> HttpResponse:
    """The list and the messages; asked by htmx, only their moving part."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    part = request.htmx  # type: ignore[attr-defined]
    page = "console/line_callbacks_live.html" if part else "console/line_callbacks.html"
    shown = context(actor, clock.now(), _page_of(request))
    return render(request, page, shown if part else shown | {"reached": _just_reached(actor, request)})


def _just_reached(actor: Actor, request: HttpRequest) -> Row | None:
    """Whom the actor has said to have reached a moment ago: it can be taken back. Where the address names one, five
    queries."""
    try:
        key = UUID(request.GET.get("done", ""))
    except ValueError:
        return None
    rows = Callback.objects.select_related("organisation", "person", "call")
    row = rows.filter(pk=key, organisation=actor.organisation).first()
    if row is None or not line.is_done_undoable(actor, row):
        return None
    return rows_of(actor, [CallbackRow(row, is_free=True)], clock.now())[0]


def context(actor: Actor, now: datetime, page: int = 1) -> dict[str, Any]:
    """Everything on the page."""
    found = queries.callback_list(actor.organisation, actor.id, now, page)
    rows = rows_of(actor, [*found.mine, *found.due, *found.later, *found.given_up], now)
    mine, due = len(found.mine), len(found.mine) + len(found.due)
    later = due + len(found.later)
    coordinates = actor.has(*COORDINATES)
    standing = read.standing(actor)
    return {
        "found": found,
        "mine": rows[:mine],
        "due": rows[mine:due],
        "later": rows[due:later],
        "given_up": rows[later:],
        "folds": [fold_row(each, found.numbers.get(each.callbacks[0], "")) for each in found.folds],
        "now_count": queries.callers_to_call_back(actor.organisation, now).now,
        "has_now": bool(due > mine or found.folds or found.voices_count),
        "voices": voice_messages(found.voices),
        "more_voices": found.voices_count - len(found.voices),
        "more_given_up": found.given_up_count - len(found.given_up),
        "more_heard": found.heard_count - len(found.heard),
        "heard": voice_messages(found.heard),
        "coordinates": coordinates,
        "talking": read.talking(actor) if coordinates else [],
        "standing": standing,
        "can_dial": standing in CAN_DIAL,
        "own_blocks": [(each, last_digits(each.number)) for each in queries.own_block_requests(actor)],
        "to_decide": queries.block_request_counts(actor, decides=True).open if coordinates else 0,
        "page_before": found.page - 1,
        "page_after": found.page + 1 if found.page < found.pages else 0,
    }


def rows_of(actor: Actor, listed: Sequence[CallbackRow], now: datetime) -> list[Row]:
    """What the list says of these callbacks. Two queries, for what is known of the people."""
    people = {each.callback.person_id for each in listed if each.callback.person_id}
    known = _known_of({pk for pk in people if pk is not None})
    return [_row_of(actor, each, known, now) for each in listed]


def _row_of(actor: Actor, listed: CallbackRow, known: dict[UUID, list[str]], now: datetime) -> Row:
    callback = listed.callback
    late_at = callback.due_at + CALLBACK_GRACE
    return Row(
        listed,
        who=called_from(callback.person, callback.number),
        digits=last_digits(callback.number),
        why=str(WHY[Callback.Why(callback.why)]),
        is_asked=callback.why in {Callback.Why.ASKED, Callback.Why.PROMISED},
        facts=[*_facts(listed, now), *(known.get(callback.person_id, []) if callback.person_id else [])],
        messages=voice_messages(listed.messages),
        refusal=refusal_of(listed.refusal, callback.number, actor.organisation.country),
        promise=look.minutes_between(callback.wanted_at, late_at) if not listed.is_settled else 0,
        rests=look.day_time(callback.due_at, now) if callback.due_at > now else "",
        mine=callback.state == Callback.State.CLAIMED and callback.claimed_by_id == actor.id,
    )


def _facts(listed: CallbackRow, now: datetime) -> list[str]:
    """How often, since when, in which language, what was promised, how the last call to them ended, and who
    has spoken with them since."""
    callback, found = listed.callback, []
    if callback.language:
        found.append(_language(callback.language))
    if callback.calls > 1:
        found.append(
            ngettext("%(count)s call since %(when)s", "%(count)s calls since %(when)s", callback.calls)
            % {"count": callback.calls, "when": look.day_time(callback.wanted_at, now)}
        )
    if callback.why == Callback.Why.PROMISED:
        found.append(_("promised for %(when)s") % {"when": look.day_time(callback.due_at, now)})
    if callback.tries:
        found.append(
            ngettext("%(count)s attempt", "%(count)s attempts", callback.tries) % {"count": callback.tries}
        )
    if note := failure_note(listed.failed, now):
        found.append(note)
    spoken = listed.spoken
    if spoken is not None and spoken.operator is not None and spoken.answered_at is not None:
        found.append(
            _("%(name)s has spoken to them since, %(when)s")
            % {"name": spoken.operator.name, "when": look.day_time(spoken.answered_at, now)}
        )
        if spoken.noted == Call.Noted.REQUEST:
            found.append(_("a request was written down then"))
    return found


def _known_of(people: set[UUID]) -> dict[UUID, list[str]]:
    """Where people live, and what they still wait for."""
    if not people:
        return {}
    facts: dict[UUID, list[str]] = defaultdict(list)
    for file in cases.last_files(people, limit=MAX_KNOWN_FILES):
        for pk in {file.person_id, file.asked_by_id} & people:
            if not facts[pk] and (place := f"{file.postcode} {file.place_name}".strip()):
                facts[pk].append(place)
    open_kinds: dict[UUID, list[str]] = defaultdict(list)
    for one in cases.open_requests(people, limit=MAX_KNOWN_FILES):
        for pk in {one.case.person_id, one.case.asked_by_id} & people:
            open_kinds[pk].append(str(choices.kind(one.kind).name))
    for pk, kinds in open_kinds.items():
        facts[pk].append(_("still open: %(kinds)s") % {"kinds": ", ".join(dict.fromkeys(kinds))})
    return facts


def fold_row(fold: Fold, number: str) -> FoldRow:
    """A fold as a row of the list. `number`: of its first one."""
    block = "" if fold.is_rush or not number else block_display(number)
    return FoldRow(fold.callbacks[0], len(fold.callbacks), block, fold.first_at, fold.last_at)


def voice_messages(found: Sequence[Audio]) -> list[VoiceMessage]:
    """Messages, each with how long it is."""
    return [
        VoiceMessage(
            each,
            f"{round(each.seconds) // 60}:{round(each.seconds) % 60:02}",
            called_from(each.call.person, each.call.number),
        )
        for each in found
    ]


def called_from(person: Person | None, number: str) -> str:
    """Who it is: a name, or how the number ends."""
    if person is not None:
        return str(person.name)
    if not number:
        return _("Withheld number")
    return _("Number ending in %(digits)s") % {"digits": last_digits(number)}


def last_digits(number: str) -> str:
    """How a number ends, in pairs: `42 17`."""
    end = re.sub(r"\D", "", number)[-4:]
    return f"{end[:-2]} {end[-2:]}".strip()


def block_display(number: str) -> str:
    """The beginning of a block of numbers as one writes it, a dot for each digit that differs: `02 000 1. ..`."""
    shown, hidden = list(phone.display(number)), len(number) - len(number_block(number))
    for place in range(len(shown) - 1, -1, -1):
        if hidden and shown[place].isdigit():
            shown[place], hidden = ".", hidden - 1
    return "".join(shown)


def _language(code: str) -> str:
    return str(next((each.name for each in choices.LANGUAGES if each.code == code), code))


def _page_of(request: HttpRequest) -> int:
    given = request.GET.get("page", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else 1


def act(request: HttpRequest, callback_id: UUID) -> HttpResponse:
    """Call, take it, say how it went, hand it back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    note = clean(request.POST.get("note", ""), NOTE_AT_MOST)
    what = request.POST.get("do", "")
    if what == "call" and read.standing(actor) not in CAN_DIAL:
        messages.warning(
            request,
            _(
                "Start taking calls first, at the top: then “Call” rings you, then them. Or call with your "
                "own phone."
            ),
        )
        return redirect("line_callbacks")
    try:
        said = _done(actor, callback_id, what, note)
    except NotPossible:
        messages.warning(request, _("Someone else has it, or it has ended. Here is how things stand now."))
    except OnTheLine:
        messages.warning(
            request, _("They are on the line with us at the moment. Check who has them before you call.")
        )
    except MayNotDial as error:
        refused = refusal_of(error.reason, "")
        messages.warning(request, f"{refused.why} {refused.advice}" if refused else "")
    else:
        # That it rings is true until somebody answers: the bar says the rest.
        messages.success(request, said, extra_tags="until-call" if what == "call" else "")
        if what in {"done", "settled"}:
            return redirect(f"{reverse('line_callbacks')}?done={callback_id}")
    return redirect("line_callbacks")


def _done(actor: Actor, callback_id: UUID, what: str, note: str) -> str:
    match what:
        case "claim":
            line.claim(actor=actor, callback_id=callback_id)
            return _("It is yours for ten minutes.")
        case "call":
            line.call_back(actor=actor, callback_id=callback_id)
            return _("Your phone rings first, then theirs.")
        case "tried":
            row = line.tried(actor=actor, callback_id=callback_id, note=note)
            if row.state == Callback.State.GIVEN_UP:
                return _("Enough attempts: a coordinator decides what comes next.")
            return _("Saved. Next attempt: %(when)s.") % {"when": look.day_time(row.due_at, clock.now())}
        case "done":
            return _off_the_list(line.done(actor=actor, callback_id=callback_id, note=note))
        case "settled":
            return _off_the_list(line.settle_spoken(actor=actor, callback_id=callback_id))
        case "undo_done":
            line.undo_done(actor=actor, callback_id=callback_id)
            return _("Undone: they are back on the list.")
        case "release":
            line.release(actor=actor, callback_id=callback_id)
            return _("Handed back. Someone else can take it.")
        case "again":
            line.try_again(actor=actor, callback_id=callback_id)
            return _("Back on the list.")
        case "give_up":
            line.give_up(actor=actor, callback_id=callback_id, note=note)
            return _("No one will call any longer. It is off the list.")
        case "allow":
            given = access.callback_for(actor, callback_id)
            begin = line.allow_country(actor=actor, number=given.number)
            return _("Numbers that begin with %(begin)s may be called from now on.") % {"begin": begin}
    raise Http404


def _off_the_list(row: Callback) -> str:
    """That it is done, and what of it still stands on the list."""
    if row.ended_at is None:
        return _("Saved. They have called again since, so they stay on the list.")
    if queries.has_unheard_message(row):
        return _("Done. No one has listened to their message yet: it stays on the list until someone has.")
    return _("Done, and off the list.")
