"""Help that comes again: who comes each time, who stands in, and how it rests or ends."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from quartier.cases import actions as cases
from quartier.cases.models import Request, Series
from quartier.cases.rules import NotPossible
from quartier.lib import clock
from quartier.lib.rhythm import times
from quartier.matching import actions as matching
from quartier.people.models import Away, Volunteer
from quartier.team.access import Actor, system
from quartier.visits.actions import ledger, pairing
from quartier.visits.actions.accept import lock_request, settle, take_place
from quartier.visits.actions.ending import end_request
from quartier.visits.actions.progress import could_not
from quartier.visits.models import Assignment, NotThisTime, Regular


def open_due(now: datetime, limit: int = 50) -> int:
    """Each day of a series whose time has come becomes a request; who comes each time has it at once, and for the
    other places neighbours are asked. Returns how many."""
    due = list(
        Series.objects.filter(next_at__lte=now).order_by("next_at").values_list("pk", flat=True)[:limit]
    )
    for pk in due:
        with transaction.atomic():
            request = cases.open_next(series_id=pk, now=now)
            if request is not None:
                _fill(request)
    return len(due)


def _fill(request: Request) -> None:
    """Whoever comes each time, and can on this day, has a place. Where nobody does, who is helped hears that
    somebody is looked for, and until when they hear: from then on they wait."""
    request, hears = lock_request(request.pk), False
    assert request.series_id
    assert request.day
    away = NotThisTime.objects.filter(regular__series=request.series_id, day=request.day)
    said_no = set(away.values_list("regular", flat=True))
    # Who told us ahead that they are away need not say so for each day.
    holidays = Away.objects.filter(
        volunteer__regulars__series=request.series_id, starts_on__lte=request.day, ends_on__gte=request.day
    )
    on_holiday = set(holidays.values_list("volunteer", flat=True))
    regulars = (
        Regular.objects.filter(
            series=request.series_id, ended_at=None, volunteer__state=Volunteer.State.ACTIVE
        )
        .select_related("volunteer__person", "volunteer__organisation")
        .order_by("since", "id")
    )
    for regular in regulars:
        if regular.pk in said_no or regular.volunteer_id in on_holiday:
            matching.standing_offer(request=request, volunteer=regular.volunteer, comes=False)
            name = ledger.first_name(regular.volunteer.person)
            matching.tell_who_waits(request, "regular_cannot", str(regular.pk), name=name)
            hears = True
            continue
        if not take_place(request):
            return
        hears = True
        assignment, knows = _place(request, regular)
        Volunteer.objects.filter(pk=regular.volunteer_id).update(accepted_total=F("accepted_total") + 1)
        if knows:
            assignment.told_at = assignment.accepted_at
            assignment.save(update_fields=["told_at"])
            cases.person_has_heard(request)
        else:
            ledger.tell_who_comes(assignment)
        ledger.changed(system(request.organisation), "assignment.regular", assignment)
    if not hears:
        matching.tell_who_waits(request, "still_looking", "day")


def _place(request: Request, regular: Regular) -> tuple[Assignment, bool]:
    """The place that was taken is this regular's, at the usual hours; and whether who is helped knows so already."""
    offer = matching.standing_offer(request=request, volunteer=regular.volunteer)
    before = last_visit(regular)
    assignment = settle(
        request,
        offer,
        _usual_hours(request, before),
        regular=True,
        # The word that this neighbour knows already: nobody need be called each week to be told a new one.
        code_word=before.code_word if before else "",
    )
    return assignment, bool(before and before.told_at)


def last_visit(regular: Regular) -> Assignment | None:
    """The last time for which this volunteer had a place in the series, whenever that was or will be."""
    visits = Assignment.objects.filter(request__series=regular.series_id, volunteer=regular.volunteer_id)
    return visits.exclude(state=Assignment.State.FAILED).order_by("-comes_from", "-id").first()


def _usual_hours(request: Request, before: Assignment | None) -> tuple[datetime, datetime] | None:
    """The hours of the last time, on the local clock, where they were agreed and still fit what is asked."""
    if before is None or before.request.day is None or request.day is None:
        return None
    zone = request.organisation.zone
    start, end = (each.astimezone(zone) for each in (before.comes_from, before.comes_until))
    if start.date() != before.request.day or end.date() != before.request.day:
        return None
    window = times(request.day, start.time(), end.time(), zone)
    inside = request.window_from <= window[0] < window[1] <= request.window_until
    return window if inside else None


