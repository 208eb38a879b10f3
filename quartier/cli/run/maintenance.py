"""A page for whoever comes while the tables are being changed: that it takes some minutes, and the number to call.

It needs neither the tables nor static files; what it says of the organisation is read before anything changes.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.utils import translation

from quartier.config import organisation
from quartier.lib import emergency, phone

RETRY_AFTER_S = 30
# A visitor who sends slowly holds one thread no longer than this.
REQUEST_TIMEOUT_S = 5
MAX_BODY_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Whom:
    """Of the organisation, what a visitor needs now."""

    name: str = ""
    number: str = ""
    country: str = "BE"
    language: str = ""


@contextmanager
def answering(sock: socket.socket, *, is_away: bool = False) -> Iterator[None]:
    """Inside the block every request that comes to `sock` is answered with the page. `is_away`: no tables are being
    changed, but the database does not answer, and nothing is asked of it."""
    whom, away = _whom_of_before() if is_away else _whom(), is_away

    class Handler(_Handler):
        organisation, is_away = whom, away

    server = ThreadingHTTPServer(sock.getsockname()[:2], Handler, bind_and_activate=False)
    server.daemon_threads, server.block_on_close = True, False
    server.socket.close()
    # The socket stays the parent's: closing a copy of it refuses nobody.
    server.socket = sock.dup()
    server.socket.setblocking(False)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="maintenance", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.socket.close()
        sock.setblocking(True)


def _whom() -> Whom:
    """Only columns that every version has: the model is that of the new version, the table still the old one's."""
    from quartier.team.models import Organisation

    with suppress(DatabaseError):
        row = (
            Organisation.objects.order_by("created_at")
            .values("name", "phone", "country", "languages")
            .first()
        )
        if row is not None:
            return Whom(row["name"], row["phone"], row["country"], (row["languages"] or [""])[0])
    return Whom()


def _whom_of_before() -> Whom:
    found = organisation.kept()
    if found is None:
        return Whom()
    return Whom(found.name, found.phone, found.country, (found.languages or [""])[0])


class _Handler(BaseHTTPRequestHandler):
    organisation, is_away = Whom(), False
    timeout = REQUEST_TIMEOUT_S
    server_version, sys_version = "Quartier", ""

    def __getattr__(self, name: str) -> Any:
        # `do_GET`, `do_POST`: every method has the same answer.
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        self._take_in_body()
        language = _language(self.path, self.headers.get("Accept-Language", ""), self.organisation.language)
        sent = self.command not in {"GET", "HEAD"}
        body = _page(self.organisation, language, sent=sent, is_away=self.is_away).encode()
        self.send_response(503)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Language", language)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Retry-After", str(RETRY_AFTER_S))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        if self.command != "HEAD":
            self.wfile.write(body)

    def _take_in_body(self) -> None:
        """A browser that cannot send to the end shows its own error instead of the page."""
        length = self.headers.get("Content-Length", "")
        left = min(int(length), MAX_BODY_BYTES) if length.isdecimal() else 0
        with suppress(OSError):
            while left > 0 and (chunk := self.rfile.read(min(left, 65536))):
                left -= len(chunk)

    def log_message(self, *args: Any) -> None:
        """Addresses hold secret links: nothing of them is written down."""


def _language(path: str, accepted: str, of_organisation: str) -> str:
    codes = dict(settings.LANGUAGES)
    wanted = [path.strip("/").split("/")[0], *(part.strip()[:2].lower() for part in accepted.split(","))]
    return next((code for code in wanted if code in codes), of_organisation or settings.LANGUAGES[0][0])


def _page(whom: Whom, language: str, *, sent: bool, is_away: bool) -> str:
    with translation.override(language):
        words = {
            "language": language,
            "name": whom.name,
            "phone": whom.number,
            "phone_display": phone.display(whom.number, whom.country) if whom.number else "",
            "emergency_numbers": emergency.numbers(whom.country, language, short=True),
            "sent": sent,
            "is_away": is_away,
            "retry_after": RETRY_AFTER_S,
        }
        return render_to_string("public/updating.html", words)
