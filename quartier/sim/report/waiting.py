"""How long people waited: the curves, what they say in a sentence, and the table behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from quartier.sim.report import curves, figures, words
from quartier.sim.report.drawing import Drawing
from quartier.sim.trace import PolicyTrace

MOMENTS = (5.0, 15.0, 30.0, 60.0, 180.0, 360.0, 720.0, 1440.0, 2880.0)


@dataclass(frozen=True)
class Waiting:
    """`sentences`: one a policy (its name, what it came to); `rows`: within so long, the share of each policy."""

    sentences: list[tuple[str, str]]
    drawing: Drawing
    names: list[str]
    rows: list[tuple[str, list[str]]]


def waiting(policies: Sequence[PolicyTrace]) -> Waiting:
    """The waits of all policies."""
    found = [(words.way(policy), figures.waits(policy)) for policy in policies]
    sentences = [(name, _sentence(waits)) for name, waits in found]
    label = " ".join(f"{name}: {said}" for name, said in sentences)
    return Waiting(
        sentences=sentences,
        drawing=curves.waiting(found, label),
        names=[name for name, _waits in found],
        rows=[
            (words.wait(minutes), [words.percent(figures.within(waits, minutes)) for _name, waits in found])
            for minutes in MOMENTS
        ],
    )


def _sentence(waits: np.ndarray) -> str:
    half, nine = figures.wait_of(waits, 0.5), figures.wait_of(waits, 0.9)
    if half is None:
        return _("Fewer than half of the people who asked found help.")
    if nine is None:
        return _(
            "Half of the people who asked had help within %(half)s; %(nobody)s of 100 found no neighbour."
        ) % {
            "half": words.wait(half),
            "nobody": words.of_hundred(1 - figures.within(waits, float("1e12"))),
        }
    return _(
        "Half of the people who asked had help within %(half)s; one in ten waited more than %(nine)s."
    ) % {
        "half": words.wait(half),
        "nine": words.wait(nine),
    }
