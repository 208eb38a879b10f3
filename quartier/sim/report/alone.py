"""Who was left: why, where, for what kind of help, in which language."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from quartier.sim.report import figures, moments, names, words
from quartier.sim.report.bars import Bars, bars
from quartier.sim.trace import PolicyTrace

# Rows of the table of places, and languages with a row of their own.
PLACES, MOST = 8, 6


@dataclass(frozen=True)
class Alone:
    """One policy. `places`: (municipality, left, asked, volunteers there)."""

    name: str
    sentence: str
    more: str
    parts: list[Bars]
    places: list[tuple[str, str, str, str]]


def alone(trace: PolicyTrace, language: str) -> Alone:
    """Who had nobody at the end."""
    without = figures.without_anybody(trace)
    left = sum(without)
    said = ngettext("%(left)s of %(asked)s found no help.", "%(left)s of %(asked)s found no help.", left) % {
        "left": words.number(left),
        "asked": words.number(len(without)),
    }
    vain, partner = figures.asked_in_vain(trace), figures.ends(trace)["partner"]
    more = []
    if vain:
        more.append(
            ngettext(
                "Where neighbours had been asked, half of the time it was %(count)s or more.",
                "Where neighbours had been asked, half of the time it was %(count)s or more.",
                vain,
            )
            % {"count": words.number(vain)}
        )
    if partner:
        more.append(
            ngettext(
                "%(count)s more was handed on to a partner.",
                "%(count)s more were handed on to a partner.",
                partner,
            )
            % {"count": words.number(partner)}
        )
    return Alone(
        name=words.way(trace),
        sentence=said if left else _("No one was left without help."),
        more=" ".join(more),
        parts=_parts(trace) if left else [],
        places=_places(trace, without, language) if left else [],
    )


def _parts(trace: PolicyTrace) -> list[Bars]:
    reason, kind, spoken = (words.named(table) for table in (words.REASONS, words.KINDS, words.LANGUAGES))
    return [
        bars(
            _("Why"),
            [
                (reason(why), float(count), words.number(count), "bar-left")
                for why, count in figures.reasons(trace)
            ],
        ),
        _shares(_("What they asked for"), figures.left_by(trace, [kind(each) for each in trace.kind])),
        _shares(
            _("Which language they speak"),
            figures.few(
                figures.left_by(trace, [spoken(each) for each in trace.language]),
                MOST,
                pgettext("report", "others"),
            ),
        ),
    ]


def _shares(title: str, parts: list[figures.Part]) -> Bars:
    """How many of those who asked were left, by part; the most asked for first."""
    rows = [
        (
            part.name,
            part.share,
            _("%(left)s of %(asked)s") % {"left": words.number(part.left), "asked": words.number(part.asked)},
            "bar-left",
        )
        for part in parts
    ]
    return bars(title, rows, most=1.0)


def _places(trace: PolicyTrace, without: list[bool], language: str) -> list[tuple[str, str, str, str]]:
    volunteers = Counter(dict(trace.volunteers_by_area))
    called = names.municipalities({*trace.area, *volunteers}, language)
    asked = Counter(called[area] for area in trace.area)
    there: Counter[str] = Counter()
    for area, count in volunteers.items():
        there[called[area]] += count
    worst = moments.busiest([called[area] for area in trace.area], without, PLACES)
    return [
        (place, words.number(left), words.number(asked[place]), words.number(there[place]))
        for place, left in worst
    ]
