"""An inbox on an IMAP server. Its password goes over a connection that nobody can read, or not at all."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from quartier.messaging.providers.base import NotSent, without
from quartier.messaging.providers.mailbox.bounded_imap import Encrypted, Plain
from quartier.messaging.providers.mailbox.box import ASIDE, AT_ONCE, DONE, KEEP, LARGEST, YOUNG, Box, Found
from quartier.messaging.providers.mailbox.place import Place

# For each answer of the server, in seconds.
WAIT_S = 10.0
MOST_DELETED = 500
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# What a server says that speaks no IMAP, or not to the end, comes out of imaplib as any of these.
_FAULTS = (imaplib.IMAP4.error, OSError, ValueError, LookupError, TypeError, AttributeError)
_UID = re.compile(rb"\bUID (\d{1,10})\b")


class Imap(Box):
    """One connection with one folder open. UIDs are only used while it lasts."""

    def __init__(self, place: Place) -> None:
        self._place = place
        try:
            self._server = self._connected()
            self._enter()
        except NotSent:
            self.close()
            raise
        except _FAULTS as error:
            self.close()
            raise self._away(error) from error

    def letters(self) -> Iterator[Found]:
        for uid in self._search(f"UNDELETED SINCE {_day(YOUNG)}")[:AT_ONCE]:
            said = self._told("FETCH", uid, f"(UID RFC822.SIZE BODY.PEEK[]<0.{LARGEST}>)")
            part = _letter(said, uid)
            if part is None:
                continue  # somebody has taken it away
            size = re.search(rb"RFC822\.SIZE (\d{1,18})", part[0])
            raw = bytes(part[1])
            yield Found(uid, raw, size is not None and int(size[1]) > len(raw))

    def move(self, found: Found, folder: str) -> None:
        there = _quoted(self._prefix + folder)
        if "MOVE" in self._server.capabilities:
            self._told("MOVE", found.key, there)
            return
        self._told("COPY", found.key, there)
        self._delete([found.key])

    def tidy(self) -> None:
        try:
            self._open(self._prefix + DONE)
            old = self._search(f"BEFORE {_day(KEEP)}")[:MOST_DELETED]
            if old:
                self._delete(old)
        finally:
            self._open(self._place.folder)

    def close(self) -> None:
        server = getattr(self, "_server", None)
        if server is not None:
            with suppress(*_FAULTS):
                server.logout()
            with suppress(*_FAULTS):
                server.shutdown()

    def _connected(self) -> imaplib.IMAP4:
        place = self._place
        # imaplib itself would look at no certificate.
        context = ssl.create_default_context()
        if place.scheme == "imaps":
            server: imaplib.IMAP4 = Encrypted(place.host, place.port, ssl_context=context, timeout=WAIT_S)
        else:
            server = Plain(place.host, place.port, timeout=WAIT_S)
        self._server = server
        if place.scheme == "imap" and not place.is_here:
            if "STARTTLS" not in server.capabilities:
                raise NotSent(
                    _("it does not offer encryption, so the password was not sent"), unreachable=True
                )
            server.starttls(context)
        if "AUTH=PLAIN" in server.capabilities:
            words = f"\0{place.user}\0{place.password}".encode()
            server.authenticate("PLAIN", lambda _asked: words)
        else:
            server.login(place.user, place.password)
        return server

    def _enter(self) -> None:
        """Open the folder, and make those that what was handled goes to."""
        said = b""
        if "NAMESPACE" in self._server.capabilities:
            said = bytes(self._server.namespace()[1][0] or b"")
        match = re.match(rb'\(\("([^"\\]*)" ', said)
        self._prefix = match[1].decode("ascii") if match else ""
        for name in (DONE, ASIDE):
            self._server.create(_quoted(self._prefix + name))  # NO: it is there
        self._open(self._place.folder)

    def _open(self, folder: str) -> None:
        try:
            kind, said = self._server.select(_quoted(folder))
        except _FAULTS as error:
            raise self._away(error) from error
        if kind != "OK":
            raise self._away(imaplib.IMAP4.error(_words(said)))

    def _search(self, query: str) -> list[str]:
        said = self._told("SEARCH", *query.split())
        words = said[0] if said and isinstance(said[0], bytes) else b""
        return [uid.decode("ascii") for uid in words.split() if uid.isdigit() and len(uid) <= 10]

    def _delete(self, uids: list[str]) -> None:
        which = ",".join(uids)
        self._told("STORE", which, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._server.capabilities:
            self._told("EXPUNGE", which)

    def _told(self, command: str, *words: str) -> list[Any]:
        """What the server answers to a command about UIDs. Raises `NotSent`."""
        try:
            kind, said = self._server.uid(command, *words)
        except _FAULTS as error:
            raise self._away(error) from error
        if kind != "OK":
            raise self._away(imaplib.IMAP4.error(f"{command}: {_words(said)}"))
        return list(said)

    def _away(self, error: BaseException) -> NotSent:
        if isinstance(error, NotSent):
            return error
        text = str(error)
        if text.startswith(("b'", 'b"')):
            text = text[2:-1]
        words = without(without(text, self._place.password), self._place.user)
        return NotSent(words or type(error).__name__, unreachable=True)


def _letter(said: list[Any], uid: str) -> tuple[bytes, bytes] | None:
    """What stands there under this UID. A server may tell of other letters in between: put away under the wrong one,
    the right one would never be read."""
    for each, after in zip(said, [*said[1:], b""], strict=True):
        if isinstance(each, tuple):
            around = each[0] + (after if isinstance(after, bytes) else b"")
            if uid.encode() in _UID.findall(around):
                return each
    return None


def _words(said: list[Any]) -> str:
    return " ".join(each.decode("ascii", "replace") for each in said if isinstance(each, bytes))[:200]


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _day(ago: Any) -> str:
    """A day as IMAP writes it: `05-Jan-2027`."""
    at = datetime.now(UTC) - ago  # real time: the server's letters have it
    return f"{at.day:02}-{_MONTHS[at.month - 1]}-{at.year}"
