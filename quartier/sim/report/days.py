"""Day by day: who asked, what became of the calls, operators on shift, volunteers. Small columns and lines."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

from quartier.sim.report import words
from quartier.sim.report.drawing import Drawing
from quartier.sim.trace import PolicyTrace

WIDTH, HEIGHT = 360, 132
LEFT, RIGHT, TOP, BOTTOM = 4, 356, 24, 108
GAP = 0.22
LETTER = 6.4


class Dated(Protocol):
    """A day, or a week by its Monday (ISO date)."""

    @property
    def date(self) -> str: ...


class Columns:
    """A chart of days, or of weeks. Everything in it has one scale, from 0 to `most`."""

    def __init__(self, days: Sequence[Dated], most: float, label: str) -> None:
        self.drawn = Drawing(WIDTH, HEIGHT, label)
        self._days, self._most = days, most or 1.0
        self._wide = (RIGHT - LEFT) / max(1, len(days))
        self.drawn.path([(LEFT, BOTTOM), (RIGHT, BOTTOM)], "tick")
        self._dates()

    def _dates(self) -> None:
        """The first and the last day, and Mondays between them where there is room."""
        drawn = self.drawn
        known = [date.fromisoformat(day.date) for day in self._days]
        last = len(known) - 1
        drawn.text(LEFT, BOTTOM + 17, words.short_day(known[0]), "soft")
        if last:
            drawn.text(RIGHT, BOTTOM + 17, words.short_day(known[-1]), "soft", "end")
        free = LEFT + 70.0
        for place, day in enumerate(known):
            x = self._x(place)
            if day.weekday() == 0 and 0 < place < last:
                drawn.path([(x, BOTTOM), (x, BOTTOM + 4)], "tick")
                if free < x < RIGHT - 78:
                    drawn.text(x, BOTTOM + 17, words.short_day(day), "soft", "middle")
                    free = x + 64

    def _x(self, place: int) -> float:
        return LEFT + self._wide * (place + 0.5)

    def _height(self, value: float) -> float:
        return (BOTTOM - TOP) * value / self._most

    def bars(self, values: Sequence[int], css: str, under: Sequence[int] = ()) -> "Columns":
        """A column a day, on top of the columns `under`."""
        wide = max(0.8, self._wide * (1 - GAP))
        for place, value in enumerate(values):
            if value:
                top = self._height(value)
                base = self._height(under[place]) if under else 0.0
                self.drawn.rect(self._x(place) - wide / 2, BOTTOM - base - top, wide, max(top, 0.8), css)
        return self

    def line(self, values: Sequence[int], place: int) -> "Columns":
        """A line through the days, in the way in which this policy is drawn everywhere."""
        points = [(self._x(day), BOTTOM - self._height(value)) for day, value in enumerate(values)]
        if len(points) == 1:
            points = [(LEFT, points[0][1]), (RIGHT, points[0][1])]
        self.drawn.path(points, f"line line-{place % 4}")
        return self

    def most(self, values: Sequence[int], say: Callable[[int], str]) -> "Columns":
        """Words above the highest day."""
        if values and max(values):
            place = max(range(len(values)), key=lambda day: values[day])
            said = say(values[place])
            half = len(said) * LETTER / 2
            x = min(max(self._x(place), LEFT + half), RIGHT - half)
            self.drawn.text(x, BOTTOM - self._height(values[place]) - 7, said, "name", "middle")
        return self


def column(trace: PolicyTrace, name: str) -> list[int]:
    """One field of the days of a trace."""
    return [getattr(day, name) for day in trace.days]
