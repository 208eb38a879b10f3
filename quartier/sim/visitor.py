"""A browser without a screen: opens a page, fills in its form, and sends it. Keeps its cookies."""

import re
import urllib.parse
import urllib.request
from dataclasses import dataclass
from html import unescape
from http.cookiejar import CookieJar

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE_S = 20


@dataclass(frozen=True)
class Page:
    """What a browser shows: the address to which it was led, and the text."""

    address: str
    text: str

    @property
    def has_form(self) -> bool:
        """Whether there is anything to send."""
        return TOKEN.search(self.text) is not None


class Visitor:
    """One person's browser. Raises `OSError` when the page does not answer, or says no (`HTTPError`)."""

    def __init__(self) -> None:
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open

    def get(self, address: str) -> Page:
        """Open a page."""
        with self._open(address, timeout=PATIENCE_S) as response:
            return Page(response.geturl(), response.read().decode())

    def send(self, page: Page, **fields: str | list[str]) -> Page:
        """Send the form of an open page with these fields; the page that follows."""
        found = TOKEN.search(page.text)
        if found is None:
            raise OSError(f"no form at {urllib.parse.urlsplit(page.address).path}")
        words = urllib.parse.urlencode({"csrfmiddlewaretoken": unescape(found[1]), **fields}, doseq=True)
        request = urllib.request.Request(page.address, words.encode(), {"Referer": page.address})  # noqa: S310
        with self._open(request, timeout=PATIENCE_S) as response:
            return Page(response.geturl(), response.read().decode())
