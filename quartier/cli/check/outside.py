"""What is seen from outside: whether the pages at our own address are ours, and whether other clocks agree."""

import secrets
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from quartier.cli.check import reach
from quartier.cli.check.finding import Finding, doubt, good, wrong
from quartier.jobs.models import Tick
from quartier.lib import clock
from quartier.messaging.models import Message as Letter
from quartier.public import whose

TIMEOUT_S = 5
MAX_BYTES = 1000
MAX_DRIFT = timedelta(minutes=1)
# What was written a moment ago may have been written by another machine.
MAX_AHEAD = timedelta(minutes=2)


@dataclass(frozen=True)
class Answer:
    """What a web server said; `leads`: where it sends on to."""

    status: int
    body: str
    headers: Message

    @property
    def leads(self) -> str:
        return str(self.headers.get("Location", "")) if 300 <= self.status < 400 else ""


class _Stay(urllib.request.HTTPRedirectHandler):
    """Where it leads elsewhere is what is looked for."""

    def redirect_request(
        self, req: Any, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def ask(url: str, method: str = "GET") -> Answer:
    """One question. Raises `OSError` and `HTTPException`."""
    request = urllib.request.Request(url, method=method, headers={"User-Agent": "quartier check"})  # noqa: S310
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=TIMEOUT_S) as answer:
            return Answer(answer.status, answer.read(MAX_BYTES).decode(errors="replace"), answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read(MAX_BYTES).decode(errors="replace"), error.headers)


def pages() -> Iterator[Finding]:
    """Whether our own address leads to this installation. Not asked of one that only this machine opens."""
    if reach.is_real() and urlsplit(settings.ORIGIN).scheme in {"http", "https"}:
        yield answers_at(settings.ORIGIN)


def answers_at(origin: str) -> Finding:
    """What answers at an address, beside what would be ours."""
    question = secrets.token_hex(16)
    host = urlsplit(origin).hostname or ""
    server = _("Look at the web server in front: deploy/ has files for it.")
    try:
        answer = ask(f"{origin}{reverse('whose', args=[question])}")
    except (OSError, HTTPException) as error:
        return _not_reached(origin, host, getattr(error, "reason", error), server)
    if answer.status == 200 and answer.body == whose.answer_to(question):
        return good("pages", _("The pages at {origin} are those of this installation.").format(origin=origin))
    if answer.status in {502, 503, 504}:
        return wrong(
            "pages",
            _("The web server at {origin} does not reach Quartier: it says {status}.").format(
                origin=origin, status=answer.status
            ),
            _("Start it: quartier run. {server}").format(server=server),
        )
    if answer.leads:
        return wrong(
            "pages",
            _("{origin} leads elsewhere: to {place}.").format(
                origin=origin, place=urlsplit(answer.leads).netloc or origin
            ),
            _("Write into origin the address at which people stay. {server}").format(server=server),
        )
    return wrong(
        "pages",
        _("{origin} leads elsewhere: other pages answer there.").format(origin=origin),
        _("Correct origin in the file, or where the name leads (DNS). {server}").format(server=server),
    )


def _not_reached(origin: str, host: str, reason: object, server: str) -> Finding:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return wrong(
            "pages",
            _("Browsers do not believe the certificate at {origin}: {error}").format(
                origin=origin, error=reason.verify_message
            ),
            server,
        )
    if isinstance(reason, TimeoutError):
        # Some networks do not let a machine reach its own outer address.
        return doubt(
            "pages",
            _("{origin} does not answer this machine within {seconds} seconds.").format(
                origin=origin, seconds=TIMEOUT_S
            ),
            _("Open it on a phone: if nothing comes there either, look at the web server in front."),
        )
    if type(reason).__name__ == "gaierror":
        return wrong(
            "pages",
            _("No one finds the pages: there is no address for the name {host}.").format(host=host),
            _("Enter the name where your domain is managed (DNS), or correct origin in the file."),
        )
    return wrong(
        "pages", _("Nothing answers at {origin}: {error}").format(origin=origin, error=reason), server
    )


def clocks() -> Iterator[Finding]:
    """Whether the clock agrees with what was written before, and with that of a server that is asked anyway."""
    now = clock.now()
    written = [
        Letter.objects.aggregate(at=Max("created_at"))["at"],
        Tick.objects.aggregate(at=Max("at"))["at"],
    ]
    newest = max((each for each in written if each), default=None)
    todo = _("Let the machine set its clock automatically: timedatectl set-ntp true")
    if newest and newest - now > MAX_AHEAD:
        yield wrong(
            "clock_back",
            _("Things were written {count} minutes after the time that the clock shows now.").format(
                count=int((newest - now).total_seconds() // 60)
            ),
            todo,
        )
    host, there = _outer_clock() if reach.is_real() else ("", None)
    if there and abs(there - clock.now()) > MAX_DRIFT:
        yield wrong(
            "clock_off",
            _("The clock is {count} minutes away from that of {host}.").format(
                count=max(1, int(abs(there - clock.now()).total_seconds() // 60)), host=host
            ),
            todo,
        )


def _outer_clock() -> tuple[str, datetime | None]:
    """The time at the first server whose warnings are read; `None` where it says none."""
    host = min(settings.CAP_HOSTS, default="")
    if not host:
        return "", None
    try:
        return host, time_of(ask(f"https://{host}/", "HEAD"))
    except (OSError, HTTPException):
        return host, None


def time_of(answer: Answer) -> datetime | None:
    """When a server says that it answered."""
    try:
        found = parsedate_to_datetime(str(answer.headers.get("Date", "")))
    except ValueError:
        return None
    return found if found.tzinfo else None
