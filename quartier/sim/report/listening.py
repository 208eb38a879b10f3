"""Who is called regularly: how many by week, their calls, how they feel from one time to the next, why it ended."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from quartier.sim.lasting.facts import Listening
from quartier.sim.report import words
from quartier.sim.report.days import Columns
from quartier.sim.report.diary import Chart
from quartier.sim.report.drawing import Drawing

WHY: dict[str, str | Promise] = {
    "enough": gettext_lazy("it was no longer needed"),
    "person": gettext_lazy("they asked to stop"),
    "listener": gettext_lazy("the listener stopped"),
    "no_fit": gettext_lazy("the two did not get on"),
    "referred": gettext_lazy("handed on to a professional service"),
    "died": gettext_lazy("they died"),
}
WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 350, 12, 160
SCORES = (0, 25, 50, 75, 100)


def note() -> str:
    """What is assumed of how people feel."""
    return _(
        "How people feel is drawn at random here, and the calls are assumed to have no effect: no one has "
        "published one."
    )


def said(told: Listening) -> list[str]:
    """The programme in sentences."""
    spoken, not_reached, missed = (
        sum(getattr(week, each) for week in told.weeks) for each in ("spoken", "not_reached", "missed")
    )
    found = [
        ngettext(
            "%(count)s person asked for regular calls; %(listeners)s volunteers were trained to listen.",
            "%(count)s people asked for regular calls; %(listeners)s volunteers were trained to listen.",
            told.wishes,
        )
        % {"count": words.number(told.wishes), "listeners": words.number(told.listeners)},
        ngettext(
            "At the end %(count)s person is called regularly.",
            "At the end %(count)s people are called regularly.",
            told.followed,
        )
        % {"count": words.number(told.followed)},
        _(
            "Calls in which they spoke: %(spoken)s; no answer: %(not_reached)s; no report, and the "
            "supervisor was told: %(missed)s."
        )
        % {
            "spoken": words.number(spoken),
            "not_reached": words.number(not_reached),
            "missed": words.number(missed),
        },
    ]
    if told.checks or told.worries:
        found.append(
            _("Alerts, because someone was not reached twice or the listener was worried: %(count)s.")
            % {"count": words.number(told.checks + told.worries)}
        )
    return found


def pairs(told: Listening) -> Chart:
    """How many people are called regularly, at the end of each week."""
    counts = [week.pairs for week in told.weeks]
    label = _("People who are called regularly, at the end of each week")
    chart = (
        Columns(told.weeks, max(counts, default=0), label)
        .bars(counts, "bar-human")
        .most(counts, words.number)
    )
    return Chart("", label, chart.drawn, [])


def calls(told: Listening) -> Chart:
    """What became of the calls, by week."""
    spoken, not_reached, missed = (
        [getattr(week, each) for week in told.weeks] for each in ("spoken", "not_reached", "missed")
    )
    both = [one + two for one, two in zip(spoken, not_reached, strict=True)]
    whole = [one + two for one, two in zip(both, missed, strict=True)]
    label = _("Calls a week")
    chart = Columns(told.weeks, max(whole, default=0), label)
    chart.bars(spoken, "bar-service").bars(not_reached, "bar-plain", under=spoken)
    chart.bars(missed, "bar-left", under=both).most(whole, words.number)
    key = [
        ("bar-service", _("they spoke")),
        ("bar-plain", pgettext("report", "no answer")),
        ("bar-left", _("no report")),
    ]
    return Chart("", label, chart.drawn, key)


def moods(told: Listening) -> list[Chart]:
    """How those feel who were asked more than once: a thin line for each person, a thick one for all of them."""
    several = [scores for scores in told.moods if len(scores) > 1]
    if not several:
        return []
    longest = max(map(len, several))
    first, last = (sum(scores[place] for scores in several) / len(several) for place in (0, -1))
    label = ngettext(
        "%(count)s person was asked more than once how they feel (WHO-5, from 0 to 100): %(first)s on average the "
        "first time, %(last)s the last time.",
        "%(count)s people were asked more than once how they feel (WHO-5, from 0 to 100): %(first)s on average the "
        "first time, %(last)s the last time.",
        len(several),
    ) % {"count": words.number(len(several)), "first": words.number(first), "last": words.number(last)}
    drawn = Drawing(WIDTH, HEIGHT, label)
    for score in SCORES:
        drawn.path([(LEFT, _y(score)), (RIGHT, _y(score))], "grid")
        drawn.text(LEFT - 5, _y(score) + 4, words.number(score), "soft", "end")
    for place in range(longest):
        words_of = pgettext("report, which time they were asked", "%(number)s.") % {"number": place + 1}
        drawn.text(_x(place, longest), BOTTOM + 19, words_of, "soft", "middle")
    for scores in several:
        drawn.path([(_x(place, longest), _y(score)) for place, score in enumerate(scores)], "thin")
    means = []
    for place in range(longest):
        here = [scores[place] for scores in several if len(scores) > place]
        means.append((_x(place, longest), _y(sum(here) / len(here))))
    drawn.path(means, "line line-0")
    key = [("line-0", _("all of them, on average")), ("line thin", _("one person"))]
    return [Chart("", label, drawn, key)]


def _x(place: int, longest: int) -> float:
    edge = 16
    return LEFT + edge + (RIGHT - LEFT - 2 * edge) * place / max(1, longest - 1)


def _y(score: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * score / 100
