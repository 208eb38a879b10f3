"""Where waiting has an end though nobody of us has answered: a last honest word, closed with the true reason, and the
team sees whom it failed (decision 0050). And a day of a series that went by, once the next one comes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.rides import RIDE_KIND
from quartier.followup.actions.ledger import changed
from quartier.followup.actions.overdue import (
    ANSWER_TIMEOUT,
    BATCH_SIZE,
    GRACE_PERIOD,
    answer_by,
    end_with_our_fault,
    get_for_update,
    has_written,
    who_met_nobody,
    who_said_nothing,
)
from quartier.followup.models import FollowUp
from quartier.lib import hours
from quartier.matching import actions as matching
from quartier.messaging.words.circumstances import COMPLAINT
from quartier.people.queries import first_name
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.team.access import system
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

# So long after the time of what was asked is over, a word is broken no more but the last one said.
GIVE_UP_AFTER = timedelta(days=3)
# The team was silent over so many words in a row, the one that breaks now not counted.
MIN_BROKEN_BEFORE = 1
# So long before the next day of a series begins, the one that was missed is over.
NEXT_DAY_LEAD = timedelta(days=1)


@transaction.atomic
def give_up(*, request: Request, promise: Promise, now: datetime) -> bool:
    """The hour of this promise has passed, as that of the one before, and so has the time of what was asked, days ago:
    whoever waits hears that we failed them and what else helps, instead of one more hour. False where that is not so.
    The caller knows that none of us has called in vain."""
    if promise.complaint_id is not None and not _is_waited_for(request):
        return _give_up_complaint(request, promise, now)
    if promise.times_broken < MIN_BROKEN_BEFORE or request.window_until > now - GIVE_UP_AFTER:
        return False
    found = get_for_update(request.pk)
    if found is None or found.unasked or found.window_until > now - GIVE_UP_AFTER or _is_night(found, now):
        return False
    promises.break_promises(subject_kind="request", subject_id=found.pk)
    end_with_our_fault(found, complaint=promise.complaint_id is not None)
    return True


def _is_waited_for(request: Request) -> bool:
    return request.state in {Request.State.OPEN, Request.State.HUMAN} and not request.accepted


def _give_up_complaint(request: Request, promise: Promise, now: datetime) -> bool:
    """The help itself goes on, or is over, so that nothing is closed: for days nobody has answered what they told us
    after a visit. It stands first on the team's page until somebody has looked after it."""
    is_new = _complained_at(promise) > now - GIVE_UP_AFTER
    if promise.times_broken < MIN_BROKEN_BEFORE or is_new or _is_night(request, now):
        return False
    promises.break_promises(subject_kind="request", subject_id=request.pk)
    assert promise.complaint_id is not None
    changed(system(request.organisation), "follow_up.give_up", "follow_up", promise.complaint_id)
    matching.tell_who_waits(request, "given_up", str(promise.complaint_id), kind=COMPLAINT)
    return True


def _complained_at(promise: Promise) -> datetime:
    """Since when one of us owes an answer to what they told us: what was owed before about the help is older."""
    assert promise.complaint_id is not None
    told = FollowUp.objects.filter(pk=promise.complaint_id).values_list("answered_at", flat=True).first()
    return promise.waiting_since if told is None else max(told, promise.waiting_since)


def end_missed_days(now: datetime) -> int:
    """Days of a series on which nobody came, now that somebody comes on the next one, or it begins soon: over, with a
    word of their own. Two of them at once would contradict each other. Returns how many."""
    following = Request.objects.filter(
        Q(state=Request.State.COVERED) | Q(window_from__lte=now + NEXT_DAY_LEAD),
        series=OuterRef("series"),
        day__gt=OuterRef("day"),
    ).exclude(closure=Request.Closure.WITHDRAWN)
    # Whoever set out may have been there: the person is asked first.
    set_out = Assignment.objects.filter(
        request=OuterRef("pk"),
        failure=Assignment.Failure.UNSAID,
        comes_until=OuterRef("window_until"),
    )
    rows = Request.objects.filter(
        Exists(following),
        Q(asked_over_at=None) & ~Exists(set_out) | Q(asked_over_at__lte=now - ANSWER_TIMEOUT),
        series__isnull=False,
        state__in=[Request.State.OPEN, Request.State.HUMAN],
        accepted=0,
        window_until__lte=now - GRACE_PERIOD,
    )
    # A lift that they still needed after its hour came to one of us by itself: nobody has anything to read of it.
    complaint = Promise.objects.filter(
        subject_kind="request", subject_id=OuterRef("pk"), outcome="", complaint_id__isnull=False
    )
    # One that a coordinator has in hand, or about which they want a call, is none: it was not opened again by that.
    by_itself = Q(reopened__gt=0, taken_by=None)
    is_lift = by_itself & Q(kind=RIDE_KIND, why_human=Request.Why.ASKED) & ~Exists(complaint)
    rows = rows.filter(is_lift | ~Q(why_human__in=Request.UNREAD))
    keys = list(rows.order_by("window_until").values_list("pk", flat=True)[:BATCH_SIZE])
    return sum(_end_missed_day(key, now) for key in keys)


@transaction.atomic
def _end_missed_day(key: UUID, now: datetime) -> bool:
    request = get_for_update(key)
    if request is None or request.window_until > now - GRACE_PERIOD or _is_night(request, now):
        return False
    if request.asked_over_at is not None and now < answer_by(request, request.asked_over_at):
        # Until this hour they may tell us that it is still needed.
        return False
    if has_written(request, now):
        # "We had no answer" would not be true: one of us has words of theirs to read.
        return False
    # Whoever was promised a call by an hour that is still to come would wait for it.
    is_call_expected = cases.is_call_expected(request)
    promises.break_promises(subject_kind="request", subject_id=key)
    closed = visits.end_request(
        actor=system(request.organisation), request=request, closure=Request.Closure.EXPIRED
    )
    # Nobody knows whether the one who set out came, and they have not said so either.
    template = "closed_unanswered" if who_said_nothing(request) else "missed_day"
    following = Request.objects.filter(series=closed.series_id, day__gt=closed.day, window_until__gt=now)
    following = following.exclude(state=Request.State.CLOSED).order_by("day")
    next_day = following.values_list("day", flat=True).first() if closed.series_id else None
    values: dict[str, Any] = {}
    if template == "missed_day" and (met_nobody := who_met_nobody(request)) is not None:
        values = {"not_met": True, "name": first_name(met_nobody.volunteer.person), "next_day": next_day}
    elif template == "missed_day" and next_day is not None:
        values = {"next_day": next_day}
    if is_call_expected:
        values["also"] = "no_call"
    matching.tell_who_waits(closed, template, str(closed.reopened), **values)
    return True


def _is_night(request: Request, now: datetime) -> bool:
    group = request.organisation
    return hours.is_within(now, group.quiet_from, group.quiet_until, group.zone)
