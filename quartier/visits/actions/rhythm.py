"""Help that comes again: who comes each time, who stands in, and how it rests or ends."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F

from quartier.cases import actions as cases
from quartier.cases import rules as case_rules
from quartier.cases.models import Request, Series
from quartier.cases.rules import NotPossible
from quartier.lib import clock
from quartier.lib.rhythm import Rhythm, times
from quartier.matching import actions as matching
from quartier.people import queries as people
from quartier.people.models import Away, Volunteer
from quartier.team.access import Actor, system
from quartier.visits import rules
from quartier.visits.actions import ledger, pairing, series_news
from quartier.visits.actions.accept import lock_request, settle, take_place
from quartier.visits.actions.ending import end_request
from quartier.visits.actions.progress import could_not
from quartier.visits.models import Assignment, NotThisTime, Regular
from quartier.visits.queries import first_visit, gave_back, was_silent

# So long after a visit it can be wished each week.
AGAIN_WITHIN = timedelta(days=60)
# So many of the next days of two series are compared, to see whether somebody would have to be in two places.
DAYS_COMPARED = 8


class Elsewhere(NotPossible):
    """They have promised to be with somebody else each time at that hour."""


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
                _fill(request, waits_for_plan=len(due) == limit)
    return len(due)


def _fill(request: Request, *, waits_for_plan: bool = False) -> None:
    """Whoever comes each time, and can on this day, has a place. Where nobody does, who is helped hears that
    somebody is looked for, and until when they hear: from then on they wait. `waits_for_plan`: many more days are
    opened with it, so neighbours are asked by the waves, after a plan."""
    request, hears = lock_request(request.pk), False
    assert request.series_id
    assert request.day
    if request.state == Request.State.HUMAN and request.why_human in Request.UNREAD_WORDS:
        # One of us reads it first.
        cases.team_looks_after(request)
        return
    not_now = NotThisTime.objects.filter(regular__series=request.series_id, day=request.day)
    said_no = set(not_now.values_list("regular", flat=True))
    # Who told us ahead that they are away, or has said it of this visit, need not say so again.
    away = Away.objects.filter(
        volunteer__regulars__series=request.series_id, starts_on__lte=request.day, ends_on__gte=request.day
    )
    cannot = set(away.values_list("volunteer", flat=True))
    cannot |= gave_back(request)
    regulars = (
        Regular.objects.filter(
            series=request.series_id, ended_at=None, volunteer__state=Volunteer.State.ACTIVE
        )
        .select_related("volunteer__person", "volunteer__organisation")
        .order_by("since", "id")
    )
    for regular in regulars:
        if regular.pk in said_no or regular.volunteer_id in cannot:
            matching.standing_offer(request=request, volunteer=regular.volunteer, comes=False)
            name = ledger.first_name(regular.volunteer.person)
            matching.tell_who_waits(request, "regular_cannot", str(regular.pk), name=name)
            hears = True
            continue
        if was_silent(regular):
            # Asked, and not counted on. Whoever waits was told that they come each time: of this time they hear what
            # is so.
            matching.ask_first(request=request, volunteer=regular.volunteer)
            name = ledger.first_name(regular.volunteer.person)
            matching.tell_who_waits(request, "regular_unheard", str(regular.pk), name=name)
            hears = True
            continue
        if not take_place(request):
            return
        hears = True
        assignment, knows = _place(request, regular)
        Volunteer.objects.filter(pk=regular.volunteer_id).update(accepted_total=F("accepted_total") + 1)
        if knows and not ledger.was_in_doubt(assignment):
            assignment.told_at = assignment.accepted_at
            assignment.save(update_fields=["told_at"])
            cases.person_has_heard(request)
        else:
            ledger.tell_who_comes(assignment)
        ledger.changed(system(request.organisation), "assignment.regular", assignment)
    if not hears:
        # Where nobody at all can be asked, the search ends with this look, and says so itself. Of very many at once
        # none asks before the neighbours are shared out.
        if not waits_for_plan and not matching.are_many_due(request.organisation, clock.now()):
            matching.send_wave(request_id=request.pk)
        request.refresh_from_db(fields=["state"])
        if request.state == Request.State.OPEN:
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

    Raises `NotPossible` for help that does not come again, when as many as are needed come each time already, or where
    these two are kept apart;
    `Elsewhere` where they go to somebody else each time at that hour.
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
    if people.are_kept_apart(assignment.volunteer, series.case.person_id):
        raise NotPossible
    if _is_elsewhere(assignment, series):
        raise Elsewhere
    regular = Regular.objects.create(
        organisation=series.organisation,
        series=series,
        volunteer=assignment.volunteer,
        since=clock.now(),
    )
    ledger.changed(actor, "regular.begin", assignment)
    series_news.tell_each_time(regular)
    return regular


def _is_elsewhere(assignment: Assignment, series: Series) -> bool:
    """Whether this volunteer goes to another person each time at the hours of this visit, on a day that both have."""
    days = set(cases.days_ahead(series, DAYS_COMPARED))
    others = Regular.objects.filter(volunteer=assignment.volunteer_id, ended_at=None)
    others = others.exclude(series__case__person=series.case.person_id)
    mine = _hours_of_day(assignment)
    if mine is None or not days:
        return False
    for other in others.select_related("series__organisation"):
        theirs = _hours_of_day(last_visit(other))
        is_same_hour = theirs is not None and mine[0] < theirs[1] and theirs[0] < mine[1]
        if is_same_hour and not days.isdisjoint(cases.days_ahead(other.series, DAYS_COMPARED)):
            return True
    return False


def _hours_of_day(visit: Assignment | None) -> tuple[time, time] | None:
    """From when until when, on local clocks; `None` where nobody has named an hour: then there is room for both."""
    if visit is None or rules.is_too_long(visit.comes_from, visit.comes_until):
        return None
    zone = visit.request.organisation.zone
    return visit.comes_from.astimezone(zone).time(), visit.comes_until.astimezone(zone).time()


@transaction.atomic
def stop_coming(*, actor: Actor, regular: Regular) -> None:
    """Stop going each time. What is promised already stays so, until it is given back; whoever is helped hears that
    neighbours are asked for each time."""
    ended = Regular.objects.filter(pk=regular.pk, ended_at=None).update(ended_at=clock.now())
    if not ended:
        return
    series_news.tell_stops(regular, by_team=actor.account != regular.volunteer.person.account)
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
        said = _day_of(request)
        end_request(actor=actor, request=request, closure=Request.Closure.WITHDRAWN, rests=True)
        series_news.tell_rest(cases.lock_series(series.pk), said, said)


def _day_of(request: Request) -> date:
    """On which day somebody comes for it; while nobody does, the day by which whoever waits knows it."""
    visits = request.assignments.filter(state__in=Assignment.ACTIVE).order_by("comes_from")
    begins = visits.values_list("comes_from", flat=True).first()
    return begins.astimezone(request.organisation.zone).date() if begins else case_rules.date_named(request)


@transaction.atomic
def take_in(*, actor: Actor, series: Series, day: date) -> None:
    """That day after all. Where both sides were told that nobody comes, they hear that it goes on, and whoever comes
    each time on which day. Raises `NotPossible` when the day is over."""
    request = cases.take_in(actor=actor, series=series, day=day)
    if request is None:
        return
    was_told = bool(request.reopened)
    _fill(request)
    if not was_told:
        return
    series_news.tell_person_goes_on(cases.lock_series(series.pk))
    now = clock.now()
    for visit in request.assignments.filter(state__in=Assignment.ACTIVE).select_related(
        "request__case", "request__organisation", "volunteer__person", "offer"
    ):
        if visit.announce_at is None or visit.announce_at > now:
            ledger.tell_volunteer(visit, "visit_after_all", again=ledger.AFTER_ALL)


def _fill_again(requests: list[Request]) -> None:
    for request in requests:
        _fill(request)


@transaction.atomic
def pause_series(*, actor: Actor, series: Series, until: date | None, since: date | None = None) -> None:
    """It rests: days from `since` on and before `until` need nobody, also those that have their request already. Both
    sides hear from when until when, and the same said again changes nothing."""
    before = cases.lock_series(series.pk)
    paused = cases.pause_series(actor=actor, series=series, until=until, since=since)
    opened = paused.requests.exclude(state=Request.State.CLOSED).select_related("organisation")
    for request in opened.order_by("day"):
        # One that was moved rests by the day on which it is now.
        if paused.rests_on(case_rules.date_named(request)):
            end_request(actor=actor, request=request, closure=Request.Closure.WITHDRAWN, rests=True)
    last = until - timedelta(days=1) if until else None
    _fill_again(cases.bring_back(actor=actor, before=before, after=paused))
    if _rest_of(paused) != _rest_of(before):
        series_news.tell_rest(paused, paused.paused_from, last)


def _rest_of(series: Series) -> tuple[str, date | None, date | None]:
    return series.state, series.paused_from, series.paused_until


@transaction.atomic
def resume_series(*, actor: Actor, series: Series) -> None:
    """It goes on, and both sides hear when. Days that had their request before the pause have it again."""
    before = cases.lock_series(series.pk)
    resumed = cases.resume_series(actor=actor, series=series)
    _fill_again(cases.bring_back(actor=actor, before=before, after=resumed))
    if before.state == Series.State.PAUSED:
        series_news.tell_goes_on(resumed)


@transaction.atomic
def begin_again(*, actor: Actor, request: Request, wish: Rhythm) -> Series:
    """What somebody comes or came for is wished again and again, at those hours. Raises `NotPossible` where nobody
    comes, where it was long ago, or where it comes again already."""
    visit = first_visit(request)
    if request.series_id or visit is None or visit.comes_until < clock.now() - AGAIN_WITHIN:
        raise NotPossible
    hours = (visit.comes_from, visit.comes_until)
    return cases.begin_series(actor=actor, request=request, wish=wish, visit=hours)
