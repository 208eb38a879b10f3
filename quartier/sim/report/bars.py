"""Bars: a table whose rows are a name, a bar and what the bar is worth. The table is its own text alternative."""

from collections.abc import Sequence
from dataclasses import dataclass

from quartier.sim.report.drawing import short


@dataclass(frozen=True)
class Bar:
    """One row. `width`: of 100; `css`: its colour; `words`: its value as a reader says it."""

    name: str
    width: str
    words: str
    css: str


@dataclass(frozen=True)
class Bars:
    """Rows on one scale, with the sentence above them."""

    title: str
    rows: list[Bar]


def bars(title: str, rows: Sequence[tuple[str, float, str, str]], most: float = 0.0) -> Bars:
    """Bars from (name, value, words, colour). `most`: the value of a full bar; 0: the largest one."""
    full = most or max((value for _name, value, _words, _css in rows), default=0.0) or 1.0
    return Bars(
        title, [Bar(name, short(100 * min(1.0, value / full)), said, css) for name, value, said, css in rows]
    )
