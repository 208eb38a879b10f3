"""Light stand-ins for operators' browsers: each has a WebSocket of its own to Kamailio, registers with the credentials
that the pages make, is rung, picks up after a moment, and notes when the caller's sound arrives.

What they leave out of a browser: their answer describes plain RTP, so rtpengine neither looks for a way (ICE) nor
encrypts (DTLS, SRTP); and they speak once a second, not fifty times.
"""

import asyncio
import base64
import hashlib
import hmac
import random
import re
import secrets
import socket
import struct
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from quartier.sim.robots.message import Message, NoMessage, sound_of

# From <asm-generic/socket.h>: with a datagram comes the moment, in ns, at which the kernel had it.
SO_TIMESTAMPNS = 35
# So many at once open their connection and register.
AT_ONCE = 20
EXPIRES_S = 600
PICKS_UP_S = (0.5, 1.5)
SPEAKS_EVERY_S = 1.0
PCMA_SILENCE = bytes([0xD5]) * 160
PATIENCE_S = 10.0


@dataclass
class Talk:
    """One call that was answered; `call`: its name in the line. Unix seconds: `answered`, when the 200 left; `heard`,
    when the kernel had the first packet of the caller's sound, 0: never; `ended`, when the line hung up, 0: not yet."""

    call: str
    answered: float
    heard: float = 0.0
    ended: float = 0.0


@dataclass
class Ringing:
    """An INVITE that is not over: `sound` once it was answered, `tag` of our side."""

    invite: Message
    tag: str
    picks_up: asyncio.TimerHandle
    talk: Talk | None = None
    sound: socket.socket | None = None


