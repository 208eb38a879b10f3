"""Names kept by hand beside a country's table: aliases that everybody knows, and what is larger than a place."""

from functools import cache
from pathlib import Path

from quartier.places.rules import fold

_FOLDER = Path(__file__).resolve().parents[1] / "shipped"


@cache
def well_known_aliases(country: str) -> frozenset[tuple[str, str]]:
    """The folded name of a place and an alias by which it is known in one of our languages: "bruxelles", "bxl"."""
    found = set()
    for row in _rows(country, "exonyms"):
        columns = row.split(";")
        found |= {(fold(columns[0]), fold(alias)) for alias in columns[-1].split("|")}
    return frozenset(found)


@cache
def area_names(country: str) -> frozenset[str]:
    """The folded names of provinces, regions and rivers: a place that is called so may not be meant."""
    return frozenset(fold(name) for row in _rows(country, "areas") for name in row.split("|"))


def _rows(country: str, what: str) -> list[str]:
    file = _FOLDER / f"{country.lower()}-{what}.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return [line for line in lines if line and not line.startswith("#")]
