"""Reading a feed: from hosts that the installation names, over https, with limits; what is unchanged is not sent again.

An address answers with one alert, or with an Atom or RSS feed whose entries link to alerts. Raises `NotReachable`.
"""

import time
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener
from xml.etree.ElementTree import Element

from django.conf import settings

from quartier.incidents.cap.reading import CAP, MOST_BYTES, NotAnAlert, tree

AGENT = "quartier"
TIMEOUT_S = 10.0
ATOM = "{http://www.w3.org/2005/Atom}"
# So many alerts of one feed are read at a time; the others come next time.
MOST_AT_ONCE = 10
REMEMBERED = 400


class NotReachable(Exception):
    """No answer that can be used. `code`: `host`, `answer`, `long` or `shape`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Answer:
    """`body` is `None` when nothing has changed."""

    body: bytes | None
    etag: str = ""
    modified: str = ""


class _Stay(HTTPRedirectHandler):
    """An address that sends elsewhere is an answer that cannot be used: elsewhere may be inside."""

    def redirect_request(self, *_given: Any, **_named: Any) -> None:
        return None


_open = build_opener(_Stay).open


def is_allowed(address: str) -> bool:
    """Whether this is https at a host that the installation reads alerts from (`cap_hosts`)."""
    try:
        parts = urlsplit(address)
        plain = parts.port in {None, 443} and parts.username is None
    except ValueError:
        return False
    return parts.scheme == "https" and plain and parts.hostname in settings.CAP_HOSTS


def fetch(address: str, etag: str = "", modified: str = "") -> Answer:
    """The answer of this address, in a few seconds; raises `NotReachable`."""
    if not is_allowed(address):
        raise NotReachable("host")
    asked = {"User-Agent": AGENT, "If-None-Match": etag, "If-Modified-Since": modified}
    request = Request(address, headers={name: value for name, value in asked.items() if value})  # noqa: S310
    deadline = time.monotonic() + TIMEOUT_S
    try:
        with _open(request, timeout=TIMEOUT_S) as response:
            body = b""
            while chunk := response.read(65_536):
                body += chunk
                if len(body) > 4 * MOST_BYTES:
                    raise NotReachable("long")
                if time.monotonic() > deadline:
                    raise NotReachable("answer")
            said = response.headers
            return Answer(body, str(said.get("ETag") or "")[:200], str(said.get("Last-Modified") or "")[:60])
    except NotReachable:
        raise
    except HTTPError as error:
        error.close()
        if error.code == 304:
            return Answer(None, etag, modified)
        raise NotReachable("answer") from None
    except Exception as error:  # http.client raises its own kinds on garbage
        raise NotReachable("answer") from error


def alerts_of(address: str, body: bytes, seen: list[str]) -> tuple[list[bytes], bool]:
    """The alerts behind an answer, the oldest entry first, and whether that is all of them. Those in `seen` are left
    out; what was read is added to it.

    An entry whose alert does not answer now is tried again next time.
    """
    try:
        root = tree(body)
    except NotAnAlert:
        raise NotReachable("shape") from None
    if root.tag == f"{CAP}alert":
        return [body], True
    links = [urljoin(address, link) for link in _links(root)]
    new = [link for link in dict.fromkeys(links) if link not in seen and is_allowed(link)]
    found = []
    for link in reversed(new[-MOST_AT_ONCE:]):
        try:
            answer = fetch(link)
        except NotReachable:
            continue
        found.append(answer.body or b"")
        seen.append(link)
    del seen[:-REMEMBERED]
    return found, len(found) == len(new)


def _links(root: Element) -> list[str]:
    """Where the entries of an Atom or RSS feed link to, as they stand there: the newest first, by custom."""
    if root.tag == f"{ATOM}feed":
        links = [
            [each for each in entry.findall(f"{ATOM}link") if each.get("href")]
            for entry in root.findall(f"{ATOM}entry")
        ]
        chosen = [
            next((each for each in of_entry if each.get("type") == "application/cap+xml"), of_entry[0])
            for of_entry in links
            if of_entry
        ]
        return [each.get("href", "") for each in chosen]
    if root.tag == "rss":
        texts = ((each.findtext("link") or "").strip() for each in root.iterfind("channel/item"))
        return [text for text in texts if text]
    raise NotReachable("shape")
