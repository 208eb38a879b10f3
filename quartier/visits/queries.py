"""Reading visits."""

from quartier.people.models import Volunteer
from quartier.visits.models import Assignment


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
