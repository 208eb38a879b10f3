"""Importing GeoNames' postal codes (download.geonames.org/export/zip), for any country.

One place a line, twelve columns parted by tabs: country, postcode, place, three pairs of name and code of
administrative units, latitude, longitude, accuracy (1 estimated ... 4 place, 6 centre of addresses).
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from quartier.lib import cells
from quartier.places import rules
from quartier.places.actions.store import BATCH, mark_changed, searched_names, update
from quartier.places.models import LANGUAGES, Place, PlaceName, Precision

SHOWN_PROBLEMS = 20
_MOVED = ["lat", "lon", "precision", "cell", "area", "source"]
_POSTCODE = ["postcode", "postcode_key"]
_MUNICIPALITY = ["municipality", *(f"municipality_{language}" for language in LANGUAGES), "admin_code"]
_COLUMNS = [*_MOVED, *_POSTCODE, *_MUNICIPALITY, "main"]
# In which pair of columns GeoNames gives the municipality; elsewhere it gives something larger.
_MUNICIPALITY_COLUMN = {"LU": 5, "NL": 5}
# GeoNames puts some villages at a namesake elsewhere. A point farther than this from the one that shipped is
# not believed: by how exactly we knew the place before.
_BELIEVED_M = {Precision.LOCALITY: 8_000, Precision.MUNICIPALITY: 15_000}
_ADOPT_M = 3_000  # a place without postcode takes the postcode of its namesake at most this far away


# The dump of all countries is a third of this.
MOST_UNFOLDED_BYTES = 500_000_000


class BadFileError(ValueError):
    """The file cannot be imported; nothing was written. `problems`: the first bad lines and why."""

    def __init__(self, problems: list[tuple[int, str]], count: int) -> None:
        self.problems, self.count = problems, count
        lines = "; ".join(f"line {number}: {what}" for number, what in problems)
        super().__init__(f"{count} bad lines: {lines}" if count > 1 else lines)


@dataclass
class Imported:
    """How many lines were read, places new, moved or as they were; `other`: lines of other countries.

    `doubted` counts the places, among these, whose point in the file was not believed: it lies too far from
    the one that shipped.
    """

    lines: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    other: int = 0
    doubted: int = 0


@dataclass(frozen=True)
class _Line:
    postcode: str
    postcode_key: str
    name: str
    key: str
    municipality: str
    lat: float
    lon: float
    precision: str


def import_geonames(*, country: str, file: Path | str) -> Imported:
    """Import a dump of postal codes, plain or in the zip that GeoNames offers. All of it or nothing.

    Idempotent. A place that is known by postcode and any of its names gets the point of the file and keeps
    its names; another is added; none is removed. Raises `BadFileError` with the numbers of the bad lines, and
    `OSError` when the file cannot be read. The database is locked for writing meanwhile: about 1 s for 5,000
    lines.
    """
    country, file = country.upper(), Path(file)
    report = Imported()
    _check(country, file, report)
    with transaction.atomic():
        batch: list[_Line] = []
        for line in _lines(country, file):
            batch.append(line)
            if len(batch) == BATCH:
                _write(country, batch, report)
                batch = []
        _write(country, batch, report)
        if report.created or report.updated:
            mark_changed(country)
    return report


def _check(country: str, file: Path, report: Imported) -> None:
    """Read every line once before anything is written."""
    problems: list[tuple[int, str]] = []
    count = 0
    with _opened(country, file) as stream:
        for number, raw in enumerate(stream, start=1):
            if not raw.strip():
                continue
            report.lines += 1
            try:
                if _parse(country, raw) is None:
                    report.other += 1
            except ValueError as error:
                count += 1
                if len(problems) < SHOWN_PROBLEMS:
                    problems.append((number, str(error)))
    if problems:
        raise BadFileError(problems, count)
    if report.lines == report.other:
        raise BadFileError([(0, f"no line is about {country}")], 1)


def _lines(country: str, file: Path) -> Iterator[_Line]:
    seen: set[tuple[str, str]] = set()
    with _opened(country, file) as stream:
        for raw in stream:
            line = _parse(country, raw) if raw.strip() else None
            # The same name with the same postcode again (another hamlet): the first one counts.
            if line and (line.postcode_key, line.key) not in seen:
                seen.add((line.postcode_key, line.key))
                yield line


@contextmanager
def _opened(country: str, file: Path) -> Iterator[BinaryIO]:
    if not zipfile.is_zipfile(file):
        with file.open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(file) as archive:
        inside = [name for name in archive.namelist() if name in {f"{country}.txt", "allCountries.txt"}]
        if not inside:
            raise BadFileError([(0, f"the archive holds no {country}.txt")], 1)
        # No more than this is unfolded, whatever the archive holds.
        if archive.getinfo(inside[0]).file_size > MOST_UNFOLDED_BYTES:
            raise BadFileError([(0, f"{inside[0]} is too large")], 1)
        with archive.open(inside[0]) as packed:
            yield packed  # type: ignore[misc]


def _parse(country: str, raw: bytes) -> _Line | None:
    """One line of the dump; `None` if another country's. Raises `ValueError` that says what is wrong."""
    try:
        columns = raw.decode("utf-8").rstrip("\r\n").split("\t")
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    if len(columns) != 12:
        raise ValueError(f"{len(columns)} columns instead of 12")
    if len(columns[0]) != 2 or not columns[0].isalpha():
        raise ValueError(f"not a country: {columns[0][:20]!r}")
    if columns[0] != country:
        return None
    postcode, name = rules.clean(columns[1]), rules.clean(columns[2])
    key = rules.postcode_key(country, postcode)
    if not key or len(postcode) > 16:
        raise ValueError(f"not a postcode: {columns[1][:20]!r}")
    if not rules.fold(name) or len(name) > 120:
        raise ValueError(f"not a name: {columns[2][:20]!r}")
    try:
        lat, lon = cells.check_point(float(columns[9]), float(columns[10]))
    except ValueError:
        raise ValueError(f"not a point: {columns[9][:20]!r}, {columns[10][:20]!r}") from None
    column = _MUNICIPALITY_COLUMN.get(country)
    municipality = rules.clean(columns[column])[:120] if column else ""
    return _Line(postcode, key, name, rules.fold(name), municipality, lat, lon, _precision(columns[11]))


