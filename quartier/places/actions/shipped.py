"""Loading the table that ships with the project."""

import csv
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from quartier.lib import cells
from quartier.places import rules
from quartier.places.actions.store import BATCH, mark_changed, searched_names, update
from quartier.places.models import LANGUAGES, Gazetteer, Place, PlaceName

SHIPPED = Path(__file__).resolve().parent.parent / "shipped"
_NAMES = ["name", *(f"name_{language}" for language in LANGUAGES)]
_MUNICIPALITY = ["municipality", *(f"municipality_{language}" for language in LANGUAGES)]
_POINT = ["lat", "lon", "precision", "cell", "area", "source"]
_OTHER = ["postcode", "admin_code", "kind", "main", "population"]


def shipped_countries() -> list[str]:
    """The countries (ISO codes) for which a table ships."""
    return sorted(file.stem.upper() for file in SHIPPED.glob("??.csv"))


@transaction.atomic
def load_shipped(*, country: str) -> int:
    """Load the table that ships for a country; returns how many places were written, 0 if it was there.

    Idempotent; a newer table is laid over an older one. Points that came from an import stay. Raises
    `ValueError` when no table ships for the country.
    """
    country = country.upper()
    if country not in shipped_countries():
        raise ValueError(f"no table of places ships for {country}")
    digest = _digest(country)
    if Gazetteer.objects.filter(country=country, shipped=digest).exists():
        return 0
    entries = _read(country)
    there = {
        (place.postcode_key, place.key, place.admin_code): place
        for place in Place.objects.filter(country=country)
    }
    fresh, known = [], []
    names: list[PlaceName] = []
    for place, aliases in entries:
        before = there.get((place.postcode_key, place.key, place.admin_code))
        # An import may have told the postcode of a village before the table said whose it is.
        before = before or there.pop((place.postcode_key, place.key, ""), None)
        if before is None:
            fresh.append(place)
        else:
            keep = _POINT if before.source == "geonames" else []
            for column in [*_NAMES, *_MUNICIPALITY, *_OTHER, *_POINT]:
                if column not in keep:
                    setattr(before, column, getattr(place, column))
            known.append(before)
        names += searched_names(before or place, aliases)
    Place.objects.bulk_create(fresh, batch_size=BATCH)
    update(known, [*_NAMES, *_MUNICIPALITY, *_OTHER, *_POINT])
    PlaceName.objects.bulk_create(names, batch_size=BATCH, ignore_conflicts=True)
    _forget_replaced(there, known)
    mark_changed(country, shipped=digest)
    return len(entries)


def _forget_replaced(there: dict[tuple[str, str, str], Place], known: list[Place]) -> None:
    """Delete the places of an older table whose postcode was not known: it is now, and they stand beside it twice."""
    kept = {place.pk for place in known}
    gone = [
        place.pk
        for place in there.values()
        if place.source == "shipped" and not place.postcode_key and place.pk not in kept
    ]
    for start in range(0, len(gone), 500):
        Place.objects.filter(pk__in=gone[start : start + 500]).delete()


@cache
def _digest(country: str) -> str:
    files = (SHIPPED / f"{country.lower()}.csv", SHIPPED / f"{country.lower()}-municipalities.csv")
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _read(country: str) -> list[tuple[Place, list[str]]]:
    with (SHIPPED / f"{country.lower()}-municipalities.csv").open(encoding="utf-8", newline="") as file:
        municipalities = {row["nis"]: row for row in csv.DictReader(file)}
    entries = []
    with (SHIPPED / f"{country.lower()}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            municipality = municipalities.get(row["nis"], {})
            lat, lon = float(row["lat"]), float(row["lon"])
            cell = cells.cell_at(lat, lon)
            place = Place(
                country=country,
                postcode=row["postcode"],
                postcode_key=rules.postcode_key(country, row["postcode"]),
                kind=row["kind"],
                key=rules.fold(row["name"]),
                name=row["name"],
                main=row["main"] == "1",
                admin_code=row["nis"],
                municipality=municipality.get("name", ""),
                lat=lat,
                lon=lon,
                precision=row["precision"],
                cell=cell,
                area=cells.area_of(cell),
                population=int(row["population"] or 0),
                source="shipped",
            )
            for language in LANGUAGES:
                setattr(place, f"name_{language}", row[language])
                setattr(place, f"municipality_{language}", municipality.get(language, ""))
            entries.append((place, [alias for alias in row["aliases"].split("|") if alias]))
    return entries
