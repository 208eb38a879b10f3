"""The edge alone: Kamailio with this installation's configuration, whoever speaks to it, and whoever listens."""

import base64
import hashlib
import hmac
import os
import re
import secrets
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from quartier.telephony.providers.sip.setup import Setup, secret, write
from tests.line.sip_text import request

ORIGIN = "https://line.example.org"
BYTES_PER_READ = 65_535
START_TIMEOUT_S = 15.0
# How long something that must come is waited for.
PATIENCE_S = 15.0


@dataclass(frozen=True)
class Edge:
    """Kamailio that runs, and the setup that it was written from."""

    setup: Setup
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def pids(self) -> set[int]:
        """Its processes, by their parent."""
        main = self.process.pid
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(main)], capture_output=True, text=True)
        return {main, *map(int, listed.stdout.split())}


@contextmanager
def edge_running(home: Path, table: dict[str, Any]) -> Iterator[Edge]:
    """Kamailio, until it answers and until the end of the block."""
    setup = Setup.of(home, table, ORIGIN)
    files = write(setup)
    words = ["kamailio", "-DD", "-E", "-Y", str(home), "-m", "256", "-M", "8", "-f", str(files["kamailio"])]
    log = home / "edge.log"
    with log.open("wb") as written:
        process = subprocess.Popen(words, stdout=written, stderr=written, start_new_session=True)
    try:
        wait_for_edge(setup.sip_port, process)
        yield Edge(setup, process, log)
    finally:
        end_edge(process)


def end_edge(process: "subprocess.Popen[bytes]") -> None:
    """Raises `TimeoutExpired` when it has not ended in ten seconds.

    Kamailio looks for signals and then sleeps until the next: one that comes in between, right after its start, is
    only seen when another follows.
    """
    end = time.monotonic() + 10
    while process.poll() is None:
        process.terminate()
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            if time.monotonic() > end:
                raise


