"""What Apprise reaches: some 45 services that send texts, `apprise:SCHEME://…/{to}`. It only sends.

Apprise says yes or no, and writes why to its log: a code of HTTP there says whether the message was refused; a no
without one leaves open whether it was sent.
"""

import logging
import re
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from quartier.messaging.models import Message
from quartier.messaging.providers.base import NotSent, Refused
from quartier.messaging.providers.http.asking import ABOUT_US, Unclear
from quartier.messaging.providers.texts import TextProvider, missing

# Seconds to connect, and to wait for an answer.
LIMITS = "cto=4&rto=10"
# What it logs may hold numbers: it is read here, and goes nowhere else.
logging.getLogger("apprise").addHandler(logging.NullHandler())
logging.getLogger("apprise").propagate = False


class Apprise(TextProvider):
    """One of its services."""

    hears = False

    def _service(self, to: str) -> Any:
        """The service with a number in the place of `{to}`. Raises `NotSent`."""
        try:
            import apprise
        except ImportError as error:
            raise missing("apprise", "texts") from error
        url = self.address.rest.replace("{to}", quote(to, safe=""))
        service = apprise.Apprise.instantiate(
            f"{url}{'&' if '?' in url else '?'}{LIMITS}", suppress_exceptions=True
        )
        if service is None:
            raise NotSent(_("Apprise does not know such an address"), unreachable=True)
        return service

    def send(self, message: Message) -> str:
        service = self._service(message.to)
        from apprise import LogCapture

        with LogCapture(level=logging.WARNING, fmt="%(message)s") as written:  # type: ignore[no-untyped-call]
            sent = service.notify(body=message.body)
        if sent:
            return str(message.pk)
        match = re.search(r"error=(\d{3})\b", written.getvalue())
        code = int(match[1]) if match else 0
        if code in ABOUT_US:
            raise NotSent(str(code), unreachable=True)
        if 400 <= code < 500 and code != 408:
            raise Refused(str(code))
        raise Unclear(f"Apprise says no {code or ''}".strip())

    def is_there(self) -> None:
        self._service("+32400000000")