class Operator:
    """One of them. `talks`: all that it answered."""

    def __init__(self, account: str, *, domain: str, secret: str, luck: random.Random) -> None:
        self.account, self._domain, self._luck = account, domain, luck
        user = f"{int(time.time()) + 3600}:{account}"
        self._user = user
        self._password = base64.b64encode(hmac.digest(secret.encode(), user.encode(), "sha1")).decode()
        self._contact = f"<sip:{secrets.token_hex(4)}@{secrets.token_hex(4)}.invalid;transport=ws>"
        self._calls: dict[str, Ringing] = {}
        self._registered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._registering = (secrets.token_hex(8), secrets.token_hex(4))
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reads: asyncio.Task[None] | None = None
        self._says: set[asyncio.Task[None]] = set()
        self.talks: list[Talk] = []
        self.cancelled = 0

    async def come(self, session: aiohttp.ClientSession, url: str, origin: str) -> None:
        """Connect and register. Raises `TimeoutError`, `ConnectionError` when Kamailio does not want us."""
        self._socket = await session.ws_connect(url, protocols=("sip",), origin=origin, compress=0)
        self._reads = asyncio.create_task(self._read())
        self._send(self._register(1, ""))
        async with asyncio.timeout(PATIENCE_S):
            await self._registered

    async def go(self) -> None:
        """Close everything."""
        for call in list(self._calls):
            self._over(call)
        if self._socket is not None:
            await self._socket.close()
        if self._reads is not None:
            self._reads.cancel()

    def _send(self, message: Message) -> None:
        assert self._socket is not None
        task = asyncio.get_running_loop().create_task(self._socket.send_str(message.written().decode()))
        self._says.add(task)
        task.add_done_callback(self._says.discard)

    async def _read(self) -> None:
        assert self._socket is not None
        async for frame in self._socket:
            with suppress(NoMessage):
                message = Message.read(str(frame.data).encode())
                if message.code:
                    self._answered(message)
                else:
                    self._asked(message)

    # Registering

    def _register(self, number: int, proof: str) -> Message:
        call, tag = self._registering
        me = f"<sip:{self.account}@{self._domain}>"
        headers = [
            ("via", f"SIP/2.0/WS {tag}.invalid;branch=z9hG4bK{secrets.token_hex(8)}"),
            ("max-forwards", "70"),
            ("from", f"{me};tag={tag}"),
            ("to", me),
            ("call-id", call),
            ("cseq", f"{number} REGISTER"),
            ("contact", f"{self._contact};expires={EXPIRES_S}"),
        ]
        return Message(
            f"REGISTER sip:{self._domain} SIP/2.0", headers + ([("authorization", proof)] if proof else [])
        )

    def _answered(self, answer: Message) -> None:
        if answer.method != "REGISTER" or self._registered.done():
            return
        if answer.code == 401:
            self._send(self._register(2, self._proof(answer.first("www-authenticate"))))
        elif answer.code >= 300:
            self._registered.set_exception(ConnectionError(f"{answer.code} {answer.reason}"))
        elif answer.code >= 200:
            self._registered.set_result(None)

    def _proof(self, challenge: str) -> str:
        """Digest, with `qop=auth`."""
        said = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge))
        realm, nonce, uri, mine = said["realm"], said["nonce"], f"sip:{self._domain}", secrets.token_hex(8)
        one = _md5(f"{self._user}:{realm}:{self._password}")
        two = _md5(f"REGISTER:{uri}")
        reply = _md5(f"{one}:{nonce}:00000001:{mine}:auth:{two}")
        return (
            f'Digest username="{self._user}", realm="{realm}", nonce="{nonce}", uri="{uri}", response="{reply}", '
            f'algorithm=MD5, qop=auth, nc=00000001, cnonce="{mine}"'
        )

    # Being rung

    def _asked(self, request: Message) -> None:
        method, call = request.method, self._calls.get(request.call)
        if method == "INVITE":
            if call is None:
                self._rings(request)
        elif method == "CANCEL":
            self._send(request.answer(200, "OK"))
            if call is not None and call.talk is None:
                self.cancelled += 1
                self._send(call.invite.answer(487, "Request Terminated", tag=call.tag))
                self._over(request.call)
        elif method == "BYE":
            self._send(request.answer(200, "OK"))
            if call is not None and call.talk is not None:
                call.talk.ended = time.time()
            self._over(request.call)
        elif method != "ACK":
            self._send(request.answer(200, "OK", tag=secrets.token_hex(4)))

    def _rings(self, invite: Message) -> None:
        tag = secrets.token_hex(4)
        self._send(invite.answer(180, "Ringing", tag=tag, contact=self._contact))
        after = self._luck.uniform(*PICKS_UP_S)
        timer = asyncio.get_running_loop().call_later(after, self._picks_up, invite.call)
        self._calls[invite.call] = Ringing(invite, tag, timer)

    def _picks_up(self, name: str) -> None:
        call = self._calls.get(name)
        offered = sound_of(call.invite.body) if call is not None else None
        if call is None or offered is None:
            return
        call.sound = sound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sound.setblocking(False)
        # What comes after the first packet is not read: a full buffer costs nothing.
        sound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sound.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        sound.bind(("127.0.0.1", 0))
        sound.connect((offered.host, offered.port))
        yes = call.invite.answer(
            200, "OK", tag=call.tag, contact=self._contact, body=_plain(sound.getsockname()[1])
        )
        call.talk = Talk(call.invite.first("x-quartier-call"), time.time())
        self.talks.append(call.talk)
        asyncio.get_running_loop().add_reader(sound, self._hears, call)
        self._send(yes)
        self._speaks(name, 0)

    def _hears(self, call: Ringing) -> None:
        """The caller's first packet."""
        assert call.sound is not None
        assert call.talk is not None
        try:
            packet, notes, _flags, _from = call.sound.recvmsg(2048, 256)
        except OSError:
            return
        # RTP, and not its report.
        if len(packet) < 12 or packet[0] >> 6 != 2 or 72 <= packet[1] & 0x7F <= 76:
            return
        asyncio.get_running_loop().remove_reader(call.sound)
        stamp = next((data for _level, kind, data in notes if kind == SO_TIMESTAMPNS), b"")
        seconds, rest = struct.unpack("=qq", stamp[:16]) if len(stamp) >= 16 else (time.time(), 0)
        call.talk.heard = seconds + rest / 1e9

    def _speaks(self, name: str, number: int) -> None:
        """Once a second, so that nobody takes this browser for dead."""
        call = self._calls.get(name)
        if call is None or call.sound is None:
            return
        head = struct.pack("!BBHII", 0x80, 8, number & 0xFFFF, number * 8000 & 0xFFFFFFFF, 0x51554152)
        with suppress(OSError):
            call.sound.send(head + PCMA_SILENCE)
        asyncio.get_running_loop().call_later(SPEAKS_EVERY_S, self._speaks, name, number + 1)

    def _over(self, name: str) -> None:
        call = self._calls.pop(name, None)
        if call is None:
            return
        call.picks_up.cancel()
        if call.sound is not None:
            asyncio.get_running_loop().remove_reader(call.sound)
            call.sound.close()


async def all_come(
    operators: Iterable[Operator], session: aiohttp.ClientSession, url: str, origin: str
) -> None:
    """Let them connect and register, a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def comes(operator: Operator) -> None:
        async with gate:
            await operator.come(session, url, origin)

    async with asyncio.TaskGroup() as group:
        for operator in operators:
            group.create_task(comes(operator))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _plain(port: int) -> str:
    return (
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
        "a=sendrecv\r\na=rtcp-mux\r\n"
    )
