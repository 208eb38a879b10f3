"""From "on my way" to "done", or "it did not work": each step changes nothing when it was taken already."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from quartier.cases import actions as cases
from quartier.cases.models import Case, Request
from quartier.cases.rules import NotPossible
from quartier.lib import clock, hours
from quartier.lib.rows import hold
from quartier.matching import actions as matching
from quartier.people.models import Volunteer
from quartier.promises.models import Promise
from quartier.team.access import Actor, system
from quartier.telephony import actions as telephony
from quartier.visits import rules
from quartier.visits.actions import both, ledger, pairing
from quartier.visits.models import Assignment, Watch

# The neighbour went, or called, and met nobody.
NOT_MET = frozenset({Assignment.Failure.NOBODY_HOME, Assignment.Failure.WRONG_ADDRESS})


def lock(assignment: Assignment) -> Assignment:
    """The assignment with everything around it, its request's row locked first (see `accept`)."""
    hold(Request, pk=assignment.request_id)
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related(
            "request__case__person", "request__case__asked_by", "request__organisation", "volunteer__person"
        )
        .get(pk=assignment.pk)
    )


@transaction.atomic
def set_time(*, actor: Actor, assignment: Assignment, start: datetime, end: datetime) -> Assignment:
    """The volunteer says when. Who is helped hears it. Raises `NotPossible` outside what was asked, too late, or for
    longer than anybody can wait."""
    together = both.told_with(assignment)
    # In one order, as where they were taken.
    keys = [assignment.request_id, *(each.request_id for each in together)]
    list(Request.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
    locked = lock(assignment)
    fits = rules.fits(locked.request, start, end, clock.now()) and not rules.is_too_long(start, end)
    if locked.state not in Assignment.ACTIVE or not fits:
        raise NotPossible
    if (locked.comes_from, locked.comes_until) == (start, end):
        return locked
    moved = [each for each in map(lock, together) if _goes_with(each, locked, start, end)]
    for each in (locked, *moved):
        _set(actor, each, start, end)
    again = f"{start:%d%H%M}{end:%H%M}"
    if moved:
        ledger.tell_together(locked, moved, again)
    else:
        ledger.tell_who_comes(locked, again=again)
    pairing.same_time(actor, locked)
    return locked


def _goes_with(beside: Assignment, visit: Assignment, start: datetime, end: datetime) -> bool:
    """Whether what is carried on the same way can be brought at the new hours too."""
    together = (visit.comes_from, visit.comes_until) == (beside.comes_from, beside.comes_until)
    return (
        together
        and beside.state in Assignment.ACTIVE
        and rules.is_asked_for(beside.request, start, end, clock.now())
    )


def _set(actor: Actor, locked: Assignment, start: datetime, end: datetime) -> None:
    ledger.take_back_reminder(locked)
    locked.comes_from, locked.comes_until = start, end
    zone = locked.request.organisation.zone
    locked.announce_at = rules.announce_at(start, clock.now(), zone, regular=locked.regular)
    locked.save(update_fields=["comes_from", "comes_until", "announce_at"])
    ledger.changed(actor, "assignment.set_time", locked)
    ledger.may_call_each_other(locked)


@transaction.atomic
def wants_call(*, actor: Actor, case: Case) -> None:
    """Who is helped wants to be called: what is covered goes to those who must still be told, the rest to a human."""
    covered = Assignment.objects.filter(
        request__case=case, request__state=Request.State.COVERED, state__in=Assignment.ACTIVE
    )
    for assignment in covered:
        locked = lock(assignment)
        locked.told_at = None
        locked.save(update_fields=["told_at"])
        ledger.changed(actor, "assignment.wants_call", locked)
        cases.promise_about(locked.request, Promise.Kind.CARE, told_by=Promise.ToldBy.NOBODY, needs_team=True)
    if not covered:
        cases.ask_for_call(actor=actor, case=case)


@transaction.atomic
def told(*, actor: Actor, assignment: Assignment) -> Assignment:
    """Somebody of the team has called and said who comes."""
    locked = lock(assignment)
    if locked.told_at is None:
        locked.told_at = clock.now()
        locked.save(update_fields=["told_at"])
        ledger.changed(actor, "assignment.told", locked)
        cases.person_has_heard(locked.request)
    return locked


@transaction.atomic
def on_my_way(*, actor: Actor, assignment: Assignment) -> Assignment:
    """The volunteer has left. Who is helped hears it. Who is to go with somebody experienced waits for them, and who
    calls sets out for nowhere."""
    locked = lock(assignment)
    if locked.request.remote or locked.state != Assignment.State.ACCEPTED or pairing.waits(locked):
        return locked
    locked.state, locked.on_way_at = Assignment.State.ON_WAY, clock.now()
    locked.save(update_fields=["state", "on_way_at"])
    ledger.changed(actor, "assignment.on_way", locked)
    ledger.tell(locked, "on_way")
    return locked


@transaction.atomic
def done(*, actor: Actor, assignment: Assignment) -> Assignment:
    """It is done. When everybody who was needed has said so, the request is closed as fulfilled."""
    lock_series_of(assignment)
    locked = lock(assignment)
    if locked.state in Assignment.ACTIVE:
        _complete(actor, locked)
        ledger.tell_done(locked)
    return locked


@transaction.atomic
def was_there(*, actor: Actor, assignment: Assignment) -> None:
    """Whoever was helped says so of somebody who set out and has not said how it went: it is done, and they need not
    be told."""
    lock_series_of(assignment)
    locked = lock(assignment)
    if locked.state == Assignment.State.ON_WAY:
        _complete(actor, locked)


@transaction.atomic
def was_not_there(*, actor: Actor, assignment: Assignment) -> None:
    """Whoever was to be helped says so of somebody who set out: nobody waits for their word any more."""
    locked = lock(assignment)
    if locked.state == Assignment.State.ON_WAY:
        _end_unsaid(actor, locked)


def _complete(actor: Actor, locked: Assignment) -> None:
    end(locked, Assignment.State.DONE)
    met(locked)
    ledger.changed(actor, "assignment.done", locked)
    request = locked.request
    pairing.refresh(request)
    under_way = request.assignments.filter(state__in=Assignment.ACTIVE).exists()
    if request.accepted >= request.needed and not under_way:
        cases.close_request(actor=actor, request=request, closure=Request.Closure.FULFILLED)
        _close_days_before(actor, request)


def lock_series_of(assignment: Assignment) -> None:
    """Before its request: with it others of the series are locked, earlier days after later ones."""
    if assignment.request.series_id is not None:
        cases.lock_series(assignment.request.series_id)


def _close_days_before(actor: Actor, request: Request) -> None:
    """Earlier days of the same series for which nobody came and which are looked for still: this visit has done it, and
    nobody hears of them any more. Not what one of us has still to read."""
    if request.series_id is None:
        return
    missed = Request.objects.filter(
        series=request.series_id,
        day__lt=request.day,
        accepted=0,
        state__in=[Request.State.OPEN, Request.State.HUMAN],
    ).exclude(why_human__in=Request.UNREAD)
    for each in missed.order_by("day"):
        cases.close_request(actor=actor, request=each, closure=Request.Closure.DUPLICATE, merged_into=request)
        matching.withdraw_offers(request=each)


def met(assignment: Assignment) -> None:
    """The two have met: counted for the volunteer, who is asked first when this person needs somebody again."""
    doors = F("doors") + (0 if assignment.request.remote else 1)
    Volunteer.objects.filter(pk=assignment.volunteer_id).update(done_total=F("done_total") + 1, doors=doors)
    matching.they_met(
        person=assignment.request.case.person,
        volunteer=assignment.volunteer,
        at=assignment.ended_at or clock.now(),
    )


@transaction.atomic
def could_not(*, actor: Actor, assignment: Assignment, failure: str) -> Assignment:
    """It did not work. The request is open again, first in the queue; a closed door or wrong address needs a human."""
    locked = lock(assignment)
    if locked.state not in Assignment.ACTIVE:
        return locked
    locked.failure = Assignment.Failure(failure)
    end(locked, Assignment.State.FAILED)
    ledger.changed(actor, "assignment.failed", locked, failure=failure)
    if locked.failure == Assignment.Failure.NO_SHOW:
        matching.they_missed(person=locked.request.case.person, volunteer=locked.volunteer)
    request = locked.request
    Request.objects.filter(pk=request.pk, accepted__gt=0).update(accepted=F("accepted") - 1)
    human = Request.Why.FAILED if locked.failure in NOT_MET else ""
    if request.state != Request.State.CLOSED:
        locked.request = cases.reopen_request(actor=actor, request=request, human=human)
        locked.request.case = request.case
        pairing.refresh(locked.request)
        if locked.failure == Assignment.Failure.NO_SHOW:
            ledger.tell_volunteer(locked, "call_given_on" if request.remote else "visit_given_on")
        elif locked.failure == Assignment.Failure.UNTOLD:
            ledger.tell_not_needed(locked)
        if not pairing.tell_of_change(locked) and not request.unasked:
            # Whom nobody met at the door is called before anything else happens.
            say = ledger.tell if human else ledger.tell_not_coming
            say(locked, _what_is_said(locked))
    return locked


def _what_is_said(failed: Assignment) -> str:
    """What whoever waits hears of a visit that does not take place: what is known, and no more."""
    if failed.failure == Assignment.Failure.NO_SHOW:
        # Of somebody of whom they were never told nobody says that they are missing.
        return "not_heard" if ledger.person_knew(failed) or failed.told_at else "still_looking"
    if failed.failure == Assignment.Failure.UNTOLD:
        # Whoever was not told either that somebody comes hears what is true: it is still looked for.
        return "told_too_late" if ledger.person_knew(failed) else "still_looking"
    if failed.failure in NOT_MET:
        # The neighbour was there: nobody else is looked for before one of the team has spoken with them.
        return "not_reached" if failed.request.remote else "not_met"
    ahead = failed.comes_from > clock.now()
    if failed.regular and ahead and failed.failure == Assignment.Failure.CANNOT_GO:
        return "regular_cannot"
    return "caller_cannot" if failed.request.remote else "looking_again"


def end(assignment: Assignment, state: str) -> None:
    """End a locked assignment: the volunteer has the place back, and nobody is reached through the line any more."""
    assignment.state, assignment.ended_at = Assignment.State(state), clock.now()
    assignment.save(update_fields=["state", "failure", "ended_at"])
    ledger.take_back_reminder(assignment)
    telephony.close_masked(about=assignment.id, at=assignment.ended_at)
    Watch.objects.filter(assignment=assignment, out_at=None).update(out_at=assignment.ended_at)
    if assignment.regular:
        return
    Volunteer.objects.filter(pk=assignment.volunteer_id, open_count__gt=0).update(
        open_count=F("open_count") - 1
    )


def remind_late(now: datetime, limit: int = 100) -> int:
    """Ask volunteers whose time is over how it went, once. Returns how many."""
    late = Assignment.objects.filter(
        state__in=Assignment.ACTIVE, comes_until__lte=now - rules.REMIND_AFTER, reminded_at=None
    )[:limit]
    count = 0
    for assignment in late:
        with transaction.atomic():
            locked = lock(assignment)
            if locked.state in Assignment.ACTIVE and locked.reminded_at is None:
                group = locked.request.organisation
                is_asked = not pairing.waits(locked) and ledger.volunteer_knew(locked)
                # In the night nobody reads it: from the morning on there is time to answer.
                wakes = hours.after_quiet(now, group.quiet_from, group.quiet_until, group.zone)
                locked.reminded_at = wakes if is_asked else locked.comes_until
                locked.save(update_fields=["reminded_at"])
                if not is_asked:
                    continue
                is_call = locked.request.remote
                reminder = "call_reminder" if is_call else "visit_reminder"
                # Moved since they were asked how it went, they are asked once more after the new hour.
                ledger.tell_volunteer(locked, reminder, again=ledger.reminder_of(locked))
                ledger.changed(system(locked.request.organisation), "assignment.remind", locked)
                count += 1
    return count


def end_unsaid(now: datetime, limit: int = 100) -> int:
    """Whoever set out and has not said how it went, long after, is waited for no more: whoever was to be helped is
    asked whether it was done. Returns how many."""
    unsaid = Assignment.objects.filter(
        state=Assignment.State.ON_WAY, comes_until__lte=now - rules.UNSAID_AFTER
    )
    count = 0
    for assignment in unsaid.order_by("comes_until")[:limit]:
        with transaction.atomic():
            locked = lock(assignment)
            if locked.state != Assignment.State.ON_WAY:
                continue
            count += 1
            _end_unsaid(system(locked.request.organisation), locked)
    return count


def _end_unsaid(actor: Actor, locked: Assignment) -> None:
    request = locked.request
    locked.failure = Assignment.Failure.UNSAID
    end(locked, Assignment.State.CANCELLED)
    ledger.changed(actor, "assignment.unsaid", locked)
    others = request.assignments.exclude(pk=locked.pk)
    if others.filter(state__in=Assignment.ACTIVE).exists() or request.state == Request.State.CLOSED:
        return
    if others.filter(state=Assignment.State.DONE).exists():
        cases.close_request(actor=actor, request=request, closure=Request.Closure.FULFILLED)
    else:
        cases.mark_unsaid(actor=actor, request=request, over_at=locked.comes_until)


def announce(now: datetime, limit: int = 100) -> int:
    """Remind both sides of what is tomorrow, once. Returns how many visits."""
    soon = Assignment.objects.filter(state=Assignment.State.ACCEPTED, announce_at__lte=now)
    count = 0
    for assignment in soon.order_by("announce_at")[:limit]:
        with transaction.atomic():
            locked = lock(assignment)
            if locked.state != Assignment.State.ACCEPTED or locked.announce_at is None:
                continue
            locked.announce_at = None
            locked.save(update_fields=["announce_at"])
            ledger.tell_volunteer(locked, "visit_ahead", again=ledger.reminder_of(locked))
            ledger.tell(locked, "call_ahead" if locked.request.remote else "comes_ahead")
            ledger.changed(system(locked.request.organisation), "assignment.announce", locked)
            count += 1
    return count


def find_no_shows(now: datetime, limit: int = 100) -> int:
    """Who never set out, long after the time agreed, is taken not to have come: not before they had time by day to
    answer the question how it went, and not whom our own message did not reach in time. Returns how many."""
    had_time = Q(reminded_at=None) | Q(reminded_at__lte=now - rules.ANSWER_TIME)
    gone = Assignment.objects.filter(
        had_time, state=Assignment.State.ACCEPTED, comes_until__lte=now - rules.NO_SHOW_AFTER
    ).select_related("organisation", "request", "volunteer")
    count = 0
    for assignment in gone.order_by("comes_until")[:limit]:
        failure = Assignment.Failure.NO_SHOW
        if pairing.waits(assignment):
            # Who was told not to go alone has missed nothing.
            failure = Assignment.Failure.CANNOT_GO
        elif not ledger.volunteer_knew(assignment):
            failure = Assignment.Failure.UNTOLD
        ended = could_not(actor=system(assignment.organisation), assignment=assignment, failure=failure)
        count += ended.failure == failure
    return count
