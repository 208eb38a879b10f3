"""What the asking asked of volunteers: how often each was asked, who was asked most, and how evenly it was spread."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from quartier.sim.report import figures, words
from quartier.sim.report.bars import Bars, bars
from quartier.sim.trace import PolicyTrace


@dataclass(frozen=True)
class Burden:
    """One policy."""

    name: str
    sentence: str
    fairness: str
    bars: Bars


def burden(trace: PolicyTrace) -> Burden:
    """How often volunteers were asked."""
    found = figures.load(trace.notifications)
    said = _("Half of the volunteers were asked %(median)s or less, and the one asked most %(most)s.") % {
        "median": _times(found.median),
        "most": _times(found.most),
    }
    if not found.median:
        said = _("Half of the volunteers were never asked, and the one asked most %(most)s.") % {
            "most": _times(found.most)
        }
    fair = _(
        "The tenth of the volunteers who were asked most got %(top)s of all messages; it would be %(even)s "
        "if all were asked equally often. (Gini coefficient %(gini)s: 0 means equally often, 1 means one "
        "volunteer was asked everything.)"
    ) % {
        "top": words.percent(found.top_tenth),
        "even": words.percent(0.1),
        "gini": words.number(found.gini, 2),
    }
    rows = [
        (_group(first, last), count / (found.volunteers or 1), words.number(count), "bar-human")
        for (first, last), count in zip(figures.TIMES, found.groups, strict=True)
        if first <= found.most
    ]
    return Burden(
        name=words.way(trace),
        sentence=said if found.messages else _("No volunteer was asked."),
        fairness=fair if found.messages else "",
        bars=bars(_("Volunteers by how often they were asked"), rows, most=1.0),
    )


def _times(count: int) -> str:
    return ngettext("%(count)s time", "%(count)s times", count) % {"count": words.number(count)}


def _group(first: int, last: int | None) -> str:
    if last is None:
        return _("%(count)s times or more") % {"count": words.number(first)}
    if last > first:
        return _("%(first)s to %(last)s times") % {"first": first, "last": last}
    return _times(first) if first else pgettext("report", "never")
