"""A telephone, and the carrier behind it, that does exactly what a test wants: SIP as text, and RTP of its own.

It calls the line with any offer or none, sends keys in each of the three ways, speaks and hears, and rings when the
line calls out: `rings` says what becomes of that, well or badly.
"""

import math
import re
import secrets
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from quartier.telephony.providers.sip import alaw

PCMU, PCMA = 0, 8
KEYS = "0123456789*#"
LOW_HZ, HIGH_HZ = (697, 770, 852, 941), (1209, 1336, 1477)
FRAME, RATE = 160, 8000
NAMED = {PCMA: "PCMA", PCMU: "PCMU"}


@dataclass
class Received:
    """One SIP message."""

    text: str

    @property
    def first(self) -> str:
        return self.text.split("\r\n", 1)[0]

    @property
    def method(self) -> str:
        """Of a request; "" of an answer."""
        return "" if self.code else self.first.split()[0]

    @property
    def code(self) -> int:
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0") else 0

    @property
    def body(self) -> str:
        return self.text.partition("\r\n\r\n")[2]

    def all(self, name: str) -> list[str]:
        head = self.text.partition("\r\n\r\n")[0]
        return [each.strip() for each in re.findall(rf"(?im)^{name}: *(.*?)\r?$", head)]

    def one(self, name: str) -> str:
        return (self.all(name) or [""])[0]


def tone(digit: str, seconds: float) -> np.ndarray:
    """The two tones of a key."""
    place = ["123", "456", "789", "*0#"]
    row = next(number for number, each in enumerate(place) if digit in each)
    at = np.arange(int(seconds * RATE)) / RATE
    both = np.sin(2 * math.pi * LOW_HZ[row] * at) + np.sin(
        2 * math.pi * HIGH_HZ[place[row].index(digit)] * at
    )
    return (7000 * both).astype(np.int16)


def mu_law(samples: np.ndarray) -> bytes:
    """G.711 mu-law."""
    value = np.minimum(np.abs(samples.astype(np.int32)), 32635) + 132
    step = np.floor(np.log2(value)).astype(np.int32) - 7
    code = ((step << 4) | ((value >> (step + 3)) & 0x0F)) | np.where(samples < 0, 0x80, 0)
    return bytes((~code & 0xFF).astype(np.uint8))


@dataclass
class PhoneDialog:
    """`theirs` names the line's end, `ours` this one."""

    call: str
    ours: str
    theirs: str = ""
    target: str = ""
    routes: list[str] = field(default_factory=list)
    number: int = 1
    invite: str = ""


