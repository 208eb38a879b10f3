"""The address of a volunteer's calendar: given, changed, taken away."""

from uuid import UUID

from django.db import transaction

from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.lib.ids import token_hash, uuid7
from quartier.people.models import Volunteer
from quartier.visits.models import CalendarLink


def calendar_token(link: CalendarLink) -> str:
    """The unguessable part of its address; worked out, never stored."""
    return _token(link.organisation_id, link.pk)


@transaction.atomic
def give_calendar(*, volunteer: Volunteer) -> CalendarLink:
    """A new address; the one before opens nothing any more."""
    CalendarLink.objects.filter(volunteer=volunteer).delete()
    pk = uuid7()
    return CalendarLink.objects.create(
        pk=pk,
        organisation=volunteer.organisation,
        volunteer=volunteer,
        token_hash=token_hash(_token(volunteer.organisation_id, pk)),
        created_at=clock.now(),
    )


def take_calendar(*, volunteer: Volunteer) -> None:
    """No address opens it any more."""
    CalendarLink.objects.filter(volunteer=volunteer).delete()


def _token(organisation_id: UUID, pk: UUID) -> str:
    return blind("calendar", organisation_id, str(pk))[:32]
