"""My visits in my own calendar: a private address that calendars fetch (iCalendar, RFC 5545). Who is helped and at
which door never stands in it: what one subscribes to is kept by others."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from quartier.lib import choices, clock
from quartier.people.models import Volunteer
from quartier.team.access import only_at
from quartier.team.queries import origin_of
from quartier.visits import actions, queries
from quartier.visits.models import Assignment
from quartier.volunteer import rules
from quartier.volunteer.access import me

# How often a calendar may ask again.
FRESH_FOR = timedelta(minutes=15)
STATUS = {Assignment.State.CANCELLED: "CANCELLED"}


@never_cache
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind the address; 404 for one that opens nothing."""
    link = queries.calendar_of(token)
    if link is None:
        raise Http404
    only_at(request.organisation, link.organisation_id)  # type: ignore[attr-defined]
    with translation.override(link.volunteer.person.language):
        body = _calendar(link.volunteer, link.organisation.name)
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="visits.ics"', "X-Robots-Tag": "noindex"},
    )


def act(request: HttpRequest) -> HttpResponse:
    """A new address, or none any more."""
    _actor, volunteer = me(request)
    match request.POST.get("do"):
        case "give":
            actions.give_calendar(volunteer=volunteer)
            messages.success(request, _("Here is the link to your calendar. Keep it to yourself."))
        case "take":
            actions.take_calendar(volunteer=volunteer)
            messages.success(request, _("That link no longer works."))
        case _:
            raise Http404
    return redirect("volunteer_home")


def address(volunteer: Volunteer) -> str:
    """Where this volunteer's calendar is; "" when they have not asked for one."""
    link = getattr(volunteer, "calendar", None)
    if link is None:
        return ""
    return f"{origin_of(volunteer.organisation)}{reverse('volunteer_calendar', args=[actions.calendar_token(link)])}"


def subscription(volunteer: Volunteer) -> str:
    """The same address as calendars on a phone or a computer take it with one tap; "" for none."""
    found = address(volunteer)
    return f"webcal:{found.partition(':')[2]}" if found else ""


def _status(visit: Assignment) -> str:
    """What a calendar calls it. Of which nobody said how it went, was not cancelled."""
    if visit.failure == Assignment.Failure.UNSAID:
        return "CONFIRMED"
    return STATUS.get(Assignment.State(visit.state), "CONFIRMED")


def _calendar(volunteer: Volunteer, organisation: str) -> bytes:
    from icalendar import Calendar, Event  # Only here: every process would read it when it starts.

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Quartier//visits//")
    calendar.add("x-wr-calname", organisation)
    calendar.add("refresh-interval", FRESH_FOR, {"value": "DURATION"})
    calendar.add("x-published-ttl", FRESH_FOR)
    for visit in queries.in_calendar(volunteer):
        event = Event()
        for name, value in _event(visit).items():
            event.add(name, value)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(visit: Assignment) -> dict[str, object]:
    kind, where = choices.kind(visit.request.kind).name, rules.where(visit.request)
    # Their own page, for which they sign in: a private link would open the door to whoever sees the calendar.
    link = f"{origin_of(visit.request.organisation)}{reverse('volunteer_home')}#visits"
    return {
        "uid": f"{visit.pk}@quartier",
        "dtstamp": clock.now(),
        "dtstart": visit.comes_from,
        "dtend": max(visit.comes_until, visit.comes_from + timedelta(minutes=15)),
        "summary": f"{kind}, {where}" if where else str(kind),
        "description": _("Address and number: {link}").format(link=link),
        "url": link,
        "status": _status(visit),
    }