class RtpPhone:
    """`sip`: where the line listens; `port`: where this one does, as the carrier that the line calls out by."""

    def __init__(self, sip: int, *, port: int = 0, payload: int = PCMA, events: int = 101) -> None:
        self._sip, self.payload, self.events = sip, payload, events
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", port))
        self._sound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sound.bind(("127.0.0.1", 0))
        # What it says goes out here: at another port than its description names, with some carriers.
        self.mouth = self._sound
        # How the text of its SIP becomes bytes.
        self.coding = "utf-8"
        # A read that waits holds its port, also after the end of this phone.
        for each in (self._socket, self._sound):
            each.settimeout(0.2)
        self._works = [
            threading.Thread(target=work, daemon=True) for work in (self._read, self._hear, self._speak)
        ]
        self.port, self.sound_port = self._socket.getsockname()[1], self._sound.getsockname()[1]
        self.received: list[Received] = []
        self.heard: list[tuple[float, int, bytes]] = []
        self.dialog = PhoneDialog("", "")
        self.rings: Callable[[RtpPhone, Received], None] = lambda phone, invite: phone.answer(invite, 486)
        self.ended = threading.Event()
        self._news = threading.Condition()
        self._to: tuple[str, int] | None = None
        self._saying: list[bytes] = []
        self._stopped = threading.Event()
        self._stamp, self._sequence, self._source = 0, 0, secrets.randbits(31)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        for work in self._works:
            work.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        for work in self._works:
            work.join(5)
        self._socket.close()
        self._sound.close()

    # Descriptions

    def sdp(self, *, more: str = "", port: int | None = None, formats: str = "") -> str:
        """What this phone speaks; `formats`: other ones, with their lines in `more`."""
        head = (
            f"v=0\r\no=- {secrets.randbits(30)} 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        )
        port = self.sound_port if port is None else port
        if formats:
            return f"{head}m=audio {port} RTP/AVP {formats}\r\n{more}"
        keys = f" {self.events}" if self.events else ""
        lines = f"a=rtpmap:{self.payload} {NAMED[self.payload]}/8000\r\n"
        if self.events:
            lines += f"a=rtpmap:{self.events} telephone-event/8000\r\na=fmtp:{self.events} 0-15\r\n"
        return f"{head}m=audio {port} RTP/AVP {self.payload}{keys}\r\n{lines}{more}"

    # Calls that it makes

    def call(
        self, to: str, body: str | None = None, *, number: str = "+3220001234", headers: str = ""
    ) -> int:
        """Call, and give the final code. "" as a body: nothing is offered, and our answer goes with the ACK."""
        body = self.sdp() if body is None else body
        self.dialog = PhoneDialog(
            secrets.token_hex(12), f"<sip:{number}@127.0.0.1>;tag={secrets.token_hex(4)}"
        )
        self.ended.clear()
        self.dialog.invite = f"sip:{to}@127.0.0.1:{self._sip}"
        self.dialog.theirs = f"<sip:{to}@127.0.0.1>"
        answer = self.ask("INVITE", body, headers=headers)
        if answer.code < 300:
            self._is_up(answer)
            self.request("ACK", "" if body else self.sdp(), number=self.dialog.number)
            self._to = _where(answer.body)
        return answer.code

    def _is_up(self, message: Received) -> None:
        found = re.search(r"<(.*?)>", message.one("Contact"))
        self.dialog.target = found[1] if found else ""

    def ask(
        self, method: str, body: str = "", *, headers: str = "", kind: str = "application/sdp"
    ) -> Received:
        """A request, and its final answer."""
        if self.dialog.target:
            self.dialog.number += 1
        number = self.dialog.number
        seen = len(self.received)
        branch = self.request(method, body, headers=headers, kind=kind, number=number)
        answer = self.wait(
            lambda each: each.code >= 200 and each.one("CSeq") == f"{number} {method}"
            and each.one("Call-ID") == self.dialog.call,
            seen,
        )  # fmt: skip
        if method == "INVITE":
            if answer.one("Record-Route") and answer.code < 300:
                self.dialog.routes = list(reversed(answer.all("Record-Route")))
            self.dialog.theirs = answer.one("To")
            if answer.code >= 300:
                self.request("ACK", number=number, branch=branch)
            elif self.dialog.target:
                self.request("ACK", "" if body else self.sdp(), number=number)
                self._to = _where(answer.body)
        return answer

    def request(
        self, method: str, body: str = "", *, number: int, headers: str = "", branch: str = "",
        kind: str = "application/sdp",
    ) -> str:  # fmt: skip
        """Send it, and give its branch."""
        dialog = self.dialog
        branch = branch or f"z9hG4bK{secrets.token_hex(8)}"
        routes = "".join(f"Route: {each}\r\n" for each in dialog.routes)
        typed = f"Content-Type: {kind}\r\n" if body else ""
        self.send(
            f"{method} {dialog.target or dialog.invite} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};rport;branch={branch}\r\nMax-Forwards: 70\r\n"
            f"From: {dialog.ours}\r\nTo: {dialog.theirs}\r\nCall-ID: {dialog.call}\r\nCSeq: {number} {method}\r\n"
            f"{routes if dialog.target else ''}Contact: <sip:phone@127.0.0.1:{self.port}>\r\n{headers}{typed}"
            f"Content-Length: {len(body.encode(self.coding))}\r\n\r\n{body}"
        )
        return branch

    def hang_up(self) -> None:
        if not self.ended.is_set():
            self.ask("BYE")

    # Calls that it gets

    def answer(
        self,
        request: Received,
        code: int,
        body: str = "",
        *,
        tag: str = "",
        headers: str = "",
        words: str = "So",
    ) -> str:
        """Answer a request; gives the tag."""
        tag = tag or "here"
        to = request.one("To")
        copied = "".join(
            f"{name}: {each}\r\n" for name in ("Via", "Record-Route") for each in request.all(name)
        )
        kind = "Content-Type: application/sdp\r\n" if body else ""
        self.send(
            f"SIP/2.0 {code} {words}\r\n{copied}From: {request.one('From')}\r\n"
            f"To: {to if 'tag=' in to or code == 100 else f'{to};tag={tag}'}\r\nCall-ID: {request.one('Call-ID')}\r\n"
            f"CSeq: {request.one('CSeq')}\r\nContact: <sip:phone-{tag}@127.0.0.1:{self.port}>\r\n{headers}{kind}"
            f"Content-Length: {len(body.encode(self.coding))}\r\n\r\n{body}"
        )
        return tag

    def take(self, invite: Received, body: str | None = None, *, tag: str = "here") -> None:
        """Take a call."""
        self._to = _where(invite.body)
        self.answer(invite, 200, self.sdp() if body is None else body, tag=tag)
        to = invite.one("To")
        self.dialog = PhoneDialog(invite.one("Call-ID"), f"{to};tag={tag}", invite.one("From"), number=1000)
        self.dialog.routes = invite.all("Record-Route")
        self._is_up(invite)
        self.ended.clear()

    # SIP

    def send(self, text: str) -> None:
        self._socket.sendto(text.encode(self.coding), ("127.0.0.1", self._sip))

    def wait(self, which: Callable[[Received], bool], since: int = 0, patience_s: float = 15.0) -> Received:
        """The first message like this. Raises `TimeoutError`."""
        with self._news:
            found: list[Received] = []

            def there() -> bool:
                found[:] = [each for each in self.received[since:] if which(each)][:1]
                return bool(found)

            if not self._news.wait_for(there, patience_s):
                raise TimeoutError([each.first for each in self.received[since:]])
            return found[0]

    def _read(self) -> None:
        while not self._stopped.is_set():
            try:
                text = self._socket.recv(65_536).decode(errors="replace")
            except TimeoutError:
                continue
            if not text.strip():
                continue
            message = Received(text)
            with self._news:
                again = any(each.text == text for each in self.received)
                self.received.append(message)
                self._news.notify_all()
            if message.method == "BYE":
                self.answer(message, 200)
                if message.one("Call-ID") == self.dialog.call:
                    self.ended.set()
            elif message.method == "CANCEL":
                self.answer(message, 200)
            elif message.method == "INVITE" and not again:
                threading.Thread(target=self.rings, args=(self, message), daemon=True).start()

    # Sound

    def say(self, samples: np.ndarray) -> None:
        """Say this, from now on; silence afterwards."""
        code = mu_law if self.payload == PCMU else alaw.encode
        with self._lock:
            for begin in range(0, len(samples) - FRAME + 1, FRAME):
                self._saying.append(code(samples[begin : begin + FRAME]))

    def press_tone(self, digit: str, seconds: float = 0.12) -> None:
        """A key in the sound."""
        self.say(np.concatenate([tone(digit, seconds), np.zeros(1600, np.int16)]))

    def press_info(self, digit: str, kind: str = "application/dtmf-relay") -> int:
        """A key by INFO; gives the code."""
        body = f"Signal={digit}\r\nDuration=160\r\n" if kind.endswith("relay") else digit
        return self.ask("INFO", body, kind=kind).code

    def press_event(self, digit: str) -> None:
        """A key as RFC 4733 has it."""
        event = KEYS.index(digit)
        with self._lock:
            begins = self._stamp
            for number in range(8):
                ends = 0x80 if number >= 5 else 0
                body = struct.pack("!BBH", event, ends | 10, min(number + 1, 5) * FRAME)
                self._packet(body, self.events, begins, mark=number == 0)

    def says_nothing_more(self) -> bool:
        """Whether all that was to be said is."""
        with self._lock:
            return not self._saying

    @property
    def line_sound(self) -> tuple[str, int]:
        """Where the line listens for this phone."""
        assert self._to is not None
        return self._to

    def _packet(self, body: bytes, payload: int, stamp: int, *, mark: bool = False) -> None:
        if self._to is None:
            return
        self._sequence = (self._sequence + 1) & 0xFFFF
        head = struct.pack(
            "!BBHII", 0x80, payload | (0x80 if mark else 0), self._sequence, stamp, self._source
        )
        self.mouth.sendto(head + body, self._to)

    def _speak(self) -> None:
        silence = b"\xff" * FRAME if self.payload == PCMU else b"\xd5" * FRAME
        at = time.monotonic()
        while not self._stopped.is_set():
            with self._lock:
                frame = self._saying.pop(0) if self._saying and self._to else silence
                self._packet(frame, self.payload, self._stamp)
                self._stamp += FRAME
            at = max(at + 0.02, time.monotonic() - 0.2)
            time.sleep(max(0.0, at - time.monotonic()))

    def _hear(self) -> None:
        while not self._stopped.is_set():
            try:
                packet = self._sound.recv(4096)
            except TimeoutError:
                continue
            with self._news:
                self.heard.append((time.monotonic(), packet[1] & 0x7F, packet[12:]))
                self._news.notify_all()

    def hears(self, seconds: float = 1.0) -> np.ndarray:
        """What comes in so much sound from now on, in A-law packets; raises `TimeoutError`."""
        wanted, begin = int(seconds * RATE), len(self.heard)

        def sound() -> bytes:
            return b"".join(body for _at, payload, body in self.heard[begin:] if payload == PCMA)

        with self._news:
            if not self._news.wait_for(lambda: len(sound()) >= wanted, seconds + 5):
                raise TimeoutError("no sound")
            return alaw.decode(sound()[:wanted]) / 32768

    def wait_heard(self, what: Callable[[np.ndarray], bool], patience_s: float, seconds: float = 1.0) -> None:
        """Raises `TimeoutError`."""
        end = time.monotonic() + patience_s
        while not what(self.hears(seconds)):
            if time.monotonic() > end:
                raise TimeoutError("not heard")


def _where(sdp: str) -> tuple[str, int] | None:
    host = re.search(r"^c=IN IP4 (\S+)", sdp, re.MULTILINE)
    port = re.search(r"^m=audio (\d+)", sdp, re.MULTILINE)
    return (host[1], int(port[1])) if host and port else None
