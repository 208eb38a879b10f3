"""Where the inbox is: `imaps://user:password@host/INBOX`, `imap://…` (with STARTTLS, or on this machine), or
`maildir:/path`. User, password and folder are written as in every address: `%40` for `@`."""

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

PORTS = {"imap": 143, "imaps": 993}


class NotAnInbox(ValueError):
    """What stands in `mail_inbox` is none; the words say why, and hold nothing secret."""


@dataclass(frozen=True)
class Place:
    """One inbox. `scheme`: `imap`, `imaps` or `maildir`; `path` only of the last one."""

    scheme: str
    host: str = ""
    port: int = 0
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    folder: str = "INBOX"
    path: Path = Path()

    @property
    def name(self) -> str:
        """What may be shown of it."""
        return self.host or str(self.path)

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, so that nobody can listen in between."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def parse(written: str) -> Place | None:
    """The inbox; `None` where there is none. Raises `NotAnInbox`."""
    written = written.strip()
    if not written:
        return None
    scheme, _colon, rest = written.partition(":")
    if scheme == "maildir":
        path = Path(rest.removeprefix("//"))
        if not path.is_absolute():
            raise NotAnInbox(_("its path is missing, such as maildir:/var/mail/line"))
        return Place("maildir", path=path)
    if scheme not in PORTS:
        raise NotAnInbox(_("it must begin with one of {schemes}").format(schemes="imaps:, imap:, maildir:"))
    try:
        parts = urlsplit(written)
        host, port = parts.hostname or "", parts.port or PORTS[scheme]
    except ValueError:
        host, port = "", 0
    if not host or not parts.username or not parts.password or "\n" in written or "\r" in written:
        raise NotAnInbox(_("it is not like imaps://user:password@mail.example.org/INBOX"))
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not (folder.isascii() and folder.isprintable()):
        raise NotAnInbox(_("its folder name can only have plain letters, such as INBOX"))
    return Place(scheme, host, port, unquote(parts.username), unquote(parts.password), folder)
