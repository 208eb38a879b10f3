"""How an offer is said and drawn: why this volunteer, the neighbourhood as hexagons. Pure."""

from datetime import UTC, datetime, time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quartier.cases.models import Request
from quartier.cases.rules import former_hour_of_ride
from quartier.lib import cells, choices
from quartier.look.rules import between, clock_time, day, distance
from quartier.people.models import Volunteer
from quartier.places.queries import place_called
from quartier.visits import rules as visits

# Help for which a volunteer may have to lay out money.
WITH_MONEY = frozenset({"groceries", "pharmacy"})
# Help that is not given at a door: one goes along, goes in, or takes somebody in.
NOT_AT_THE_DOOR = frozenset({"transport", "cleanup", "shelter", "interpret"})
# Farther apart than this many rings (about 2.4 km each), only the neighbourhood of the help is drawn.
MOST_RINGS = 7


def why_you(reasons: list[list[Any]], by_hand: bool) -> list[str]:
    """The reasons kept with an offer, as sentences in the active language. What is unknown is left out."""
    said = [_("Someone from our team thought of you.")] if by_hand else []
    for code, value in reasons:
        match code:
            case "near" if isinstance(value, int):
                said.append(_("You live nearby: %(distance)s.") % {"distance": distance(value)})
            case "known":
                said.append(_("You have been there before, and know each other."))
            case "regular":
                said.append(_("You come every time."))
            case "kind" if name := _name(choices.KINDS, value):
                said.append(_("You said that you can do this: %(kind)s.") % {"kind": name})
            case "language" if name := _name(choices.LANGUAGES, value):
                said.append(_("You share a language: %(language)s.") % {"language": name})
            case "travel" if name := _name(choices.TRAVEL, value):
                said.append(_("The way you get around suits: %(travel)s.") % {"travel": name})
            case "free":
                said.append(_("You said that you are often free at that time."))
            case "experience" if isinstance(value, int) and value > 0:
                said.append(
                    ngettext(
                        "You have helped a neighbour before.",
                        "You have helped neighbours %(count)s times before.",
                        value,
                    )
                    % {"count": value}
                )
    return said


def _name(group: tuple[choices.Choice, ...], code: Any) -> str:
    return next((str(each.name) for each in group if each.code == code), "")


def neighbourhood(there: int, me: int, *, you: str, here: str) -> list[dict[str, Any]]:
    """The areas (H3 resolution 7) around the one of the help and the one of the volunteer, to be drawn.

    Never finer than an area, and never a point. `you`, `here`: the words on the two.
    """
    from_me = {area: ring for ring in range(MOST_RINGS + 2) for area in cells.ring(me, ring)}
    apart = from_me.get(there)
    if apart is None or apart > MOST_RINGS:
        shown = set(cells.disk(there, 2))
    else:
        # All areas that are hardly a detour on the way from one to the other.
        from_there = {area: ring for ring in range(apart + 2) for area in cells.ring(there, ring)}
        shown = {area for area, ring in from_there.items() if ring + from_me.get(area, 99) <= apart + 2}
    near = apart is not None and apart <= 3
    drawn = []
    for area in sorted(shown):
        corners = cells.boundary_geojson(area)["coordinates"][0][:-1]
        cell: dict[str, Any] = {"boundary": [(lat, lon) for lon, lat in corners]}
        place = "text" if near else "name"
        if area == there:
            cell |= {"kind": "lit", place: here}
        elif area == me:
            cell |= {"kind": "me", place: you}
        drawn.append(cell)
    return drawn


def where(asked: Request) -> str:
    """What the place is called in the reader's language, as the messages say it."""
    return place_called(asked.organisation.country, asked.case.postcode, asked.case.place_name)


def times(asked: Request, now: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """Times to choose from, day by day: the day in words, then the value and the words of each time."""
    days: dict[str, list[tuple[str, str]]] = {}
    for start, end in visits.times_to_choose(asked, now):
        value = f"{int(start.timestamp())}-{int(end.timestamp())}"
        days.setdefault(day(start, now), []).append((value, between(start, end)))
    return list(days.items())


def former_hour(asked: Request) -> str:
    """The hour in words for which a ride was asked, where it was missed and is looked for at another one."""
    hour = former_hour_of_ride(asked)
    return clock_time(time.fromisoformat(hour)) if hour else ""


def suggested(asked: Request, volunteer: Volunteer, now: datetime) -> tuple[str, str] | None:
    """The hours that whoever waits is told where no other ones are chosen, as a value and words; `None` where what was
    asked is no longer than anybody can wait."""
    start = max(asked.window_from, now)
    if not visits.is_too_long(start, asked.window_until):
        return None
    start, end = visits.part_of(asked, start, asked.window_until, volunteer.slots, now)
    return f"{int(start.timestamp())}-{int(end.timestamp())}", f"{day(start, now)} {between(start, end)}"


def chosen_time(value: str) -> tuple[datetime, datetime] | None:
    """The time behind the value of an option; `None` for "when I can", and for what no option says."""
    try:
        start, end = (datetime.fromtimestamp(int(part[:12]), tz=UTC) for part in value.split("-"))
    except (ValueError, OverflowError, OSError):
        return None
    return start, end


def at_door(asked: Request) -> bool:
    """Whether whoever goes there stays at the door."""
    return not asked.remote and asked.kind not in NOT_AT_THE_DOOR


def doorstep(asked: Request) -> tuple[str | Promise, ...]:
    """What is promised at the door during the incident of this request, beside what always holds."""
    return () if asked.remote or asked.incident is None else asked.incident.shipped.door
