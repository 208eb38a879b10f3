"""Ending what is under way: a request that is over, a volunteer who goes."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from quartier.cases import actions as cases
from quartier.cases import rules
from quartier.cases.actions.promising import CALL_OFF, SUBJECT
from quartier.cases.models import Case, Request, Series
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.browsers import switch_push_off
from quartier.people import actions as people
from quartier.people.models import Person, Volunteer
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.team.access import Actor, of_account
from quartier.telephony import actions as telephony
from quartier.telephony.actions import shifts
from quartier.trust import actions as trust
from quartier.visits import rules as visit_rules
from quartier.visits.actions import ledger, series_news
from quartier.visits.actions.calendars import take_calendar
from quartier.visits.actions.membership import VOLUNTEER, tell_membership
from quartier.visits.actions.progress import could_not, end, lock, met, was_not_there
from quartier.visits.actions.undo import was_done_by_team
from quartier.visits.models import Assignment, Regular

# A visit that begins within this is cancelled by itself, whatever else is said.
NEAR = timedelta(hours=24)
ALL_TIMES = "all times"


@transaction.atomic
def end_request(
    *,
    actor: Actor,
    request: Request,
    closure: str,
    note: str = "",
    merged_into: Request | None = None,
    gently: bool = False,
    rests: bool = False,
    tells: str = "withdrawn",
) -> Request:
    """Close a request with everything that hangs on it: offers are withdrawn, volunteers need not go any more.

    `gently`: the person has died; who was going hears it, and nobody is told that something was cancelled. `rests`: it
    is one day of help that comes again; those who have to do with it each time hear of the pause, which is no end.
    `tells`: what whoever asked hears of it: that this is cancelled, that all the times are (`ALL_TIMES`), or nothing.
    """
    active = Assignment.objects.filter(request=request, state__in=Assignment.ACTIVE)
    for assignment in active:
        locked = lock(assignment)
        if locked.state in Assignment.ACTIVE:
            fulfilled = closure == Request.Closure.FULFILLED
            end(locked, Assignment.State.DONE if fulfilled else Assignment.State.CANCELLED)
            ledger.changed(actor, "assignment.done" if fulfilled else "assignment.cancel", locked)
            if fulfilled:
                met(locked)
            else:
                Request.objects.filter(pk=request.pk, accepted__gt=0).update(accepted=F("accepted") - 1)
                if gently:
                    ledger.tell_death(locked.volunteer, request.case, request.kind)
                elif not (rests and _hears_of_rest(locked)):
                    ledger.tell_not_needed(locked)
    closed = cases.close_request(
        actor=actor, request=request, closure=closure, note=note, merged_into=merged_into
    )
    matching.withdraw_offers(request=closed)
    if gently:
        promises.withdraw_promises(subject_kind=CALL_OFF, subject_id=closed.pk)
    is_told = bool(tells) and not gently and not rests and not closed.unasked
    if closure == Request.Closure.WITHDRAWN and is_told:
        case = closed.case
        told = case.asked_by if case.tell_asker else case.person
        values = {"kind": closed.kind, "in_vain": _was_in_vain(closed), "each_time": tells == ALL_TIMES}
        if values["in_vain"] and rules.next_days_stay(closed):
            values |= {"next_stay": True, "day": rules.day_named(closed)}
        messaging.write(
            organisation=closed.organisation,
            letter=Letter(
                told,
                "withdrawn",
                f"withdrawn:{closed.id}:{closed.reopened}",
                values,
            ),
        )
    return closed


@transaction.atomic
def reopen_ended(*, actor: Actor, request: Request) -> Request:
    """Look for somebody again. Whoever counts as having been there by a press of the team, and would still come, hears
    that they need not, and whoever was told that they come that they do not. Whoever has said so themselves, or of whom
    whoever was helped has, was there. What nobody has read is read first; where nobody counts as having been there, the
    wait goes on."""
    was_there = request.assignments.filter(state=Assignment.State.DONE).exists()
    unread = "" if was_there else cases.unread_when_closed(request)
    # Whoever took it back themselves has not waited since.
    has_waited = not was_there and request.closure != Request.Closure.WITHDRAWN
    opened = cases.reopen_request(actor=actor, request=request, human=unread, has_waited=has_waited)
    counted = request.assignments.filter(state=Assignment.State.DONE, comes_until__gt=clock.now())
    for assignment in counted.select_related(
        "request__case", "request__organisation", "volunteer__person", "offer"
    ):
        if was_done_by_team(assignment):
            ledger.tell_not_needed(assignment)
            if assignment.told_at is not None and not opened.unasked:
                ledger.tell_not_coming(assignment, "caller_cannot" if opened.remote else "looking_again")
    return opened


def _was_in_vain(request: Request) -> bool:
    """Whether its time went by and nobody had come: they take back what we did not do."""
    was_asked = request.asked_over_at is not None or request.window_until <= clock.now()
    # Of whoever set out and said nothing, nobody knows whether they came.
    came = Q(state=Assignment.State.DONE) | Q(failure=Assignment.Failure.UNSAID)
    return was_asked and not request.assignments.filter(came).exists()


def _hears_of_rest(assignment: Assignment) -> bool:
    """Whether the news that it rests is enough: whoever comes each time still has it, and the visit is not so near that
    it may be read too late, for it waits for the end of the night."""
    if not assignment.regular or assignment.comes_from <= clock.now() + NEAR:
        return False
    zone = assignment.request.organisation.zone
    if assignment.comes_from.astimezone(zone).date() != assignment.request.day:
        # It was moved: the days of the rest may not name it.
        return False
    stays = Regular.objects.filter(
        series=assignment.request.series_id, volunteer=assignment.volunteer_id, ended_at=None
    )
    return stays.exists()


@transaction.atomic
def person_died(*, actor: Actor, case: Case) -> None:
    """Everything that was planned for this person stops at once, and whoever was going hears it, in kind words.

    A household in which somebody else needs help asks anew: what was asked for was hers.
    """
    person = case.person
    people.record_death(actor=actor, person=person)
    messaging.cancel_all_to(person)
    for series in Series.objects.filter(case__person=person).exclude(state=Series.State.ENDED):
        end_series(actor=actor, series=series, gently=True)
    for request in Request.objects.filter(case__person=person).exclude(state=Request.State.CLOSED):
        end_request(actor=actor, request=request, closure=Request.Closure.WITHDRAWN, gently=True)
    telephony.end_callbacks_of(actor=actor, person=person)
    _nothing_is_owed(person)


def _nothing_is_owed(person: Person) -> None:
    """Nobody of the team is told to call or write to them. What they asked for somebody else is owed to that one."""
    promised = Promise.objects.filter(person=person, subject_kind__in=[SUBJECT, CALL_OFF], outcome="")
    others = Request.objects.filter(pk__in=promised.values("subject_id")).exclude(case__person=person)
    for request in others.exclude(state=Request.State.CLOSED).select_related("case__person"):
        for kind in (SUBJECT, CALL_OFF):
            promises.owe_to(subject_kind=kind, subject_id=request.pk, person=request.case.person)
    promises.withdraw_all_to(person=person)


@transaction.atomic
def end_series(*, actor: Actor, series: Series, gently: bool = False) -> None:
    """It does not come again. Whoever came each time hears it, with thanks. `gently`: the person has died."""
    ended = cases.end_series(actor=actor, series=series)
    tells = ALL_TIMES
    for request in ended.requests.exclude(state=Request.State.CLOSED).order_by("day"):
        withdrawn = Request.Closure.WITHDRAWN
        end_request(actor=actor, request=request, closure=withdrawn, gently=gently, tells=tells)
        # Said once, of all of them.
        tells = ""
    regulars = Regular.objects.filter(series=ended, ended_at=None)
    for regular in list(regulars.select_related("volunteer__person")):
        if gently:
            ledger.tell_death(regular.volunteer, ended.case, ended.kind)
        else:
            _tell_end(regular, ended)
    regulars.update(ended_at=clock.now())


def _tell_end(regular: Regular, series: Series) -> None:
    case = series.case
    letter = Letter(
        regular.volunteer.person,
        "series_ended",
        f"series_ended:{regular.pk}",
        {
            "kind": series.kind,
            "place": (case.postcode, case.place_name),
            "page": ("volunteer_home",),
        },
    )
    messaging.write(organisation=series.organisation, letter=letter)


@transaction.atomic
def volunteer_leaves(*, actor: Actor, volunteer: Volunteer) -> None:
    """A volunteer goes for good: what they had promised is looked for again at once, offers end, and so do
    the account and the address of their calendar."""
    people.leave(actor=actor, volunteer=volunteer)
    _give_back(actor, volunteer)
    promises.withdraw_promises(subject_kind=VOLUNTEER, subject_id=volunteer.pk)
    take_calendar(volunteer=volunteer)
    people.close_account(actor=actor, volunteer=volunteer)


@transaction.atomic
def volunteer_suspended(*, actor: Actor, volunteer: Volunteer, words: str = "") -> None:
    """A coordinator suspends somebody, and says why: no more addresses, no more visits, from this moment, also in the
    middle of one. Who is helped hears that somebody else comes."""
    account = volunteer.person.account
    if account is not None:
        shifts.end_shift(of_account(account))  # while it is still theirs: nobody is put through to them
    switch_push_off(person=volunteer.person)
    people.suspend(actor=actor, volunteer=volunteer)
    trust.suspended(actor=actor, volunteer=volunteer, words=words)
    _give_back(actor, volunteer)
    tell_membership(volunteer, "membership_over", {})


@transaction.atomic
def keep_apart(*, actor: Actor, volunteer: Volunteer, person: Person, reason: str = "") -> None:
    """These two are never brought together again: offers end, and what was promised between them is looked for again at
    once. Whoever was going hears that they need not. Of whoever set out for a time that is over nobody knows whether
    they were there: whoever waits is asked, and nobody hears that it is cancelled."""
    people.exclude(actor=actor, volunteer=volunteer, person=person, reason=reason)
    _hold_all(volunteer, person)
    regulars = Regular.objects.filter(volunteer=volunteer, series__case__person=person, ended_at=None)
    for regular in list(regulars.select_related("series__case", "series__organisation", "volunteer__person")):
        series_news.tell_stops(regular, by_team=True)
    regulars.update(ended_at=clock.now())
    between = Assignment.objects.filter(volunteer=volunteer, request__case__person=person)
    for assignment in between.filter(state__in=Assignment.ACTIVE):
        is_on_way = assignment.state == Assignment.State.ON_WAY
        if is_on_way and visit_rules.is_late(assignment, clock.now()):
            was_not_there(actor=actor, assignment=assignment)
            continue
        ended = could_not(actor=actor, assignment=assignment, failure=Assignment.Failure.CANNOT_GO)
        ledger.tell_not_needed(ended)
    matching.withdraw_offers_of(volunteer=volunteer, person=person)


def _hold_all(volunteer: Volunteer, person: Person) -> None:
    """What they could say yes to at this moment: they have said it by now, or find that it is barred. A series goes
    before its requests."""
    files = Case.objects.filter(person=person)
    series = Series.objects.select_for_update().filter(case__in=files).order_by("pk")
    list(series.values_list("pk", flat=True))
    asked = Offer.objects.filter(volunteer=volunteer).values("request")
    requests = Request.objects.select_for_update().filter(case__in=files, pk__in=asked).order_by("pk")
    list(requests.exclude(state=Request.State.CLOSED).values_list("pk", flat=True))


def _give_back(actor: Actor, volunteer: Volunteer) -> None:
    regulars = Regular.objects.filter(volunteer=volunteer, ended_at=None)
    for regular in list(regulars.select_related("series__case", "series__organisation", "volunteer__person")):
        series_news.tell_stops(regular)
    regulars.update(ended_at=clock.now())
    for assignment in Assignment.objects.filter(volunteer=volunteer, state__in=Assignment.ACTIVE):
        could_not(actor=actor, assignment=assignment, failure=Assignment.Failure.CANNOT_GO)
    matching.withdraw_offers_of(volunteer=volunteer)
