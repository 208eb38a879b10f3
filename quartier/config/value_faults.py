"""What is wrong with the values of `quartier.toml`, each by itself: what `faults` asks of those that are of the right
kind."""

import base64
import difflib
import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from quartier.config import proxies
from quartier.config.toml_file import Fault
from quartier.config.toml_file import marked as _

_SCHEMES = {
    "database": ("sqlite", "postgresql", "postgres"),
    "mail": ("smtp", "smtps", "anymail", "sandbox"),
    "geocoder": ("gazetteer", "nominatim", "photon", "pelias"),
    "texts": ("sandbox", "gammu", "http", "https", "twilio", "apprise"),
    "mail_inbox": ("imaps", "imap", "maildir"),
}
LOG_FORMATS = ("text", "json")
_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_HOST = re.compile(r"[*.A-Za-z0-9_\[\]:-]+")


class Given(Protocol):
    """What the file and the environment say, as `faults` reads them."""

    home: Path

    def value(self, key: str) -> Any: ...

    def each(self, key: str) -> list[str]: ...

    def fault(
        self, key: str, words: str, todo: str = "", /, *, stops: bool = True, **values: Any
    ) -> Fault: ...


def _scheme(given: Given, key: str) -> Iterator[Fault]:
    """Whether it begins with one of the words that are known, and which one was meant."""
    known = _SCHEMES[key]
    for written in given.each(key):
        scheme, colon, _rest = written.strip().partition(":")
        if not written.strip() or (scheme.lower() in known and (colon or scheme == "gazetteer")):
            continue
        near = difflib.get_close_matches(scheme.lower(), known, 1, 0.6) if len(scheme) < 20 else []
        yield given.fault(
            key,
            _("it must begin with one of {known}."),
            _("Did you mean {near}:?") if near else _("docs/howto says how it is written."),
            known=", ".join(f"{each}:" for each in known),
            near=near[0] if near else "",
            # Of texts and of the inbox the others go on; without these nothing starts.
            stops=key in {"database", "mail", "geocoder"},
        )


def _database(given: Given, key: str) -> Iterator[Fault]:
    wrong = list(_scheme(given, key))
    yield from wrong
    url = str(given.value(key))
    if wrong:
        return
    if not _has_port(url):
        yield given.fault(key, _("the port is not a number from 1 to 65535."))
    elif not url.strip() or (url.startswith("postgres") and not urlsplit(url).path.strip("/")):
        yield given.fault(
            key,
            _("no database is named."),
            _("Write: {example}"),
            example="postgresql://user:password@host/name",
        )
    elif url.startswith("sqlite") and (name := urlsplit(url).path.rstrip("/")):
        folder = Path(name).parent
        if Path(name).is_dir():
            yield given.fault(key, _("this is a folder, not a file."))
        elif not folder.is_dir() and folder != given.home:
            yield given.fault(
                key, _("there is no folder {folder}."), _("Make it, or correct the path."), folder=folder
            )


def _mail(given: Given, key: str) -> Iterator[Fault]:
    wrong = list(_scheme(given, key))
    yield from wrong
    url = str(given.value(key))
    if wrong or url.startswith("sandbox:"):
        return
    if url.startswith("anymail:"):
        yield from _service(given, key, url)
    elif not _has_port(url):
        yield given.fault(
            key,
            _("the port is not a number from 1 to 65535."),
            _("In user and password, @ is written %40, : %3A, / %2F and # %23."),
        )
    elif not urlsplit(url).hostname:
        yield given.fault(
            key,
            _("no server is named."),
            _("Write: {example}"),
            example="smtp://user:password@mail.example.org:587",
        )


def _service(given: Given, key: str, url: str) -> Iterator[Fault]:
    name = url.removeprefix("anymail:").partition("?")[0]
    try:
        import anymail.backends
    except ImportError:
        yield given.fault(
            key,
            _("the package {package} is missing."),
            _("The package comes with: uv sync --extra {extra}"),
            package="django-anymail",
            extra="mail",
        )
        return
    known = sorted(
        file.stem
        for file in Path(anymail.backends.__path__[0]).glob("[a-z]*.py")
        if file.stem not in {"base", "base_requests"}
    )
    if name not in known:
        near = difflib.get_close_matches(name, known, 1, 0.5)
        yield given.fault(
            key,
            _("no service for email is called like this."),
            _("Did you mean {near}? These are known: {known}.") if near else _("These are known: {known}."),
            near=near[0] if near else "",
            known=", ".join(known),
        )


