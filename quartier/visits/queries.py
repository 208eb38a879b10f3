"""Reading visits and offers, as a volunteer's pages show them."""

from datetime import timedelta

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.lib.ids import token_hash
from quartier.matching.models import Offer
from quartier.people.models import Volunteer
from quartier.visits.models import Assignment, CalendarLink

CALENDAR_LOOKS_BACK = timedelta(weeks=4)


def asked_count(request: Request) -> int:
    """How many volunteers have been asked for this request."""
    return Offer.made.filter(request=request).count()


def open_offers(volunteer: Volunteer, limit: int = 20) -> list[Offer]:
    """What this volunteer can still say yes or no to, the newest first, with request and case."""
    return list(
        Offer.objects.filter(
            volunteer=volunteer,
            state__in=[*Offer.LIVE, Offer.State.EXPIRED],
            request__state__in=[Request.State.OPEN, Request.State.HUMAN],
            request__window_until__gt=clock.now(),
        )
        .select_related("request__case", "request__organisation")
        .order_by("-created_at")[:limit]
    )


def visits_to_make(volunteer: Volunteer) -> list[Assignment]:
    """What this volunteer has promised and not ended, the next one first, with offer, request and case."""
    return list(
        Assignment.objects.filter(volunteer=volunteer, state__in=Assignment.ACTIVE)
        .select_related("offer", "request__case", "request__organisation")
        .order_by("comes_until")
    )


def visits_made(volunteer: Volunteer, limit: int = 5) -> list[Assignment]:
    """The last visits that were done, the newest first, with the request."""
    return list(
        Assignment.objects.filter(volunteer=volunteer, state=Assignment.State.DONE)
        .select_related("request")
        .order_by("-ended_at")[:limit]
    )


def calendar_of(token: str) -> CalendarLink | None:
    """The calendar behind this address, of a volunteer who is not suspended."""
    return (
        CalendarLink.objects.select_related("volunteer__person", "organisation")
        .filter(token_hash=token_hash(token))
        .exclude(volunteer__state=Volunteer.State.SUSPENDED)
        .first()
    )


def in_calendar(volunteer: Volunteer, limit: int = 100) -> list[Assignment]:
    """What stands in a volunteer's calendar: visits to make, and those of the last weeks, with request and case."""
    return list(
        Assignment.objects.filter(volunteer=volunteer, comes_until__gt=clock.now() - CALENDAR_LOOKS_BACK)
        .exclude(state=Assignment.State.FAILED)
        .select_related("offer", "request__case", "request__organisation")
        .order_by("-comes_until")[:limit]
    )
