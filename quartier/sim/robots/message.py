"""SIP messages as text: enough to call a line and to be called by it. Pure."""

import re
from dataclasses import dataclass, field

# The short names that RFC 3261 allows.
_SHORT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length"}
# Several of these may stand in one line.
_LISTED = {"via", "route", "record-route"}
_URI = re.compile(r"<([^>]*)>|(sips?:[^\s;,]+)")
_TAG = re.compile(r";\s*tag=([^;\s>]+)", re.IGNORECASE)
_BRANCH = re.compile(r";\s*branch=([^;\s,]+)", re.IGNORECASE)
LARGEST = 60_000


class NoMessage(ValueError):
    """These bytes are no SIP message."""


@dataclass(frozen=True)
class Message:
    """`start`: the first line. `headers`: names in small letters with their values, in their order."""

    start: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""

    @classmethod
    def read(cls, data: bytes) -> "Message":
        """Raises `NoMessage`."""
        if len(data) > LARGEST or b"\r\n\r\n" not in data:
            raise NoMessage
        head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        start, *lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
        headers = []
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon:
                raise NoMessage
            name = name.strip().lower()
            headers.append((_SHORT.get(name, name), value.strip()))
        found = cls(start, headers, body)
        if "SIP/2.0" not in start or not all(
            found.first(name) for name in ("via", "from", "call-id", "cseq")
        ):
            raise NoMessage
        return found

    def first(self, name: str) -> str:
        """The value of a header, "" without one."""
        return next((value for each, value in self.headers if each == name), "")

    def every(self, name: str) -> list[str]:
        """All values of a header, one by one."""
        values = [value for each, value in self.headers if each == name]
        if name not in _LISTED:
            return values
        return [one.strip() for value in values for one in re.split(r",(?=\s*(?:<|SIP/))", value)]

    def written(self) -> bytes:
        """As it is sent."""
        body = self.body.encode()
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers)]
        lines.append(f"content-length: {len(body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    @property
    def code(self) -> int:
        """Of an answer: 200; 0 for a request."""
        return int(self.start.split()[1]) if self.start.startswith("SIP/2.0 ") else 0

    @property
    def reason(self) -> str:
        """Of an answer: what it says beside the code."""
        return self.start.partition(" ")[2].partition(" ")[2]

    @property
    def method(self) -> str:
        """Of a request, or of the request that is answered."""
        return self.first("cseq").split()[-1].upper()

    @property
    def branch(self) -> str:
        """The name of the transaction."""
        found = _BRANCH.search((self.every("via") or [""])[0])
        return found[1] if found else ""

    @property
    def call(self) -> str:
        return self.first("call-id")

    def answer(
        self, code: int, reason: str, *, tag: str = "", contact: str = "", body: str = ""
    ) -> "Message":
        """An answer to this request. `tag`: of our side, where the request has none yet."""
        kept = [(name, value) for name, value in self.headers if name in {"via", "record-route"}]
        to = self.first("to")
        if tag and not tag_of(to):
            to += f";tag={tag}"
        kept += [
            ("from", self.first("from")),
            ("to", to),
            ("call-id", self.call),
            ("cseq", self.first("cseq")),
        ]
        if contact:
            kept.append(("contact", contact))
        if body:
            kept.append(("content-type", "application/sdp"))
        return Message(f"SIP/2.0 {code} {reason}", kept, body)


def uri_of(value: str) -> str:
    """The address in a header such as From or Contact."""
    found = _URI.search(value)
    return (found[1] or found[2]) if found else ""


def tag_of(value: str) -> str:
    found = _TAG.search(value)
    return found[1] if found else ""


def user_of(value: str) -> str:
    """What stands before the @."""
    return uri_of(value).partition(":")[2].partition("@")[0].partition(";")[0]


@dataclass(frozen=True)
class Offered:
    """What the other side says of its sound: where to send it, the number of keys (RFC 4733), and whether it wants to
    hear (`recvonly`, `sendrecv`) and to be heard."""

    host: str
    port: int
    keys: int
    hears: bool
    speaks: bool
    alaw: bool


def sound_of(sdp: str) -> Offered | None:
    """The first sound that an SDP describes."""
    media = re.search(r"^m=audio (\d+) \S+ (.*)$", sdp, re.MULTILINE)
    hosts = re.findall(r"^c=IN IP4 ([0-9.]+)", sdp, re.MULTILINE)
    if media is None or not hosts:
        return None
    keys = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", sdp, re.MULTILINE)
    way = re.search(r"^a=(sendrecv|sendonly|recvonly|inactive)\s*$", sdp, re.MULTILINE)
    direction = way[1] if way else "sendrecv"
    return Offered(
        hosts[-1],
        int(media[1]),
        int(keys[1]) if keys else 0,
        hears=direction in {"sendrecv", "recvonly"},
        speaks=direction in {"sendrecv", "sendonly"},
        alaw="8" in media[2].split(),
    )
