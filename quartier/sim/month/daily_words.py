"""Whether whoever waits hears something each day, by the rows of a month."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from quartier.cases.models import Request
from quartier.duty.daily_words import OTHER_TEMPLATES
from quartier.lib import clock
from quartier.messaging import actions as messaging
from quartier.sim.month.record import MonthRecord

A_DAY = timedelta(days=1)
# One of the team says that they have called or written.
SPOKEN_VERBS = frozenset({"request.contact"})


def without_daily_word(record: MonthRecord) -> list[str]:
    """Requests with a whole day on which whoever waits heard nothing, though nobody was to come yet; whoever can only
    be called is not written to."""
    heard: dict[UUID, set[date]] = defaultdict(set)
    zone = record.organisation.zone
    for message in record.messages:
        if message.template not in OTHER_TEMPLATES:
            for at in (message.created_at, message.sent_at or message.created_at):
                heard[message.person_id].add(at.astimezone(zone).date())
    found = []
    for request in record.requests.values():
        case = request.case
        told = case.asked_by if case.tell_asker else case.person
        silent = [each for each in _days_of(record, request) if each not in heard[told.pk]]
        if silent and not request.unasked and messaging.ways_of(told, "late_news"):
            died = record.dead.get(told.pk)
            if died is None or died.astimezone(zone).date() > silent[0]:
                found.append(f"{request.pk}: {request.kind}, {', '.join(map(str, silent))}")
    return found


def _days_of(record: MonthRecord, request: Request) -> list[date]:
    """The whole days on which it was open, nobody was to come, and nobody of the team spoke with them. On the day on
    which they ask anew their page answers; once they were asked whether it is still needed, we wait for their word."""
    zone = record.organisation.zone
    visits = [each for each in record.visits.values() if each.request_id == request.pk]
    spoken = {
        each.at.astimezone(zone).date()
        for each in record.entries.get(request.pk, ())
        if each.verb in SPOKEN_VERBS
    }
    spoken |= {
        each.waiting_since.astimezone(zone).date()
        for each in record.promises
        if each.subject_id == request.pk
    }
    day = request.created_at.astimezone(zone).date() + A_DAY
    last = (request.asked_over_at or request.closed_at or clock.now()).astimezone(zone).date()
    days = []
    while day < last:
        begins = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
        is_covered = any(
            each.accepted_at < begins + A_DAY and (each.ended_at is None or each.ended_at > begins)
            for each in visits
        )
        if not is_covered and day not in spoken:
            days.append(day)
        day += A_DAY
    return days
