"""The exchange: runs the lines of an installation. Facts go to the machine, its orders to the carrier, and what
happened to the journal and the desk. Lives in one asyncio loop; nothing here waits for the database."""

import asyncio
import base64
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from quartier.callcore import Outcome, facts, orders
from quartier.callcore.call import TALKING
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.lib.ids import uuid7
from quartier.telephony import prompts
from quartier.telephony.desk.caller_identity import read_number
from quartier.telephony.desk.desk import Desk, LineNow, Wished
from quartier.telephony.desk.journal import Entry, Journal
from quartier.telephony.desk.line_state import LineState as LineState
from quartier.telephony.desk.masked_calls import MaskedCalls
from quartier.telephony.desk.reading import Reader
from quartier.telephony.desk.said import Said
from quartier.telephony.desk.undone import try_order, try_release
from quartier.telephony.desk.wished import PROVE, fact, refusal

log = logging.getLogger(__name__)

# How much a new talk counts for the expected wait.
NEWEST = 0.1
# What the machine says to whoever wished for something that is not possible now: the answer to the wish.
REFUSALS = {"busy", "edge", "no_recording", "recorded", "private", "not_there_yet", "not_yours", "gone"}


class CallControl(Protocol):
    """What carries out orders, one at a time for each call. Raises nothing: what fails comes back as a fact.

    `records`: it can record a talk (`Join` with a part, `Keep`); `starts_s`: until a prompt is heard."""

    records: bool
    starts_s: float

    async def carry_out(self, order: orders.Order) -> None: ...

    async def release(self, call: str) -> None:
        """The call is over; what was said may still be heard to its end."""


