"""Day by day: what came in, what became of the calls, who was there to answer, who could be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from quartier.sim.report import words
from quartier.sim.report.days import Columns, column
from quartier.sim.report.drawing import Drawing
from quartier.sim.trace import PolicyTrace


@dataclass(frozen=True)
class Chart:
    """One chart: its sentence, the drawing, and what its colours and lines are, each with a word.

    `way`: the way of asking that the sentence is about, when there are several.
    """

    way: str
    sentence: str
    drawing: Drawing
    key: list[tuple[str, str]]


@dataclass(frozen=True)
class Book:
    """The days of one policy as a table: the heads, and a row a day."""

    name: str
    heads: list[str]
    rows: list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Diary:
    charts: list[Chart]
    books: list[Book]


def diary(policies: Sequence[PolicyTrace]) -> Diary:
    """The days of all policies. What no policy changes (who asks, the line) is read from the first."""
    first = policies[0]
    charts = [_asked(policies)]
    if sum(column(first, "calls")):
        charts += [_calls(first), _operators(first)]
    charts += [_volunteers(policies), _messages(policies)]
    return Diary(charts, [_book(policy) for policy in policies])


def _names(policies: Sequence[PolicyTrace]) -> list[tuple[str, str]]:
    return [(f"line-{place % 4}", words.way(policy)) for place, policy in enumerate(policies)]


def _peak(trace: PolicyTrace, values: Sequence[int]) -> str:
    place = max(range(len(values)), key=lambda day: values[day])
    return words.day(date.fromisoformat(trace.days[place].date))


def _asked(policies: Sequence[PolicyTrace]) -> Chart:
    first = policies[0]
    requests = column(first, "requests")
    said = _("Most people asked on %(day)s: %(count)s.") % {
        "day": _peak(first, requests),
        "count": words.number(max(requests)),
    }
    served = [column(policy, "served") for policy in policies]
    chart = Columns(first.days, max(max(requests), *(max(each) for each in served)), said).bars(
        requests, "bar-plain"
    )
    for place in reversed(range(len(served))):
        chart.line(served[place], place)
    chart.most(requests, words.number)
    key = [("bar-plain", _("people who asked"))]
    key += [(css, _("found help: %(way)s") % {"way": name}) for css, name in _names(policies)]
    return Chart("", said, chart.drawn, key)


def _calls(trace: PolicyTrace) -> Chart:
    answered, missed, back = (column(trace, name) for name in ("answered", "missed", "called_back"))
    total = sum(answered) + sum(missed)
    said = _(
        "%(answered)s of %(calls)s calls were answered; %(back)s of the missed ones were called back."
    ) % {
        "answered": words.number(sum(answered)),
        "calls": words.number(total),
        "back": words.number(sum(back)),
    }
    both = [one + other for one, other in zip(answered, missed, strict=True)]
    chart = Columns(trace.days, max(both), said)
    chart.bars(answered, "bar-service").bars(missed, "bar-left", under=answered).most(both, words.number)
    return Chart(
        "",
        said,
        chart.drawn,
        [("bar-service", pgettext("report", "answered")), ("bar-left", pgettext("report", "missed"))],
    )


def _operators(trace: PolicyTrace) -> Chart:
    operators = column(trace, "operators")
    said = _("At most %(count)s operators were on shift at once, on %(day)s.") % {
        "count": words.number(max(operators)),
        "day": _peak(trace, operators),
    }
    chart = (
        Columns(trace.days, max(operators), said).bars(operators, "bar-human").most(operators, words.number)
    )
    return Chart("", said, chart.drawn, [("bar-human", _("operators on shift"))])


def _volunteers(policies: Sequence[PolicyTrace]) -> Chart:
    first = policies[0]
    counts = [column(policy, "volunteers") for policy in policies]
    gone = sum(column(first, "quit"))
    said = _("%(first)s volunteers on the first day, %(last)s on the last; %(gone)s stopped.") % {
        "first": words.number(counts[0][0]),
        "last": words.number(counts[0][-1]),
        "gone": words.number(gone),
    }
    chart = Columns(first.days, max(max(each) for each in counts), said)
    for place in reversed(range(len(counts))):
        chart.line(counts[place], place)
    chart.most(counts[0], words.number)
    return Chart(_first(policies), said, chart.drawn, _names(policies))


def _messages(policies: Sequence[PolicyTrace]) -> Chart:
    first = policies[0]
    counts = [column(policy, "offers") for policy in policies]
    said = _("Most neighbours were asked on %(day)s: %(count)s.") % {
        "day": _peak(first, counts[0]),
        "count": words.number(max(counts[0])),
    }
    most = max(range(len(counts)), key=lambda place: max(counts[place]))
    chart = Columns(first.days, max(counts[most]), said)
    for place in reversed(range(len(counts))):
        chart.line(counts[place], place)
    chart.most(counts[most], words.number)
    return Chart(_first(policies), said, chart.drawn, _names(policies))


def _first(policies: Sequence[PolicyTrace]) -> str:
    return words.way(policies[0]) if len(policies) > 1 else ""


def _book(trace: PolicyTrace) -> Book:
    columns = [
        ("requests", pgettext("report", "Asked")),
        ("calls", pgettext("report", "Calls")),
        ("answered", pgettext("report", "Answered")),
        ("missed", pgettext("report", "Missed")),
        ("called_back", _("Called back")),
        ("operators", _("Operators")),
        ("volunteers", _("Volunteers")),
        ("joined", pgettext("report", "Joined")),
        ("quit", pgettext("report", "Stopped")),
        ("offers", _("Neighbours asked")),
        ("served", _("Found help")),
        ("helped", _("Visits done")),
    ]
    return Book(
        name=words.way(trace),
        heads=[head for _name, head in columns],
        rows=[
            (
                words.short_day(date.fromisoformat(day.date)),
                [words.number(getattr(day, name)) for name, _head in columns],
            )
            for day in trace.days
        ],
    )
