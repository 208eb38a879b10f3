"""How a report says numbers, waits, days and the names of things, in the active language and time zone."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from quartier.lib import choices
from quartier.look import rules
from quartier.sim.playing import LEARNS
from quartier.sim.report import figures
from quartier.sim.trace import PolicyTrace, Trace

NBSP = rules.NBSP
# What comes with the project has a title in four languages; a scenario of one's own keeps the one in its file.
TITLES: dict[str, str | Promise] = {
    "spring-2020": gettext_lazy("Spring 2020"),
    "x1": gettext_lazy("The size of spring 2020"),
    "x10": gettext_lazy("Ten times spring 2020"),
    "x100": gettext_lazy("A hundred times spring 2020"),
    "surge": gettext_lazy("A rush of thirty days"),
    "flood": gettext_lazy("A flood"),
    "heatwave": gettext_lazy("A heatwave"),
    "blackout": gettext_lazy("A power cut"),
    "day": gettext_lazy("One day"),
}
WAYS: dict[str, tuple[str | Promise, str | Promise]] = {
    "waves": (
        gettext_lazy("In waves"),
        gettext_lazy(
            "A dozen neighbours are asked at a time, then others further away. No one is asked too often."
        ),
    ),
    "adaptive": (
        gettext_lazy("As many as it takes"),
        gettext_lazy("Only as many neighbours are asked as it takes for one to say yes very soon."),
    ),
    "nearest": (
        gettext_lazy("One at a time"),
        gettext_lazy("The nearest neighbour is asked, then the next one, as with a list and a phone."),
    ),
    "broadcast": (
        gettext_lazy("Everyone at once"),
        gettext_lazy("Every neighbour within reach is asked at once, as in a messenger group."),
    ),
}
ENDS: dict[str, str | Promise] = {
    "hour": gettext_lazy("had help within an hour"),
    "day": gettext_lazy("within a day"),
    "later": pgettext_lazy("report", "later"),
    "taken": gettext_lazy("no longer needed anyone"),
    "partner": gettext_lazy("were handed on to a partner"),
    "waiting": gettext_lazy("still waiting at the end"),
    "left": gettext_lazy("found no help: left to the team"),
}
REASONS: dict[str, str | Promise] = {
    "nobody": gettext_lazy("Neighbours were asked, and none said yes"),
    figures.NONE_NEAR: gettext_lazy("No volunteer near enough to ask"),
    "words": gettext_lazy("The team has to read it first"),
    "moderation": gettext_lazy("The team has to read it first"),
    "asked": gettext_lazy("Someone asked to speak to the team"),
    "duplicate": gettext_lazy("Asked for twice"),
    "failed": gettext_lazy("Someone went, and it did not go ahead"),
    "impossible": gettext_lazy("No one could help"),
    "waiting": gettext_lazy("Still being asked when the film ends"),
}
KINDS = {each.code: each.name for each in choices.KINDS}
LANGUAGES = {each.code: each.name for each in choices.LANGUAGES}


def title(trace: Trace) -> str:
    """What the scenario is called."""
    return str(TITLES.get(trace.scenario, trace.title))


def way(policy: PolicyTrace) -> str:
    """What a way of asking is called; its own name if it is none of ours."""
    name, learns = _way(policy)
    said = str(WAYS[name][0]) if name in WAYS else name
    return _("%(way)s, learning") % {"way": said} if learns else said


def about(policy: PolicyTrace) -> str:
    """A way of asking in a sentence or two."""
    name, learns = _way(policy)
    said = [str(WAYS[name][1])] if name in WAYS else []
    return " ".join([*said, _("It learns from answers who is likely to say yes.")] if learns else said)


def _way(policy: PolicyTrace) -> tuple[str, bool]:
    """The name of a way of asking, and whether it learns: as the command line was given it, if the trace says so."""
    name = str(policy.figures.get("policy", policy.policy))
    return name.removesuffix(LEARNS), name.endswith(LEARNS)


def number(value: float, decimals: int = 0) -> str:
    """`1,234`, `1 234`, `1.234`."""
    # Django would cut the rest off.
    return number_format(round(value, decimals), decimal_pos=decimals, force_grouping=True)


def percent(share: float) -> str:
    """`84%`, `84 %`; small ones with a figure behind the comma, or `less than 0.1%`."""
    value = 100 * share
    space = NBSP if (get_language() or "en")[:2] in {"fr", "de"} else ""
    if 0 < value < 0.1:
        return _("less than %(percent)s") % {"percent": f"{number(0.1, 1)}{space}%"}
    return number(value, 1 if 0 < value < 9.95 else 0) + space + "%"


def of_hundred(share: float) -> str:
    """A share as people in a hundred: `84`, or `fewer than 1`, `nearly all`."""
    whole = round(100 * share)
    if not whole and share:
        return _("fewer than 1")
    if whole == 100 and share < 1:
        return "99"
    return number(whole)


def wait(minutes: float) -> str:
    """How long, rounded up: `less than a minute`, `9 min`, `1 h 35`, `26 h`, `1 day`."""
    whole = ceil(minutes)
    if minutes < 1:
        return _("less than a minute")
    if whole % (24 * 60) and whole > 24 * 60:
        return pgettext("a wait", "%(hours)s h").replace(" ", NBSP) % {"hours": number(ceil(minutes / 60))}
    return rules.age(whole)


def ratio(value: float) -> str:
    """How many for each one: `21.8`, `468`."""
    return number(value, 1 if value < 100 else 0)


class Days:
    """Days and hours of a trace, said in its time zone."""

    def __init__(self, trace: Trace) -> None:
        self.zone = ZoneInfo(trace.time_zone)
        self.start = datetime.fromisoformat(trace.start)

    def moment(self, minute: float) -> datetime:
        """The local moment so many minutes after the beginning."""
        return (self.start + timedelta(minutes=minute)).astimezone(self.zone)

    def said(self, minute: float) -> str:
        """`Tuesday 14 April, 4.30 pm`."""
        moment = self.moment(minute)
        return _("%(day)s, %(time)s") % {"day": day(moment.date()), "time": rules.clock_time(moment)}

    def short(self, minute: float) -> str:
        """`Tue 14 Apr, 4.30 pm`."""
        moment = self.moment(minute)
        return f"{_short(moment.date(), 'D, j. M', 'D j M')}, {rules.clock_time(moment)}".replace(" ", NBSP)


def day(that: date) -> str:
    """`Tuesday 14 April`: without the year, which stands at the top."""
    noon = datetime.combine(that, time(12), tzinfo=ZoneInfo("UTC"))
    return rules.day(that, noon + timedelta(days=30))


def short_day(that: date) -> str:
    """`14 Apr`."""
    return _short(that, "j. M", "j M").replace(" ", NBSP)


def _short(that: date, german: str, other: str) -> str:
    """French and Dutch write days and months with small letters; Django shortens them with capitals."""
    language = (get_language() or "en")[:2]
    said = format_date(that, german if language == "de" else other)
    return said.lower() if language in {"fr", "nl"} else said


def period(first: date, last: date) -> str:
    """`from Tuesday 14 April to Sunday 19 April 2020`."""
    if first == last:
        return _("on %(day)s %(year)s") % {"day": day(first), "year": first.year}
    return _("from %(first)s to %(last)s %(year)s") % {
        "first": day(first),
        "last": day(last),
        "year": last.year,
    }


def named(table: dict[str, str | Promise]) -> Callable[[str], str]:
    """Codes as words of a table; a code without a word stands for itself."""
    return lambda code: str(table.get(code, code))