@transaction.atomic
def come_every_time(*, actor: Actor, assignment: Assignment) -> Regular:
    """Who goes this time will come each time. Days that have their request already stay as they are.

    Raises `NotPossible` for help that does not come again, or when as many as are needed come each time already.
    """
    if assignment.request.series_id is None:
        raise NotPossible
    series = cases.lock_series(assignment.request.series_id)
    known = Regular.objects.filter(series=series, volunteer=assignment.volunteer_id, ended_at=None).first()
    if known is not None:
        return known
    regulars = Regular.objects.filter(series=series, ended_at=None).count()
    stopped = assignment.volunteer.state in {Volunteer.State.SUSPENDED, Volunteer.State.LEFT}
    if series.state == Series.State.ENDED or regulars >= series.needed or stopped:
        raise NotPossible
    regular = Regular.objects.create(
        organisation=series.organisation,
        series=series,
        volunteer=assignment.volunteer,
        since=clock.now(),
    )
    ledger.changed(actor, "regular.begin", assignment)
    return regular


@transaction.atomic
def stop_coming(*, actor: Actor, regular: Regular) -> None:
    """Stop going each time. What is promised already stays so, until it is given back; the others are told nothing
    before somebody else comes: neighbours are asked for each time."""
    ended = Regular.objects.filter(pk=regular.pk, ended_at=None).update(ended_at=clock.now())
    if not ended:
        return
    last = last_visit(regular)
    if last is not None:
        ledger.changed(actor, "regular.end", last)


@transaction.atomic
def not_this_time(*, actor: Actor, regular: Regular, day: date) -> None:
    """This volunteer cannot come on that day. If it has its request already, another one is looked for at once.

    Raises `NotPossible` for a day that is long over or too far ahead.
    """
    series = cases.lock_series(regular.series_id)
    cases.check_day(series, day)
    NotThisTime.objects.get_or_create(
        regular=regular, day=day, defaults={"organisation_id": regular.organisation_id}
    )
    visit = Assignment.objects.filter(
        request__series=regular.series_id,
        request__day=day,
        volunteer=regular.volunteer_id,
        state__in=Assignment.ACTIVE,
    ).first()
    if visit is not None:
        could_not(actor=actor, assignment=visit, failure=Assignment.Failure.CANNOT_GO)


@transaction.atomic
def this_time_after_all(*, actor: Actor, regular: Regular, day: date) -> bool:
    """They can after all. False when somebody else goes already, or the place is asked for elsewhere."""
    series = cases.lock_series(regular.series_id)
    NotThisTime.objects.filter(regular=regular, day=day).delete()
    request = series.requests.filter(day=day).exclude(state=Request.State.CLOSED).first()
    if request is None:
        return True
    request = lock_request(request.pk)
    mine = request.assignments.filter(volunteer=regular.volunteer_id, state__in=Assignment.ACTIVE)
    if mine.exists():
        return True
    if not pairing.may_come(request, regular.volunteer) or not take_place(request):
        return False
    assignment, _knows = _place(request, regular)
    pairing.refresh(request)
    ledger.changed(actor, "assignment.regular", assignment)
    ledger.tell_who_comes(assignment)
    return True


@transaction.atomic
def leave_out(*, actor: Actor, series: Series, day: date) -> None:
    """Nobody needs to come on that day; who would have come is told, if the day is near enough to have a request."""
    request = cases.leave_out(actor=actor, series=series, day=day)
    if request is not None:
        end_request(actor=actor, request=request, closure=Request.Closure.WITHDRAWN)


@transaction.atomic
def pause_series(*, actor: Actor, series: Series, until: date | None) -> None:
    """It rests: days before `until` need nobody, also those that have their request already."""
    paused = cases.pause_series(actor=actor, series=series, until=until)
    _end_open(actor, paused, until)


def _end_open(actor: Actor, series: Series, until: date | None) -> None:
    open_ = series.requests.exclude(state=Request.State.CLOSED)
    if until is not None:
        open_ = open_.filter(day__lt=until)
    for request in open_.order_by("day"):
        end_request(actor=actor, request=request, closure=Request.Closure.WITHDRAWN)
