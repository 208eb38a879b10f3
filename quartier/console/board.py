"""The board: every request that is not closed, by its next step: late, then urgent, then by age."""

from datetime import datetime
from functools import cache
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quartier.console import rules
from quartier.console.alerts import PULSE_TIMEOUT, pulse_context
from quartier.console.appeals.overview import proposed
from quartier.console.intake.begun import begun_unsent
from quartier.console.line.waits import waits_of
from quartier.console.map_page import area_words
from quartier.console.queries import board as read
from quartier.console.queries import map as places
from quartier.console.queries.board_money import to_look_at
from quartier.console.queries.calls_to_make import calls_to_make
from quartier.console.request_page import COORDINATES
from quartier.console.rules import Filters, Lane
from quartier.conversation.queries import unread
from quartier.incidents import queries as incidents
from quartier.incidents.models import Incident, Proposal
from quartier.lib import choices, clock
from quartier.look import rules as look
from quartier.people.queries import next_days_without_anybody
from quartier.team.models import Organisation

TITLES = {
    Lane.HUMAN: lambda: _("Needs a person"),
    Lane.FIND: lambda: _("Find a volunteer"),
    Lane.ANSWER: lambda: _("Waiting for a yes"),
    Lane.TELL: lambda: _("Tell them who is coming"),
    Lane.COMES: lambda: _("Visit arranged"),
    Lane.LATE: lambda: _("Time passed"),
}
SIDE_SHOWS = 8
MOST_AREAS = 24
# More than this nobody counts on a board.
MOST_UNREAD = 99
EMPTY = {
    Lane.HUMAN: lambda: _("Nothing is waiting for a person."),
    Lane.FIND: lambda: _("No one is waiting for neighbours to be asked."),
    Lane.ANSWER: lambda: _("No answers are awaited."),
    Lane.TELL: lambda: _("Everyone knows who is coming."),
    Lane.COMES: lambda: _("No one is expected."),
    Lane.LATE: lambda: _("No visit is past its time."),
}


def show(request: HttpRequest) -> HttpResponse:
    """The board; asked by htmx, only its moving part."""
    actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
    chosen = rules.filters(request.GET.dict())
    found = read.board(actor.organisation, actor.id, chosen, now)
    to_call = calls_to_make(actor.organisation, now)
    nobody_there = next_days_without_anybody(actor.organisation, now)
    is_whole = not (chosen.is_narrowed or _shows_other_lane(chosen))
    begun_anywhere = begun_unsent(actor.organisation, now)
    begun = begun_anywhere if is_whole else []
    unread_count = len(unread(actor).values_list("pk", flat=True)[:MOST_UNREAD])
    waits = waits_of(actor)
    # Whoever is called too late is as late as a request. Filters are of requests alone.
    late_calls = 0 if chosen.is_part else (waits["owed"].late if waits else 0) + to_call.late_beside_lanes
    context = {
        "board": found,
        "begun": begun,
        "begun_count": len(begun),
        "actor_id": actor.id,
        "alerted": _alerted(request),
        "unread": unread_count,
        "filters": chosen,
        "now": now,
        "here": request.get_full_path(),
        "shows": [
            _shown(chosen, show, found.shows[show] + (late_calls if show == "late" else 0))
            for show in Filters.SHOWS
        ],
        "waits": waits,
        "to_call": to_call,
        "calm": _is_calm(chosen, found)
        and not (begun_anywhere or unread_count or to_call or nobody_there or pulse_context()["stood_since"]),
        "nobody_there": nobody_there,
        # Whom the matcher should have looked for before this, it does not look for.
        "overdue": now - PULSE_TIMEOUT,
        "elsewhere": 0 if found.human.count or _shows_other_lane(chosen) else found.human_count,
        "more": _more(actor.organisation, chosen, found),
        "narrowed": bool(chosen.kind or chosen.language or chosen.area or chosen.incident),
        "lanes": [
            (
                lane,
                TITLES[lane.lane](),
                _("Nothing with this filter.") if chosen.is_narrowed else EMPTY[lane.lane](),
                _oldest(lane, now),
                _address(chosen, lane=lane.lane),
            )
            for lane in found.others
        ],
        "map_cells": places.drawn(found.areas) if not chosen.lane else [],
        "side": [
            (one, _address(Filters(), area=one.area), area_words(one))
            for one in found.areas.first(SIDE_SHOWS)
            if one.waiting or one.late or one.past
        ],
        "human_title": TITLES[Lane.HUMAN](),
        "human_all": _address(chosen, lane=Lane.HUMAN.value),
        "whole": _address(chosen, lane=""),
        "coordinates": (coordinates := actor.has(*COORDINATES)),
        "money": to_look_at(actor.organisation) if coordinates and not chosen.lane else None,
        "proposed": proposed(actor.organisation) if coordinates and not chosen.lane else None,
    }
    return render(request, "console/board_live.html" if request.htmx else "console/board.html", context)  # type: ignore[attr-defined]


