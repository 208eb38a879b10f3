"""Ways of asking side by side: what counts, as bars and as one table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quartier.sim.report import figures, words
from quartier.sim.report.bars import Bars, bars
from quartier.sim.trace import PolicyTrace


@dataclass(frozen=True)
class Measures:
    """What one policy came to. Shares of everybody who asked; `half` and `nine` are `None` where fewer had anybody.

    half, nine   minutes within which half, and nine in ten, of all who asked had somebody
    each         neighbours asked for each one who had somebody
    quit         share of the volunteers who went for good
    """

    hour: float
    day: float
    half: float | None
    nine: float | None
    left: int
    partner: int
    each: float | None
    most: int
    top_tenth: float
    quit: float


def measures(trace: PolicyTrace) -> Measures:
    """What one policy came to."""
    waits, load = figures.waits(trace), figures.load(trace.notifications)
    served = sum(1 for each in trace.waited_min if each is not None)
    offers = sum(day.offers for day in trace.days)
    gone = sum(day.quit for day in trace.days)
    stayed = trace.days[-1].volunteers if trace.days else 0
    return Measures(
        hour=figures.within(waits, figures.HOUR),
        day=figures.within(waits, figures.DAY),
        half=figures.wait_of(waits, 0.5),
        nine=figures.wait_of(waits, 0.9),
        left=sum(figures.without_anybody(trace)),
        partner=figures.ends(trace)["partner"],
        each=offers / served if served else None,
        most=load.most,
        top_tenth=load.top_tenth,
        quit=gone / (gone + stayed) if gone else 0.0,
    )


@dataclass(frozen=True)
class Side:
    """The table and the pictures. `rows`: (what, its value for each policy)."""

    names: list[str]
    rows: list[tuple[str, list[str]]]
    pictures: list[Bars]


def side(policies: Sequence[PolicyTrace]) -> Side:
    """The policies side by side, in the order in which they were asked for."""
    found = [measures(policy) for policy in policies]
    names = [words.way(policy) for policy in policies]

    def row(what: str, say: Callable[[Measures], str]) -> tuple[str, list[str]]:
        return what, [say(each) for each in found]

    def picture(
        title: str,
        value: Callable[[Measures], float | None],
        say: Callable[[Measures], str],
        least: float = 0.0,
    ) -> Bars:
        """One bar a policy; a full one is the largest, or `least`, so that nearly nothing looks like it."""
        values = [value(each) for each in found]
        full = max(least, *(each or 0.0 for each in values))
        return bars(
            title,
            [
                (name, of or 0.0, say(each), f"bar-{place % 4}")
                for place, (name, of, each) in enumerate(zip(names, values, found, strict=True))
            ],
            most=full,
        )

    return Side(
        names=names,
        rows=[
            row(_("Had help within an hour"), lambda each: words.percent(each.hour)),
            row(_("Had help within a day"), lambda each: words.percent(each.day)),
            row(_("Half had help within"), lambda each: _wait(each.half)),
            row(_("Nine in ten had help within"), lambda each: _wait(each.nine)),
            row(_("Handed on to a partner"), lambda each: words.number(each.partner)),
            row(_("Found no help in the end"), lambda each: words.number(each.left)),
            row(_("Neighbours asked for each person who found help"), lambda each: _ratio(each.each)),
            row(_("Asked most: number of times"), lambda each: words.number(each.most)),
            row(_("Share of messages to the tenth asked most"), lambda each: words.percent(each.top_tenth)),
            row(_("Volunteers who stopped"), lambda each: words.percent(each.quit)),
        ],
        pictures=[
            picture(
                _("Had help within an hour"),
                lambda each: each.hour,
                lambda each: words.percent(each.hour),
                1.0,
            ),
            picture(_("Half had help within"), lambda each: each.half, lambda each: _wait(each.half)),
            picture(
                _("Neighbours asked for each person who found help"),
                lambda each: each.each,
                lambda each: _ratio(each.each),
            ),
            picture(
                _("Volunteers who stopped"),
                lambda each: each.quit,
                lambda each: words.percent(each.quit),
                0.1,
            ),
        ],
    )


def _wait(minutes: float | None) -> str:
    return _("not reached") if minutes is None else words.wait(minutes)


def _ratio(value: float | None) -> str:
    return "–" if value is None else words.ratio(value)
