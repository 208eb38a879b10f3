"""imaplib's connections with an end: so many bytes and so much time for all that a server says, however it says it.

imaplib itself waits for each piece anew, and takes in whatever length a server announces.
"""

import imaplib
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from quartier.messaging.providers.mailbox.box import AT_ONCE, LARGEST

# All letters of one run, with what stands around them.
MAX_BYTES = AT_ONCE * LARGEST + 8 * 1024 * 1024
# A literal that is no letter of the size that was asked for.
MAX_LITERAL_BYTES = LARGEST + 1024
# Longer than `mailbox.STRETCH_S`, in which letters are begun.
MAX_SECONDS = 90.0

if TYPE_CHECKING:

    class _Base(imaplib.IMAP4):
        """What stands behind it."""

else:
    _Base = object


class _Bounded(_Base):
    """In front of a class of imaplib."""

    _watch: threading.Timer | None = None
    _came = 0

    def open(self, *given: Any, **named: Any) -> None:
        super().open(*given, **named)
        # Whoever reads from it then sees the end of it. STARTTLS puts another socket in its place.
        self._watch = threading.Timer(MAX_SECONDS, lambda: _shut(self.sock))
        self._watch.daemon = True
        self._watch.start()

    def shutdown(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        super().shutdown()

    def read(self, size: int) -> bytes:
        if size > MAX_LITERAL_BYTES:
            raise self.abort(f"a literal of {str(size)[:20]} bytes")
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self._came += size
        if self._came > MAX_BYTES:
            raise self.abort(f"more than {MAX_BYTES} bytes")


class Plain(_Bounded, imaplib.IMAP4):
    """A connection that is open to read, until STARTTLS."""


class Encrypted(_Bounded, imaplib.IMAP4_SSL):
    """A connection that is encrypted from its beginning."""


def _shut(line: socket.socket) -> None:
    with suppress(OSError, ValueError):
        line.shutdown(socket.SHUT_RDWR)