def wait_for_edge(port: int, process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Until OPTIONS is answered over UDP. Raises `TimeoutError`."""
    end = time.monotonic() + START_TIMEOUT_S
    with UdpSender("127.0.0.1", port) as knocking:
        while time.monotonic() < end:
            if process is not None and process.poll() is not None:
                break
            knocking.send(request("OPTIONS", "sip:edge@127.0.0.1", via=knocking.via))
            if knocking.receive(0.2).startswith("SIP/2.0 200"):
                return
    raise TimeoutError("the edge does not answer")


class UdpSender:
    """Speaks UDP from one address of this machine."""

    def __init__(self, address: str, sip: int, *, port: int = 0) -> None:
        self._there = ("127.0.0.1", sip)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, port))
        self.address, self.port = address, int(self._socket.getsockname()[1])
        self.via = f"SIP/2.0/UDP {address}:{self.port};rport"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def send(self, text: str | bytes) -> None:
        self._socket.sendto(text if isinstance(text, bytes) else text.encode(), self._there)

    def receive(self, timeout_s: float = 5.0) -> str:
        """The next message, or ""."""
        self._socket.settimeout(timeout_s)
        try:
            return self._socket.recv(BYTES_PER_READ).decode(errors="replace")
        except (TimeoutError, ConnectionError, BlockingIOError):
            return ""

    def receive_until(self, beginning: str, *, call_id: str = "", timeout_s: float = PATIENCE_S) -> str:
        """The next message that begins so. Raises `TimeoutError`."""
        end = time.monotonic() + timeout_s
        while (left := end - time.monotonic()) > 0:
            text = self.receive(left)
            if text.startswith(beginning) and call_id in text:
                return text
        raise TimeoutError(beginning)


def _connect(address: str, port: int, *, tls: bool) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), 5, source_address=(address, 0))
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        made = context.wrap_socket(made)
    return made


class StreamSender:
    """Speaks SIP over TCP, or over TLS, from one address of this machine."""

    def __init__(self, address: str, port: int, *, tls: bool = False) -> None:
        self.via = f"SIP/2.0/{'TLS' if tls else 'TCP'} {address}:5060"
        self._socket = _connect(address, port, tls=tls)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def send(self, text: str | bytes) -> None:
        self._socket.sendall(text if isinstance(text, bytes) else text.encode())

    def receive(self, timeout_s: float = 5.0) -> str:
        """Whatever comes next, or ""."""
        self._socket.settimeout(timeout_s)
        try:
            return self._socket.recv(BYTES_PER_READ).decode(errors="replace")
        except (TimeoutError, OSError):
            return ""


class WebSocketSender:
    """A browser's connection, with any Origin. Raises `ConnectionError` when the edge refuses it."""

    def __init__(
        self, address: str, port: int, *, origin: str = ORIGIN, tls: bool = False, forwarded: str = ""
    ) -> None:
        stream = _connect(address, port, tls=tls)
        self._socket, self._read = stream, b""
        self.host = f"{secrets.token_hex(6)}.invalid"
        self.via = f"SIP/2.0/{'WSS' if tls else 'WS'} {self.host}"
        self.address, self.port = stream.getsockname()[:2]
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        more = f"X-Forwarded-For: {forwarded}\r\n" if forwarded else ""
        stream.sendall(
            f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n"
            f"{more}Origin: {origin}\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self._read:
            part = stream.recv(4096)
            if not part:
                raise ConnectionError("closed")
            self._read += part
        first, self._read = self._read.split(b"\r\n\r\n", 1)
        if b" 101 " not in first.split(b"\r\n")[0]:
            stream.close()
            raise ConnectionError(first.split(b"\r\n")[0].decode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def send(self, text: str | bytes) -> None:
        self._frame(1, text if isinstance(text, bytes) else text.encode())

    def _frame(self, kind: int, data: bytes) -> None:
        mask = secrets.token_bytes(4)
        size = len(data)
        short = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2)
        masked = bytes(each ^ mask[place % 4] for place, each in enumerate(data))
        self._socket.sendall(bytes([0x80 | kind]) + short + mask + masked)

    def receive(self, timeout_s: float = 5.0) -> str:
        """The next message, or "" when none comes or the connection is closed."""
        end = time.monotonic() + timeout_s
        with suppress(OSError):
            while (left := end - time.monotonic()) > 0:
                message = self._message()
                if message is None:
                    self._socket.settimeout(left)
                    part = self._socket.recv(BYTES_PER_READ)
                    if not part:
                        return ""
                    self._read += part
                    continue
                kind, data = message
                if kind == 9:
                    self._frame(10, data)
                elif kind == 8:
                    return ""
                elif kind in {1, 2} and data.strip():
                    return data.decode(errors="replace")
        return ""

    def ends_within(self, timeout_s: float) -> bool:
        """Whether the edge closes it, or says that it will, in so many seconds."""
        end = time.monotonic() + timeout_s
        while (left := end - time.monotonic()) > 0:
            began = time.monotonic()
            if not self.receive(left) and time.monotonic() - began < left - 0.1:
                return True
        return False

    def _message(self) -> tuple[int, bytes] | None:
        """One whole frame of what was read, if there is one; the edge sends none in parts."""
        if len(self._read) < 2:
            return None
        size, begins = self._read[1] & 127, 2
        if size == 126:
            size, begins = int.from_bytes(self._read[2:4]), 4
        if size == 127:
            size, begins = int.from_bytes(self._read[2:10]), 10
        if len(self._read) < begins + size:
            return None
        kind, data = self._read[0] & 15, self._read[begins : begins + size]
        self._read = self._read[begins + size :]
        return kind, data

    def receive_until(self, beginning: str, timeout_s: float = PATIENCE_S) -> str:
        """The next message that begins so. Raises `TimeoutError`."""
        end = time.monotonic() + timeout_s
        while (left := end - time.monotonic()) > 0:
            text = self.receive(left)
            if text.startswith(beginning):
                return text
        raise TimeoutError(beginning)

    def register(
        self, setup: Setup, account: str, *, contact: str = "", password: str | None = None, to: str = ""
    ) -> int:
        """Register as an account's browser, or as another's (`to`); gives the answer's code."""
        user = f"{int(time.time()) + 600}:{account}"
        if password is None:
            digest = hmac.digest(secret(setup.home).encode(), user.encode(), "sha1")
            password = base64.b64encode(digest).decode()
        written = contact or f"<sip:{account[:8]}@{self.host};transport=ws>"
        uri = f"sip:{setup.domain}"
        code, given = 401, ()
        for number in (1, 2):
            self.send(
                "\r\n".join(
                    [
                        f"REGISTER {uri} SIP/2.0",
                        f"Via: {self.via};branch=z9hG4bK{secrets.token_hex(8)}",
                        "Max-Forwards: 70",
                        f"From: <sip:{to or account}@{setup.domain}>;tag={secrets.token_hex(4)}",
                        f"To: <sip:{to or account}@{setup.domain}>",
                        f"Call-ID: {self.host}",
                        f"CSeq: {number} REGISTER",
                        f"Contact: {written}",
                        "Expires: 300",
                        *given,
                        "Content-Length: 0",
                    ]
                )
                + "\r\n\r\n"
            )
            answered = self.receive_until("SIP/2.0")
            code = int(answered.split()[1])
            if code != 401 or number == 2:
                break
            nonce = (re.search(r'nonce="(.*?)"', answered) or ["", ""])[1]
            first = _md5(f"{user}:{setup.domain}:{password}")
            proof = _md5(f"{first}:{nonce}:{_md5(f'REGISTER:{uri}')}")
            told = (
                f'username="{user}", realm="{setup.domain}", nonce="{nonce}", uri="{uri}", response="{proof}"'
            )
            given = (f"Authorization: Digest {told}",)
        return code


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def needs_kamailio() -> str:
    """Why a test of the edge cannot run here; "" when it can."""
    from shutil import which

    return "" if which("kamailio") or os.environ.get("CI") else "no kamailio"
