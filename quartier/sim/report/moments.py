"""A crisis as a film: how many wait, are served and are left in each part of the map, at each step of time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log

import numpy as np

from quartier.sim.trace import HUMAN, WITHDRAWN, PolicyTrace

# Minutes from one picture to the next: the finest that gives no more pictures than there may be.
STEPS = (10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10_080)
MOST_PICTURES = 300
# One letter for each part of the map in each picture, for all policies together: this keeps the file small.
MOST_LETTERS = 480_000
# A letter says: how many asked (three sizes), which share of them has nobody, and which share was left for good.
# No figure is among them (figures count repetitions), and nothing that HTML or JSON would escape.
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!$*+,-./:;=?"
SIZES = 3
# Shares up to these are levels 1 to 4; more is level 5. Nothing is level 0.
LEVELS = (0.08, 0.34, 0.67, 0.999)


@dataclass(frozen=True)
class Film:
    """What one policy did, by part of the map and picture.

    letters   for each part, its letters (`LETTERS`) run by run: a letter, and how often if more than once
    last      for each part, the letter of the last picture
    asked, served, waiting, left  in the whole country, an entry a picture
    """

    letters: list[str]
    last: list[str]
    asked: list[int]
    served: list[int]
    waiting: list[int]
    left: list[int]


def pictures(minutes: float, parts: int, policies: int) -> list[float]:
    """The minutes of the pictures, from 0 to the end; so many that the file stays small."""
    most = max(2, min(MOST_PICTURES, MOST_LETTERS // max(1, parts * policies)))
    step = next((each for each in STEPS if minutes / each <= most), STEPS[-1])
    return [float(step * each) for each in range(ceil(minutes / step) + 1)]


def codes() -> dict[str, tuple[int, int, int]]:
    """What each letter means: size (0 to `SIZES`), level of those with nobody, level of those left among them."""
    found = {LETTERS[0]: (0, 0, 0)}
    for size in range(1, SIZES + 1):
        for nobody in range(len(LEVELS) + 2):
            for left in range(nobody + 1):
                found[LETTERS[len(found)]] = (size, nobody, left)
    return found


def film(trace: PolicyTrace, part: Sequence[int], parts: int, when: Sequence[float]) -> Film:
    """The film of one policy. `part`: for each request, its part of the map (0 to `parts` - 1).

    Who took a request back is counted no more from then on.
    """
    moments, where = np.array(when), np.array(part, dtype=np.int64)
    shape = (parts, len(when))

    def upto(minutes: Sequence[float | None]) -> np.ndarray:
        """How many of these things have happened: an array of parts by pictures."""
        has = np.array([each is not None for each in minutes], dtype=bool)
        at = np.array([each for each in minutes if each is not None], dtype=float)
        happened = np.zeros(shape, dtype=np.int32)
        first = np.searchsorted(moments, at, side="left")
        inside = first < len(moments)
        np.add.at(happened, (where[has][inside], first[inside]), 1)
        return np.cumsum(happened, axis=1, dtype=np.int32)

    def of_state(state: str) -> list[float | None]:
        return [at if each == state else None for each, at in zip(trace.state, trace.left_min, strict=True)]

    asked = upto(trace.asked_min) - upto(of_state(WITHDRAWN))
    served, left = upto(trace.accepted_min), upto(of_state(HUMAN))
    waiting = asked - served - left
    rows = _letters(asked, waiting + left, left)
    return Film(
        letters=[_runs(row) for row in rows],
        last=[row[-1] for row in rows],
        **{
            name: [int(each) for each in table.sum(axis=0)]
            for name, table in (("asked", asked), ("served", served), ("waiting", waiting), ("left", left))
        },
    )


def _letters(asked: np.ndarray, nobody: np.ndarray, left: np.ndarray) -> list[str]:
    most = int(asked.max(initial=1))
    # Sizes grow with the logarithm: a town is not to hide the villages.
    size = np.zeros(asked.shape, dtype=np.int64)
    some = asked > 0
    size[some] = np.minimum(SIZES, 1 + (SIZES * np.log(asked[some]) / log(most + 1)).astype(np.int64))
    level_nobody, level_left = _level(nobody, asked), _level(left, asked)
    table = np.zeros((SIZES + 1, len(LEVELS) + 2, len(LEVELS) + 2), dtype="<U1")
    for letter, place in codes().items():
        table[place] = letter
    table[0, :, :] = LETTERS[0]
    return ["".join(row) for row in table[size, level_nobody, level_left]]


def _level(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    share = part / np.maximum(whole, 1)
    return np.where(part > 0, 1 + np.searchsorted(LEVELS, share, side="left"), 0)


def _runs(letters: str) -> str:
    """`AAAB` as `A3B`."""
    found, start = [], 0
    for place in range(1, len(letters) + 1):
        if place == len(letters) or letters[place] != letters[start]:
            found.append(letters[start] + (str(place - start) if place - start > 1 else ""))
            start = place
    return "".join(found)


def worst(film: Film) -> int:
    """The picture in which most people wait."""
    return max(range(len(film.waiting)), key=lambda each: film.waiting[each])


def busiest(places: Sequence[str], alone: Sequence[bool], limit: int) -> list[tuple[str, int]]:
    """The places in which most people were left, the most first."""
    counted = Counter(place for place, left in zip(places, alone, strict=True) if left and place)
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:limit]
