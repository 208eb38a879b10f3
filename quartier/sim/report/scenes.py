"""The maps of a report: one a policy, with one slider; the film as data for the script, the last picture as drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quartier.sim.report import figures, moments, words
from quartier.sim.report import map as maps
from quartier.sim.report.drawing import short
from quartier.sim.trace import PolicyTrace, Trace

STRIP, TALL = 360, 40
COUNTED = ("served", "waiting", "left")


@dataclass(frozen=True)
class Scene:
    """One map. `layers`: paths of the last picture; `strip`: how many waited at each moment, as a path."""

    name: str
    sentence: str
    layers: tuple[str, str, str]
    counts: list[tuple[str, str, str]]
    strip: str
    most: str


@dataclass(frozen=True)
class Stage:
    """The maps, what lies under them, and the film (for the script) as plain data."""

    height: int
    land: str
    towns: list[maps.Town]
    scenes: list[Scene]
    pictures: list[str]
    film: dict[str, Any]
    rows: list[tuple[str, list[str]]]
    strip: int = STRIP
    tall: int = TALL


def stage(trace: Trace, language: str) -> Stage | None:
    """The maps of a replay; `None` if nobody asked for anything."""
    policies = trace.policies
    asked = {area for policy in policies for area in policy.area}
    if not asked:
        return None
    lived = {area for policy in policies for area, _count in policy.volunteers_by_area}
    ground = maps.ground(asked, lived, language)
    when = moments.pictures(trace.minutes, len(ground.at), len(policies))
    films = [
        moments.film(policy, [ground.part_of[area] for area in policy.area], len(ground.at), when)
        for policy in policies
    ]
    days = words.Days(trace)
    most = max(1, *(max(film.waiting) for film in films))
    return Stage(
        height=ground.height,
        land=ground.land,
        towns=ground.towns,
        scenes=[
            _scene(policy, film, ground, days.said(when[moments.worst(film)]), most)
            for policy, film in zip(policies, films, strict=True)
        ],
        pictures=[days.short(minute) for minute in when],
        film=_film(ground, films, [days.short(minute) for minute in when]),
        rows=_rows(films, [days.short(minute) for minute in when]),
    )


def _scene(policy: PolicyTrace, film: moments.Film, ground: maps.Ground, worst: str, most: int) -> Scene:
    waiting = max(film.waiting)
    said = _(
        "Most people were waiting at once on %(when)s: %(waiting)s. At the end, %(left)s had found no help."
    ) % {
        "when": worst,
        "waiting": words.number(waiting),
        "left": words.number(sum(figures.without_anybody(policy))),
    }
    labels = {"served": _("have help"), "waiting": _("are waiting"), "left": _("left to the team")}
    return Scene(
        name=words.way(policy),
        sentence=said if waiting else _("No one waited long enough to be seen here."),
        layers=ground.layers(film.last),
        counts=[(name, words.number(getattr(film, name)[-1]), labels[name]) for name in COUNTED],
        strip=_strip(film.waiting, most),
        most=_("Waiting at once; at most %(count)s") % {"count": words.number(waiting)},
    )


def _strip(waiting: Sequence[int], most: int) -> str:
    """How many waited, from the beginning to the end, as an area on a strip."""
    last = max(1, len(waiting) - 1)
    points = [
        f"{short(STRIP * place / last)} {short(TALL * (1 - n / most))}" for place, n in enumerate(waiting)
    ]
    return f"M0 {TALL}L{' '.join(points)} {STRIP} {TALL}z"


def _film(ground: maps.Ground, films: Sequence[moments.Film], when: list[str]) -> dict[str, Any]:
    shapes, hexagons = {}, {}
    for letter, (size, nobody, left) in moments.codes().items():
        shapes[letter] = [f"{size}{level}" if level else "" for level in (5 if size else 0, nobody, left)]
        for level in {5 if size else 0, nobody, left} - {0}:
            hexagons[f"{size}{level}"] = ground.hexagon(maps.BY_SIZE[size] * maps.BY_LEVEL[level])
    return {
        "when": when,
        "at": [f"{short(x)} {short(y)}" for x, y in ground.at],
        "shapes": shapes,
        "hexagons": hexagons,
        "strip": STRIP,
        "tall": TALL,
        "policies": [
            {"letters": film.letters, "counts": {name: getattr(film, name) for name in COUNTED}}
            for film in films
        ],
    }


# So many moments stand in the table behind the maps.
ROWS = 12


def _rows(films: Sequence[moments.Film], when: Sequence[str]) -> list[tuple[str, list[str]]]:
    """For some moments, what each map counts then: (moment, served, waiting and left of each policy in turn)."""
    last = len(when) - 1
    chosen = sorted({round(last * each / (ROWS - 1)) for each in range(ROWS)})
    return [
        (when[at], [words.number(getattr(film, name)[at]) for film in films for name in COUNTED])
        for at in chosen
    ]
