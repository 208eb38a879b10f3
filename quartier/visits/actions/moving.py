"""Another time or another way, when somebody may be on their way already."""

from datetime import datetime

from django.db import transaction

from quartier.cases import actions as cases
from quartier.cases import rides
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.messaging import actions as messaging
from quartier.messaging.models import Message
from quartier.team.access import Actor
from quartier.visits import rules
from quartier.visits.actions import ledger, pairing
from quartier.visits.actions.progress import lock
from quartier.visits.actions.unread_words import says_more_than_one
from quartier.visits.models import Assignment


@transaction.atomic
def move_request(
    *, actor: Actor, request: Request, window: tuple[datetime, datetime], urgency: str
) -> Request:
    """Who is helped wishes another time. Whoever goes hears it at once, and can still say that it does not suit.

    Raises `NotPossible` when the request or the time is over.
    """
    moved = cases.change_request(actor=actor, request=request, window=window, urgency=urgency)
    Request.objects.filter(pk=moved.pk).update(pair_told_at=None)
    for assignment in Assignment.objects.filter(request=moved, state__in=Assignment.ACTIVE):
        locked = lock(assignment)
        hours = window
        if rules.is_too_long(*window):
            hours = rules.part_of(moved, *window, locked.volunteer.slots, clock.now())
        if locked.state not in Assignment.ACTIVE or (locked.comes_from, locked.comes_until) == hours:
            continue
        ledger.take_back_reminder(locked)
        locked.comes_from, locked.comes_until = hours
        locked.reminded_at = None
        locked.announce_at = rules.announce_at(
            hours[0], clock.now(), moved.organisation.zone, regular=locked.regular
        )
        locked.save(update_fields=["comes_from", "comes_until", "reminded_at", "announce_at"])
        ledger.changed(actor, "assignment.move", locked)
        ledger.may_call_each_other(locked)
        template = "call_moved" if moved.remote else "visit_moved"
        # Moved back to an hour of before, it is told as well.
        again = f"{hours[0]:%d%H%M}{hours[1]:%d%H%M}{clock.now():%d%H%M%S}"
        _take_back(locked, template)
        ledger.tell_volunteer(locked, template, again=again)
        if _take_back(locked, "visit_changed"):
            ledger.tell_volunteer(locked, "visit_changed", again=again)
        was_unread = _take_back(locked, *ledger.SOMEONE_TEMPLATES)
        # They named a day, or a part of one, or have not read the former hour yet: they hear this one.
        if (hours != window or was_unread) and not pairing.waits(locked):
            ledger.tell_who_comes(locked, again=again)
    return moved


def _take_back(assignment: Assignment, *templates: str) -> int:
    """Send nothing of these about this visit that still says its former hour. Returns how many that were. What tells of
    several visits together stays."""
    waiting = Message.objects.filter(
        organisation=assignment.organisation_id,
        person__in=[assignment.volunteer.person_id, ledger.whom_to_tell(assignment).pk],
        template__in=templates,
        key__contains=f":{assignment.pk}:",
        state__in=Message.WAITING,
    )
    return messaging.cancel(each for each in waiting if not says_more_than_one(each))


@transaction.atomic
def change_details(
    *,
    actor: Actor,
    request: Request,
    details: str | None,
    window: tuple[datetime, datetime] | None = None,
    urgency: str = "",
) -> Request:
    """Other words of what is needed. Whoever goes sees them on their page; of a lift that goes elsewhere, or needs
    something else, they hear at once, and can still say that it does not suit. Of another time (`window`, `urgency`)
    they hear by `move_request`. Raises `NotPossible` when it is over."""
    before = Request.objects.only("details", "kind").get(pk=request.pk)
    changed = cases.change_request(
        actor=actor, request=request, details=details, window=window, urgency=urgency
    )
    if changed.kind != rides.RIDE_KIND or rides.is_same_way(before.details, changed.details):
        return changed
    for assignment in Assignment.objects.filter(request=changed, state__in=Assignment.ACTIVE):
        locked = lock(assignment)
        ledger.changed(actor, "assignment.change", locked)
        ledger.tell_volunteer(locked, "visit_changed", again=f"{clock.now():%d%H%M%S}")
    return changed
