"""The order of the curve."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quartier.engine.hilbert import along, curve

places = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), max_size=40)


@given(places)
def test_in_the_order_of_the_curve_and_of_one_place_in_the_order_given(points):
    x, y = (np.array([point[axis] for point in points], dtype=np.float32) for axis in (0, 1))
    assert along(x, y).tolist() == np.argsort(curve(x, y), kind="stable").tolist()


def test_near_in_the_order_is_near_on_the_ground():
    side = np.arange(16, dtype=np.float32)
    x, y = (each.ravel() for each in np.meshgrid(side, side))
    order = along(x, y)
    steps = np.abs(np.diff(x[order])) + np.abs(np.diff(y[order]))
    assert steps.max() == 1
