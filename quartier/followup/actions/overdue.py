"""Requests whose time is over and for which nobody came: asked about once, then closed with that reason."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from quartier.cases import actions as cases
from quartier.cases import rules
from quartier.cases.models import Request
from quartier.followup.models import CheckIn
from quartier.lib import clock, hours
from quartier.matching import actions as matching
from quartier.promises.models import Promise
from quartier.team.access import Actor, system
from quartier.visits import actions as visits

# So long after the end of its time a request is asked about.
GRACE_PERIOD = timedelta(minutes=30)
# Without an answer it is closed by the hour that they were told, after so long at least; where nobody could be written
# to, one of the team has more time to call.
ANSWER_TIMEOUT, CALL_TIMEOUT = timedelta(hours=24), timedelta(days=3)
BATCH_SIZE = 50
# One of the team has not read or heard yet what these are about: that stays the reason why a human is needed.
UNREAD = (Request.Why.MODERATION, Request.Why.WORDS, Request.Why.ASKED)


def ask_overdue(now: datetime) -> int:
    """Ask whoever waits whether it was done or is still needed, once, and not at night. Returns about how many."""
    knocking = CheckIn.objects.filter(state=CheckIn.State.KNOCKING, request__isnull=False).values("request")
    rows = Request.objects.filter(
        state__in=[Request.State.OPEN, Request.State.HUMAN],
        accepted=0,
        asked_over_at=None,
        window_until__lte=now - GRACE_PERIOD,
    ).exclude(pk__in=knocking)
    keys = list(rows.order_by("window_until").values_list("pk", flat=True)[:BATCH_SIZE])
    return sum(_ask(key, now) for key in keys)


@transaction.atomic
def _ask(key: UUID, now: datetime) -> bool:
    request = _locked(key)
    if request is None or request.asked_over_at is not None or request.window_until > now - GRACE_PERIOD:
        return False
    organisation = request.organisation
    if hours.is_within(now, organisation.quiet_from, organisation.quiet_until, organisation.zone):
        return False
    actor = system(organisation)
    cases.mark_overdue(actor=actor, request=request, keep_reason=request.why_human in UNREAD)
    matching.withdraw_offers(request=request)
    if matching.whom_to_tell(request) is None:
        visits.end_request(actor=actor, request=request, closure=Request.Closure.EXPIRED)
        return True
    is_written = matching.tell_who_waits(
        request, "still_needed", str(request.reopened), until=_answer_by(request, now)
    )
    cases.asked_if_needed(request, in_writing=is_written)
    return True


def _answer_by(request: Request, asked_at: datetime) -> datetime:
    """The hour until which they are asked to answer."""
    return rules.promise(asked_at, Request.Urgency.WEEK, request.organisation)


def close_overdue(now: datetime) -> int:
    """Nobody said that it is still needed: it is closed by the hour that they were told, since its time was over, and
    they hear so. Not while one of us still owes them a call or an answer. Returns how many."""
    rows = Request.objects.filter(
        ~_is_owed(),
        state__in=[Request.State.OPEN, Request.State.HUMAN],
        accepted=0,
        asked_over_at__lte=now - ANSWER_TIMEOUT,
        window_until__lte=now,
    )
    # Whoever can only be called was not asked in writing.
    called = Q(case__tell_asker=True, case__asked_by__channel="call") | Q(
        case__tell_asker=False, case__person__channel="call"
    )
    rows = rows.exclude(called, asked_over_at__gt=now - CALL_TIMEOUT)
    # Who was asked first has the first hour, so those who still have time are the last ones here.
    keys = list(rows.order_by("asked_over_at").values_list("pk", flat=True)[:BATCH_SIZE])
    return sum(_close(key, now) for key in keys)


def _is_owed() -> Exists:
    """What one of us has still to say to whoever waits."""
    return Exists(
        Promise.objects.filter(
            subject_kind="request",
            subject_id=OuterRef("pk"),
            outcome="",
            kind__in=[Promise.Kind.CALL, Promise.Kind.NEWS],
            needs_team=True,
        )
    )


@transaction.atomic
def _close(key: UUID, now: datetime) -> bool:
    request = _locked(key)
    if request is None or request.asked_over_at is None or now < _answer_by(request, request.asked_over_at):
        return False
    if Request.objects.filter(_is_owed(), pk=key).exists():
        return False
    actor = system(request.organisation)
    closed = visits.end_request(actor=actor, request=request, closure=Request.Closure.EXPIRED)
    matching.tell_who_waits(closed, "closed_unanswered", str(closed.reopened))
    return True


@transaction.atomic
def answer_overdue(*, actor: Actor, request: Request, said: str) -> str:
    """What whoever waits says of it: `needed`, `done` or `not_needed`. Returns what holds now; `over` where it was
    ended, or somebody goes, already."""
    found = _locked(request.pk)
    if found is None or found.window_until > clock.now():
        return "over"
    match said:
        case "needed":
            human = found.why_human if found.why_human in UNREAD else ""
            cases.reopen_request(actor=actor, request=found, human=human)
        case "done":
            visits.end_request(actor=actor, request=found, closure=Request.Closure.FULFILLED)
        case "not_needed":
            visits.end_request(actor=actor, request=found, closure=Request.Closure.WITHDRAWN)
            return "cancel"
        case _:
            return "over"
    return said


def _locked(key: UUID) -> Request | None:
    return (
        Request.objects.select_for_update(of=("self",))
        .select_related("organisation", "case__person", "case__asked_by")
        .filter(pk=key, state__in=[Request.State.OPEN, Request.State.HUMAN], accepted=0)
        .first()
    )
