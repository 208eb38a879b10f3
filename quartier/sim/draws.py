"""Chance by number: each draw depends on the seed, on what it is for, and for whom, never on what was drawn before.

So the fast mode and the true mode, the one with millions of events and the one with a database, draw the same
answer for the same volunteer and the same request. Compiled, for scalars and in loops over arrays.
"""

from collections.abc import Callable
from math import cos, exp, log, pi, sqrt
from typing import Any

import numba
import numpy as np

# What a draw is for. Numbers, once given, are never given again: figures of a seed would change.
(READY, ANSWER, SAYS_NO, REPLY, QUITS, WAKES, TIME, FATE, CANNOT, STAYS, TAKES_BACK, ACTS, MOVES, WANTED, REFERRED,
 HOME, KINDS, SECOND, ENGLISH, ANOTHER, SLOTS, TRAVEL, CAPACITY, KIND, URGENCY, LANGUAGE, BY_PHONE, WRITES,
 FOR_ANOTHER, HOUR, MINUTE, PATIENCE, TALKS, ASKS, LATE, HIT) = range(1, 37)  # fmt: skip

compiled: Callable[..., Any] = numba.njit(cache=True, nogil=True)


@compiled
def _mixed(value):  # type: ignore[no-untyped-def]
    """The finaliser of SplitMix64: every bit of the result depends on every bit of `value`."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@compiled
def unit(seed, purpose, a, b, c):  # type: ignore[no-untyped-def]
    """A number in (0, 1) for one purpose and up to three numbers of who or what it is for."""
    step = np.uint64(0x9E3779B97F4A7C15)
    state = _mixed(np.uint64(seed) * step + np.uint64(purpose))
    state = _mixed(state + np.uint64(a) * step)
    state = _mixed(state + np.uint64(b) * step)
    state = _mixed(state + np.uint64(c) * step)
    return (float(state >> np.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)


@compiled
def normal(seed, purpose, a, b, c):  # type: ignore[no-untyped-def]
    """A standard normal number (Box and Muller)."""
    one = unit(seed, purpose, a, b, c)
    two = unit(seed, purpose + 1000, a, b, c)
    return sqrt(-2.0 * log(one)) * cos(2.0 * pi * two)


@compiled
def around(seed, purpose, a, b, c, median, sigma):  # type: ignore[no-untyped-def]
    """A lognormal number with this median."""
    return median * exp(sigma * normal(seed, purpose, a, b, c))


@compiled
def units(seed, purpose, numbers, b):  # type: ignore[no-untyped-def]
    """One number in (0, 1) for each of `numbers`; `b` is the second number of what it is for."""
    found = np.empty(len(numbers))
    for place, number in enumerate(numbers):
        found[place] = unit(seed, purpose, number, b, 0)
    return found


@compiled
def normals(seed, purpose, numbers, b):  # type: ignore[no-untyped-def]
    """One standard normal number for each of `numbers`."""
    found = np.empty(len(numbers))
    for place, number in enumerate(numbers):
        found[place] = normal(seed, purpose, number, b, 0)
    return found


def choose(chance: np.ndarray, weights: Any) -> np.ndarray:
    """Places in `weights`, one for each number in (0, 1) of `chance`, as often as the weights say."""
    steps = np.cumsum(np.asarray(list(weights), dtype=float))
    return np.minimum(np.searchsorted(steps / steps[-1], chance, side="right"), len(steps) - 1)


def beta(chance: np.ndarray, a: float, b: float) -> np.ndarray:
    """Beta-distributed numbers for the numbers in (0, 1) of `chance`: the inverse of its distribution, which is
    summed up on a grid (of the square root, since it is steep near 0). Within 0.0005."""
    root = np.linspace(0.0, 1.0, 4001)
    middle = (root[1:] + root[:-1]) / 2
    share = middle ** (2 * a - 1) * (1 - middle**2) ** (b - 1)
    steps = np.concatenate([[0.0], np.cumsum(share)])
    return np.asarray(np.interp(chance, steps / steps[-1], root) ** 2)
