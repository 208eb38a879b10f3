"""Whether what is said between two events is so: that one of us called in vain, that somebody set out and said nothing
more, and that something is still open."""

from uuid import UUID

from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.sim.month.record import MonthRecord
from quartier.telephony.models import Call
from quartier.visits.models import Assignment


def was_called(record: MonthRecord, message: Message) -> bool:
    """One of the team had rung this person before it was said, and nobody answered."""
    calls = Call.objects.filter(
        organisation=record.organisation,
        number_index=message.person.phone_index,
        operator__isnull=False,
        direction=Call.Direction.OUT,
        answered_at=None,
        began_at__lte=record.until(message.created_at),
    )
    return bool(message.person.phone_index) and calls.exists()


def still_waits(record: MonthRecord, message: Message) -> bool:
    """It was not over, and the hour that is named was promised to who reads it."""
    promise = (
        Promise.objects.filter(pk=message.key.split(":")[-1])
        .filter(organisation=record.organisation, person=message.person_id)
        .first()
    )
    request = record.requests.get(promise.subject_id) if promise is not None else None
    return request is not None and (request.closed_at is None or request.closed_at >= message.created_at)


def said_nothing(record: MonthRecord, message: Message) -> bool:
    """Whoever is named set out for this, and nobody heard how it went."""
    request_id, until = UUID(message.key.split(":")[1]), record.until(message.created_at)
    return any(
        visit.request_id == request_id
        and visit.failure == Assignment.Failure.UNSAID
        and visit.ended_at is not None
        and visit.ended_at <= until
        and visit.volunteer.person.name.split()[0] in f"{message.subject} {message.body}"
        for visit in record.visits.values()
    )
