"""The line of a demonstration rings: invented people call now and then, and are there when they are called back.

What call control alone knows (whether somebody has answered, whether a message is taken) is read from the database;
everything else they hear and say over their telephones.
"""

import asyncio
import logging
import random
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from django.db import DatabaseError, close_old_connections

from quartier.lib.crypto import blind
from quartier.sim.robots.conversation import OVER, Conversation, Manner, everything_said
from quartier.sim.robots.message import Message
from quartier.sim.robots.people import Person, everybody
from quartier.sim.robots.phone import BUSY, Phone
from quartier.sim.robots.talk import NoAnswer, Refused, Talk
from quartier.sim.robots.voice import spoken
from quartier.team.models import Organisation
from quartier.telephony.models import Call, Operator
from quartier.telephony.prompts import NoVoice
from quartier.telephony.providers.sip.setup import Setup

log = logging.getLogger(__name__)
MOST = 2
# Seconds between two calls; with nobody on the line a list of messages would fill up soon.
OFTEN_S, SELDOM_S = (20.0, 60.0), (150.0, 300.0)
# Who has just come on the line is not left waiting; when the line does not answer, they try again.
SOON_S, LATER_S = (3.0, 8.0), 10.0
PATIENCE_S = (60.0, 150.0)
ASK_TO_BE_RUNG_BACK = 0.6
# A phone rings so long before it is picked up.
RINGS_S = (2.0, 5.0)
STEP_S = 0.5
NOBODY = 480
# Who has called does not call again before so many others have.
NOT_AGAIN = 6


class Callers:
    """Everybody who calls one line."""

    def __init__(self, organisation: Organisation, line: Setup, seed: int) -> None:
        self._organisation, self._line = organisation, line
        self._draw = random.Random(seed)
        self._on_the_phone: dict[str, asyncio.Task[None]] = {}
        self._last: deque[str] = deque(maxlen=NOT_AGAIN)
        self._spoken: set[str] = set()
        self._voices: Path = line.home / "robots"

    async def live(self, stop: threading.Event) -> None:
        """Until `stop` is set."""
        loop = asyncio.get_running_loop()
        trunk = await self._at_the_trunk()
        warm = asyncio.create_task(asyncio.to_thread(self._speak_everything))
        next_at, somebody = loop.time() + self._between(SOON_S), False
        while not stop.is_set():
            await asyncio.sleep(STEP_S)
            before, somebody = somebody, await self._ask(self._is_somebody_on, False)
            if somebody and not before:
                next_at = min(next_at, loop.time() + self._between(SOON_S))
            if loop.time() < next_at or len(self._on_the_phone) >= MOST:
                continue
            if (person := self._who_calls()) is not None:
                self._begin(person, self._calls(person))
            next_at = loop.time() + self._between(OFTEN_S if somebody else SELDOM_S)
        warm.cancel()
        for task in list(self._on_the_phone.values()):
            task.cancel()
        await asyncio.gather(*self._on_the_phone.values(), return_exceptions=True)
        if trunk is not None:
            await trunk.close()

    def _between(self, bounds: tuple[float, float]) -> float:
        return self._draw.uniform(*bounds)

    def _begin(self, person: Person, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._on_the_phone[person.number] = task
        task.add_done_callback(lambda _: self._on_the_phone.pop(person.number, None))

    # Calling

    def _who_calls(self) -> Person | None:
        """Somebody who is free, speaks what those on the line speak, and has not just called."""
        languages = list(self._organisation.languages)
        free = [
            each
            for each in everybody()
            if each.number not in self._on_the_phone and each.language in languages
        ]
        understood = [each for each in free if not self._spoken or each.language in self._spoken] or free
        if not understood:
            return None
        fresh = [each for each in understood if each.number not in self._last] or understood
        person = self._draw.choice(fresh)
        self._last.append(person.number)
        return person

    async def _calls(self, person: Person) -> None:
        host = "127.0.0.1"
        phone = await Phone.at(person.number, (host, self._line.sip_port), host=host)
        manner = Manner(
            self._between(PATIENCE_S),
            self._draw.random() < ASK_TO_BE_RUNG_BACK,
            str(list(self._organisation.languages).index(person.language) + 1),
        )
        try:
            talk = await phone.dial(self._organisation.phone)
            log.info("%s calls", person.name)

            async def where() -> str:
                return await self._ask(lambda: self._where(person.number), OVER)

            await Conversation(talk, person, manner, where, self._voices).go()
        except (Refused, NoAnswer) as error:
            log.info("the line does not answer: %s", error)
            await asyncio.sleep(LATER_S)
        except NoVoice as error:
            log.warning("nobody can speak: %s", error)
        finally:
            await phone.close()

    # Being called back

    async def _at_the_trunk(self) -> Phone | None:
        """Where the line's own calls arrive; `None` when somebody else is there."""
        host, port = self._line.trunk_address
        try:
            phone = await Phone.at("trunk", (host, self._line.sip_port), host=host, port=port)
        except OSError as error:
            log.warning("nobody can be called back: %s", error)
            return None
        phone.on_call = self._is_called
        return phone

    async def _is_called(self, talk: Talk, request: Message) -> None:
        person = next((each for each in everybody() if each.number == talk.number), None)
        if person is None or person.number in self._on_the_phone:
            code, reason = (NOBODY, "Temporarily Unavailable") if person is None else (BUSY, "Busy Here")
            talk.decline(request, code, reason)
            return
        self._begin(person, self._picks_up(talk, request, person))

    async def _picks_up(self, talk: Talk, request: Message, person: Person) -> None:
        await asyncio.sleep(self._between(RINGS_S))
        if talk.over.is_set() or not await talk.take(request):
            return
        manner = Manner(self._between(PATIENCE_S), False, "")

        async def where() -> str:
            return OVER

        try:
            await Conversation(talk, person, manner, where, self._voices).answer()
        except NoVoice as error:
            log.warning("nobody can speak: %s", error)

    # What the database knows

    async def _ask[T](self, question: Callable[[], T], otherwise: T) -> T:
        """In a thread; `otherwise` while the database does not answer."""

        def asked() -> T:
            try:
                return question()
            except DatabaseError:
                close_old_connections()
                return otherwise

        return await asyncio.to_thread(asked)

    def _where(self, number: str) -> str:
        """Where the call from this number stands."""
        index = blind("phone", self._organisation.id, number)
        rows = Call.objects.filter(organisation=self._organisation, number_index=index, ended_at=None)
        return rows.order_by("-began_at").values_list("state", flat=True).first() or OVER

    def _is_somebody_on(self) -> bool:
        """Whether an operator takes calls, and what those who do speak."""
        on = Operator.objects.filter(organisation=self._organisation).exclude(
            standing__in=["offline", "paused"]
        )
        spoken = list(on.values_list("languages", flat=True))
        self._spoken = {language for each in spoken for language in each}
        return bool(spoken)

    def _speak_everything(self) -> None:
        """So that nobody pauses for breath in the middle of a sentence."""
        try:
            for person in everybody():
                for words in everything_said(person):
                    spoken(words, person.voice, self._voices)
        except NoVoice as error:
            log.warning("nobody can speak: %s", error)


def run(organisation: Organisation, line: Setup, seed: int, stop: threading.Event) -> None:
    """Call until `stop` is set. What goes wrong is logged, and they go on."""
    while not stop.is_set():
        try:
            asyncio.run(Callers(organisation, line, seed).live(stop))
        except Exception:
            log.exception("the callers stopped; again in a moment")
            stop.wait(3)