def _is_calm(chosen: Filters, found: read.Board) -> bool:
    """Whether no request waits for a human: of all there are, not only of those that the filters leave."""
    if found.human_count or _shows_other_lane(chosen):
        return False
    return chosen.lane == Lane.HUMAN or not found.late_count


def _shows_other_lane(chosen: Filters) -> bool:
    return chosen.lane not in {"", Lane.HUMAN}


def _alerted(request: HttpRequest) -> list[Proposal]:
    """What alerts propose, for whoever coordinates; not in the moving part."""
    actor = request.actor  # type: ignore[attr-defined]
    shown = actor.has(*COORDINATES) and not request.htmx  # type: ignore[attr-defined]
    return incidents.proposed(actor.organisation, clock.now()) if shown else []


def _address(chosen: Filters, **changes: object) -> str:
    words = {
        "show": "" if chosen.show == "all" else chosen.show,
        "kind": chosen.kind,
        "language": chosen.language,
        "area": chosen.area or "",
        "lane": chosen.lane,
        "incident": chosen.incident.hex if chosen.incident else "",
    } | changes
    given = {name: value for name, value in words.items() if value}
    return _board_path(get_language()) + (f"?{urlencode(given)}" if given else "")


# A board has a hundred links to itself.
@cache
def _board_path(_language: str | None) -> str:
    return reverse("board")


def _oldest(lane: read.LaneShown, now: datetime) -> str:
    if lane.oldest is None:
        return ""
    age = look.age(look.minutes_between(lane.oldest, now))
    if lane.lane == Lane.LATE:
        return _("%(age)s past the time") % {"age": age}
    return _("oldest %(age)s") % {"age": age}


def _shown(chosen: Filters, show: str, count: int) -> dict[str, object]:
    names = {"all": _("All"), "late": _("Late"), "urgent": _("Urgent"), "mine": _("Mine")}
    return {
        "name": names[show],
        "href": _address(chosen, show="" if show == "all" else show, lane=""),
        "current": chosen.show == show,
        "count": count,
    }


def _incidents(
    organisation: Organisation, chosen: Filters, found: read.Board
) -> list[tuple[object, str, int]]:
    """Those during which something that is not closed was asked. One query if there are any."""
    ids = [*found.incidents, *([chosen.incident] if chosen.incident else [])]
    if not ids:
        return []
    named = Incident.objects.filter(pk__in=ids, organisation=organisation).order_by("-opened_at", "-pk")
    return [(each.pk.hex, each.name, found.incidents[each.pk]) for each in named]


def _more(organisation: Organisation, chosen: Filters, found: read.Board) -> list[dict[str, object]]:
    """Kinds, languages and neighbourhoods that somebody waits for, as groups of links; the chosen one can be left."""
    kinds = [(each.code, str(each.name), found.kinds[each.code]) for each in choices.KINDS]
    languages = [(each.code, str(each.name), found.languages[each.code]) for each in choices.LANGUAGES]
    areas: list[tuple[object, str, int]] = [
        (one.area, one.name, one.waiting + one.helped) for one in found.areas.busiest(MOST_AREAS)
    ]
    if chosen.area and chosen.area not in {area for area, _name, _count in areas}:
        areas.append((chosen.area, _("This neighbourhood"), 0))
    groups: list[tuple[str, str, object, list[tuple[object, str, int]]]] = [
        ("kind", _("What"), chosen.kind, list(kinds)),
        ("language", _("Language"), chosen.language, list(languages)),
        ("area", _("Where"), chosen.area, areas),
    ]
    if during := _incidents(organisation, chosen, found):
        groups.append(("incident", _("During"), chosen.incident and chosen.incident.hex, during))
    return [
        {
            "name": title,
            "links": [
                {
                    "name": name,
                    "count": count,
                    "current": value == now,
                    "href": _address(chosen, lane="", **{word: "" if value == now else value}),
                }
                for value, name, count in entries
                if count or value == now
            ],
        }
        for word, title, now, entries in groups
    ]
