"""Requests whose time is over and for which nobody came: asked about once, then closed with that reason."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from quartier.cases import actions as cases
from quartier.cases import rules
from quartier.cases.models import Request
from quartier.followup.models import CheckIn
from quartier.lib import clock, hours
from quartier.matching import actions as matching
from quartier.people.queries import first_name
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.team.access import Actor, system
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

# So long after the end of its time a request is asked about.
GRACE_PERIOD = timedelta(minutes=30)
# Without an answer it is closed by the hour that they were told, after so long at least; where nobody could be written
# to, one of the team has more time to call.
ANSWER_TIMEOUT, CALL_TIMEOUT = timedelta(hours=24), timedelta(days=3)
# Whoever has just heard that a word to them was broken is not asked in the same breath.
JUST_HEARD = timedelta(hours=1)
BATCH_SIZE = 50


def ask_overdue(now: datetime) -> int:
    """Ask whoever waits whether it was done or is still needed, once, and not at night. Returns about how many."""
    keys = list(_to_ask(now).order_by("window_until").values_list("pk", flat=True)[:BATCH_SIZE])
    return sum(_ask(key, now) for key in keys)


def _to_ask(now: datetime) -> QuerySet[Request]:
    """What is over. Not what one of us has still to read or to call about, nor what one of us has in hand: they hear
    from us, and "we stop looking" would contradict it."""
    knocking = CheckIn.objects.filter(state=CheckIn.State.KNOCKING, request__isnull=False).values("request")
    hears_otherwise = _open_promises().filter(
        Q(kind=Promise.Kind.CALL)
        | Q(owner__isnull=False, times_broken=0, due_at__gt=now)
        | Q(times_broken__gt=0, made_at__gt=now - JUST_HEARD)
    )
    rows = Request.objects.filter(
        ~Exists(hears_otherwise),
        state__in=[Request.State.OPEN, Request.State.HUMAN],
        accepted=0,
        asked_over_at=None,
        window_until__lte=now - GRACE_PERIOD,
    )
    return rows.exclude(why_human__in=Request.UNREAD).exclude(pk__in=knocking)


@transaction.atomic
def ask_instead_of_call(*, request: Request, now: datetime) -> bool:
    """The hour of a call has passed, and so has the time of what it was about: they are asked whether it is still
    needed, instead of hearing each day of a call on the next one. False where they are not; who can only be called is
    still owed it."""
    found = _locked(request.pk)
    if found is None or found.asked_over_at is not None or not matching.can_write_to_who_waits(found):
        return False
    promises.break_promises(subject_kind="request", subject_id=found.pk)
    is_asked = _ask(found.pk, now)
    if not is_asked:
        transaction.set_rollback(True)
    return is_asked


def _open_promises() -> QuerySet[Promise]:
    """What is owed about a request, in a query of requests."""
    return Promise.objects.filter(subject_kind="request", subject_id=OuterRef("pk"), outcome="")


@transaction.atomic
def _ask(key: UUID, now: datetime) -> bool:
    request = _locked(key)
    if request is None or not _to_ask(now).filter(pk=key).exists():
        return False
    organisation = request.organisation
    if hours.is_within(now, organisation.quiet_from, organisation.quiet_until, organisation.zone):
        return False
    actor = system(organisation)
    cases.mark_overdue(actor=actor, request=request)
    matching.withdraw_offers(request=request)
    if matching.whom_to_tell(request) is None:
        visits.end_request(actor=actor, request=request, closure=Request.Closure.EXPIRED)
        return True
    silent, values = _who_said_nothing(request), dict[str, Any](until=_answer_by(request, now))
    template = "still_needed" if silent is None else "still_needed_named"
    if silent is not None:
        values["name"] = first_name(silent.volunteer.person)
    is_written = matching.tell_who_waits(request, template, str(request.reopened), **values)
    cases.asked_if_needed(request, in_writing=is_written)
    return True


def _who_said_nothing(request: Request) -> Assignment | None:
    """Who set out for it and has not said how it went: whoever waits knows of them, and is asked about them."""
    visits_of = request.assignments.filter(
        failure=Assignment.Failure.UNSAID, comes_until=request.window_until
    )
    return visits_of.select_related("volunteer__person").order_by("-ended_at").first()


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
    kinds = [Promise.Kind.CALL, Promise.Kind.NEWS]
    return Exists(_open_promises().filter(kind__in=kinds, needs_team=True))


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
            human = found.why_human if found.why_human in Request.UNREAD else ""
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
