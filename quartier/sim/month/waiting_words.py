"""Whether what is said between two events is so: that a word was broken, that one of us called in vain, that somebody
set out and said nothing more, or comes each time and was silent, and that something is still open."""

from datetime import datetime
from uuid import UUID

from quartier.followup.models import FollowUp
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.sim.month.record import STEP_TOLERANCE, MonthRecord, ids
from quartier.telephony.models import Call
from quartier.visits.models import Assignment, Regular
from quartier.visits.rules import SILENCES


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


def was_broken(record: MonthRecord, message: Message) -> bool:
    """A word of this kind to them was broken; and none of us had tried to reach them for it: then we did call."""
    renewal = Promise.objects.filter(pk__in=ids(message)).select_related("renewed_from").first()
    broken = renewal.renewed_from if renewal is not None else None
    if broken is None or broken.outcome != Promise.Outcome.BROKEN or broken.told_by == Promise.ToldBy.NOBODY:
        return False
    if message.template in {"late_call", "late_call_again"} and broken.kind != Promise.Kind.CALL:
        return False
    # A try before the hour at which somebody is to be rung back keeps nothing.
    return broken.subject_kind == "callback" or not _was_tried(record, message, broken)


def _was_tried(record: MonthRecord, message: Message, promise: Promise) -> bool:
    calls = Call.objects.filter(
        organisation=record.organisation,
        number_index=message.person.phone_index,
        operator__isnull=False,
        direction=Call.Direction.OUT,
        answered_at=None,
        began_at__range=(promise.made_at, promise.ended_at or message.created_at),
    )
    return bool(message.person.phone_index) and calls.exists()


def still_waits(record: MonthRecord, message: Message) -> bool:
    """It was not over, or somebody owed them an answer to a complaint; and the hour that is named was promised to who
    reads it."""
    promise = (
        Promise.objects.filter(pk=message.key.split(":")[-1])
        .filter(organisation=record.organisation, person=message.person_id)
        .first()
    )
    request = record.requests.get(promise.subject_id) if promise is not None else None
    if promise is None or request is None:
        return False
    ended_at = promise.ended_at if promise.complaint_id else request.closed_at
    return ended_at is None or ended_at >= message.created_at


def visit_is_over(record: MonthRecord, message: Message) -> bool:
    """They are asked about a visit that is done, or about one that was still under way and whose time was over."""
    row = FollowUp.objects.filter(pk__in=ids(message)).select_related("assignment").first()
    if row is None:
        return False
    visit, at = row.assignment, message.created_at
    went_on = visit.ended_at is None or visit.ended_at >= at
    under_way = visit.on_way_at is not None and visit.on_way_at <= at and went_on
    return visit.state == Assignment.State.DONE or (under_way and visit.comes_until <= at)


def was_given_up(record: MonthRecord, message: Message) -> bool:
    """It was closed since none of us had answered; or what they complained about was not answered."""
    about, *complaint = ids(message)
    if record.done(about, ("request.close",), message, closure=("neglected",)):
        return True
    return any(record.done(each, ("follow_up.give_up",), message) for each in complaint)


def was_unanswered(record: MonthRecord, message: Message) -> bool:
    """It was closed since they said nothing when they were asked, and not after the last word that one of us owed them
    was broken, or while one of us was to call: then it was not theirs to answer."""
    request_id, until = UUID(message.key.split(":")[1]), record.until(message.created_at)
    asked = record.last(request_id, {"request.ask_if_needed"}, until)
    if asked is None or not record.done(request_id, {"request.close"}, message, closure=("expired",)):
        return False
    opened = record.last(request_id, {"request.open", "request.reopen"}, asked.at)
    last: tuple[datetime, str] | None = None
    for promise in record.promises:
        is_owed = promise.needs_team and promise.told_by != Promise.ToldBy.NOBODY
        if promise.subject_id != request_id or not is_owed or promise.made_at > until:
            continue
        if promise.ended_at is None or promise.ended_at > until:
            return False
        # That they were asked keeps what is owed, and does not make good what was broken.
        by_asking = promise.outcome == Promise.Outcome.KEPT and promise.ended_at - asked.at <= STEP_TOLERANCE
        is_before = opened is not None and promise.ended_at < opened.at
        was_over = promise.outcome == Promise.Outcome.WITHDRAWN
        if not (by_asking and promise.ended_at >= asked.at) and not is_before and not was_over:
            last = max(last or (promise.ended_at, ""), (promise.ended_at, promise.outcome))
    return last is None or last[1] != Promise.Outcome.BROKEN


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


def regular_is_unheard(record: MonthRecord, message: Message) -> bool:
    """Whoever comes each time was silent the last times on which they were to come, and is asked for this one."""
    about, *more = ids(message)
    until = record.until(message.created_at)
    regular = Regular.objects.filter(pk__in=more, since__lte=until).first()
    request = record.requests.get(about)
    if regular is None or request is None or request.series_id != regular.series_id:
        return False
    over = regular.ended_at is not None and regular.ended_at < message.created_at
    asked = any(
        each.volunteer_id == regular.volunteer_id
        and record.first_asked.get(each.pk, each.created_at) <= until
        for each in record.offers[request.pk]
    )
    return asked and not over and _was_silent(record, regular, message.created_at)


def _was_silent(record: MonthRecord, regular: Regular, before: datetime) -> bool:
    ended = [
        each
        for each in record.visits.values()
        if each.volunteer_id == regular.volunteer_id
        and each.ended_at is not None
        and each.ended_at < before
        and record.requests[each.request_id].series_id == regular.series_id
    ]
    last = sorted(ended, key=lambda each: each.comes_from)[-SILENCES:]
    silent = {Assignment.Failure.NO_SHOW, Assignment.Failure.UNSAID}
    return len(last) == SILENCES and all(each.failure in silent for each in last)
