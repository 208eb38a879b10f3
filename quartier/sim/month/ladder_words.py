"""Whether the sentence on which somebody decides whether to break a door says what was done, and nothing else."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import translation

from quartier.followup.models import CheckIn
from quartier.followup.queries.ladder import DoorVisit, LadderHistory
from quartier.lib import sms
from quartier.messaging.models import Message
from quartier.sim.month.record import MonthRecord
from quartier.team.models import Account
from quartier.visits.models import Assignment

MAX_NAMES = 3


def is_true(record: MonthRecord, message: Message) -> bool:
    """Everybody who had come to the end of the ladder stands in it, with as many calls and knocks as there were."""
    campaign, until = UUID(message.key.split(":")[1]), record.until(message.created_at)
    ended = []
    for row in CheckIn.objects.filter(campaign=campaign).select_related("member__person"):
        moved = record.last(row.pk, {"check_in.move"}, until)
        if moved is not None and moved.details.get("state") == CheckIn.State.ALERTED:
            ended.append(row)
    said = [each for each in ended if each.member.person.name in message.body]
    if not said and len(ended) <= MAX_NAMES:
        return False
    # A visit that ends in the same moment ends before or after it is written.
    moments = (until, message.created_at - timedelta(microseconds=1))
    with translation.override(message.language):
        return all(
            any(_stands_in(message, str(_history(record, each, at))) for at in moments) for each in said
        )


def was_left_alone(record: MonthRecord, message: Message) -> bool:
    """They had not answered, and none of us had called or was at the door by then."""
    until = record.until(message.created_at)
    row = CheckIn.objects.filter(pk=message.key.split(":")[2]).select_related("member__person").first()
    moved = record.last(row.pk, {"check_in.move", "check_in.answer"}, until) if row is not None else None
    if row is None or moved is None or moved.details.get("state") != CheckIn.State.ALERTED:
        return False
    return _history(record, row, until).is_left_alone


def _stands_in(message: Message, words: str) -> bool:
    """A text leaves out letters that double its price."""
    return words in message.body or sms.plain(words) in message.body


def _history(record: MonthRecord, row: CheckIn, until: datetime) -> LadderHistory:
    """Counted anew: calls from the audit, neighbours from their offers, visits from what they said."""
    calls = [
        each for each in record.entries.get(row.pk, ()) if each.verb == "check_in.tried" and each.at <= until
    ]
    names = [
        Account.objects.get(pk=actor).name.split(" ")[0]
        for actor in dict.fromkeys(each.actor_id for each in calls)
        if actor is not None
    ]
    asked = [
        each
        for each in record.offers.get(row.request_id, ())  # type: ignore[arg-type]
        if min(each.created_at, record.first_asked.get(each.pk, each.created_at)) <= until
    ]
    visits = [
        DoorVisit(
            visit.volunteer.person.name.split()[0],
            _state_then(visit, until),
            visit.failure if _ended(visit, until) else "",
            _ended(visit, until) or visit.on_way_at or visit.accepted_at,
        )
        for visit in record.visits.values()
        if visit.request_id == row.request_id
        and visit.accepted_at <= until
        and not (visit.state == Assignment.State.CANCELLED and _ended(visit, until))
    ]
    return LadderHistory(len(calls), tuple(names), len({each.volunteer_id for each in asked}), tuple(visits))


def _ended(visit: Assignment, until: datetime) -> datetime | None:
    """When it was over, if it was by then."""
    return visit.ended_at if visit.ended_at is not None and visit.ended_at <= until else None


def _state_then(visit: Assignment, until: datetime) -> str:
    if _ended(visit, until):
        return str(visit.state)
    if visit.on_way_at is not None and visit.on_way_at <= until:
        return str(Assignment.State.ON_WAY)
    return str(Assignment.State.ACCEPTED)
