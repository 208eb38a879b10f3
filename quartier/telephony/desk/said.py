"""The words that the desk carries: from the machine's state and the journal's entries to the actions of this room."""

import base64
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError

from quartier.callcore import Operator, Standing, Switchboard, orders
from quartier.callcore.operator import CONNECTING_REASON
from quartier.lib import clock
from quartier.team.models import Organisation
from quartier.telephony import actions, queries, rules
from quartier.telephony.actions import Ended
from quartier.telephony.desk.journal import Entry
from quartier.telephony.models import Call

log = logging.getLogger(__name__)

# What is said of one call or operator: a callable that takes the organisation.
Word = Callable[[UUID], Any]


# As the desk has read them last: a call is a dozen words, and each needs its organisation.
_kept: dict[str, Organisation] = {}


def keep(organisations: list[Organisation]) -> None:
    """Use these for the words that are said until the next time."""
    _kept.clear()
    _kept.update({str(each.pk): each for each in organisations})


def _organisation(pk: UUID | str) -> Organisation:
    return _kept.get(str(pk)) or Organisation.objects.get(pk=pk)


@dataclass
class Said:
    """Remembers what was said last of each call and operator of a line, so that only changes are said."""

    _calls: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    _failures: dict[str, str] = field(default_factory=dict)
    _worried: set[str] = field(default_factory=set)
    _operators: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    _version: int = 0

    def calls(self, board: Switchboard, changed: set[str]) -> list[Word]:
        """What is new of the calls that are live. `changed`: those that may have changed."""
        found: list[Word] = []
        for name in sorted(changed):
            call = board.calls.get(name)
            if call is None:
                self._calls.pop(name, None)
                self._failures.pop(name, None)
                self._worried.discard(name)
                continue
            tape = rules.Tape(str(call.tape.state), call.tape.began)
            now = (str(call.state), call.operator, call.language, tape)
            if self._calls.get(name) != now:
                self._calls[name] = now
                found.append(partial(_call_moved, name, _as_written(now), self._next(), clock.now()))
            if self._failures.get(name, "") != call.failure:
                self._failures[name] = call.failure
                found.append(partial(_call_failed, name, call.failure, clock.now()))
        return found

    def worries(self, board: Switchboard, changed: set[str]) -> list[str]:
        """The calls whose callers are worried about somebody, and were not when it was asked before."""
        live = [call for name in sorted(changed) if (call := board.calls.get(name)) is not None]
        found = [call.name for call in live if call.worried and call.name not in self._worried]
        self._worried.update(found)
        return found

    def operators(self, board: Switchboard, awaited: set[str]) -> list[Word]:
        """What is new of the operators. `awaited`: those who want to be on, and whose browser is not there yet, or not
        any more: they are paused until it is."""
        found: list[Word] = []
        for name in board.operators.keys() | awaited:
            one = board.operators.get(name) or Operator(name)
            # What is left of the time for notes outlasts call control, also while their browser is awaited.
            until = one.until if one.standing == Standing.WRAP_UP else one.notes_until
            now = (str(one.standing), one.reason, one.call, one.own_phone, until)
            if one.standing == Standing.OFFLINE and name in awaited:
                now = (str(Standing.PAUSED), CONNECTING_REASON, "", False, until)
            if self._operators.get(name) != now:
                self._operators[name] = now
                found.append(partial(self._operator_moved, name, now, self._next(), clock.now()))
        return found

    def _operator_moved(
        self, name: str, now: tuple[Any, ...], version: int, at: datetime, organisation: UUID
    ) -> None:
        standing, reason, call, own_phone, until = now
        # Whoever is rung beside others moves several times a second: of what the desk is late with, only the newest is
        # said. Legs to own phones cost money, and each is counted.
        if not own_phone and self._operators.get(name) != now:
            return
        actions.operator_moved(
            organisation=_organisation(organisation),
            account_id=UUID(name),
            stands=rules.OperatorStanding(standing, reason, None if until is None else clock.moment(until)),
            call_id=UUID(call) if call else None,
            own_phone=own_phone,
            version=version,
            at=at,
        )

    def _next(self) -> int:
        """Grows with each word: milliseconds, or one more than the last."""
        self._version = max(self._version + 1, int(clock.now().timestamp() * 1000))
        return self._version

    # The journal's entries

    @staticmethod
    def closed(organisation: UUID, order: orders.Close, at: datetime) -> dict[str, Any]:
        """What the journal keeps of an end."""
        return {
            "call": order.call,
            "organisation": str(organisation),
            "outcome": str(order.outcome),
            "number": order.number,
            "language": order.language,
            "ring_back": order.ring_back,
            "waited_s": order.waited_s,
            "talked_s": order.talked_s,
            "at": at.isoformat(),
            "why": order.why,
            "heard": bool(order.heard),
            "answer": order.answer,
            "worried": order.worried,
            "failure": order.failure,
        }

    @staticmethod
    def cut_off(began: dict[str, Any], at: datetime, *, worried: bool) -> dict[str, Any]:
        """The end of a call whose end nobody saw."""
        return {
            "call": began["call"],
            "organisation": began["organisation"],
            "outcome": "abandoned",
            "number": began["number"],
            "language": "",
            "ring_back": True,
            "waited_s": 0.0,
            "talked_s": 0.0,
            "at": at.isoformat(),
            "why": "cut_off",
            "worried": worried,
        }

    @staticmethod
    def entry(entry: Entry) -> Any:
        """Tell the database one entry. Twice does no harm."""
        words = entry.words
        organisation = _organisation(words["organisation"])
        at = datetime.fromisoformat(words["at"]).astimezone(UTC)
        if entry.what == "promised":
            call_id = UUID(words["call"]) if words["call"] else None
            return actions.ring_back_promised(
                organisation=organisation, call_id=call_id, number=words["number"], at=at
            )
        call = UUID(words["call"])
        if entry.what == "worried":
            return actions.call_worried(organisation=organisation, call_id=call, at=at)
        if entry.what == "message":
            return actions.message_left(
                organisation=organisation,
                call_id=call,
                sound=base64.b64decode(words["sound"]),
                seconds=words["seconds"],
                at=at,
            )
        if entry.what == "recorded":
            return actions.call_recorded(
                organisation=organisation,
                call_id=call,
                sound=base64.b64decode(words["sound"]),
                seconds=words["seconds"],
                at=at,
                part=words["part"],
            )
        if entry.what == "began":
            return actions.call_began(
                organisation=organisation,
                call_id=call,
                direction=words["direction"],
                number=words["number"],
                at=at,
                withheld_index=words.get("withheld_index", ""),
            )
        ended = Ended(
            outcome=words["outcome"],
            number=words["number"],
            language=words["language"],
            ring_back=words["ring_back"],
            waited_s=words["waited_s"],
            talked_s=words["talked_s"],
            why=words["why"],
            worried=words.get("worried", False),
            failure=words.get("failure", ""),
        )
        closed = actions.call_closed(organisation=organisation, call_id=call, ended=ended, at=at)
        heard, answer = words.get("heard", False), words.get("answer", "")
        actions.reading_ended(organisation=organisation, call_id=call, heard=heard, answer=answer, at=at)
        return closed

    @staticmethod
    def masked(organisation: UUID, masked: str, caller: str, call: str | None = None) -> Any:
        """The neighbour's number, or `MayNotDial`: why it may not be dialled; `None` when there is none any more."""
        try:
            return queries.masked_to_dial(_organisation(organisation), masked, caller, call=call)
        except rules.MayNotDial as refused:
            return refused

    @staticmethod
    def goes_through(organisation: UUID, call: str, number: str) -> None:
        """From now on, the call is one between neighbours, and rings that number."""
        row = Call.objects.get(pk=UUID(call))
        actions.call_began(
            organisation=_organisation(organisation),
            call_id=row.pk,
            direction=Call.Direction.MASKED,
            number=row.number,
            at=row.began_at,
        )
        actions.masked_rings(call_id=row.pk, number=number)

    @staticmethod
    def sweep(at: datetime) -> None:
        """At a start: what the database holds for live is over, whatever became of the journal, and what is said from
        here on counts, also where the clock was set back since the last word."""
        for organisation in Organisation.objects.all():
            try:
                actions.sweep(organisation=organisation, alive=None, at=at)
                actions.begin_words(organisation)
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                # The lines of the others begin all the same.
                log.exception("the calls of before cannot be ended")
        actions.calls_were_cut_off(at)

    @staticmethod
    def message(organisation: UUID, call: str, sound: bytes, seconds: float, at: datetime) -> None:
        """What a provider has recorded, and keeps until we have it."""
        actions.message_left(
            organisation=_organisation(organisation), call_id=UUID(call), sound=sound, seconds=seconds, at=at
        )

    @staticmethod
    def answer(wish: UUID, answer: str) -> None:
        actions.answer_wish(wish, answer)


def _as_written(now: tuple[Any, ...]) -> tuple[Any, ...]:
    """The recording began at a time of day, which the clock of the machine does not know."""
    *rest, tape = now
    began = None if tape.began is None else clock.moment(tape.began).timestamp()
    return *rest, rules.Tape(tape.state, began)


def _call_moved(name: str, now: tuple[Any, ...], version: int, at: datetime, organisation: UUID) -> None:
    state, operator, language, tape = now
    actions.call_moved(
        organisation=_organisation(organisation),
        call_id=UUID(name),
        state=state,
        version=version,
        operator=UUID(operator) if operator else None,
        language=language,
        at=at,
        tape=tape,
    )


def _call_failed(name: str, failure: str, at: datetime, organisation: UUID) -> None:
    actions.call_failed(organisation=_organisation(organisation), call_id=UUID(name), failure=failure, at=at)
