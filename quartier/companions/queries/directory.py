"""Reading the directory of services."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F

from quartier.companions import rules
from quartier.companions.hsds import KINDS, Listed
from quartier.companions.models import CallWish, Service
from quartier.lib import cells, choices, clock
from quartier.lib.text import folded
from quartier.team.models import Organisation

# So many are read at once: the directory of a province. What services do is in JSON, and is searched in memory.
MOST = 5000


@dataclass(frozen=True)
class Near:
    """Where somebody lives, as closely as this needs to know: neighbourhood (H3, resolution 7) and postcode."""

    area: int | None
    postcode: str = ""


@dataclass(frozen=True)
class Wanted:
    """What is looked for: words of what it does, a town or postcode, a language, a kind (`hsds.KINDS`), near whom;
    `stale`: those alone that nobody has checked for long, `withdrawn`: those alone that are given no more."""

    need: str = ""
    place: str = ""
    language: str = ""
    kind: str = ""
    near: Near | None = None
    stale: bool = False
    withdrawn: bool = False


def near(wish: CallWish) -> Near:
    """Near the person who would like to be called."""
    return Near(wish.area, wish.case.postcode)


def services(organisation: Organisation, wanted: Wanted, limit: int = 50) -> list[Service]:
    """Services of the directory that fit, by name; near somebody, those first that are for her postcode, and the
    nearest ones; those for other postcodes alone are left out. One query."""
    rows = Service.objects.filter(organisation=organisation, is_active=not wanted.withdrawn).order_by(
        "name", "id"
    )
    if wanted.kind:
        bits = choices.mask(KINDS, [wanted.kind]) if wanted.kind in {each.code for each in KINDS} else 0
        rows = rows.annotate(about_it=F("kinds").bitand(bits)).filter(about_it__gt=0)
    today = clock.now().astimezone(organisation.zone).date()
    found = [row for row in rows[:MOST] if _fits(row, wanted) and (not wanted.stale or is_stale(row, today))]
    if wanted.near:
        hers = wanted.near
        found = [
            row for row in found if not row.postcodes or not hers.postcode or hers.postcode in row.postcodes
        ]
        found.sort(key=lambda row: (not row.postcodes, _metres(row, hers)))
    return found[:limit]


def _fits(row: Service, wanted: Wanted) -> bool:
    text = folded(f"{row.name} {row.provider} {row.about[:2000]} {row.for_whom[:500]}")
    where = folded(wanted.place)
    towns = [folded(f"{each['postal_code']} {each['city']}") for each in row.places]
    return (
        all(word in text for word in folded(wanted.need).split())
        and (not where or any(where in town for town in towns) or where in row.postcodes)
        and (not wanted.language or any(code.split("-")[0] == wanted.language for code in row.languages))
    )


def _metres(row: Service, hers: Near) -> float:
    """From the middle of her neighbourhood to the nearest of its places; very far where we do not know."""
    if hers.area is None:
        return 1e9
    lat, lon = cells.centre(hers.area)
    known = [
        cells.distance_m(lat, lon, each["latitude"], each["longitude"])
        for each in row.places
        if each["latitude"] is not None and each["longitude"] is not None
    ]
    return min(known, default=1e9)


def is_stale(row: Service, today: date) -> bool:
    """Whether nobody has made sure for long that what stands there is still so."""
    return row.checked_on is None or today - row.checked_on > rules.SERVICE_CHECKED


def to_check(organisation: Organisation) -> int:
    """How many services that are given nobody has checked for half a year. One query."""
    since = clock.now().astimezone(organisation.zone).date() - rules.SERVICE_CHECKED
    given = Service.objects.filter(organisation=organisation, is_active=True)
    return given.count() - given.filter(checked_on__gte=since).count()


def listed_services(organisation: Organisation) -> list[Listed]:
    """The whole directory, as it is given to others."""
    names = list(Listed.__dataclass_fields__)
    rows = Service.objects.filter(organisation=organisation).order_by("key").values(*names)
    return [Listed(**row) for row in rows[:20_000]]
