"""A browser without a screen: opens a page, fills in its form, and sends it. Keeps its cookies."""

import re
import urllib.error
import urllib.parse
import urllib.request
from html import unescape
from http.cookiejar import CookieJar

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE_S = 20


class Visitor:
    """One person's browser. Raises `OSError` when the page does not answer, or says no (`HTTPError`)."""

    def __init__(self) -> None:
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open

    def get(self, address: str) -> str:
        """The text of a page."""
        with self._open(address, timeout=PATIENCE_S) as response:
            return str(response.read().decode())

    def send(self, address: str, **fields: str) -> str:
        """Open a page, and send its form with these fields; the text of the page that follows."""
        found = TOKEN.search(self.get(address))
        if found is None:
            raise OSError(f"no form at {urllib.parse.urlsplit(address).path}")
        fields["csrfmiddlewaretoken"] = unescape(found[1])
        request = urllib.request.Request(  # noqa: S310
            address, urllib.parse.urlencode(fields).encode(), {"Referer": address}
        )
        with self._open(request, timeout=PATIENCE_S) as response:
            return str(response.read().decode())
