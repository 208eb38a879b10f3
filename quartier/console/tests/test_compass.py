"""Neighbourhoods of one name, told apart."""

import h3
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from quartier.console.compass import told_apart
from quartier.lib import cells

IXELLES = cells.area_of(cells.cell_at(50.8275, 4.3722))
NORTH, SOUTH = (cells.area_of(cells.cell_at(50.8275 + step, 4.3722)) for step in (0.04, -0.04))


def test_each_name_that_is_there_once_stays():
    assert told_apart({IXELLES: "Ixelles", NORTH: "Schaerbeek", SOUTH: ""}) == {
        IXELLES: "Ixelles", NORTH: "Schaerbeek", SOUTH: "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "north", "south"),
    [("fr", "nord", "sud"), ("nl", "noord", "zuid"), ("de", "Nord", "Süd"), ("en", "north", "south")],
)
def test_two_of_one_name_say_where_they_lie(language, north, south):
    with translation.override(language):
        found = told_apart({NORTH: "Ixelles", SOUTH: "Ixelles"})
    assert found == {NORTH: f"Ixelles ({north})", SOUTH: f"Ixelles ({south})"}


@given(st.sets(st.integers(0, 60), max_size=12))
def test_none_is_called_like_another(which):
    disk = sorted(h3.str_to_int(one) for one in h3.grid_disk(h3.int_to_str(IXELLES), 4))
    found = told_apart({disk[place]: "Ixelles" for place in which})
    assert len(set(found.values())) == len(which)
