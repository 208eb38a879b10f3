import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quartier.lib import cells
from quartier.places import actions, queries
from quartier.places.models import Place

pytestmark = pytest.mark.usefixtures("belgium")


@given(st.floats(49.6, 51.4), st.floats(2.7, 6.3))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_nearest_places_are_the_nearest(lat, lon):
    everything = sorted(
        cells.distance_m(lat, lon, *point) for point in Place.objects.values_list("lat", "lon")
    )
    found = queries.nearest_places(lat, lon, 3)
    assert [round(metres) for _, metres in found] == [round(metres) for metres in everything[: len(found)]]
    assert len(found) == 3 or everything[len(found)] > 15_000


def test_nothing_is_near_the_middle_of_the_sea():
    assert queries.nearest_places(0, 0) == []
    with pytest.raises(ValueError, match="no such point"):
        queries.nearest_places(float("nan"), 4)


def test_a_neighbourhood_has_the_name_of_the_place_in_it():
    flagey = cells.area_at(50.8275, 4.3722)
    assert queries.name_of_area(flagey, "fr") == "Ixelles"
    assert queries.name_of_area(flagey, "nl") == "Elsene"
    assert queries.name_of_area(cells.area_at(50.88, 4.35), "nl") == "Laken, Brussel"
    assert queries.name_of_area(cells.area_at(0, 0), "fr") == ""


def test_many_names_take_a_few_queries_and_then_one():
    areas = cells.disk(cells.area_at(50.6, 5.0), 9)
    with CaptureQueriesContext(connection) as first:
        names = queries.names_of_areas(areas, "fr")
    with CaptureQueriesContext(connection) as again:
        assert queries.names_of_areas(areas, "fr") == names
    assert len(names) == len(areas)
    assert all(names.values())
    assert len(first) <= 4
    assert len(again) == 1


def test_names_follow_an_import(dump, row):
    lat, lon = cells.centre(cells.area_at(50.8275, 4.3722))
    area = cells.area_at(lat, lon)
    assert queries.name_of_area(area, "fr") == "Ixelles"
    actions.import_geonames(country="BE", file=dump(row("1050", "Flagey", lat, lon)))
    assert queries.name_of_area(area, "fr") == "Flagey"
