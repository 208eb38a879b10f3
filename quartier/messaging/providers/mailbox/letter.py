"""A letter as it came, read without believing it: whatever it holds, reading it takes little time and memory.

Header lines are cut, parts are counted before they are looked for, and only known alphabets are decoded. What is too
much of anything is no letter of a person.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as Mail
from email.policy import Compat32
from email.utils import parseaddr, parsedate_to_datetime
from functools import cached_property

from quartier.messaging.providers.mailbox.html import as_text

MOST_HEADER_LETTERS = 4000
MOST_HEADER_LINES = 2000
MOST_PARTS = 60
MOST_TEXT = 100_000
_ALPHABETS = re.compile(
    r"us-ascii|ascii|utf-?8|utf-?16(le|be)?|iso-?8859-?\d{1,2}|latin-?\d|l[1-9]|(windows|cp)-?(125\d|437|850|852)|"
    r"koi8-[ru]|mac(intosh|-?roman)|gb(2312|k|18030)|big5|euc-(jp|kr)|shift[-_]jis|iso-2022-(jp|kr)",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(rb"boundary[*\d]*\s*=")
# What says that it is the old one and is in truth the new one.
_OLD = re.compile(r"us-ascii|ascii|iso-?8859-?1|latin-?1|l1", re.IGNORECASE)


class TooMuch(ValueError):
    """Nobody writes like this."""


class _Cut(Compat32):
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MOST_HEADER_LETTERS]


@dataclass(frozen=True)
class Letter:
    """One letter. `cut`: there is more of it than was read."""

    mail: "Mail[str, str]" = field(repr=False)
    cut: bool = False

    @classmethod
    def read(cls, raw: bytes, *, cut: bool = False) -> "Letter":
        """Raises `TooMuch`."""
        small = raw.lower()
        head, _blank, _body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
        if head.count(b"\n") > MOST_HEADER_LINES:
            raise TooMuch("header lines")
        if len(_BOUNDARY.findall(small)) > MOST_PARTS or small.count(b"message/") > MOST_PARTS:
            raise TooMuch("parts")
        try:
            mail = message_from_bytes(raw, policy=_Cut())
        except RecursionError as error:
            raise TooMuch("parts in parts") from error
        return cls(mail, cut)

    def header(self, name: str) -> str:
        """One header on one line, decoded; "" where there is none."""
        return field_of(self.mail, name)

    @cached_property
    def parts(self) -> list["Mail[str, str]"]:
        """Every part that holds no others, in order, and those that are letters themselves."""
        found: list[Mail[str, str]] = []
        waiting = [self.mail]
        while waiting and len(found) < MOST_PARTS * 5:
            part = waiting.pop(0)
            if part.is_multipart() and part.get_content_maintype() == "multipart":
                waiting = inside(part) + waiting
            else:
                found.append(part)
        return found

    @cached_property
    def message_id(self) -> str:
        found = re.search(r"<[^<>\s]{1,250}>", self.header("Message-ID"))
        return found[0] if found else ""

    @cached_property
    def sender(self) -> str:
        """Who says that they have written it, in small letters; "" for what is no address."""
        said = self.header("From")[:1000].lower()
        _name, address = parseaddr(said)
        if address not in said:
            return ""
        good = re.fullmatch(r"[^@\s<>,;:\"\x00-\x1f]{1,64}@[a-z0-9.-]{1,190}", address)
        return address if good else ""

    @cached_property
    def subject(self) -> str:
        return self.header("Subject")[:300]

    @cached_property
    def text(self) -> str:
        """The words: of the parts that are text, else of those that are HTML."""
        plain, pages = [], []
        for part in self.parts:
            if is_attached(part):
                continue
            kind = part.get_content_type()
            if kind == "text/plain":
                plain.append(_flowing(part, _words(part)))
            elif kind == "text/html":
                pages.append(_words(part))
        words = "\n".join(plain)
        if not words.strip() and pages:
            words = as_text("\n".join(pages)[:MOST_TEXT])
        return words[:MOST_TEXT].replace("\r\n", "\n").replace("\r", "\n")

    @property
    def has_attachment(self) -> bool:
        return any(is_attached(part) for part in self.parts)

    def written_at(self, now: datetime) -> datetime:
        """When, as the letter says, if that can be so; UTC."""
        try:
            found = parsedate_to_datetime(self.header("Date")[:100])
            found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return now
        return found if timedelta(0) <= now - found <= timedelta(days=14) else now


def inside(part: "Mail[str, str]") -> list["Mail[str, str]"]:
    """The parts of a part, the blocks of a report, or the letter in a letter."""
    held = part.get_payload() if part.is_multipart() else []
    return [each for each in held if isinstance(each, Mail)] if isinstance(held, list) else []


def field_of(block: "Mail[str, str]", name: str) -> str:
    """One header of a block on one line, decoded; "" where there is none."""
    found = (value for key, value in block.raw_items() if key.lower() == name.lower())
    return decoded(str(next(found, "")))


def is_attached(part: "Mail[str, str]") -> bool:
    """Whether somebody has put it beside their words. A picture that stands in a page is part of the page."""
    kind = part.get_content_maintype()
    if part.get_content_disposition() == "attachment":
        return kind != "image" or not part.get("Content-ID")
    if kind == "text":
        return bool(part.get_filename()) or part.get_content_subtype() not in {"plain", "html"}
    return kind not in {"multipart"} and not part.get("Content-ID")


def decoded(value: str) -> str:
    """A header's words on one line, whatever was done to them."""
    # Bytes that are no ASCII have come this far in disguise.
    raw = value[:MOST_HEADER_LETTERS].encode("utf-8", "surrogateescape")
    value = text_of(raw, "")
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError, IndexError):
        pieces = [(value, None)]
    found = ""
    for piece, alphabet in pieces:
        found += text_of(piece, alphabet or "") if isinstance(piece, bytes) else piece
    return " ".join("".join(letter if letter.isprintable() else " " for letter in found).split())


def text_of(raw: bytes, alphabet: str) -> str:
    """Bytes as letters: as declared, else as they look. Never raises."""
    names = ["utf-8"]
    if _ALPHABETS.fullmatch(alphabet) and not _OLD.fullmatch(alphabet):
        names.insert(0, alphabet)
    elif re.fullmatch(_OLD, alphabet) and alphabet.lower() not in {"us-ascii", "ascii"}:
        names = []
    for name in names:
        try:
            return raw.decode(name)
        except (UnicodeError, LookupError):
            continue
    return raw.decode("windows-1252", "replace")


def _words(part: "Mail[str, str]") -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    alphabet = part.get_content_charset() or ""
    return text_of(raw[: MOST_TEXT * 4], alphabet)


def _flowing(part: "Mail[str, str]", words: str) -> str:
    """Lines that the mail program has broken, joined again (RFC 3676)."""
    if str(part.get_param("format", "")).lower() != "flowed":
        return words
    gap = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
    lines: list[str] = []
    open_ = False
    for line in words.replace("\r\n", "\n").split("\n"):
        line = line[1:] if line.startswith(" ") else line
        goes_on = line.endswith(" ") and line != "-- "
        if open_ and not line.startswith(">") and not lines[-1].startswith(">"):
            lines[-1] = lines[-1].rstrip(" ") + gap + line
        else:
            lines.append(line)
        open_ = goes_on
    return "\n".join(lines)
