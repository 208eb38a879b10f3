"""A carrier for tests: an API to make and change calls, signed webhooks, and phones (`stub_phone`) that do what TwiML
says.

It behaves badly on request: `api` says how its API answers, `repeats` how often each webhook is sent, `sent` keeps all
of them, to be sent again, late or forged.
"""

import json
import secrets
import threading
import time
import urllib.error
import urllib.request
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode

from twilio.request_validator import RequestValidator

from tests.line.stub_phone import Phone


@dataclass(frozen=True)
class Sent:
    """A webhook, as it went out."""

    url: str
    body: bytes
    signature: str


class StubCarrier:
    """`public` is what the line calls itself; `port` where it listens really."""

    def __init__(self, public: str, port: int, account: str = "AC" + "0" * 32, token: str = "secret") -> None:
        self.public, self.port, self.account, self.token = public, port, account, token
        self.phones: list[Phone] = []
        self.sent: list[Sent] = []
        self.recordings: dict[str, tuple[str, bytes]] = {}
        self.deleted: list[str] = []
        self.asked: list[str] = []
        # How the API answers: `ok`, `500`, `hang`, `busy` (503 once, then ok), `made` (rings, and answers 500).
        self.api = "ok"
        self.repeats = 1
        self.tells_ends = self.tells_recordings = True
        self._busy_once = True
        self._signer = RequestValidator(token)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/2010-04-01"

    def url(self, what: str) -> str:
        return f"{self.public}/line/carrier/{what}"

    def inside(self, url: str) -> str:
        """Past the web server that would be in front."""
        assert url.startswith(self.public), url
        return f"http://127.0.0.1:{self.port}{url.removeprefix(self.public)}"

    # For tests

    def calls(self, number: str, line: str) -> Phone:
        """Somebody dials the line."""
        phone = Phone(self, number, line, incoming=True)
        self.phones.append(phone)
        phone.ring_in()
        return phone

    def rings(self, number: str, patience_s: float = 8.0) -> Phone:
        """Wait until this number is rung, and give its phone."""
        self.until(lambda: self._ringing(number) is not None, patience_s)
        found = self._ringing(number)
        assert found is not None
        return found

    def is_silent(self, number: str) -> bool:
        return self._ringing(number) is None

    def _ringing(self, number: str) -> Phone | None:
        return next(
            (p for p in self.phones if p.number == number and p.status == "ringing" and not p.incoming), None
        )

    def room(self, name: str) -> set[str]:
        return {phone.sid for phone in list(self.phones) if phone.room == name}

    def until(self, what: Callable[[], Any], patience_s: float = 8.0, phone: Phone | None = None) -> None:
        end = time.monotonic() + patience_s
        while not what():
            if time.monotonic() > end:
                raise TimeoutError(f"{phone.heard}, {phone.status}, {phone.troubles}" if phone else "")
            time.sleep(0.02)

    # Webhooks

    def signed(self, url: str, words: dict[str, str]) -> Sent:
        return Sent(url, urlencode(words).encode(), self._signer.compute_signature(url, words))

    def send(self, url: str, words: dict[str, str], *, patient: bool = True) -> str:
        """One webhook, with all repetitions; the last answer counts. Raises `OSError`."""
        sent = self.signed(url, words)
        self.sent.append(sent)
        answer = ""
        for _ in range(self.repeats):
            try:
                answer = self.post(sent)[1]
            except OSError:
                if patient:
                    raise
        return answer

    def post(self, sent: Sent) -> tuple[int, str]:
        request = urllib.request.Request(
            self.inside(sent.url),
            sent.body,
            {"X-Twilio-Signature": sent.signature, "Content-Type": "application/x-www-form-urlencoded"},
        )
        with urllib.request.urlopen(request, timeout=15) as answer:
            return answer.status, answer.read().decode()

    def status_of(self, sent: Sent) -> int:
        """What a webhook gets, whatever that is."""
        try:
            return self.post(sent)[0]
        except urllib.error.HTTPError as error:
            return error.code

    def recorded(self, phone: Phone, seconds: float, callback: str) -> None:
        out = BytesIO()
        with wave.open(out, "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(b"\x10\x20" * int(seconds * 8000))
        sid = "RE" + secrets.token_hex(16)
        self.recordings[sid] = (phone.sid, out.getvalue())
        words = {
            "AccountSid": self.account,
            "CallSid": phone.sid,
            "RecordingSid": sid,
            "RecordingStatus": "completed",
            "RecordingDuration": str(round(seconds)),
            "RecordingUrl": "http://elsewhere.example.org/steal",
        }

        def later() -> None:
            time.sleep(0.2)
            self.send(callback, words, patient=False)

        if self.tells_recordings:
            threading.Thread(target=later, daemon=True).start()

    # The API

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        carrier = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_words: Any) -> None:
                return

            def do_GET(self) -> None:
                self._do()

            def do_POST(self) -> None:
                self._do()

            def do_DELETE(self) -> None:
                self._do()

            def _do(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                words = dict(parse_qsl(self.rfile.read(length).decode()))
                status, body = carrier.ask(self.command, self.path, words)
                sound = isinstance(body, bytes)
                told = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "audio/wav" if sound else "application/json")
                self.send_header("Content-Length", str(0 if status == 204 else len(told)))
                self.end_headers()
                if status != 204:
                    # Who was let wait too long is gone.
                    with suppress(OSError):
                        self.wfile.write(told)

        return Handler

    def ask(self, method: str, path: str, words: dict[str, str]) -> tuple[int, Any]:
        """One question to the API: its status, and JSON or sound."""
        what = path.partition(f"/Accounts/{self.account}")[2].partition("?")[0]
        self.asked.append(f"{method} {what}")
        if self.api == "hang":
            time.sleep(3)
        if self.api == "busy" and self._busy_once:
            self._busy_once = False
            return 503, {}
        if self.api in {"500", "hang"}:
            return 500, {}
        if what == ".json":
            return 200, {"status": "active"}
        if what == "/Calls.json":
            return self._make(words)
        if what == "/Recordings.json":
            found = [
                {"sid": sid, "call_sid": call, "status": "completed"}
                for sid, (call, _) in self.recordings.items()
            ]
            return 200, {"recordings": found}
        name = what.rsplit("/", 1)[1].partition(".")[0]
        if what.startswith("/Recordings/"):
            if name not in self.recordings:
                return 404, {}
            if method == "DELETE":
                self.deleted.append(name)
                del self.recordings[name]
                return 204, {}
            return 200, self.recordings[name][1]
        phone = next((each for each in self.phones if each.sid == name), None)
        if phone is None:
            return 404, {}
        if method == "POST" and not phone.change(words):
            return 400, {"code": 21220}
        return 200, {"sid": phone.sid, "status": phone.status, "to": phone.number}

    def _make(self, words: dict[str, str]) -> tuple[int, Any]:
        phone = Phone(
            self,
            words["To"],
            words["From"],
            False,
            answered_url=words["Url"],
            status_url=words["StatusCallback"],
        )
        self.phones.append(phone)
        self.send(phone.status_url, phone.now(), patient=False)
        return (500, {}) if self.api == "made" else (201, {"sid": phone.sid, "status": "queued"})

    @contextmanager
    def running(self) -> Iterator["StubCarrier"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield self
        for phone in self.phones:
            phone._wants_end = phone._wants_end or "completed"
        self._server.shutdown()
        self._server.server_close()
