"""The directory as Open Referral HSDS 3 has it (https://docs.openreferral.org), in JSON: what we read and write. Pure.

The core alone: service, organization, phones, languages, schedules, locations with their first address, the postcodes
that it serves (`service_areas`), for whom (`eligibility_description`), what it costs (`fees_description`), when it was
checked (`assured_date`), and what it is about as terms of our own taxonomy. Fields that we do not know are passed over,
and so are not given back.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext as _

from quartier.companions.hsds.kinds import KINDS, TAXONOMY
from quartier.lib import choices
from quartier.lib.text import clean, one_line

MOST_SERVICES = 5000
MOST_ERRORS = 20
ACTIVE = "active"
STATUSES = {"active", "inactive", "defunct", "temporarily closed"}
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_TONGUE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_POSTCODE = re.compile(r"[0-9A-Z][0-9A-Z -]{2,9}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class NotHSDS(ValueError):
    """What was given cannot be read. `reasons`: what is wrong and where, in the language that is active."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Listed:
    """One service, as `companions.models.Service` keeps it."""

    key: str
    name: str
    provider_key: str
    provider: str
    provider_about: str = ""
    about: str = ""
    url: str = ""
    email: str = ""
    is_active: bool = True
    kinds: int = 0
    postcodes: list[str] = field(default_factory=list)
    for_whom: str = ""
    cost: str = ""
    checked_on: date | None = None
    languages: list[str] = field(default_factory=list)
    phones: list[dict[str, str]] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)
    schedules: list[dict[str, str]] = field(default_factory=list)

    def fields(self) -> dict[str, Any]:
        """Its fields by name."""
        return asdict(self)


def read(given: Any) -> list[Listed]:
    """The services of a list, or of a page of an HSDS service (`contents`). Raises `NotHSDS` with every reason, up to
    twenty; then nothing of it is to be used."""
    rows = given.get("contents") if isinstance(given, dict) else given
    if not isinstance(rows, list):
        raise NotHSDS([_("This is not a list of services: we expect a list, or a page with “contents”.")])
    if len(rows) > MOST_SERVICES:
        raise NotHSDS([_("There are too many services: at most %(most)s at once.") % {"most": MOST_SERVICES}])
    wrong: list[str] = []
    found = [_service(number, row, wrong) for number, row in enumerate(rows, 1)]
    keys = [each.key for each in found if each is not None]
    if len(set(keys)) != len(keys):
        wrong.append(_("Two services have the same “id”."))
    if wrong:
        raise NotHSDS(wrong[:MOST_ERRORS])
    return [each for each in found if each is not None]


