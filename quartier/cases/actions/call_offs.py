"""Whoever heard on the phone that somebody comes hears on the phone that they do not: one of the team owes them that
call, as a promise of its own beside the one about the search."""

from datetime import datetime, timedelta

from django.db import transaction

from quartier.cases.actions import promising
from quartier.cases.actions.ledger import changed
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.promises.queries import open_about
from quartier.promises.rules import PromiseSpec
from quartier.team.access import Actor
from quartier.telephony.queries import hour_on_duty

CALL_OFF = promising.CALL_OFF
# A visit that would have begun within this is called off before anything that can wait for the morning.
URGENT_LEAD = timedelta(hours=24)


def owe_call_off(
    request: Request, *, missed_from: datetime, fell_at: datetime, before: Promise | None = None
) -> Promise:
    """One of us must call them: whom they expect from `missed_from` on is not coming, since `fell_at`. They were told
    no hour of it. Owed twice, it is the same call, by the first hour. `before`: it was owed, and taken for done."""
    now = clock.now()
    soonest = (now + promising.MIN_NOTICE + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    due_at, urgent = hour_on_duty(request.organisation, soonest), missed_from < now + URGENT_LEAD
    if (owed := open_about(CALL_OFF, request.pk) or before) is not None:
        due_at = min(due_at, owed.due_at) if owed.due_at > now else due_at
        urgent |= owed.urgent
    promise = promises.make_promise(
        organisation=request.organisation,
        spec=PromiseSpec(
            kind=Promise.Kind.CALL,
            subject_kind=CALL_OFF,
            subject_id=request.pk,
            person=promising.whom_to_tell(request.case),
            due_at=due_at,
            told_by=Promise.ToldBy.NOBODY,
            urgent=urgent,
            owner=request.taken_by,
            waiting_since=before.waiting_since if before else fell_at,
        ),
    )
    if promise.urgent != urgent:
        promises.change_urgency(subject_kind=CALL_OFF, subject_id=request.pk, urgent=urgent)
    return promise


@transaction.atomic
def record_call_off(*, actor: Actor, request: Request) -> None:
    """Somebody of the team has called and said who is not coming. Pressed twice, it changes nothing."""
    locked = Request.objects.select_for_update(of=("self",)).select_related("organisation", "case")
    found = locked.get(pk=request.pk)
    if not promises.keep_promises(subject_kind=CALL_OFF, subject_id=found.pk):
        return
    changed(actor, "request.call_off", found)
    if found.state == Request.State.OPEN:
        promising.person_has_heard(found)
