"""One call of somebody invented: chooses the language, waits, says what they need, and lets the other one speak."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quartier.sim.robots.people import Person
from quartier.sim.robots.talk import Talk
from quartier.sim.robots.voice import spoken

LOOK_S = 0.4
# In a greeting one listens a moment, then presses; who understands nothing of it presses again.
LISTENS_S, AGAIN_S = 7.0, 12.0
# Somebody has finished speaking when it is quiet for so long; nobody is waited for longer than this.
PAUSE_S, SAYS_NOTHING_S, SPEAKS_AT_MOST_S = 1.1, 7.0, 30.0
# Before a message one waits for the end of the words and the tone.
TONE_S = 1.3
LONGEST_GREETING_S = 45.0
CALL_ME_BACK = "1"

TALKING = {"bridged", "held", "consulting"}
MESSAGE, MENU, CLOSED, OVER = "voicemail", "menu", "closed", ""


@dataclass(frozen=True)
class Manner:
    """How this call goes: seconds that they wait, and whether they then ask to be rung back or hang up; `keys`: the key
    of their language."""

    patience_s: float
    asks_to_be_rung_back: bool
    key: str


class Conversation:
    """`where()` tells where the call stands, in the words of call control; `OVER` when it does not know."""

    def __init__(
        self, talk: Talk, person: Person, manner: Manner, where: Callable[[], Awaitable[str]], voices: Path
    ) -> None:
        self._talk, self._person, self._manner, self._where = talk, person, manner, where
        self._voices = voices
        self._asked = False

    async def go(self) -> None:
        """They call: until somebody hangs up."""
        await self._until_over(self._call())

    async def answer(self) -> None:
        """They are called back: they say who they are, and then it is the same."""
        await self._until_over(self._speak(self._person.back, there=self._always))

    async def _until_over(self, work: Coroutine[Any, Any, None]) -> None:
        ended = asyncio.create_task(self._talk.over.wait())
        speaks = asyncio.create_task(work)
        try:
            await asyncio.wait([ended, speaks], return_when=asyncio.FIRST_COMPLETED)
            if speaks.done():
                speaks.result()
        finally:
            for task in (ended, speaks):
                task.cancel()
            await self._talk.hang_up()

    async def _always(self) -> bool:
        return True

    async def _call(self) -> None:
        await asyncio.sleep(LISTENS_S)
        waited = pressed = 0.0
        while True:
            state = await self._where()
            if state in TALKING:
                await self._speak("", there=self._is_somebody_there)
                return
            if state == MESSAGE:
                await self._leave_message()
                return
            if state == MENU and waited >= pressed:
                self._talk.press(self._manner.key)
                pressed = waited + AGAIN_S
            elif state == CLOSED and not self._asked:
                self._asked = True
                self._talk.press(CALL_ME_BACK)
            elif waited > self._manner.patience_s:
                if self._asked or not self._manner.asks_to_be_rung_back:
                    return
                # The line says that it will, and hangs up.
                self._asked = True
                self._talk.press(CALL_ME_BACK)
                waited -= 30.0
            await asyncio.sleep(LOOK_S)
            waited += LOOK_S

    async def _is_somebody_there(self) -> bool:
        """Whether the operator is still there; while they look for another one, they are waited for."""
        waited = 0.0
        while waited < self._manner.patience_s:
            state = await self._where()
            if state in TALKING:
                return True
            if state == MESSAGE:
                return False
            await asyncio.sleep(LOOK_S)
            waited += LOOK_S
        return False

    async def _speak(self, first: str, *, there: Callable[[], Awaitable[bool]]) -> None:
        """Turn by turn. Whoever answers says hello first, mostly."""
        patience = 1
        if first:
            await self._say(first)
        await self._listen(4.0)
        for words in self._person.turns:
            if not await there():
                return
            await self._say(words)
            if not await self._listen(SAYS_NOTHING_S) and patience:
                patience -= 1
                await self._say(self._person.silence)
                await self._listen(SAYS_NOTHING_S)
        if await there():
            await self._say(self._person.bye)
            await asyncio.sleep(1.0)

    async def _listen(self, patience_s: float) -> bool:
        """Let the other one speak to the end; false when nothing was said."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        sound = self._talk.sound
        while loop.time() - began < SPEAKS_AT_MOST_S:
            spoke = sound.loud_at > began
            if spoke and sound.quiet_for() > PAUSE_S:
                return True
            if not spoke and loop.time() - began > patience_s:
                return False
            await asyncio.sleep(0.1)
        return True

    async def _leave_message(self) -> None:
        """After the tone."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        # Music may still be heard for a moment; then the words, then the tone, then nothing.
        await asyncio.sleep(3.0)
        while self._talk.sound.quiet_for() < TONE_S and loop.time() - began < LONGEST_GREETING_S:
            await asyncio.sleep(0.1)
        await self._say(self._person.message)
        await asyncio.sleep(0.7)

    async def _say(self, words: str) -> None:
        sound = await asyncio.to_thread(spoken, words, self._person.voice, self._voices)
        await self._talk.sound.say(sound)


def everything_said(person: Person) -> list[str]:
    """All that somebody may say, so that it can be spoken beforehand."""
    return [*person.turns, person.silence, person.message, person.back, person.bye]
