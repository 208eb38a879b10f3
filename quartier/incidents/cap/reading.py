"""From the bytes of a CAP 1.2 alert to what we need of it. Pure; raises `NotAnAlert` and nothing else.

No entities, no declarations of types, nothing fetched. A signature is not checked: `Alert.signed` says that there is
one, and the page says that we have not looked at it. Elements that we do not know are left out. Source: OASIS,
Common Alerting Protocol Version 1.2 (CAP-v1.2-os), section 3.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from quartier.lib.text import one_line

# Bytes. The alerts of weather services are some ten thousand long, with their polygons.
MOST_BYTES = 512_000
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
STATUSES = {"Actual", "Exercise", "System", "Test", "Draft"}
KINDS = {"Alert", "Update", "Cancel", "Ack", "Error"}
_TIME = re.compile(r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)")

Pair = tuple[float, float]


class NotAnAlert(ValueError):
    """These bytes are no alert that can be read; the text says why, for whoever set the feed up."""


@dataclass(frozen=True)
class Area:
    """Where. `polygons`: latitude and longitude in degrees; `circles`: latitude, longitude, kilometres; `geocodes`:
    name of the code, code."""

    words: str
    polygons: tuple[tuple[Pair, ...], ...] = ()
    circles: tuple[tuple[float, float, float], ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Info:
    """What, in one language. `language`: the first two letters. Times are aware; `expires` may be missing."""

    language: str
    event: str
    categories: frozenset[str]
    responses: frozenset[str]
    severity: str
    certainty: str
    headline: str
    onset: datetime | None
    expires: datetime | None
    codes: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str], ...]
    areas: tuple[Area, ...]


@dataclass(frozen=True)
class Alert:
    """One message. `references`: sender and identifier of those that it updates or cancels."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    kind: str
    references: tuple[tuple[str, str], ...]
    infos: tuple[Info, ...]
    signed: bool


def read(data: bytes) -> Alert:
    """The alert; raises `NotAnAlert`."""
    root = tree(data)
    if root.tag != f"{CAP}alert":
        raise NotAnAlert("the first element is not an alert of CAP 1.2")
    status, kind = _text(root, "status"), _text(root, "msgType")
    if status not in STATUSES or kind not in KINDS:
        raise NotAnAlert("status or msgType is missing, or not one of CAP")
    identifier, sender, sent = _text(root, "identifier"), _text(root, "sender"), _time(root, "sent")
    if not identifier or not sender or sent is None:
        raise NotAnAlert("identifier, sender or sent is missing")
    return Alert(
        identifier=identifier,
        sender=sender,
        sent=sent,
        status=status,
        kind=kind,
        references=tuple(_references(_text(root, "references", 20_000))),
        infos=tuple(_info(each) for each in root.findall(f"{CAP}info")),
        signed=root.find(SIGNATURE) is not None,
    )


def tree(data: bytes) -> Element:
    """The elements of an XML file that is not too long and declares nothing; raises `NotAnAlert`."""
    if len(data) > MOST_BYTES:
        raise NotAnAlert("the file is too long")
    try:
        found: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotAnAlert("this is not XML that can be read safely") from error
    return found


def _text(element: Element, name: str, most: int = 250) -> str:
    """The text of the first child with this name, on one line; '' if there is none."""
    return one_line(element.findtext(f"{CAP}{name}") or "", most)


def _texts(element: Element, name: str) -> frozenset[str]:
    return frozenset(one_line(each.text or "", 60) for each in element.findall(f"{CAP}{name}"))


def _time(element: Element, name: str) -> datetime | None:
    text = _text(element, name, 40)
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _references(text: str) -> Iterator[tuple[str, str]]:
    """Each one is `sender,identifier,sent`, with spaces between them."""
    for each in text.split():
        sender, _comma, rest = each.partition(",")
        identifier = rest.rpartition(",")[0]
        if sender and identifier:
            yield sender, identifier


def _named(element: Element, name: str) -> tuple[tuple[str, str], ...]:
    pairs = ((_text(each, "valueName", 80), _text(each, "value")) for each in element.findall(f"{CAP}{name}"))
    return tuple(pair for pair in pairs if all(pair))


def _info(element: Element) -> Info:
    return Info(
        language=(_text(element, "language", 20) or "en")[:2].lower(),
        event=_text(element, "event"),
        categories=_texts(element, "category"),
        responses=_texts(element, "responseType"),
        severity=_text(element, "severity", 20),
        certainty=_text(element, "certainty", 20),
        headline=_text(element, "headline"),
        onset=_time(element, "onset"),
        expires=_time(element, "expires"),
        codes=_named(element, "eventCode"),
        parameters=_named(element, "parameter"),
        areas=tuple(_area(each) for each in element.findall(f"{CAP}area")),
    )


def _area(element: Element) -> Area:
    polygons = (_polygon(each.text or "") for each in element.findall(f"{CAP}polygon"))
    circles = (_circle(each.text or "") for each in element.findall(f"{CAP}circle"))
    return Area(
        words=_text(element, "areaDesc"),
        polygons=tuple(each for each in polygons if each),
        circles=tuple(each for each in circles if each),
        geocodes=_named(element, "geocode"),
    )


def _point(text: str) -> Pair | None:
    lat, comma, lon = text.partition(",")
    try:
        found = float(lat), float(lon)
    except ValueError:
        return None
    return found if comma and -90 <= found[0] <= 90 and -180 <= found[1] <= 180 else None


def _polygon(text: str) -> tuple[Pair, ...]:
    """Points with spaces between them, the last one as the first; empty where one of them is none."""
    points = [_point(each) for each in text.split()]
    whole = tuple(each for each in points if each is not None)
    return whole if len(whole) == len(points) >= 4 and whole[0] == whole[-1] else ()


def _circle(text: str) -> tuple[float, float, float] | None:
    """`latitude,longitude radius`, the radius in kilometres."""
    parts = text.split()
    point = _point(parts[0]) if len(parts) == 2 else None
    try:
        radius = float(parts[1]) if point else -1.0
    except ValueError:
        return None
    return (*point, radius) if point and isfinite(radius) and radius >= 0 else None