class Exchange:
    """Give it a carrier with `carry`, then tell it what happens with `tell`. `is_blind`: the edge lets no call out."""

    def __init__(self, journal: Journal, folder: Path) -> None:
        self.lines: dict[UUID, LineState] = {}
        self._journal = journal
        self._calls: dict[str, UUID] = {}
        # Over, and not yet let go: what was said until then is still to be kept.
        self._leaving: dict[str, UUID] = {}
        self._orders: dict[str, asyncio.Queue[orders.Order | None]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._wake: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._database_up = self._web_up = True
        self._leaves = self.is_blind = False
        self.control: CallControl | None = None
        self.on_wish: Callable[[LineState, Wished], bool] = lambda _line, _wish: False
        self.on_told: Callable[[LineState, set[str]], None] = lambda _line, _calls: None
        soon = self.call_soon = self._loop.call_soon_threadsafe
        self.reader, self._masked = Reader(self, folder), MaskedCalls(self)
        self.desk = Desk(
            folder=folder,
            lines=lambda found: soon(self._settings, found),
            wished=lambda wish: soon(self.wished, wish),
            up=lambda up: soon(self._database, up),
            read=lambda aloud: soon(self.reader.read, aloud),
        )
        self.ready = asyncio.Event()

    def start(self, control: CallControl) -> None:
        """Say what the last one had no time for, after it the sweep, and begin."""
        self.control = control
        left = self._journal.left
        ended, worried = (
            {one.words["call"] for one in left if one.what == what} for what in ("closed", "worried")
        )
        for entry in left:
            self._put(entry, first=True)
            if entry.what == "began" and (call := entry.words["call"]) not in ended:
                # It was talking or waiting when call control fell: cut off, which nobody does on purpose.
                end = Said.cut_off(entry.words, clock.now(), worried=call in worried)
                self._put(self._journal.note("closed", **end), first=True)
        self.desk.put(partial(Said.sweep, clock.now()), first=True)
        # What is taken before would be taken for what the last one was reading.
        self.desk.put(self.desk.begin_readings, first=True)
        self.desk.start()

    # What happens

    def line_for(self, called: str) -> LineState | None:
        """The line whose number was called; the only one where the carrier does not say."""
        for line in self.lines.values():
            if line.now.phone and read_number(called, line.now.country) == line.now.phone:
                return line
        return next(iter(self.lines.values())) if len(self.lines) == 1 else None

    def rang(self, line: LineState, call: str, number: str, *, withheld: bool = False) -> None:
        """Somebody calls. On the disk before anything else. `withheld`: they want to be known to nobody, and are to
        nobody; a number that is blocked is still blocked, which its keyed hash tells."""
        number = read_number(number, line.now.country)
        index = blind("phone", line.now.organisation, number) if withheld else ""
        number = "" if withheld else number
        at = clock.now()
        entry = self._journal.note(
            "began",
            call=call,
            organisation=str(line.now.organisation),
            direction="in",
            number=number,
            withheld_index=index,
            at=at.isoformat(),
        )
        self._calls[call] = line.now.organisation
        # Until they are recognised they are not greeted either.
        self._put(entry, then=partial(self._recognised, call), first=True)
        may_promise = line.now.may_promise(number)
        self.tell(line, facts.Rang(at=clock.steady(), call=call, number=number, ring_back=may_promise))

    def of(self, call: str) -> LineState | None:
        """The line of a call that is not over."""
        return self.lines.get(self._calls.get(call, UUID(int=0)))

    def tell(self, line: LineState, fact: facts.Fact) -> None:
        """One fact to the machine, and everything that follows."""
        done = line.board.handle(fact)
        for order in done:
            self._follow(line, order)
        if isinstance(fact, facts.Dial | facts.Read) and fact.call not in line.board.calls:
            # The operator could not call now: nobody was rung.
            nobody = orders.Close(fact.call, Outcome.UNREACHED, "", fact.language, False, 0.0, 0.0)
            self._close(line, nobody)
        # Only these can have changed; all calls of the line, at each fact, would be their square.
        self.on_told(line, {each.call for each in (fact, *done) if hasattr(each, "call")})
        self.speak(line)
        self._set_clock()

    def speak(self, line: LineState) -> None:
        """Have the desk say what is new. A worry is on the disk first: should call control fall in the next moment, the
        call must not stand on the list of those to ring back, which everybody sees."""
        changed = line.board.take_changed()
        for call in line.said.worries(line.board, changed):
            self.note("worried", call=call, organisation=str(line.now.organisation))
        for word in line.said.calls(line.board, changed) + line.said.operators(line.board, line.awaited):
            self.desk.put(partial(word, line.now.organisation))

    def happened(self, call: str, kind: type[facts.Fact], **words: Any) -> None:
        """A fact about a call, now; nothing when the call is over."""
        line = self.of(call)
        if line is not None:
            self.tell(line, kind(at=clock.steady(), call=call, **words))  # type: ignore[call-arg]

    def note(self, what: str, **words: Any) -> None:
        """On the disk before anything else, and then in the database."""
        self._put(self._journal.note(what, **words, at=clock.now().isoformat()))

    def message(self, call: str, sound: bytes, seconds: float) -> None:
        """What was left as a message."""
        if words := self._sound(call, base64.b64encode(sound), seconds):
            self._put(self._journal.note("message", **words))

    async def recorded(self, call: str, sound: bytes, seconds: float, part: int) -> None:
        """What was said in a talk, as the caller had agreed."""
        if words := self._sound(call, await asyncio.to_thread(base64.b64encode, sound), seconds):
            self._put(await self._journal.note_long("recorded", **words, part=part))

    def _sound(self, call: str, said: bytes, seconds: float) -> dict[str, Any]:
        """A call that is over is still known until all of it is kept."""
        of = str(self._calls.get(call) or self._leaving.get(call) or "")
        words = {"call": call, "organisation": of, "sound": said.decode(), "seconds": seconds}
        return words | {"at": clock.now().isoformat()} if of else {}

    def expected_minutes(self, line: LineState, place: int) -> int:
        """How long this place will wait, in minutes, at least one; 0 when nobody is there to say."""
        there = [each for each in line.board.operators.values() if each.standing != "offline"]
        if not there or not place:
            return 0
        return max(1, round(place * line.talk_s / len(there) / 60))

    def _prompt_s(self, line: LineState, play: orders.Play) -> float:
        return line.durations.seconds(play) + (self.control.starts_s if self.control else 0.0)

    # What follows

    def _follow(self, line: LineState, order: orders.Order) -> None:
        if isinstance(order, orders.Close):
            self._close(line, order)
        elif isinstance(order, orders.Tell):
            if order.what in REFUSALS and order.operator in line.wishes:
                self.answer(line.wishes.pop(order.operator), order.what)
        else:
            self._carry_out(line, order)

    def _carry_out(self, line: LineState, order: orders.Order) -> None:
        if isinstance(order, orders.RingOut) and order.leg:
            self._masked.ring_out(line, order)
        else:
            self.enqueue(order)

    def enqueue(self, order: orders.Order) -> None:
        """Carry it out after the others of its call."""
        waiting = self._orders.get(order.call)
        if waiting is None:
            waiting = self._orders[order.call] = asyncio.Queue()
            worker = self._loop.create_task(self._work(order.call, waiting))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        waiting.put_nowait(order)

    async def _work(self, call: str, waiting: "asyncio.Queue[orders.Order | None]") -> None:
        """The orders of one call, one after the other; no call waits for another."""
        while (order := await waiting.get()) is not None:
            await try_order(self, order)
        await try_release(self, call)
        self._leaving.pop(call, None)

    def _close(self, line: LineState, order: orders.Close) -> None:
        if order.talked_s and order.heard is None:
            line.talk_s += NEWEST * (order.talked_s - line.talk_s)
        self._put(self._journal.note("closed", **Said.closed(line.now.organisation, order, clock.now())))
        organisation = self._calls.pop(order.call, None)
        line.numbers.pop(order.call, None)
        line.places.pop(order.call, None)
        prompts.forget(line.texts.pop(order.call, None))
        waiting = self._orders.pop(order.call, None)
        if waiting is not None:
            if organisation is not None:
                self._leaving[order.call] = organisation
            waiting.put_nowait(None)

    def _put(self, entry: Entry, then: Callable[[Any], None] | None = None, *, first: bool = False) -> None:
        def arrived(result: Any) -> None:
            self._loop.call_soon_threadsafe(self._journal.arrived, entry)
            if then is not None:
                self._loop.call_soon_threadsafe(then, result)

        self.desk.put(partial(Said.entry, entry), arrived, first=first)

    def answer(self, wish: UUID, answer: str) -> None:
        self.desk.put(partial(Said.answer, wish, answer))

    # What comes back

    def _recognised(self, call: str, known: Any) -> None:
        line = self.of(call)
        if line is None or known is None:
            return
        if known.masked is None:
            self.reader.greet(call, known, None)
        else:
            self._masked.greet(line, call, known)

    def wished(self, wish: Wished) -> None:
        """Somebody wants something; answered in its row."""
        line = self.lines.get(wish.organisation)
        calls_leave = line is not None and line.board.edge_is_up and not self.is_blind
        can_record = self.control is not None and self.control.records
        refused = refusal(wish, calls_leave=calls_leave, can_record=can_record)
        if line is None or refused:
            self.answer(wish.id, refused or "no_line")
            return
        if wish.what == PROVE:
            self.reader.say_code(wish)
            return
        line.wishes[wish.account] = wish.id
        if not self.on_wish(line, wish):
            made = self._dialled(line, wish) if wish.what == "dial" else fact(wish, clock.steady())
            if made is None:
                self.answer(wish.id, "unknown")
                return
            self.tell(line, made)
        if line.wishes.pop(wish.account, None) == wish.id:
            self.answer(wish.id, "done")

    def _dialled(self, line: LineState, wish: Wished) -> facts.Fact:
        call = str(uuid7())
        self.goes_out(line, call, wish.number)
        return facts.Dial(
            at=clock.steady(), call=call, operator=wish.account, to=wish.to, language=wish.language
        )

    def goes_out(self, line: LineState, call: str, number: str) -> None:
        """A call out begins now: like one that comes in, it is on the disk before anybody is rung."""
        of = line.now.organisation
        self.note("began", call=call, organisation=str(of), direction="out", number=number)
        self._calls[call], line.numbers[call] = of, number

    def _settings(self, found: list[LineNow]) -> None:
        for now in found:
            line = self.lines.get(now.organisation)
            if line is None:
                line = self.lines[now.organisation] = LineState(now)
                line.board.prompt_s = partial(self._prompt_s, line)
                self._tell_app()
            is_other = (line.now.group, line.now.voice) != (now.group, now.voice)
            if is_other or not line.warm or line.durations.is_to_warm_again():
                line.warm = self._loop.run_in_executor(None, line.durations.warm, now.group)
            else:
                # The same voice: what it has said already is known.
                now = replace(now, group=line.now.group)
            line.now, line.board.line = now, now.line
            if line.board.is_open != now.is_open:
                self.tell(line, facts.Hours(at=clock.steady(), open=now.is_open))
            if line.board.own_phones_may_ring != now.own_phones:
                self.tell(line, facts.OwnPhones(at=clock.steady(), may_ring=now.own_phones))
            self._masked.end_closed(line)
        for organisation in self.lines.keys() - {now.organisation for now in found}:
            line = self.lines[organisation]
            line.now = replace(line.now, phone="")  # It may be another one's by now.
        self._set_clock()
        self.ready.set()

    def _database(self, up: bool) -> None:
        self._database_up = up
        self._tell_app()

    def web(self, up: bool) -> None:
        """Whether the pages answer."""
        if up != self._web_up:
            log.warning("the pages %s", "answer again" if up else "do not answer")
            self._web_up = up
            self._tell_app()

    def _tell_app(self) -> None:
        up = self._database_up and self._web_up and not self._leaves
        for line in self.lines.values():
            if line.board.app_is_up != up:
                self.tell(line, facts.App(at=clock.steady(), up=up))

    def leave(self) -> None:
        """Call control is about to stop: who calls now is promised a call; who talks goes on talking."""
        self._leaves = True
        self._tell_app()

    @property
    def talks(self) -> int:
        """How many calls an operator is on."""
        return sum(
            call.state in TALKING for line in self.lines.values() for call in line.board.calls.values()
        )

    # The clock

    def _set_clock(self) -> None:
        wakes = [wake for line in self.lines.values() if (wake := line.board.next_wake()) is not None]
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        if wakes:
            delay = max(0.01, min(wakes) - clock.steady())
            self._wake = self._loop.call_later(delay, self._tick)

    def _tick(self) -> None:
        self._wake = None
        for line in self.lines.values():
            self.tell(line, facts.Tick(at=clock.steady()))

    # The end

    def busy(self) -> bool:
        """Whether somebody is still on a line."""
        return any(line.board.calls for line in self.lines.values())

    async def stop(self, patience_s: float) -> None:
        """Say the last words."""
        for waiting in self._orders.values():
            waiting.put_nowait(None)
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await asyncio.gather(*self._workers, return_exceptions=True)
        await asyncio.to_thread(self.desk.stop, patience_s)
        self._journal.close()
