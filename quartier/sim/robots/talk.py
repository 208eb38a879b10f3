"""One call of a telephone, from the first ring to the goodbye."""

import asyncio
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from quartier.sim.robots.message import Message, sound_of, uri_of, user_of
from quartier.sim.robots.sound import Sound

if TYPE_CHECKING:
    from quartier.sim.robots.phone import Phone

# Seconds after which an answer is said again, twice as long each time, and how long at most (RFC 3261).
SAY_AGAIN_S, RARELY_S, TIMES = 0.5, 4.0, 7
PATIENCE_S = 8.0
NOT_ACCEPTABLE = 488


class Refused(Exception):
    """The other side said no; `code` as in SIP: 403 not allowed, 486 busy, 503 out of order."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code, self.reason = code, reason


class NoAnswer(Exception):
    """Nobody said anything."""


class Talk:
    """One call of a phone. `over` is set when it has ended, by whichever side."""

    def __init__(self, phone: "Phone", sound: Sound, *, call: str, to: str, peer: tuple[str, int]) -> None:
        self.phone, self.sound, self.call, self.peer = phone, sound, call, peer
        # Who was called: by us, or at us.
        self.number = user_of(to)
        self.over = asyncio.Event()
        self.agreed = asyncio.Event()
        self.answered_s = 0.0
        self.changed = 0
        self._tag = secrets.token_hex(6)
        self._mine = f"<sip:{phone.number}@{phone.host}:{phone.port}>;tag={self._tag}"
        self._theirs, self._target = f"<{to}>", to
        self._route: list[str] = []
        self._count = 0
        self._invited: Message | None = None
        self._last_offer = ""

    # What one does with it

    def press(self, key: str) -> None:
        self.sound.press(key)

    async def hang_up(self) -> None:
        """Say goodbye; returns when the other side has heard it, or does not answer."""
        if self.over.is_set():
            return
        self.end()
        with suppress(NoAnswer):
            await self.phone.ask(self._request("BYE"), self.peer)

    def end(self) -> None:
        """Nothing more is said or heard."""
        self.over.set()
        self.sound.close()
        self.phone.forget(self)

    # Calling

    async def invite(self, rings_s: float) -> None:
        """Raises `Refused`, `NoAnswer`. Cancelled, it lets the other side stop ringing."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        request = self._request("INVITE", self.phone.offer(self.sound))
        self._invited = request
        try:
            async with asyncio.timeout(rings_s):
                answer = await self.phone.ask(request, self.peer, invite=True)
        except (asyncio.CancelledError, TimeoutError) as error:
            self.phone.begin(self._withdraw(request))
            if isinstance(error, TimeoutError):
                raise NoAnswer("INVITE") from None
            raise
        self.answered_s = loop.time() - began
        if answer.code >= 300:
            self.phone.send(_like(request, "ACK", to=answer.first("to")), self.peer)
            raise Refused(answer.code, answer.reason)
        self._accepted(answer)
        if not self._listen_to(answer.body):
            await self.hang_up()
            raise Refused(NOT_ACCEPTABLE, "no sound that we understand")

    def _accepted(self, answer: Message) -> None:
        self._theirs = answer.first("to")
        self._target = uri_of(answer.first("contact")) or self._target
        self._route = list(reversed(answer.every("record-route")))
        self.acknowledge()

    def acknowledge(self) -> None:
        """The answer to our INVITE has come, perhaps again."""
        assert self._invited is not None
        ack = self._request("ACK", count=int(self._invited.first("cseq").split()[0]))
        self.phone.send(ack, self.peer)

    async def _withdraw(self, request: Message) -> None:
        """We do not want to wait any longer; who answers in this very moment hears goodbye."""
        came = self.phone.expect(request)
        try:
            await self.phone.ask(_like(request, "CANCEL"), self.peer)
            async with asyncio.timeout(PATIENCE_S):
                while (answer := await came.get()).code < 200:
                    pass
        except (NoAnswer, TimeoutError):
            return
        if answer.code >= 300:
            self.phone.send(_like(request, "ACK", to=answer.first("to")), self.peer)
            return
        self._accepted(answer)
        with suppress(NoAnswer):
            await self.phone.ask(self._request("BYE"), self.peer)

    # Being called

    async def take(self, request: Message) -> bool:
        """Answer a call that rings: say 200 until it is acknowledged. False when they have no sound for us."""
        self._invited = request
        self._theirs, self._mine = request.first("from"), f"{request.first('to')};tag={self._tag}"
        self._target = uri_of(request.first("contact")) or self._target
        self._route = request.every("record-route")
        if not self._listen_to(request.body):
            self.decline(request, NOT_ACCEPTABLE, "Not Acceptable Here")
            return False
        await self._say_yes(request)
        return not self.over.is_set()

    def decline(self, request: Message, code: int, reason: str) -> None:
        """Not now."""
        no = request.answer(code, reason, tag=self._tag)
        self.phone.remember(request, no)
        self.phone.send(no, self.peer)
        self.end()

    def ring(self, request: Message) -> None:
        self.phone.send(request.answer(180, "Ringing", tag=self._tag, contact=self.phone.contact), self.peer)

    def withdrawn(self, request: Message) -> None:
        """They hung up before we answered."""
        self.phone.send(request.answer(200, "OK", tag=self._tag), self.peer)
        if self._invited is not None and not self.agreed.is_set():
            self.phone.send(self._invited.answer(487, "Request Terminated", tag=self._tag), self.peer)
            self.end()

    def want(self, request: Message) -> None:
        self._invited = request

    def change(self, request: Message) -> None:
        """A re-INVITE: whatever they want is all right."""
        self.changed += 1
        # Without an offer they ask for ours.
        if request.body:
            self._listen_to(request.body)
        self.phone.begin(self._say_yes(request))

    def update(self, request: Message) -> Message:
        """The same by UPDATE."""
        if request.body:
            self._listen_to(request.body)
        body = self._description() if request.body else ""
        return request.answer(200, "OK", contact=self.phone.contact, body=body)

    async def _say_yes(self, request: Message) -> None:
        self.agreed.clear()
        yes = request.answer(200, "OK", tag=self._tag, contact=self.phone.contact, body=self._description())
        pause = SAY_AGAIN_S
        for _ in range(TIMES):
            self.phone.send(yes, self.peer)
            self.phone.remember(request, yes)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self.agreed.wait()
                return
            pause = min(2 * pause, RARELY_S)
        await self.hang_up()

    # Both

    def _listen_to(self, sdp: str) -> bool:
        found = sound_of(sdp)
        if found is None or not found.alaw:
            return False
        self._last_offer = sdp
        host = self.phone.reach.get(found.host, found.host)
        self.sound.send((host, found.port) if found.hears and found.port > 0 else None, found.keys)
        return True

    def _description(self) -> str:
        found = sound_of(self._last_offer)
        way = "sendrecv"
        if found is not None and not (found.hears and found.speaks):
            way = "sendonly" if found.hears else ("recvonly" if found.speaks else "inactive")
        return self.phone.offer(self.sound, way=way, keys=found.keys if found and found.keys else 101)

    def _request(self, method: str, body: str = "", *, count: int = 0) -> Message:
        if not count:
            self._count += 1
            count = self._count
        headers = [
            ("via", self.phone.via()),
            ("max-forwards", "70"),
            *(("route", each) for each in self._route),
            ("from", self._mine),
            ("to", self._theirs),
            ("call-id", self.call),
            ("cseq", f"{count} {method}"),
            ("contact", self.phone.contact),
            ("user-agent", "Quartier"),
        ]
        if body:
            headers.append(("content-type", "application/sdp"))
        return Message(f"{method} {self._target} SIP/2.0", headers, body)


def _like(request: Message, method: str, *, to: str = "") -> Message:
    """CANCEL, or the ACK of a refusal: the same transaction as the INVITE."""
    kept = [
        (name, value) for name, value in request.headers if name in {"via", "max-forwards", "route", "from"}
    ]
    count = request.first("cseq").split()[0]
    kept += [("to", to or request.first("to")), ("call-id", request.call), ("cseq", f"{count} {method}")]
    return Message(f"{method} {request.start.split()[1]} SIP/2.0", kept)
