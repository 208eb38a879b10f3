"""The maximum of a likelihood, and how sure it is: a small quasi-Newton search on a few parameters. Pure."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Likelihood = Callable[[Vector], float]
STEP = 1e-4
MOST_STEPS = 200
# So little more likely is no gain any more.
GAIN = 1e-7


def maximum(likelihood: Likelihood, start: Vector) -> tuple[Vector, Vector]:
    """Where the log-likelihood is greatest, and the covariance of the parameters there (`inf` on the diagonal where
    the data say nothing of one). Parameters are unbounded numbers of the order of 1."""
    at, value = start.astype(float), likelihood(start)
    inverse = np.eye(len(at))
    slope = _slope(likelihood, at)
    inverse /= max(1.0, float(np.abs(slope).max()))
    for _ in range(MOST_STEPS):
        direction = inverse @ slope
        if direction @ slope <= 0:
            inverse = np.eye(len(at)) / max(1.0, float(np.abs(slope).max()))
            direction = inverse @ slope
        length = min(1.0, 1.0 / max(1e-12, float(np.abs(direction).max())))
        gain = -np.inf
        while length > 1e-10:
            there = at + length * direction
            found = likelihood(there)
            if np.isfinite(found) and (gain := found - value) > 1e-4 * length * (direction @ slope):
                break
            length /= 2
        else:
            break
        fresh = _slope(likelihood, there)
        inverse = _updated(inverse, there - at, slope - fresh)
        at, value, slope = there, found, fresh
        if gain < GAIN * (1 + abs(value)):
            break
    return at, _covariance(likelihood, at)


def _slope(likelihood: Likelihood, at: Vector) -> Vector:
    steps = np.eye(len(at)) * STEP
    return np.array([(likelihood(at + step) - likelihood(at - step)) / (2 * STEP) for step in steps])


def _updated(inverse: Vector, moved: Vector, fell: Vector) -> Vector:
    """The BFGS update of the inverse curvature; `fell`: by how much the slope has fallen over `moved`."""
    bend = float(moved @ fell)
    if bend <= 1e-12:
        return inverse
    keep = np.eye(len(moved)) - np.outer(moved, fell) / bend
    updated: Vector = keep @ inverse @ keep.T + np.outer(moved, moved) / bend
    return updated


def _covariance(likelihood: Likelihood, at: Vector) -> Vector:
    size, wide = len(at), 10 * STEP
    steps = np.eye(size) * wide
    curve = np.empty((size, size))
    for one in range(size):
        for other in range(one, size):
            both, apart = steps[one] + steps[other], steps[one] - steps[other]
            rise = (
                likelihood(at + both)
                + likelihood(at - both)
                - likelihood(at + apart)
                - likelihood(at - apart)
            )
            curve[one, other] = curve[other, one] = -rise / (4 * wide * wide)
    try:
        covariance = np.linalg.inv(curve)
    except np.linalg.LinAlgError:
        return np.diag(np.full(size, np.inf))
    unknown = ~(np.diag(covariance) > 0)
    covariance[unknown, unknown] = np.inf
    return covariance
