"""The legs at the provider: which there are, what each is to do now, and that the provider hears of it.

What a leg is to do changes at once and here. It reaches the provider with the answer to its next webhook; when none is
being answered, the provider is told to come and ask, until it has.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from quartier.callcore import facts
from quartier.telephony import prompts
from quartier.telephony.desk.exchange import Exchange, LineState
from quartier.telephony.providers.twiml import document
from quartier.telephony.providers.twiml.api import Api, ApiDown, NotThere, Refused
from quartier.telephony.providers.twiml.legs import Gone, Hear, Leave, Leg, Meet, Wants
from quartier.telephony.providers.twiml.setup import Setup
from quartier.telephony.providers.twiml.sounds import Sounds

log = logging.getLogger(__name__)

# The provider needs a moment to take an answer: one that overtakes it would be undone by it.
TAKES_S = 0.15
# Then it comes and asks; if not, it is told again, less and less often.
COMES_S, SELDOM_S = 2.0, 15.0
# So many legs that are over are remembered, to know what comes late.
REMEMBERED = 5000


class Phones:
    """All legs of one account. All in one loop."""

    def __init__(self, exchange: Exchange, api: Api, setup: Setup, sounds: Sounds) -> None:
        self._exchange, self._api, self._setup, self._sounds = exchange, api, setup, sounds
        self._legs: dict[tuple[str, str], Leg] = {}
        self._by_token: dict[str, Leg] = {}
        self._by_sid: dict[str, Leg] = {}
        self._over: OrderedDict[str, None] = OrderedDict()
        self._lines: dict[str, LineState] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._calling: dict[str, asyncio.Task[None]] = {}

    def all(self) -> list[Leg]:
        return list(self._by_token.values())

    def of(self, call: str) -> list[Leg]:
        return [leg for leg in self._by_token.values() if leg.call == call]

    def leg(self, call: str, name: str) -> Leg | None:
        return self._legs.get((call, name))

    def named(self, token: str) -> Leg | None:
        return self._by_token.get(token)

    def with_sid(self, sid: str) -> Leg | None:
        return self._by_sid.get(sid)

    def is_over(self, name: str) -> bool:
        """Whether a leg with this token or this name at the provider has been here and is over."""
        return name in self._over

    def put(self, leg: Leg, line: LineState) -> Leg:
        """A new one."""
        self._legs[leg.call, leg.name] = leg
        self._by_token[leg.token] = leg
        if leg.sid:
            self._by_sid[leg.sid] = leg
        self._lines[leg.call] = line
        return leg

    def forget(self, leg: Leg) -> None:
        """It is over."""
        leg.over.set()
        if self._legs.get((leg.call, leg.name)) is leg:
            del self._legs[leg.call, leg.name]
        self._by_token.pop(leg.token, None)
        self._by_sid.pop(leg.sid, None)
        for name in filter(None, (leg.token, leg.sid)):
            self._over[name] = None
            if len(self._over) > REMEMBERED:
                self._over.popitem(last=False)

    def forget_call(self, call: str) -> None:
        """Nothing more is said on it."""
        self._lines.pop(call, None)

    def adopt(self, leg: Leg, sid: str) -> None:
        """The provider's name of a leg that we ring is known."""
        if leg.sid or not sid or leg.over.is_set():
            return
        leg.sid = sid
        self._by_sid[sid] = leg
        leg.known.set()
        self.changed(leg)

    def gone(self, leg: Leg, *, lost: bool = False, status: str = "", reason: str = "") -> None:
        """The provider says that it is over, with this `status`, or for this `reason`. `lost`: nobody said goodbye."""
        if leg.over.is_set():
            return
        self.forget(leg)
        if not leg.up:
            reason = reason or FAILURE_REASONS.get(status, "")
            self._exchange.happened(leg.call, facts.Declined, leg=leg.name, reason=reason)
        else:
            kind = facts.Lost if lost else facts.HungUp
            self._exchange.happened(leg.call, kind, leg=leg.name)

    # What a leg is to do, and that it hears of it

    def want(self, leg: Leg, wants: Wants) -> None:
        if not isinstance(leg.wants, Gone):
            leg.want(wants)
        self.changed(leg)

    def changed(self, leg: Leg) -> None:
        """See to it that the provider asks, unless it is asking, or has never been there."""
        if leg.asking or leg.over.is_set() or not leg.sid or leg.given == leg.version:
            return
        if not leg.up and not isinstance(leg.wants, Gone):
            return
        if leg.token not in self._calling:
            task = self._calling[leg.token] = self.begin(self._call_over(leg))
            task.add_done_callback(lambda _task: self._calling.pop(leg.token, None))

    async def _call_over(self, leg: Leg) -> None:
        """Until it has what it is to do now, or is over."""
        patience = COMES_S
        await asyncio.sleep(TAKES_S)
        while leg.given != leg.version and not leg.over.is_set():
            try:
                if isinstance(leg.wants, Gone):
                    await self._api.end(leg.sid)
                elif not leg.asking:
                    await self._api.fetch_again(leg.sid, document.come_and_ask(self._setup, leg))
            except NotThere:
                self.gone(leg)
                return
            except ApiDown:
                patience = min(patience * 2, SELDOM_S)
            except Refused:
                # Not there yet, or not any more.
                if await self._has_ended(leg):
                    self.gone(leg)
                    return
            ends = isinstance(leg.wants, Gone)
            try:
                async with asyncio.timeout(patience):
                    await (leg.over if ends else leg.told).wait()
            except TimeoutError:
                patience = min(patience * 2, SELDOM_S)
            if ends and self._api.up and await self._has_ended(leg):
                self.gone(leg)

    async def _has_ended(self, leg: Leg) -> bool:
        """What the provider says; not ended when it says nothing."""
        try:
            return is_end(str((await self._api.call(leg.sid)).get("status", "")))
        except NotThere:
            return True
        except (ApiDown, Refused):
            return False

    # Answers

    async def answer(self, leg: Leg, happens: Callable[[], object], patience_s: float = 0.0) -> str:
        """Let this happen, and give what the leg is to do after it. `patience_s`: so long for what is known soon."""
        leg.asking += 1
        leg.heard_at = time.monotonic()
        try:
            happens()
            await _settled()
            end = time.monotonic() + patience_s
            version = leg.version
            while leg.version == version and not leg.over.is_set() and time.monotonic() < end:
                await asyncio.sleep(0.02)
            await _settled()
            return await self._written(leg)
        finally:
            leg.asking -= 1
            self.changed(leg)

    async def repeat(self, leg: Leg) -> str:
        """What it is to do now, for a webhook that came before. Perhaps nobody reads it: it does not count as told."""
        return await self._written(leg, counts=False)

    async def _written(self, leg: Leg, *, counts: bool = True) -> str:
        line = self._lines.get(leg.call) or self._exchange.of(leg.call)
        if leg.over.is_set() or line is None:
            return document.hang_up()
        while True:
            version = leg.version
            hear = _prompt(leg)
            sound = await self.sound(line, hear) if hear is not None else None
            if version == leg.version:
                break
        if counts:
            leg.given = version
            leg.told.set()
        return document.write(leg, self._setup, sound, str(line.now.organisation))

    async def sound(self, line: LineState, hear: Hear) -> document.Sound | None:
        """The prompt, where it can be fetched; `None` if it cannot be made: silence is better than no call."""
        group = line.now.group
        try:
            if hear.file is not None:
                # The machine knows how long it takes.
                name = self._sounds.name(hear.file)
                return document.Sound(self._setup.url(f"sound/{name}/{hear.prompt}.wav"), 0.0)
            made = await asyncio.to_thread(
                prompts.sound,
                hear.prompt,
                hear.language or line.now.line.languages[0],
                organisation=group,
                place=hear.place,
                wait_minutes=hear.minutes,
                ring_back=hear.ring_back,
                can_text=hear.can_text,
                first=hear.first,
                offered=hear.offered,
                area=hear.area,
            )
            name = self._sounds.name(made.path)
        except (KeyError, ValueError, OSError, prompts.NoVoice):
            log.exception("a prompt cannot be played: %s", hear.prompt)
            return None
        return document.Sound(self._setup.url(f"sound/{name}/{hear.prompt}.wav"), made.seconds)

    def end_unknown(self, sid: str) -> None:
        """A phone rings or talks of which nobody knows: a call that was made twice, or of the one before us."""
        self.begin(self._end(sid))

    async def _end(self, sid: str) -> None:
        try:
            await self._api.end(sid)
        except (ApiDown, Refused):
            return

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


# What a provider says of a call that nobody took.
FAILURE_REASONS = {"busy": "busy", "no-answer": "no_answer", "failed": facts.NETWORK_REASON}


def is_end(status: str) -> bool:
    """Whether a call of which the provider says this is over."""
    return status in {"completed", "busy", "failed", "no-answer", "canceled"}


async def _settled() -> None:
    """Let the exchange's worker do all that has just been ordered: it is woken in the next round of the loop, and none
    of our orders waits for anything."""
    for _round in range(3):
        await asyncio.sleep(0)


def is_last_word(leg: Leg) -> bool:
    """Whether it hangs up by itself once it has heard what it hears."""
    return isinstance(leg.wants, Hear) and leg.wants.ends


def _prompt(leg: Leg) -> Hear | None:
    """What is to be heard now, unless it has been."""
    wants = leg.wants
    if isinstance(wants, Hear):
        return None if leg.heard == leg.version and not wants.loop else wants
    return wants.before if isinstance(wants, Leave | Meet) else None
