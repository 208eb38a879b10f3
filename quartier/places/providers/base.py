"""What every geocoder has in common. The base owns time, failures and logs; an adapter only asks and reads.

An outside geocoder learns addresses: it is off unless an installation chooses one, and the log never holds
what was searched.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLateError
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Protocol
from urllib.error import URLError
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from quartier.lib import cells, clock
from quartier.places.models import Precision
from quartier.places.queries.found import Found

TIMEOUT_S = 2.0
MOST_BYTES = 512 * 1024
FAILURES_UNTIL_OPEN = 3
OPEN_FOR = timedelta(minutes=1)
AGENT = "Quartier (self-hosted solidarity line)"

log = logging.getLogger(__name__)


class Geocoder(Protocol):
    """Finds what a text may mean in one country (ISO code). Labels in `language`; at most `limit`."""

    def search(self, text: str, country: str, language: str, limit: int) -> list[Found]: ...


class GeocoderError(Exception):
    """The geocoder did not give a usable answer."""


@dataclass(frozen=True)
class Answer:
    """One line of an outside geocoder's answer. `lat` and `lon` in degrees; `street` with its number."""

    lat: float
    lon: float
    precision: str
    country: str
    postcode: str = ""
    locality: str = ""
    street: str = ""


class Circuit:
    """Leaves a geocoder alone for a minute once it has failed three times in a row."""

    def __init__(self) -> None:
        self._failures = 0
        self._until: datetime | None = None
        self._lock = Lock()

    @property
    def open(self) -> bool:
        with self._lock:
            return self._until is not None and clock.now() < self._until

    def succeeded(self) -> None:
        with self._lock:
            self._failures, self._until = 0, None

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES_UNTIL_OPEN:
                self._until = clock.now() + OPEN_FOR


# Few threads: a geocoder that hangs must not hold more of them than these.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="geocoder")


class _Stay(HTTPRedirectHandler):
    """An address that sends elsewhere is an answer that cannot be used: elsewhere would learn what was asked."""

    def redirect_request(self, *_given: Any, **_named: Any) -> None:
        return None


_open = build_opener(_Stay).open


class OutsideGeocoder:
    """An HTTP geocoder at `address`. Subclasses say what to ask for, and read one feature of the answer."""

    name = ""
    path = ""

    def __init__(self, address: str, *, timeout_s: float = TIMEOUT_S) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(
                f"the address of a geocoder begins with https:// or http://, not {address[:40]!r}"
            )
        self.address, self.timeout_s = address, timeout_s
        self.circuit = Circuit()

    def parameters(self, text: str, country: str, language: str, limit: int) -> dict[str, str]:
        """The query of the request."""
        raise NotImplementedError

    def features(self, body: Any) -> list[Any]:
        """The results in the decoded JSON of the answer."""
        raise NotImplementedError

    def read(self, feature: Any) -> Answer:
        """One result; may raise anything that bad data raises."""
        raise NotImplementedError

    def ask(self, text: str, country: str, language: str, limit: int) -> list[Answer]:
        """What the geocoder answers, in that country only, within the timeout. Raises `GeocoderError`."""
        if self.circuit.open:
            raise GeocoderError(f"{self.name} is left alone after failures")
        started = time.monotonic()
        try:
            url = self._url(self.parameters(text, country, language, limit))
            body = self._in_time(lambda: self._get(url, started + self.timeout_s))
            answers = self._answers(body, country)
        except GeocoderError as error:
            self.circuit.failed()
            log.warning("%s failed after %d ms: %s", self.name, _ms_since(started), error)
            raise
        self.circuit.succeeded()
        log.info("%s answered %d results in %d ms", self.name, len(answers), _ms_since(started))
        return answers[:limit]

    def _url(self, parameters: dict[str, str]) -> str:
        parts = urlsplit(self.address)
        # What stands in the address stays, such as an api_key.
        query = urlencode({**dict(parse_qsl(parts.query)), **parameters}, errors="replace")
        path = parts.path.rstrip("/")
        path = path if path.endswith(self.path) else path + self.path
        return urlunsplit((parts.scheme, parts.netloc, path, query, ""))

    def _in_time(self, call: Callable[[], Any]) -> Any:
        future: Future[Any] = _threads.submit(call)
        try:
            return future.result(timeout=self.timeout_s)
        except TooLateError:
            future.cancel()
            raise GeocoderError("no answer in time") from None
        except GeocoderError:
            raise
        except (URLError, OSError, ValueError, RecursionError) as error:
            # The address may hold a key, so only the kind of failure is told.
            code = getattr(error, "code", "")
            raise GeocoderError(f"{type(error).__name__} {code}".strip()) from None
        except Exception as error:  # http.client raises its own kinds on garbage
            raise GeocoderError(type(error).__name__) from None

    def _get(self, url: str, deadline: float) -> Any:
        request = Request(url, headers={"User-Agent": AGENT, "Accept": "application/json"})  # noqa: S310
        with _open(request, timeout=self.timeout_s) as response:
            received = b""
            while chunk := response.read1(65_536):
                received += chunk
                if len(received) > MOST_BYTES:
                    raise GeocoderError("the answer is too long")
                if time.monotonic() > deadline:
                    raise GeocoderError("no answer in time")
        return json.loads(received)

    def _answers(self, body: Any, country: str) -> list[Answer]:
        try:
            features = self.features(body)
            if not isinstance(features, list):
                raise TypeError
        except (KeyError, TypeError, AttributeError) as error:
            raise GeocoderError("an answer of another shape") from error
        answers = []
        for feature in features[:50]:
            try:
                answer = self.read(feature)
                cells.check_point(answer.lat, answer.lon)
            except (KeyError, TypeError, ValueError, AttributeError, IndexError):
                continue
            if answer.country.upper() == country:
                answers.append(answer)
        return answers


def text_of(values: Any, *keys: str) -> str:
    """The first of the keys that holds text, at most 120 characters."""
    found = (values.get(key) for key in keys)
    return next((value.strip()[:120] for value in found if isinstance(value, str) and value.strip()), "")


def precision_of(kind: str, by_kind: Mapping[str, str]) -> str:
    """Our precision for a geocoder's kind of place; what is unknown counts as coarse."""
    return by_kind.get(kind, Precision.REGION)


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
