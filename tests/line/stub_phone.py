"""A phone at the stub carrier: a person who presses keys, and a call that does what TwiML says, faster than life."""

import queue
import secrets
import threading
import time
import urllib.request
import wave
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree

if TYPE_CHECKING:
    from tests.line.stub_carrier import StubCarrier

SPEED = 60.0
# A phone that waits looks about so often whether something else is wanted of it.
LOOK_S = 0.005
ENDED = {"completed", "busy", "failed", "no-answer", "canceled"}


class Moved(Exception):
    """The API has sent this call elsewhere."""


class Over(Exception):
    """Hung up, by either side."""


@dataclass(eq=False)
class Phone:
    """One call at the carrier. `number` is who calls or is called, `heard` the prompts, in their order."""

    carrier: "StubCarrier"
    number: str
    line: str
    incoming: bool
    answered_url: str = ""
    status_url: str = ""
    sid: str = field(default_factory=lambda: "CA" + secrets.token_hex(16))
    status: str = "ringing"
    heard: list[str] = field(default_factory=list)
    # What was said while recording, in seconds.
    says_s: float = 0.0
    room: str = ""
    unheard: bool = False
    # A webhook that was not answered with a document.
    troubles: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    _goto: str = ""
    _keys: "queue.SimpleQueue[str]" = field(default_factory=queue.SimpleQueue)
    _wants_end: str = ""

    # What a person does

    def press(self, digit: str) -> None:
        self._keys.put(digit)

    def answer(self) -> None:
        assert self.status == "ringing"
        self.status = "in-progress"
        threading.Thread(target=self._run, args=(self.answered_url,), daemon=True).start()

    def hang_up(self, status: str = "completed") -> None:
        self._wants_end = self._wants_end or status
        if self.status == "ringing":
            self._end(status)
        self.carrier.until(lambda: self.status in ENDED)

    decline = hang_up

    def hears(self, *prompts: str, patience_s: float = 8.0) -> None:
        """Wait until the last that is heard is one of these."""
        self.carrier.until(lambda: bool(self.heard) and self.heard[-1] in prompts, patience_s, self)

    def is_with(self, *others: "Phone", patience_s: float = 8.0) -> None:
        """Wait until exactly these hear each other."""
        wanted = {self.sid, *(each.sid for each in others)}
        self.carrier.until(
            lambda: bool(self.room) and self.carrier.room(self.room) == wanted, patience_s, self
        )

    def ends(self, patience_s: float = 8.0) -> None:
        self.carrier.until(lambda: self.status in ENDED, patience_s, self)

    # What the API does

    def change(self, words: dict[str, str]) -> bool:
        if self.status in ENDED:
            return False
        if words.get("Status") in {"completed", "canceled"}:
            if self.status == "ringing" and not self.incoming:
                self._end("canceled")
            self._wants_end = self._wants_end or "completed"
        elif "Url" in words:
            if self.status != "in-progress":
                return False
            self._goto = words["Url"]
        return True

    # The call

    def ring_in(self) -> None:
        threading.Thread(target=self._run, args=(self.carrier.url("voice"),), daemon=True).start()

    def _run(self, url: str) -> None:
        try:
            text = self._ask(url)
            self.status = "in-progress"
            while True:
                try:
                    text = self._follow(text)
                except Moved:
                    url, self._goto = self._goto, ""
                    text = self._ask(url)
        except Over:
            self._end(self._wants_end or "completed")
        except (OSError, ElementTree.ParseError) as error:
            # "An application error has occurred": the call ends.
            self.troubles.append(repr(error))
            self._end("failed")

    def _follow(self, text: str) -> str:
        """One document; gives the next."""
        self.documents.append(text)
        for verb in ElementTree.fromstring(text):
            match verb.tag:
                case "Play":
                    self._play(verb)
                case "Pause":
                    self._wait(float(verb.get("length", "1")))
                case "Gather":
                    digit = self._gather(verb)
                    if digit:
                        return self._ask(verb.attrib["action"], Digits=digit)
                case "Redirect":
                    return self._ask(verb.text or "")
                case "Dial":
                    self._meet(verb[0])
                    return self._ask(verb.attrib["action"], DialCallStatus="completed")
                case "Record":
                    return self._record(verb)
                case "Hangup":
                    raise Over
                case "Reject":
                    self._wants_end = "busy"
                    raise Over
                case other:
                    raise AssertionError(other)
        raise Over

    def _play(self, verb: ElementTree.Element, keys: bool = False) -> str:
        url = verb.text or ""
        with urllib.request.urlopen(self.carrier.inside(url), timeout=5) as answer:
            body = answer.read()
        self.heard.append(urlsplit(url).path.rsplit("/", 1)[1].removesuffix(".wav"))
        with wave.open(BytesIO(body)) as sound:
            seconds = sound.getnframes() / sound.getframerate()
        return self._wait(seconds * int(verb.get("loop", "1")), keys)

    def _gather(self, verb: ElementTree.Element) -> str:
        for each in verb:
            if digit := self._play(each, keys=True):
                return digit
        return self._wait(float(verb.get("timeout", "5")), keys=True)

    def _wait(self, seconds: float, keys: bool = False) -> str:
        end = time.monotonic() + seconds / SPEED
        while time.monotonic() < end:
            self._look()
            if keys:
                try:
                    return self._keys.get_nowait()
                except queue.Empty:
                    pass
            time.sleep(LOOK_S)
        return ""

    def _look(self) -> None:
        if self._wants_end:
            raise Over
        if self._goto:
            raise Moved

    def _meet(self, conference: ElementTree.Element) -> None:
        assert conference.get("waitUrl") == "", "the provider's own music"
        self.unheard = conference.get("muted") == "true"
        self.room = conference.text or ""
        try:
            while True:
                self._look()
                time.sleep(LOOK_S)
        finally:
            self.room = ""

    def _record(self, verb: ElementTree.Element) -> str:
        began, ends = time.monotonic(), float(verb.get("maxLength", "3600")) / SPEED
        self.heard.append("(tone)")
        try:
            while time.monotonic() - began < ends:
                self._look()
                time.sleep(LOOK_S)
        finally:
            self.carrier.recorded(self, self.says_s, verb.attrib["recordingStatusCallback"])
        return self._ask(verb.attrib["action"])

    def _ask(self, url: str, **words: str) -> str:
        return self.carrier.send(url, {**self.words(), **words})

    def words(self) -> dict[str, str]:
        ours = (
            {"From": self.number, "To": self.line}
            if self.incoming
            else {"From": self.line, "To": self.number}
        )
        return {
            "AccountSid": self.carrier.account,
            "CallSid": self.sid,
            "CallStatus": self.status,
            "Direction": "inbound" if self.incoming else "outbound-api",
            "ApiVersion": "2010-04-01",
            "SpeechResult": "",
            **ours,
        }

    def _end(self, status: str) -> None:
        if self.status in ENDED:
            return
        self.status = status
        self.tell_status()

    def tell_status(self) -> None:
        url = self.status_url or self.carrier.url("status")
        if self.carrier.tells_ends:
            self.carrier.send(url, self.now(), patient=False)

    def now(self) -> dict[str, str]:
        """What a word about its status says."""
        return {**self.words(), "Timestamp": format_datetime(datetime.now(UTC))}
