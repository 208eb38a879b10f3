"""Somebody with a browser and no JavaScript: follows links, fills in forms, keeps cookies."""

import http.client
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit


class Cut(Exception):
    """No answer, half an answer, or a page that says "something went wrong": nothing was acknowledged."""


@dataclass
class Form:
    """The fields of one form as they stand; `buttons` are the (name, value) pairs that can be pressed."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    challenge: str = ""


@dataclass
class Page:
    """An answer that has arrived whole."""

    status: int
    path: str
    text: str
    location: str = ""

    @property
    def forms(self) -> list[Form]:
        reader = _Reader()
        reader.feed(self.text)
        return reader.forms

    def buttons(self, name: str) -> list[str]:
        """The values of the buttons and hidden fields called `name`."""
        found = [value for form in self.forms for each, value in form.buttons if each == name]
        return found + [form.fields[name] for form in self.forms if name in form.fields]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        if not self.forms or "name" not in given:
            return
        form = self.forms[-1]
        if tag == "button":
            form.buttons.append((given["name"], given.get("value", "")))
        elif tag == "input" and given.get("type", "text") not in {"radio", "checkbox", "submit"}:
            form.fields[given["name"]] = given.get("value", "")
            form.challenge = given.get("data-proof", form.challenge)


class Visitor:
    """One browser. `source` is the address it seems to come from, so that visitors have limits of their own."""

    def __init__(self, address: str, source: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._source = source
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        """Open a page, following redirects. Raises `Cut`."""
        for _ in range(6):
            page = self._call("GET", path)
            if not page.location:
                return page
            path = page.location
        raise Cut(f"redirected in circles at {path}")

    def post(self, path: str, fields: dict[str, str]) -> Page:
        """Send a form; the answer is not followed. Raises `Cut`."""
        token = self._cookies.get("csrftoken", "")
        return self._call("POST", path, urlencode({"csrfmiddlewaretoken": token, **fields}))

    def _call(self, method: str, path: str, body: str | None = None) -> Page:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "X-Forwarded-For": self._source,
            "Accept-Language": "fr",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(self._host, self._port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise Cut(f"{method} {path}: {error!r}") from error
        finally:
            connection.close()
        if answer.status >= 500:
            raise Cut(f"{method} {path}: {answer.status}")
        for words in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(words).items():
                self._cookies[name] = morsel.value
        location = answer.headers.get("Location", "")
        return Page(answer.status, path, text, re.sub(r"^https?://[^/]+", "", location))