def _has_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _website(url: str) -> SplitResult | None:
    """The parts of the address of a website; `None` for anything else."""
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return parts
    return None


def _no_website(given: Given, key: str, example: str) -> Fault:
    return given.fault(
        key, _("this is not the address of a website."), _("Write: {example}"), example=example
    )


def _origin(given: Given, key: str) -> Iterator[Fault]:
    url = str(given.value(key))
    parts = _website(url)
    is_bare = parts is not None and not (set(url) & set(" \t\"'<>\\")) and parts.path in {"", "/"}
    if parts is None or not is_bare or parts.query or parts.fragment or parts.username:
        yield _no_website(given, key, "https://line.example.org")


def _hosts(given: Given, key: str) -> Iterator[Fault]:
    for each in given.each(key):
        if not _HOST.fullmatch(each) or "://" in each:
            yield given.fault(
                key,
                _("a name of a machine is written without https://, paths, commas and spaces."),
                _("Write: {example}"),
                example=f'{key} = ["line.example.org"]',
                stops=False,
            )
            return


def _proxies(given: Given, key: str) -> Iterator[Fault]:
    for each in given.each(key):
        try:
            proxies.named([each])
        except ValueError:
            yield given.fault(
                key,
                _("this is not an address, a network or the word gateway."),
                _("Write: {example}"),
                example='proxies = ["192.0.2.10", "10.0.0.0/24"]',
            )
            return


def _logs(given: Given, key: str) -> Iterator[Fault]:
    if str(given.value(key)).strip().lower() not in LOG_FORMATS:
        yield given.fault(
            key,
            _("it must be one of {known}."),
            known=", ".join(LOG_FORMATS),
            # Lines of the log are text then.
            stops=False,
        )


def _sender(given: Given, key: str) -> Iterator[Fault]:
    written = str(given.value(key))
    if not _MAIL.fullmatch(parseaddr(written)[1]) or written.count("@") != 1:
        yield given.fault(
            key,
            _("this is not an email address."),
            _("Write: {example}"),
            example='mail_sender = "line@example.org"',
        )


def _geocoder(given: Given, key: str) -> Iterator[Fault]:
    wrong = list(_scheme(given, key))
    yield from wrong
    name, _colon, address = str(given.value(key)).partition(":")
    if wrong or name == "gazetteer":
        return
    if _website(address) is None:
        yield _no_website(given, key, f"{name}:https://…")


def _behaviour(given: Given, key: str) -> Iterator[Fault]:
    name = str(given.value(key))
    if not name:
        return
    try:
        tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        yield given.fault(
            key,
            _("the file {file} cannot be read: {why}."),
            _("Make it anew with quartier calibrate --write, or remove the line."),
            file=name,
            why=why,
        )


def _keys(given: Given, key: str) -> Iterator[Fault]:
    todo = _("Restore it from the backup you made at installation. A new key opens no old data.")
    names = set()
    for each in given.each(key):
        name, colon, secret = each.partition(":")
        if not (name and colon and size(secret) == 32):
            yield given.fault(
                key, _("a key is too short or cut off: it is an id, a colon and 44 letters."), todo
            )
            return
        if name in names:
            yield given.fault(key, _("two keys have the same id."), todo)
            return
        names.add(name)
    if not names:
        yield given.fault(key, _("it is missing, and nothing can be opened without it."), todo)


def _index_key(given: Given, key: str) -> Iterator[Fault]:
    if size(str(given.value(key))) < 32:
        todo = _("Restore it from the backup you made at installation. A new key opens no old data.")
        yield given.fault(key, _("this key is too short or cut off: it is 44 letters."), todo)


def _secret_key(given: Given, key: str) -> Iterator[Fault]:
    if len(str(given.value(key))) < 32:
        yield given.fault(
            key,
            _("this key is too short: it is 32 letters or more."),
            _("Write a long random one."),
            stops=False,
        )


def size(text: str) -> int:
    """How many bytes a key has; 0 where it is none."""
    try:
        return len(base64.b64decode(text, validate=True))
    except ValueError:
        return 0


CHECKS: dict[str, Callable[[Given, str], Iterator[Fault]]] = {
    "secret_key": _secret_key,
    "field_keys": _keys,
    "index_key": _index_key,
    "database": _database,
    "origin": _origin,
    "hosts": _hosts,
    "proxies": _proxies,
    "logs": _logs,
    "mail": _mail,
    "mail_sender": _sender,
    "mail_inbox": _scheme,
    "texts": _scheme,
    "geocoder": _geocoder,
    "behaviour": _behaviour,
    "cap_hosts": _hosts,
}
