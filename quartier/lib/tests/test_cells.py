from itertools import pairwise
from math import inf, nan

import h3.api.basic_int as h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartier.lib import cells

FLAGEY = cells.cell_at(50.8275, 4.3722)
EARTH = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
INHABITED = st.tuples(st.floats(-55, 70), st.floats(-180, 180))


@given(EARTH)
def test_a_cell_fits_a_signed_column_and_holds_its_point(point):
    cell = cells.cell_at(*point)
    assert 0 < cell < 2**63
    assert cells.distance_m(*point, *cells.centre(cell)) < 300
    assert cells.cell_at(*cells.centre(cell)) == cell
    assert cells.area_of(cells.area_of(cell)) == cells.area_of(cell)
    assert cells.region_of(cell) == cells.region_of(cells.area_of(cell))


@pytest.mark.parametrize(
    "point",
    [(nan, 4), (50, nan), (inf, 4), (91, 4), (50, 181), (-90.1, 0), ("here", 4), (None, 4), (10**400, 4)],
)
def test_what_is_no_point_on_earth_is_refused(point):
    with pytest.raises(ValueError, match=r".+"):
        cells.cell_at(*point)


@pytest.mark.parametrize("cell", [0, -1, 1, 2**63, 2**64 - 1, 4.5, "8", None, True])
def test_what_is_no_cell_is_refused(cell):
    with pytest.raises(ValueError, match="not an H3 cell"):
        cells.area_of(cell)
    with pytest.raises(ValueError, match="not an H3 cell"):
        cells.between(FLAGEY, cell)


def test_a_cell_of_the_wrong_size_is_refused():
    with pytest.raises(ValueError, match="wrong size"):
        cells.area_of(cells.region_of(FLAGEY))


@pytest.mark.parametrize("k", [-1, 1.5, True, None, cells.MOST_RINGS + 1])
def test_impossible_rings_are_refused(k):
    with pytest.raises(ValueError, match="rings go from 0"):
        cells.disk(cells.area_of(FLAGEY), k)
    with pytest.raises(ValueError, match="rings go from 0"):
        cells.clear_distance(FLAGEY, k)


def test_rings_fill_a_disk():
    area = cells.area_of(FLAGEY)
    assert cells.ring(area, 0) == [area]
    for k in range(6):
        rings = [one for step in range(k + 1) for one in cells.ring(area, step)]
        assert sorted(rings) == cells.disk(area, k)
        assert len(rings) == 1 + 3 * k * (k + 1)


def test_known_distances():
    brussels, liege = (50.8467, 4.3525), (50.6333, 5.5667)
    assert cells.distance_m(*brussels, *liege) == pytest.approx(88_700, rel=0.01)
    assert cells.distance_m(90, 0, -90, 0) == pytest.approx(20_015_115, rel=0.001)
    assert cells.distance_m(0, 179.9, 0, -179.9) == pytest.approx(22_239, rel=0.001)
    assert cells.between(FLAGEY, FLAGEY) == 0


@given(INHABITED)
@settings(max_examples=40, deadline=None)
def test_grandchildren_stay_within_the_reach_of_their_area(point):
    """The step of the proof that is about H3 and not about geometry."""
    area = cells.area_at(*point)
    corner = max(cells.distance_m(*cells.centre(area), *at) for at in h3.cell_to_boundary(area))
    farthest = max(cells.between(area, cell) for cell in h3.cell_to_children(area, cells.CELL_RESOLUTION))
    assert farthest <= 0.92 * corner


@given(INHABITED, st.integers(1, 3))
@settings(max_examples=15, deadline=None)
def test_nobody_outside_the_disk_is_nearer_than_the_clear_distance(point, k):
    """Counted: every cell of the two rings of areas behind the disk."""
    here = cells.cell_at(*point)
    area = cells.area_of(here)
    outside = [*cells.ring(area, k + 1), *cells.ring(area, k + 2)]
    there = [cell for one in outside for cell in h3.cell_to_children(one, cells.CELL_RESOLUTION)]
    nearest = min(cells.between(here, cell) for cell in there)
    clear = cells.clear_distance(here, k)
    assert clear <= nearest
    # The bound is worth something: not more than one area's width below the truth.
    assert nearest - clear < 2_500


def test_the_clear_distance_holds_for_every_cell_of_an_area_and_grows():
    area = cells.area_of(FLAGEY)
    for here in h3.cell_to_children(area, cells.CELL_RESOLUTION):
        clear = [cells.clear_distance(here, k) for k in range(8)]
        assert clear[0] == 0
        assert all(one < other for one, other in pairwise(clear))


@given(INHABITED, st.floats(0, 30_000))
@settings(max_examples=30, deadline=None)
def test_rings_within_are_enough_and_not_more(point, metres):
    here = cells.cell_at(*point)
    k = cells.rings_within(here, metres)
    assert cells.clear_distance(here, k) >= metres
    assert k == 0 or cells.clear_distance(here, k - 1) < metres


def test_rings_within_refuses_what_is_no_distance_and_ends_far_away():
    assert cells.rings_within(FLAGEY, inf) == cells.MOST_RINGS
    for metres in (-1, nan):
        with pytest.raises(ValueError, match="a distance is"):
            cells.rings_within(FLAGEY, metres)


@given(EARTH)
def test_an_outline_is_a_closed_ring_around_the_centre(point):
    area = cells.area_at(*point)
    outline = cells.boundary_geojson(area)
    ring = outline["coordinates"][0]
    assert outline["type"] == "Polygon"
    assert ring[0] == ring[-1]
    assert len(ring) >= 6
    assert max(lon for lon, _ in ring) - min(lon for lon, _ in ring) <= 180 or abs(point[0]) > 85


def test_bounds():
    assert cells.bounds([]) is None
    west, south, east, north = cells.bounds([FLAGEY, cells.cell_at(51.05, 3.72)])
    assert west < east
    assert south < north
