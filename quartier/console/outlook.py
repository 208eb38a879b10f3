"""Before and after in words, bars and a small map."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quartier.console.queries.map import WIDE
from quartier.console.why import away
from quartier.lib import cells
from quartier.matching.planning.answer import Comparison
from quartier.matching.planning.whatif import Outlook

# More neighbourhoods than this are not drawn with those around them.
FEW_CELLS = 40


@dataclass(frozen=True)
class Measure:
    """One line: what is counted, before and after as one reads it, and as percent of the bars (`None`: no bar)."""

    name: str
    before: str
    after: str
    bar_before: int | None = None
    bar_after: int | None = None


@dataclass(frozen=True)
class Group:
    """One set of requests: how many there are, how many were looked at, sentences, measures, and cells for the map."""

    code: str
    total: int
    looked: int
    sentences: list[str]
    measures: list[Measure]
    cells: list[dict[str, Any]]


def shown(found: Comparison, code: str) -> Group:
    """Everything that the page says of one set of requests."""
    before, after = found.before, found.after
    if not before.requests:
        return Group(code, found.total, 0, [], [], [])
    # The week has no map.
    hexagons = drawn(found) if code == "open" else []
    return Group(
        code, found.total, before.requests, sentences(before, after), measures(before, after), hexagons
    )


def sentences(before: Outlook, after: Outlook) -> list[str]:
    """What it comes to, plainly: who can be asked, how soon, how many offers."""
    return [_reach(before, after), _soon(before, after), _offers(before, after)]


def _reach(before: Outlook, after: Outlook) -> str:
    more, covered = after.reachable - before.reachable, after.covered - before.covered
    if more > 0:
        return ngettext(
            "For %(count)s more request there would be someone to ask.",
            "For %(count)s more requests there would be someone to ask.",
            more,
        ) % {"count": more}
    if more < 0:
        return ngettext(
            "For %(count)s request fewer there would be someone to ask.",
            "For %(count)s requests fewer there would be someone to ask.",
            -more,
        ) % {"count": -more}
    if covered > 0:
        return ngettext(
            "%(count)s more request could be covered at the same time.",
            "%(count)s more requests could be covered at the same time.",
            covered,
        ) % {"count": covered}
    return _("For just as many requests as today there would be someone to ask.")


def _soon(before: Outlook, after: Outlook) -> str:
    was, is_ = _percent(before.within_hour), _percent(after.within_hour)
    if was == is_:
        return _("Within an hour, about %(now)s in 100 would have a yes, as today.") % {"now": is_}
    words = {"now": is_, "before": was}
    return _("Within an hour, about %(now)s in 100 would have a yes instead of %(before)s.") % words


def _offers(before: Outlook, after: Outlook) -> str:
    was, is_ = round(before.offers), round(after.offers)
    if was == is_:
        return _("That takes as many messages to volunteers as today.")
    return _("That takes about %(now)s messages to volunteers instead of %(before)s.") % {
        "now": number_format(is_, force_grouping=True),
        "before": number_format(was, force_grouping=True),
    }


def measures(before: Outlook, after: Outlook) -> list[Measure]:
    """The figures, one line each."""
    return [
        _counted(_("Someone can be asked"), before.reachable, after.reachable, before.requests),
        _counted(_("Covered, if everyone said yes"), before.covered, after.covered, before.requests),
        Measure(
            _("A yes within an hour (expected)"),
            _in_hundred(before.within_hour),
            _in_hundred(after.within_hour),
            _percent(before.within_hour),
            _percent(after.within_hour),
        ),
        Measure(_("Half of them go less than"), _way(before.median_m), _way(after.median_m)),
        Measure(
            _("Messages in that hour (expected)"),
            number_format(round(before.offers), force_grouping=True),
            number_format(round(after.offers), force_grouping=True),
        ),
    ]


def _counted(name: str, before: int, after: int, of: int) -> Measure:
    said = [_("%(count)s of %(all)s") % {"count": count, "all": of} for count in (before, after)]
    return Measure(name, said[0], said[1], _percent(before / of), _percent(after / of))


def _percent(share: float) -> int:
    return round(share * 100)


def _in_hundred(share: float) -> str:
    return _("%(count)s in 100") % {"count": _percent(share)}


def _way(metres: int | None) -> str:
    return "…" if metres is None else away(metres)


def drawn(found: Comparison) -> list[dict[str, Any]]:
    """Hexagons for the map: `none` where somebody has nobody, `lit` where that changes, `2` where all have somebody.

    Neighbourhoods, or regions when they lie far apart; the number is how many ask there.
    """
    areas = [cells.area_at(lat, lon) for lat, lon in zip(found.lat, found.lon, strict=True)]
    edges = cells.bounds(areas)
    if edges is None:
        return []
    wide = max(edges[2] - edges[0], edges[3] - edges[1]) > WIDE
    places = [cells.region_of(area) for area in areas] if wide else areas
    count = Counter(places)
    alone = {place for place, reached in zip(places, found.after.reached, strict=True) if not reached}
    gained = {
        place
        for place, was, is_ in zip(places, found.before.reached, found.after.reached, strict=True)
        if is_ and not was
    }
    around = {one for place in count for one in cells.disk(place, 1)} if len(count) <= FEW_CELLS else set()
    return [
        {
            "boundary": [(lat, lon) for lon, lat in cells.boundary_geojson(place)["coordinates"][0][:-1]],
            "kind": "lit" if place in gained else "none" if place in alone else "2" if place in count else "",
            "text": str(count[place]) if place in count else "",
        }
        for place in sorted({*around, *count})
    ]