def _precision(accuracy: str) -> str:
    if accuracy in {"4", "5", "6"}:
        return Precision.LOCALITY
    return Precision.REGION if accuracy == "1" else Precision.MUNICIPALITY


def _write(country: str, batch: list[_Line], report: Imported) -> None:
    known = _Known(country, batch)
    fresh: list[Place] = []
    moved: list[Place] = []
    for line in batch:
        place = known.place_for(line)
        if place is None:
            place = Place(country=country, kind=Place.Kind.LOCALITY, key=line.key, name=line.name)
            place.municipality = line.municipality
            fresh.append(place)
            report.doubted += _move(place, line, known)
            continue
        before = [getattr(place, column) for column in _COLUMNS]
        report.doubted += _move(place, line, known)
        if before != [getattr(place, column) for column in _COLUMNS]:
            moved.append(place)
        else:
            report.unchanged += 1
    Place.objects.bulk_create(fresh, batch_size=BATCH)
    PlaceName.objects.bulk_create(
        [row for place in fresh for row in searched_names(place)], batch_size=BATCH, ignore_conflicts=True
    )
    update(moved, _COLUMNS)
    report.created += len(fresh)
    report.updated += len(moved)


class _Known:
    """The places that lines of one batch may be about."""

    def __init__(self, country: str, batch: list[_Line]) -> None:
        postcodes = {line.postcode_key for line in batch}
        self.mains: dict[str, Place] = {}
        self.municipalities: dict[str, set[str]] = {}
        self.by_name: dict[tuple[str, str], Place] = {}
        self.lost: dict[str, list[Place]] = {}
        places = {p.pk: p for p in Place.objects.filter(country=country, postcode_key__in=postcodes)}
        for place in places.values():
            if place.main:
                self.mains[place.postcode_key] = place
            self.municipalities.setdefault(place.postcode_key, set()).add(place.admin_code)
            self.by_name[place.postcode_key, place.key] = place
        ways = PlaceName.objects.filter(country=country, place__postcode_key__in=postcodes)
        # Real names first, so that an alias never takes the place of a name.
        for key, folded in ways.order_by("is_alias", "pk").values_list("place_id", "folded"):
            self.by_name.setdefault((places[key].postcode_key, folded), places[key])
        without = Place.objects.filter(country=country, postcode_key="", key__in={line.key for line in batch})
        for place in without:
            self.lost.setdefault(place.key, []).append(place)
        self.taken: dict[object, str] = {}

    def place_for(self, line: _Line) -> Place | None:
        place = self.by_name.get((line.postcode_key, line.key))
        if place is None:
            near = (
                one
                for one in self.lost.get(line.key, [])
                if cells.distance_m(one.lat, one.lon, line.lat, line.lon) <= _ADOPT_M
            )
            place = next((one for one in near if one.pk not in self.taken), None)
        # Two lines that are two names of one place: the second becomes a place of its own.
        if place is None or self.taken.setdefault(place.pk, line.key) != line.key:
            return None
        return place


def _move(place: Place, line: _Line, known: _Known) -> bool:
    """Give the place the line's point and postcode; whether the point was doubted and not taken."""
    main = known.mains.setdefault(line.postcode_key, place)
    place.main = main is place or place.main
    place.postcode_key, place.postcode = line.postcode_key, place.postcode or line.postcode
    municipalities = known.municipalities.get(line.postcode_key, set())
    if not place.admin_code and len(municipalities) == 1 and main.admin_code:
        for column in _MUNICIPALITY:
            setattr(place, column, getattr(main, column))
    before = main if place.lat is None else place
    if doubted := _is_doubtful(before, line):
        place.lat, place.lon, place.source = before.lat, before.lon, "shipped"
        place.precision = place.precision or Precision.MUNICIPALITY
    else:
        place.lat, place.lon, place.precision, place.source = line.lat, line.lon, line.precision, "geonames"
    place.cell = cells.cell_at(place.lat, place.lon)
    place.area = cells.area_of(place.cell)
    return doubted


def _is_doubtful(before: Place, line: _Line) -> bool:
    """Whether the line's point is too far from the one that shipped for the place, or for its postcode."""
    if before.source != "shipped":
        return False
    away = cells.distance_m(before.lat, before.lon, line.lat, line.lon)
    return away > _BELIEVED_M.get(Precision(before.precision), float("inf"))
