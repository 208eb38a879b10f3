"""Ending what is under way: a request that is over, a volunteer who goes."""

from django.db import transaction
from django.db.models import F

from quartier.cases import actions as cases
from quartier.cases.models import Case, Request, Series
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people import actions as people
from quartier.people.models import Person, Volunteer
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.team.access import Actor
from quartier.telephony import actions as telephony
from quartier.trust import actions as trust
from quartier.visits.actions import ledger
from quartier.visits.actions.calendars import take_calendar
from quartier.visits.actions.progress import could_not, end, lock, met
from quartier.visits.models import Assignment, Regular


@transaction.atomic
def end_request(
    *,
    actor: Actor,
    request: Request,
    closure: str,
    note: str = "",
    merged_into: Request | None = None,
    gently: bool = False,
) -> Request:
    """Close a request with everything that hangs on it: offers are withdrawn, volunteers need not go any more.

    `gently`: the person has died; who was going hears it, and nobody is told that something was cancelled.
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
                else:
                    ledger.tell_volunteer(locked, "visit_cancelled")
    closed = cases.close_request(
        actor=actor, request=request, closure=closure, note=note, merged_into=merged_into
    )
    matching.withdraw_offers(request=closed)
    if closure == Request.Closure.WITHDRAWN and not gently and not closed.unasked:
        case = closed.case
        told = case.asked_by if case.tell_asker else case.person
        messaging.write(
            organisation=closed.organisation,
            letter=Letter(
                told, "withdrawn", f"withdrawn:{closed.id}:{closed.reopened}", {"kind": closed.kind}
            ),
        )
    return closed


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
    promised = Promise.objects.filter(person=person, subject_kind="request", outcome="")
    others = Request.objects.filter(pk__in=promised.values("subject_id")).exclude(case__person=person)
    for request in others.exclude(state=Request.State.CLOSED).select_related("case__person"):
        promises.owe_to(subject_kind="request", subject_id=request.pk, person=request.case.person)
    promises.withdraw_all_to(person=person)


@transaction.atomic
def end_series(*, actor: Actor, series: Series, gently: bool = False) -> None:
    """It does not come again. Whoever came each time hears it, with thanks. `gently`: the person has died."""
    ended = cases.end_series(actor=actor, series=series)
    for request in ended.requests.exclude(state=Request.State.CLOSED).order_by("day"):
        end_request(actor=actor, request=request, closure=Request.Closure.WITHDRAWN, gently=gently)
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
    take_calendar(volunteer=volunteer)
    people.close_account(actor=actor, volunteer=volunteer)


@transaction.atomic
def volunteer_suspended(*, actor: Actor, volunteer: Volunteer, words: str = "") -> None:
    """A coordinator suspends somebody, and says why: no more addresses, no more visits, from this moment, also in the
    middle of one. Who is helped hears that somebody else comes."""
    people.suspend(actor=actor, volunteer=volunteer)
    trust.suspended(actor=actor, volunteer=volunteer, words=words)
    _give_back(actor, volunteer)


def _give_back(actor: Actor, volunteer: Volunteer) -> None:
    Regular.objects.filter(volunteer=volunteer, ended_at=None).update(ended_at=clock.now())
    for assignment in Assignment.objects.filter(volunteer=volunteer, state__in=Assignment.ACTIVE):
        could_not(actor=actor, assignment=assignment, failure=Assignment.Failure.CANNOT_GO)
    matching.withdraw_offers_of(volunteer=volunteer)
