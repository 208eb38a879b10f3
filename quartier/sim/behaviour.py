"""The behaviour file, and chance that does not depend on the order in which things happen."""

import math
import random
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("behaviour.toml")
# The standard normal quantile of 95%.
Z95 = 1.6449


Figures = dict[str, dict[str, Any]]


@cache
def behaviour() -> Figures:
    """The figures by section and name, as in `behaviour.toml`, or in the file that was told to `use`."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def read(text: str) -> Figures:
    """The figures of another behaviour file. Raises `ValueError` unless it has the sections and names of ours."""
    found = tomllib.loads(text)
    ours = tomllib.loads(FILE.read_text(encoding="utf-8"))
    missing = [
        f"{section}.{name}"
        for section, names in ours.items()
        for name in names
        if name not in found.get(section, {})
    ]
    if missing:
        raise ValueError(f"missing: {', '.join(missing)}")
    return found


def use(file: Path | None) -> None:
    """From now on, people behave in this process as that file says (`quartier calibrate`); `None`: as ours says.

    Raises `OSError` or `ValueError` for a file that is none.
    """
    figures = read((file or FILE).read_text(encoding="utf-8"))
    behaviour().clear()
    behaviour().update(figures)


class Chance:
    """Draws that depend on the seed and on what is drawn for, never on what was drawn before.

    So two runs agree though identifiers differ and things of one moment come in another order.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def of(self, *what: object) -> random.Random:
        """The generator for one purpose: `chance.of("reply", volunteer, request)`."""
        return random.Random("|".join(map(str, (self.seed, *what))))


def lognormal(chance: random.Random, median: float, sigma: float = 1.0) -> float:
    """A draw with this median; the 95th percentile is `median * exp(1.645 sigma)`."""
    return median * math.exp(sigma * chance.gauss(0, 1))


def weighted(chance: random.Random, weights: dict[str, float]) -> str:
    """One key, as often as its weight says."""
    return chance.choices(list(weights), list(weights.values()))[0]
