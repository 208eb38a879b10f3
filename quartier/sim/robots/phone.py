"""A telephone: calls over UDP, answers what the other side asks in between (re-INVITE, OPTIONS), and can be called.

Everything goes to one server, the edge of the line. Nothing is logged: messages hold numbers.
"""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from quartier.sim.robots.message import Message, NoMessage, tag_of, uri_of, user_of
from quartier.sim.robots.sound import Sound
from quartier.sim.robots.talk import NoAnswer, Talk

# Seconds after which a question is asked again, twice as long each time, and how long at most (RFC 3261).
ASK_AGAIN_S, RARELY_S = 0.5, 4.0
PATIENCE_S = 8.0
RINGS_S = 60.0
KEPT_ANSWERS = 500
BUSY, GONE = 486, 481


class Phone(asyncio.DatagramProtocol):
    """One telephone, at `await Phone.at(...)`. `number`: who it says it is. `on_call`: who takes calls that come in;
    without it the phone is busy."""

    def __init__(self, number: str, proxy: tuple[str, int], host: str) -> None:
        self.number, self.proxy, self.host, self.port = number, proxy, host, 0
        self.on_call: Callable[[Talk, Message], Awaitable[None]] | None = None
        # Hosts that others name, and where we reach them: behind a router, what it shows to the outside.
        self.reach: dict[str, str] = {}
        self._talks: dict[str, Talk] = {}
        self._open: dict[tuple[str, str], asyncio.Queue[Message]] = {}
        self._answers: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def at(
        cls, number: str, proxy: tuple[str, int], *, host: str = "127.0.0.1", port: int = 0
    ) -> "Phone":
        """`proxy`: where everything goes. Raises `OSError` when the port is taken."""
        loop = asyncio.get_running_loop()
        transport, phone = await loop.create_datagram_endpoint(
            lambda: cls(number, proxy, host), local_addr=(host, port)
        )
        phone._transport, phone.port = transport, transport.get_extra_info("sockname")[1]
        return phone

    async def dial(self, number: str, *, domain: str = "", rings_s: float = RINGS_S) -> Talk:
        """Call; returns when somebody answers. Raises `Refused`, `NoAnswer`."""
        sound = await Sound.at(self.host)
        host = domain or f"{self.proxy[0]}:{self.proxy[1]}"
        talk = Talk(
            self,
            sound,
            call=f"{secrets.token_hex(12)}@{self.host}",
            to=f"sip:{number}@{host}",
            peer=self.proxy,
        )
        self._talks[talk.call] = talk
        try:
            await talk.invite(rings_s)
        except BaseException:
            talk.end()
            raise
        return talk

    async def is_there(self, to: tuple[str, int] | None = None) -> int:
        """Ask with OPTIONS; the code of the answer. Raises `NoAnswer`."""
        host, port = to or self.proxy
        headers = [
            ("via", self.via()),
            ("max-forwards", "70"),
            ("from", f"<sip:{self.number}@{self.host}>;tag={secrets.token_hex(6)}"),
            ("to", f"<sip:{host}:{port}>"),
            ("call-id", secrets.token_hex(12)),
            ("cseq", "1 OPTIONS"),
            ("contact", self.contact),
        ]
        answer = await self.ask(Message(f"OPTIONS sip:{host}:{port} SIP/2.0", headers), (host, port))
        return answer.code

    async def close(self) -> None:
        """Hang up everywhere, and switch off."""
        await asyncio.gather(*(talk.hang_up() for talk in list(self._talks.values())))
        for task in list(self._tasks):
            task.cancel()
        if self._transport is not None:
            self._transport.close()

    # For its talks

    @property
    def contact(self) -> str:
        return f"<sip:{self.number}@{self.host}:{self.port}>"

    def via(self) -> str:
        return f"SIP/2.0/UDP {self.host}:{self.port};rport;branch=z9hG4bK{secrets.token_hex(10)}"

    def offer(self, sound: Sound, *, way: str = "sendrecv", keys: int = 101) -> str:
        """Our sound as SDP: A-law and keys."""
        return (
            f"v=0\r\no=- 1 1 IN IP4 {self.host}\r\ns=-\r\nc=IN IP4 {self.host}\r\nt=0 0\r\n"
            f"m=audio {sound.port} RTP/AVP 8 {keys}\r\na=rtpmap:8 PCMA/8000\r\n"
            f"a=rtpmap:{keys} telephone-event/8000\r\na=fmtp:{keys} 0-15\r\na=ptime:20\r\na={way}\r\n"
        )

    def send(self, message: Message, to: tuple[str, int]) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(message.written(), to)

    async def ask(self, request: Message, to: tuple[str, int], *, invite: bool = False) -> Message:
        """Send it until it is answered; the last answer. Raises `NoAnswer`."""
        key, came = (request.branch, request.method), self.expect(request)
        pause, waited = ASK_AGAIN_S, 0.0
        rings = False
        try:
            while waited < PATIENCE_S:
                if not rings:
                    self.send(request, to)
                try:
                    # While it rings nothing is sent again, and whoever called decides how long to wait.
                    async with asyncio.timeout(None if rings else pause):
                        answer = await came.get()
                except TimeoutError:
                    waited += pause
                    pause = min(2 * pause, RARELY_S)
                    continue
                if answer.code >= 200:
                    return answer
                rings = rings or invite
            raise NoAnswer(request.method)
        finally:
            self._open.pop(key, None)

    def expect(self, request: Message) -> "asyncio.Queue[Message]":
        """Where answers to this request come, from now on."""
        came = self._open[request.branch, request.method] = asyncio.Queue()
        return came

    def remember(self, request: Message, answer: Message) -> None:
        """What was answered, should the same be asked again."""
        self._answers[request.branch, request.method] = answer.written()
        while len(self._answers) > KEPT_ANSWERS:
            self._answers.popitem(last=False)

    def forget(self, talk: Talk) -> None:
        self._talks.pop(talk.call, None)

    def begin(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # From the network

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there: asked again, then given up."""

    def datagram_received(self, data: bytes, addr: Any) -> None:
        try:
            message = Message.read(data)
        except NoMessage:
            return
        if message.code:
            self._answered(message)
        else:
            self._asked(message, addr)

    def _answered(self, answer: Message) -> None:
        waiting = self._open.get((answer.branch, answer.method))
        if waiting is not None:
            waiting.put_nowait(answer)
        elif answer.method == "INVITE" and 200 <= answer.code < 300:
            # Our ACK was lost.
            talk = self._talks.get(answer.call)
            if talk is not None:
                talk.acknowledge()

    def _asked(self, request: Message, addr: Any) -> None:
        method, talk = request.method, self._talks.get(request.call)
        if method == "ACK":
            if talk is not None:
                talk.agreed.set()
            return
        again = self._answers.get((request.branch, method))
        if again is not None:
            if self._transport is not None:
                self._transport.sendto(again, addr)
            return
        if method == "INVITE":
            self._invited(request, talk, addr)
            return
        if method == "CANCEL" and talk is not None:
            talk.withdrawn(request)
            return
        if method == "UPDATE" and talk is not None:
            answer = talk.update(request)
        elif method == "BYE" and talk is None:
            answer = request.answer(GONE, "Call Does Not Exist")
        else:
            answer = request.answer(200, "OK", tag=secrets.token_hex(6))
        self.remember(request, answer)
        self.send(answer, addr)
        if method == "BYE" and talk is not None:
            talk.end()

    def _invited(self, request: Message, talk: Talk | None, addr: Any) -> None:
        if talk is not None:
            # The same one again while it rings is no new wish.
            if tag_of(request.first("to")):
                talk.change(request)
            return
        if self.on_call is None or tag_of(request.first("to")):
            code, reason = (GONE, "Gone") if tag_of(request.first("to")) else (BUSY, "Busy Here")
            answer = request.answer(code, reason, tag=secrets.token_hex(6))
            self.remember(request, answer)
            self.send(answer, addr)
            return
        self.begin(self._rings(request, addr))

    async def _rings(self, request: Message, addr: Any) -> None:
        assert self.on_call is not None
        sound = await Sound.at(self.host)
        if request.call in self._talks:
            # The same INVITE came again before the sound was there.
            sound.close()
            return
        talk = Talk(self, sound, call=request.call, to=uri_of(request.first("from")), peer=addr)
        talk.number = user_of(request.start.split()[1])
        self._talks[request.call] = talk
        talk.want(request)
        talk.ring(request)
        await self.on_call(talk, request)