def _service(number: int, row: Any, wrong: list[str]) -> Listed | None:
    if not isinstance(row, dict):
        wrong.append(_("Service %(number)s is not an object.") % {"number": number})
        return None
    provider = row.get("organization")
    provider = provider if isinstance(provider, dict) else {}
    needed = {
        "id": _line(row, "id", 80),
        "name": _line(row, "name", 200),
        "organization.id": _line(provider, "id", 80),
        "organization.name": _line(provider, "name", 200),
    }
    for name, value in needed.items():
        if not value:
            wrong.append(_("Service %(number)s: “%(field)s” is missing.") % {"number": number, "field": name})
    url, email, status = _line(row, "url", 300), _line(row, "email", 254), row.get("status", ACTIVE)
    assured = _line(row, "assured_date", 20)
    phones, tongues = _all(row, "phones", _phone), _all(row, "languages", lambda one: _line(one, "code", 20))
    schedules = _all(row, "schedules", _schedule)
    checks = {
        "status": isinstance(status, str) and status in STATUSES,
        "url": not url or url.startswith(("https://", "http://")),
        "email": not email or bool(_MAIL.fullmatch(email)),
        "phones.number": all(each["number"] for each in phones),
        "languages.code": all(_TONGUE.fullmatch(each) for each in tongues),
        "assured_date": not assured or _day(assured) is not None,
        "schedules.opens_at": all(_is_clock(each["opens_at"]) for each in schedules),
        "schedules.closes_at": all(_is_clock(each["closes_at"]) for each in schedules),
    }
    for name, fine in checks.items():
        if not fine:
            wrong.append(
                _("Service %(number)s: “%(field)s” is not valid.") % {"number": number, "field": name}
            )
    return Listed(
        key=needed["id"],
        name=needed["name"],
        provider_key=needed["organization.id"],
        provider=needed["organization.name"],
        provider_about=clean(str(provider.get("description") or ""), 4000),
        about=clean(str(row.get("description") or ""), 4000),
        url=url,
        email=email,
        is_active=status == ACTIVE,
        kinds=choices.mask(KINDS, [code for code in _all(row, "attributes", _term) if code]),
        postcodes=list(dict.fromkeys(code for code in _all(row, "service_areas", _postcode) if code)),
        for_whom=clean(str(row.get("eligibility_description") or ""), 2000),
        cost=clean(str(row.get("fees_description") or ""), 2000),
        checked_on=_day(assured),
        languages=tongues,
        phones=phones,
        places=_all(row, "service_at_locations", _place),
        schedules=schedules,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _term(row: Mapping[str, Any]) -> str:
    """The code of one of our own terms, else nothing."""
    term = row.get("taxonomy_term")
    if not isinstance(term, dict) or term.get("taxonomy") != TAXONOMY:
        return ""
    code = _line(term, "code", 40)
    return code if code in {each.code for each in KINDS} else ""


def _postcode(row: Mapping[str, Any]) -> str:
    """The postcode of an area in words; other areas (polygons, regions) are passed over."""
    code = _line(row, "extent", 12) if row.get("extent_type") == "text" else ""
    return code if _POSTCODE.fullmatch(code) else ""


def _line(row: Mapping[str, Any], name: str, limit: int) -> str:
    value = row.get(name)
    return one_line(str(value), limit) if isinstance(value, str | int) else ""


def _all(row: Mapping[str, Any], name: str, read_one: Any) -> list[Any]:
    rows = row.get(name)
    return [read_one(one) for one in rows[:100] if isinstance(one, dict)] if isinstance(rows, list) else []


def _phone(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "number": _line(row, "number", 40),
        "extension": _line(row, "extension", 10),
        "description": _line(row, "description", 200),
    }


def _schedule(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "byday": _line(row, "byday", 40),
        "opens_at": _line(row, "opens_at", 14),
        "closes_at": _line(row, "closes_at", 14),
        "description": _line(row, "description", 300),
    }


def _is_clock(text: str) -> bool:
    return not text or bool(_CLOCK.match(text))


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    inner = row.get("location")
    where: Mapping[str, Any] = inner if isinstance(inner, dict) else {}
    addresses = where.get("addresses")
    first: Mapping[str, Any] = addresses[0] if isinstance(addresses, list) and addresses else {}
    if not isinstance(first, dict):
        first = {}
    return {
        "name": _line(where, "name", 200),
        "address": _line(first, "address_1", 200),
        "city": _line(first, "city", 120),
        "postal_code": _line(first, "postal_code", 12),
        "country": _line(first, "country", 2),
        "latitude": _degrees(where.get("latitude"), 90),
        "longitude": _degrees(where.get("longitude"), 180),
    }


def _degrees(value: Any, most: int) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most
    return float(value) if number else None


def written(services: Iterable[Listed]) -> dict[str, Any]:
    """One page of an HSDS service with all of them. Read again, it gives the same services."""
    contents = [_written(each) for each in services]
    return {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
    }


def _written(one: Listed) -> dict[str, Any]:
    def key(kind: str, number: int) -> str:
        return str(uuid5(NAMESPACE_URL, f"{one.key}/{kind}/{number}"))

    return {
        "id": one.key,
        "name": one.name,
        "description": one.about,
        "url": one.url,
        "email": one.email,
        "status": ACTIVE if one.is_active else "inactive",
        "eligibility_description": one.for_whom,
        "fees_description": one.cost,
        "assured_date": one.checked_on.isoformat() if one.checked_on else None,
        "service_areas": [
            {"id": key("area", n), "name": code, "extent": code, "extent_type": "text"}
            for n, code in enumerate(one.postcodes)
        ],
        "attributes": [
            {
                "id": key("attribute", n),
                "link_entity": "service",
                "taxonomy_term": {
                    "id": str(uuid5(NAMESPACE_URL, f"{TAXONOMY}/{each.code}")),
                    "code": each.code,
                    "name": str(each.name),
                    "taxonomy": TAXONOMY,
                },
            }
            for n, each in enumerate(choices.chosen(KINDS, one.kinds))
        ],
        "organization": {
            "id": one.provider_key, "name": one.provider, "description": one.provider_about,
        },
        "phones": [{"id": key("phone", n), **each} for n, each in enumerate(one.phones)],
        "languages": [{"id": key("language", n), "code": code} for n, code in enumerate(one.languages)],
        "schedules": [{"id": key("schedule", n), **each} for n, each in enumerate(one.schedules)],
        "service_at_locations": [
            {
                "id": key("at", n),
                "location": {
                    "id": key("location", n),
                    "location_type": "physical",
                    "name": each["name"],
                    "latitude": each["latitude"],
                    "longitude": each["longitude"],
                    "addresses": [
                        {
                            "id": key("address", n),
                            "address_1": each["address"],
                            "city": each["city"],
                            "postal_code": each["postal_code"],
                            # Rows from before countries were kept have none.
                            "country": each.get("country", ""),
                            "address_type": "physical",
                        }
                    ],
                },
            }
            for n, each in enumerate(one.places)
        ],
    }  # fmt: skip
