"""A hundred windows, one for each of a hundred who asked: lit where somebody came. The first picture of a report."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from quartier.sim.report import figures, words
from quartier.sim.trace import PolicyTrace

A_ROW, WIDE, TALL = 20, 18, 24


@dataclass(frozen=True)
class House:
    """One policy: `windows` as (x, y, how it ended), and how many of a hundred ended each way."""

    name: str
    about: str
    sentence: str
    windows: list[tuple[int, int, str]]
    key: list[tuple[str, str, str]]


def house(trace: PolicyTrace) -> House:
    """The windows of one policy, with what they say in words."""
    counts = figures.ends(trace)
    hundred = figures.of_hundred(counts)
    row = [end for end in figures.ENDS for _each in range(hundred[end])]
    return House(
        name=words.way(trace),
        about=words.about(trace),
        sentence=sentence(counts),
        windows=[(place % A_ROW * WIDE, place // A_ROW * TALL, end) for place, end in enumerate(row)],
        key=[
            (end, words.number(hundred[end]) if hundred[end] else _("fewer than 1"), str(words.ENDS[end]))
            for end in figures.ENDS
            if counts[end]
        ],
    )


def sentence(counts: dict[str, int]) -> str:
    """How it ended, in one sentence."""
    total = sum(counts.values())
    if not total:
        return _("No one asked for anything.")
    day = (counts["hour"] + counts["day"]) / total
    return _("Of 100 people who asked, %(hour)s had help within an hour and %(day)s within a day.") % {
        "hour": words.of_hundred(counts["hour"] / total),
        "day": words.of_hundred(day),
    }
