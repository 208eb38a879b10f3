"""How good the table that ships is, and what an import makes of it."""

import csv

import pytest
from rapidfuzz import fuzz

from quartier.lib import cells
from quartier.places import actions, queries, rules
from quartier.places.actions.shipped import SHIPPED
from quartier.places.models import Place, PlaceName, Precision


def distances(reference):
    """Metres from each locality of the reference list to the point that our table gives it; None without any."""
    names = {}
    for key, folded in PlaceName.objects.filter(country="BE").values_list("place_id", "folded"):
        names.setdefault(key, []).append(folded)
    by_postcode = {}
    for place in Place.objects.filter(country="BE").order_by("-main", "key"):
        by_postcode.setdefault(place.postcode, []).append(place)
    found = []
    with (reference / "belgium" / "be-localities.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            wanted = rules.fold(row["locality"])
            places = by_postcode.get(row["postcode"], [])
            fits = [(max(fuzz.ratio(wanted, name) for name in names[place.pk]), place) for place in places]
            named = [pair for pair in fits if pair[0] >= 80]
            place = max(named, key=lambda pair: pair[0])[1] if named else next(iter(places), None)
            point = float(row["lat"]), float(row["lon"])
            found.append(cells.distance_m(*point, place.lat, place.lon) if place else None)
    return found


def share(found, metres):
    return sum(1 for one in found if one is not None and one <= metres) / len(found)


@pytest.mark.usefixtures("belgium")
def test_the_shipped_table_is_near_enough(reference):
    found = distances(reference)
    assert len(found) == 2_785
    assert None not in found, "every postcode is there"
    assert share(found, 5_000) >= 0.85
    assert share(found, 10_000) >= 0.95


@pytest.mark.usefixtures("belgium")
def test_after_an_import_it_is_nearer(reference):
    actions.import_geonames(country="BE", file=reference / "geonames" / "BE.txt")
    found = distances(reference)
    assert None not in found
    assert share(found, 3_000) >= 0.99


@pytest.mark.usefixtures("belgium")
def test_places_of_the_reference_list_are_found_by_name(reference):
    """Typed as "Name, postcode": the municipality is the right one, for a sample over the whole country."""
    with (reference / "belgium" / "be-localities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[::15]
    wrong = []
    for row in rows:
        found = queries.search(f"{row['locality']}, {row['postcode']}", "BE", "fr", 1)
        if not found or found[0].place.postcode != row["postcode"]:
            wrong.append(row["locality"])
    assert len(wrong) <= len(rows) * 0.01, wrong


@pytest.mark.usefixtures("belgium")
def test_every_point_keeps_its_precision_and_its_cells():
    places = list(Place.objects.all())
    assert {place.precision for place in places} <= set(Precision.values)
    assert sum(place.precision == Precision.LOCALITY for place in places) > 1_000
    for place in places:
        assert 49.4 < place.lat < 51.6
        assert 2.5 < place.lon < 6.5
        assert place.cell == cells.cell_at(place.lat, place.lon)
        assert place.area == cells.area_of(place.cell)


@pytest.mark.usefixtures("belgium")
def test_every_postcode_has_one_main_place():
    mains = list(Place.objects.filter(main=True).values_list("postcode", flat=True))
    assert len(mains) == len(set(mains)) == 1_149
    assert set(Place.objects.exclude(postcode="").values_list("postcode", flat=True)) == set(mains)


@pytest.mark.usefixtures("belgium")
def test_municipalities_are_named_in_both_languages():
    molenbeek = Place.objects.get(postcode="1080", main=True)
    assert molenbeek.municipality_in("nl") == "Sint-Jans-Molenbeek"
    assert molenbeek.municipality_in("fr") == "Molenbeek-Saint-Jean"
    assert molenbeek.admin_code == "21012"
    assert Place.objects.get(postcode="4780", main=True).names() == {
        "fr": "Saint-Vith",
        "nl": "Sankt Vith",
        "de": "St. Vith",
        "en": "Sankt Vith",
    }
    assert Place.objects.filter(municipality="").exclude(postcode="").count() == 0


def test_what_ships_is_small_and_credited():
    assert sum(file.stat().st_size for file in SHIPPED.glob("*.csv")) < 400_000
    credit = (SHIPPED / "SOURCES.md").read_text(encoding="utf-8")
    assert "Statbel" in credit
    assert "GeoNames" in credit
    assert "CC BY 4.0" in credit
