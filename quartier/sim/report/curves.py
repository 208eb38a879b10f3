"""Waiting curves: which share of those who asked had somebody within so many minutes. One line a way of asking."""

from collections.abc import Sequence
from math import log

import numpy as np

from quartier.sim.report import figures, words
from quartier.sim.report.drawing import Drawing

WIDTH, HEIGHT = 360, 270
LEFT, RIGHT, TOP, BOTTOM = 34, 252, 12, 234
# The axis is logarithmic: minutes matter at first, days at last.
FIRST, LAST = 1.0, 3 * 24 * 60.0
TICKS = (1.0, 10.0, 60.0, 5 * 60.0, 24 * 60.0)
LINES = (0, 25, 50, 75, 100)
POINTS = 90
LINE_HEIGHT, APART = 14, 33
# More characters than this on one line do not fit beside the curves.
MOST_LETTERS = 15


def waiting(policies: Sequence[tuple[str, np.ndarray]], label: str) -> Drawing:
    """The curves. `policies`: the name of each, and the sorted waits of everybody who asked (`figures.waits`)."""
    drawn = Drawing(WIDTH, HEIGHT, label)
    for share in LINES:
        drawn.path([(LEFT, _y(share / 100)), (RIGHT, _y(share / 100))], "grid")
        drawn.text(LEFT - 5, _y(share / 100) + 4, words.number(share), "soft", "end")
    for minutes in TICKS:
        drawn.path([(_x(minutes), _y(0)), (_x(minutes), _y(0) + 5)], "tick")
        drawn.text(_x(minutes), _y(0) + 19, words.wait(minutes), "soft", "middle")
    steps = [FIRST * (LAST / FIRST) ** (step / POINTS) for step in range(POINTS + 1)]
    heights = []
    # The first way of asking is the one that is looked at: it lies on top.
    for place, (_name, waits) in reversed(list(enumerate(policies))):
        points = [(_x(step), _y(figures.within(waits, step))) for step in steps]
        drawn.path(points, f"line line-{place % 4}")
        heights.append((points[-1][1], place))
    for wanted, (height, place) in zip(
        _spread([y for y, _ in sorted(heights)]), sorted(heights), strict=True
    ):
        name, waits = policies[place]
        drawn.path(
            [(RIGHT + 1, height), (RIGHT + 12, wanted - 4), (RIGHT + 15, wanted - 4)],
            "tick",
        )
        rows = _rows(name)
        for row, part in enumerate(rows):
            drawn.text(
                RIGHT + 19, wanted + (row - (len(rows) - 1) / 2) * LINE_HEIGHT, part, f"name name-{place % 4}"
            )
    return drawn


def _x(minutes: float) -> float:
    return LEFT + (RIGHT - LEFT) * log(max(minutes, FIRST) / FIRST) / log(LAST / FIRST)


def _y(share: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * share


def _spread(heights: Sequence[float]) -> list[float]:
    """Heights for labels, in the same order, far enough from each other and inside the drawing."""
    found: list[float] = []
    for height in heights:
        found.append(max(height + 4, found[-1] + APART if found else TOP + 10))
    beyond = max(0.0, found[-1] - (BOTTOM - 4)) if found else 0.0
    return [height - beyond for height in found]


def _rows(name: str) -> list[str]:
    """A name on one line or two, cut at the space nearest its middle."""
    if len(name) <= MOST_LETTERS or " " not in name:
        return [name]
    cut = min(
        (place for place, letter in enumerate(name) if letter == " "), key=lambda at: abs(at - len(name) / 2)
    )
    return [name[:cut], name[cut + 1 :]]
