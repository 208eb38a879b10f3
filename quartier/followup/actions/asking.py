"""Asking who was helped how it was: once for each visit, by day, by their own channel."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from quartier.alerts.models import Alert
from quartier.cases.models import Request
from quartier.followup import access, queries, rules
from quartier.followup.actions.ledger import changed
from quartier.followup.models import FollowUp
from quartier.lib import hours
from quartier.lib.ids import token_hash, uuid7
from quartier.messaging import actions as messaging
from quartier.messaging import stops
from quartier.messaging.actions import Letter
from quartier.team.access import system
from quartier.visits.actions.ledger import first_name, for_whom, whom_to_tell
from quartier.visits.models import Assignment
from quartier.visits.queries import silent_on_way

State = FollowUp.State


def plan(now: datetime, limit: int = 500) -> int:
    """Each visit that has ended gets its question, or is left out of the sample. Returns how many were new."""
    known = FollowUp.objects.filter(assignment=OuterRef("pk"))
    ended = (
        Assignment.objects.filter(
            state__in=[Assignment.State.DONE, Assignment.State.FAILED],
            ended_at__gt=now - rules.ASKS_BACK,
        )
        .exclude(Exists(known))
        .select_related("organisation", "request__case__person", "request__case__asked_by")
        .order_by("ended_at")
    )
    rows = [_planned(each) for each in ended[:limit]]
    FollowUp.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _planned(assignment: Assignment) -> FollowUp:
    chosen = queries.settings_of(assignment.organisation)
    assert assignment.ended_at is not None
    row = _question(assignment, rules.due_at(assignment.ended_at, chosen.hours, assignment.organisation.zone))
    # Whoever was checked on has asked for nothing, and is asked nothing about it.
    if assignment.request.unasked or not rules.is_in_sample(assignment.pk, chosen.share):
        row.state = State.SKIPPED
    return row


def _question(assignment: Assignment, due: datetime) -> FollowUp:
    row = FollowUp(
        id=uuid7(),
        organisation=assignment.organisation,
        assignment=assignment,
        person=whom_to_tell(assignment),
        due_at=due,
        expires_at=due + rules.EXPIRES_AFTER,
    )
    row.token_hash = token_hash(access.token_of(row))
    return row


def plan_silent(now: datetime, limit: int = 100) -> int:
    """Whoever set out and does not say how it went, though they were asked: whoever was to be helped is asked the same
    evening, whatever the sample. The visit goes on meanwhile. Not at night. Returns how many were new."""
    silent = silent_on_way(now).exclude(Exists(FollowUp.objects.filter(assignment=OuterRef("pk"))))
    silent = silent.filter(request__unasked=False).select_related(
        "organisation", "request__case__person", "request__case__asked_by"
    )
    rows = [
        _question(each, now) for each in silent.order_by("comes_until")[:limit] if not _is_night(each, now)
    ]
    FollowUp.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _is_night(assignment: Assignment, now: datetime) -> bool:
    group = assignment.organisation
    return hours.is_within(now, group.quiet_from, group.quiet_until, group.zone)


def ask_due(now: datetime, limit: int = 50) -> int:
    """Ask those whose turn it is. Returns how many were looked at."""
    due = FollowUp.objects.filter(state=State.DUE, due_at__lte=now)
    keys = list(due.order_by("due_at").values_list("pk", flat=True)[:limit])
    for key in keys:
        with transaction.atomic():
            rows = due.select_for_update(
                of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
            )
            row = rows.select_related(
                "organisation",
                "person",
                "assignment__organisation",
                "assignment__request__case__person",
                "assignment__volunteer__person",
            )
            found = row.filter(pk=key).first()
            if found is not None:
                _ask(found, now)
    return len(keys)


def _ask(row: FollowUp, now: datetime) -> None:
    is_under_way = row.assignment.state == Assignment.State.ON_WAY
    by_day = rules.by_day(now, row.organisation.zone)
    if by_day > now and not (is_under_way and not _is_night(row.assignment, now)):
        # The worker was away: nobody is asked at night.
        FollowUp.objects.filter(pk=row.pk).update(due_at=by_day, expires_at=by_day + rules.EXPIRES_AFTER)
        return
    row.asked_at = now
    if _is_left_in_peace(row, now):
        row.state, row.asked_at = State.SKIPPED, None
    elif _write(row):
        row.state = State.ASKED
    else:
        row.state = State.TO_CALL if row.person.phone else State.SKIPPED
    row.save(update_fields=["state", "asked_at"])
    changed(system(row.organisation), "follow_up.ask", "follow_up", row.pk, state=row.state)


def _is_left_in_peace(row: FollowUp, now: datetime) -> bool:
    """Who has died, who wants nothing from us, who has just written that they are in danger, and who is being helped
    again after it did not work out."""
    case = row.assignment.request.case
    if row.expires_at <= now or row.person.died_at or case.person.died_at:
        return True
    if stops.among(row.organisation, [row.person]):
        return True
    written = Alert.objects.filter(organisation=row.organisation, kind=Alert.Kind.WRITTEN).exclude(
        state=Alert.State.CLOSED
    )
    if written.filter(written__received__person=row.person).exists():
        # They wrote that they are in danger, and one of us sees to that: nobody asks them how a visit was.
        return True
    return row.assignment.state == Assignment.State.FAILED and _is_being_helped(row)


def _is_being_helped(row: FollowUp) -> bool:
    request = row.assignment.request
    met = request.assignments.filter(state=Assignment.State.DONE).exists()
    # Fulfilled without a visit that was done: they have told us themselves that it was; or that they need it no more.
    told_us = request.closure in {Request.Closure.FULFILLED, Request.Closure.WITHDRAWN}
    return met or told_us or request.state != Request.State.CLOSED


def _write(row: FollowUp) -> bool:
    assignment = row.assignment
    template = "after_call" if assignment.request.remote else "after_visit"
    if assignment.state == Assignment.State.FAILED:
        template = "after_failed"
    letter = Letter(
        row.person,
        template,
        f"after:{row.pk}",
        {
            "name": first_name(assignment.volunteer.person),
            "kind": assignment.request.kind,
            "window": (assignment.comes_from, assignment.comes_until),
            "page": ("after", access.token_of(row)),
            **for_whom(assignment),
        },
        not_after=row.expires_at,
        about=row.pk,
    )
    return messaging.write(organisation=row.organisation, letter=letter) is not None


def expire(now: datetime, limit: int = 500) -> int:
    """Who has not answered is left in peace. Returns how many."""
    late = FollowUp.objects.filter(state__in=FollowUp.OPEN, expires_at__lte=now)
    keys = list(late.values_list("pk", flat=True)[:limit])
    return late.filter(pk__in=keys).update(state=State.EXPIRED, claimed_by=None, claimed_until=None)
