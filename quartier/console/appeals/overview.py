"""Where help is missing and who has little to do: counts alone, as a map and bars."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from quartier.appeals import queries, rules
from quartier.appeals.models import Appeal
from quartier.appeals.queries import Gap
from quartier.console.appeals import saying
from quartier.lib import cells, clock
from quartier.places.queries import names_of_areas
from quartier.team.models import Organisation

SHOWN = 8
PROPOSED_FOR_S = 60


def show(request: HttpRequest) -> HttpResponse:
    """The page; `days`: without a visit for so long."""
    organisation, now = request.actor.organisation, clock.now()  # type: ignore[attr-defined]
    days = next((each for each in rules.IDLE_DAYS if str(each) == request.GET.get("days")), 30)
    found = queries.gaps(organisation, now, days=days)
    names = names_of_areas([gap.area for gap in found], get_language() or "en")
    idle = queries.idle_count(organisation, days, now)
    line = queries.line_short(organisation)
    context = {
        "days": days,
        "all_days": [(each, f"{reverse('appeals')}?days={each}") for each in rules.IDLE_DAYS],
        "idle": idle,
        "idle_parts": _of(idle.active, idle.idle, idle.never),
        "gaps": _bars(found[:SHOWN], names),
        "more": max(len(found) - SHOWN, 0),
        "map_cells": drawn(found, names),
        "line": _line([row for row in line if row.waiting or row.operators]),
        "no_operator": ", ".join(
            str(row.language.name) for row in line if not (row.waiting or row.operators)
        ),
        "appeals": [
            (
                appeal,
                saying.title(appeal),
                saying.STATES[Appeal.State(appeal.state)],
                tally,
                _of(tally.sent, tally.yes),
            )
            for appeal, tally in queries.recent(organisation)
        ],
        "wishes": queries.wishes(organisation).count(),
    }
    return render(request, "console/appeals.html", context)


def _of(whole: int, *parts: int) -> list[float]:
    """Each part in hundredths of the whole, for a bar."""
    return [round(100 * part / whole, 1) if whole else 0.0 for part in parts]


def _bars(found: Sequence[Gap], names: dict[int, str]) -> list[dict[str, Any]]:
    most = max((gap.waiting for gap in found), default=1)
    differs = len({gap.waiting for gap in found}) > 1
    return [
        {
            "name": names.get(gap.area, ""),
            "kind": gap.kind,
            "language": gap.language.name if gap.language else "",
            "waiting": gap.waiting,
            "idle": gap.idle,
            # Where as many wait everywhere, a full bar beside each says nothing.
            "width": round(100 * gap.waiting / most, 1) if differs else None,
            "write": saying.address_for(gap),
        }
        for gap in found
    ]


def _line(rows: Sequence[queries.LineShort]) -> list[dict[str, Any]]:
    most = max([max(row.waiting, row.operators) for row in rows] or [0]) or 1
    return [
        {
            "language": row.language,
            "waiting": row.waiting,
            "operators": row.operators,
            "waiting_width": round(100 * row.waiting / most, 1),
            "operators_width": round(100 * row.operators / most, 1),
            "short": row.waiting > row.operators or not row.operators,
            "write": f"{reverse('appeal_new')}?purpose=role&role=operator&language={row.language.code}",
        }
        for row in rows
    ]


def drawn(found: Sequence[Gap], names: dict[int, str]) -> list[dict[str, Any]]:
    """Hexagons: how many wait, and where nobody idle lives near."""
    waiting: Counter[int] = Counter()
    idle: Counter[int] = Counter()
    for gap in found:
        waiting[gap.area] += gap.waiting
        idle[gap.area] += gap.idle
    if not waiting:
        return []
    edges = cells.bounds(waiting)
    assert edges is not None
    wide = max(edges[2] - edges[0], edges[3] - edges[1]) > 0.32
    if wide:
        waiting, idle = _by_region(waiting), _by_region(idle)
    labelled = {cell for cell, _count in waiting.most_common(4)} if not wide else set()
    around = {one for cell in waiting for one in cells.disk(cell, 1)} if len(waiting) <= 40 else set(waiting)
    return [
        {
            "boundary": [(lat, lon) for lon, lat in cells.boundary_geojson(cell)["coordinates"][0][:-1]],
            "kind": "" if cell not in waiting else "2" if idle[cell] else "none",
            "text": str(waiting[cell]) if cell in waiting else "",
            "name": names.get(cell, "").split(",")[0] if cell in labelled else "",
        }
        for cell in sorted({*around, *waiting})
    ]


def _by_region(counted: Counter[int]) -> Counter[int]:
    regions: Counter[int] = Counter()
    for area, count in counted.items():
        regions[cells.region_of(area)] += count
    return regions


def proposed(organisation: Organisation) -> dict[str, Any] | None:
    """The appeal that is most worth making, for the strip on the board; looked for once a minute."""
    key = f"appeals.proposed.{organisation.pk}"
    kept: tuple[Gap | None] | None = cache.get(key)
    if kept is None:
        kept = (queries.proposal(organisation, clock.now()),)
        cache.set(key, kept, PROPOSED_FOR_S)
    gap = kept[0]
    if gap is None:
        return None
    names = names_of_areas([gap.area], get_language() or "en")
    return {
        "where": names.get(gap.area, ""),
        "kind": gap.kind,
        "language": gap.language,
        "idle": gap.idle,
        "write": saying.address_for(gap),
    }
