"""The pages of this process, as somebody's browser shows them: no server, and no screen."""

import re
from functools import cache
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.test.client import Client, ClientHandler

from quartier.limits import proof
from quartier.sim.visitor import Page
from quartier.team.models import Account

CHALLENGE_PATTERN = re.compile(r'data-proof="([^"]+)"')
OK_STATUS = 400


class PageVisitor:
    """One person's browser. `address`: theirs in the network; `account`: signed in as this one of the team; `script`:
    whether it runs JavaScript, and so does the work that the forms ask for."""

    def __init__(
        self, address: str = "127.0.0.1", account: Account | None = None, script: bool = True
    ) -> None:
        host = urlsplit(settings.ORIGIN)
        self.site = f"{host.scheme}://{host.netloc}"
        self._script = script
        self._client = Client(
            SERVER_NAME=host.hostname, SERVER_PORT=str(host.port or 80), REMOTE_ADDR=address
        )
        # What stands between a request and its page is put together once.
        self._client.handler = _handler()
        if account is not None:
            self._client.force_login(account)

    def get(self, address: str) -> Page:
        """Open a page. Raises `OSError` when it says no."""
        return self._page(address, self._client.get(_path(address), follow=True))

    def send(self, page: Page, **fields: str | list[str]) -> Page:
        """Send the form of an open page with these fields; the page that follows."""
        challenge = CHALLENGE_PATTERN.search(page.text)
        if challenge is not None and self._script:
            fields["proof"] = proof.solve(unescape(challenge[1]))
        return self.post(page.address, **fields)

    def post(self, address: str, **fields: str | list[str]) -> Page:
        """Press a button that leads to this address."""
        return self._page(address, self._client.post(_path(address), fields, follow=True))

    def _page(self, address: str, response: object) -> Page:
        status, chain = response.status_code, response.redirect_chain  # type: ignore[attr-defined]
        if status >= OK_STATUS:
            raise OSError(f"{urlsplit(address).path} answered {status}")
        return Page(chain[-1][0] if chain else address, response.content.decode())  # type: ignore[attr-defined]


@cache
def _handler() -> ClientHandler:
    return ClientHandler(enforce_csrf_checks=False)


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
