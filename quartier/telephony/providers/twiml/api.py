"""The provider's API: ring, end, ask. Nothing of it is ever logged but what kind of thing went wrong.

What may be done twice without harm is tried again. A call is made only once: it is tried again where it was certainly
not made; else its own webhooks say whether it was (`Uncertain`).
"""

import asyncio
import logging
import re
from typing import Any

import aiohttp

from quartier.telephony.providers.twiml.setup import Setup

log = logging.getLogger(__name__)

PAUSES_S = (0.3, 1.0)
# In sequence, what was asked and not answered, before it is said that the provider is down.
DOWN_AFTER = 2
TOO_MANY, UNAVAILABLE, NOT_THERE, LOCKED_OUT = 429, 503, 404, 401
SID = re.compile(r"[A-Za-z0-9_-]{4,64}")


class ApiDown(Exception):
    """The provider does not answer."""


class Uncertain(ApiDown):
    """No answer, and it may have been done."""


class Refused(Exception):
    """The provider said no: such a number cannot be rung, the call is not there yet, ..."""


class NotThere(Refused):
    """The provider knows no such thing (any more)."""


class Api:
    """One account. `up` says whether the provider answered lately."""

    def __init__(
        self, setup: Setup, *, patience_s: float = 5.0, pauses_s: tuple[float, ...] = PAUSES_S
    ) -> None:
        self._base = f"{setup.api}/Accounts/{setup.account}"
        self._pauses = pauses_s
        self._failed = 0
        self._session = aiohttp.ClientSession(
            headers={"Authorization": aiohttp.encode_basic_auth(setup.account, setup.token)},
            timeout=aiohttp.ClientTimeout(total=patience_s, connect=min(3.0, patience_s)),
        )

    @property
    def up(self) -> bool:
        return self._failed < DOWN_AFTER

    async def close(self) -> None:
        await self._session.close()

    async def ring(self, *, to: str, caller: str, answered: str, status: str, patience_s: int) -> str:
        """Ring a number; gives the provider's name of the call. Raises `ApiDown`, `Uncertain`, `Refused`."""
        told = await self._ask(
            "POST",
            "/Calls.json",
            once=True,
            To=to,
            From=caller,
            Url=answered,
            Method="POST",
            StatusCallback=status,
            StatusCallbackMethod="POST",
            # The first two also say that it was made, where the API did not.
            StatusCallbackEvent=("initiated", "ringing", "completed"),
            Timeout=str(patience_s),
        )
        return _sid(told.get("sid"))

    async def fetch_again(self, sid: str, url: str) -> None:
        """Have the provider ask us what the call is to do now. Raises `ApiDown`, `Refused`, `NotThere`."""
        await self._ask("POST", f"/Calls/{_sid(sid)}.json", Url=url, Method="POST")

    async def end(self, sid: str) -> None:
        """Hang up, or stop ringing. Raises `ApiDown`, `Refused`, `NotThere`."""
        await self._ask("POST", f"/Calls/{_sid(sid)}.json", Status="completed")

    async def call(self, sid: str) -> dict[str, Any]:
        """What the provider says of a call: `status`, `to`. Raises `ApiDown`, `Refused`, `NotThere`."""
        return await self._ask("GET", f"/Calls/{_sid(sid)}.json")

    async def recordings(self) -> list[dict[str, Any]]:
        """What the provider still keeps: `sid`, `call_sid`, `duration`, `status`. Raises `ApiDown`, `Refused`."""
        told = await self._ask("GET", "/Recordings.json?PageSize=100")
        return [each for each in told.get("recordings", []) if isinstance(each, dict)]

    async def sound(self, recording: str) -> bytes:
        """A recording as a WAV file. Raises `ApiDown`, `Refused`, `NotThere`."""
        told = await self._ask("GET", f"/Recordings/{_sid(recording)}.wav")
        sound: bytes = told["body"]
        return sound

    async def forget(self, recording: str) -> None:
        """Delete a recording at the provider; gone is gone. Raises `ApiDown`, `Refused`."""
        try:
            await self._ask("DELETE", f"/Recordings/{_sid(recording)}.json")
        except NotThere:
            return

    async def probe(self) -> None:
        """Whether it answers again."""
        try:
            await self._ask("GET", ".json")
        except (ApiDown, Refused):
            return

    async def _ask(
        self, method: str, path: str, *, once: bool = False, **words: str | tuple[str, ...]
    ) -> dict[str, Any]:
        # While it is down, nobody waits for it longer than necessary.
        pauses = self._pauses if self.up else ()
        form = [(key, each) for key, value in words.items() for each in _each(value)]
        for pause in (*pauses, None):
            try:
                told = await self._try(method, path, form)
            except Uncertain:
                if once or pause is None:
                    raise
            except ApiDown:
                if pause is None:
                    raise
            else:
                self._answers()
                return told
            await asyncio.sleep(pause)
        raise ApiDown

    async def _try(self, method: str, path: str, form: list[tuple[str, str]]) -> dict[str, Any]:
        try:
            async with self._session.request(method, self._base + path, data=form or None) as answer:
                if answer.status in {TOO_MANY, UNAVAILABLE}:
                    raise self._down("busy", ApiDown)
                if answer.status >= 500:
                    raise self._down(str(answer.status), Uncertain)
                if answer.status == NOT_THERE:
                    raise self._refused(NotThere, answer.status)
                if answer.status == LOCKED_OUT:
                    # Nobody can be rung until somebody mends it: as good as down, and to be seen.
                    log.error("the provider does not accept the account and its token")
                    raise self._down("locked out", ApiDown)
                if answer.status >= 400:
                    raise self._refused(Refused, answer.status)
                if answer.status == 204:
                    return {}
                if answer.content_type != "application/json":
                    return {"body": await answer.read()}
                told = await answer.json()
                return told if isinstance(told, dict) else {}
        except aiohttp.ClientConnectorError as error:
            raise self._down(type(error).__name__, ApiDown) from None
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise self._down(type(error).__name__, Uncertain) from None

    def _down(self, why: str, kind: type[ApiDown]) -> ApiDown:
        self._failed += 1
        if self._failed <= DOWN_AFTER:
            log.warning("the provider does not answer as it should: %s", why)
        return kind(why)

    def _answers(self) -> None:
        if not self.up:
            log.warning("the provider answers again")
        self._failed = 0

    def _refused(self, kind: type[Refused], status: int) -> Refused:
        self._answers()
        return kind(str(status))


def _each(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _sid(name: object) -> str:
    """The provider's name of something, which becomes part of an address. Raises `Refused` for anything else."""
    if isinstance(name, str) and SID.fullmatch(name):
        return name
    raise Refused("a strange name")
