"""What is promised about a request: one promise at a time, which the request's own changes keep or end."""

from datetime import datetime, timedelta

from quartier.cases import rules
from quartier.cases.models import Case, Request
from quartier.lib import clock
from quartier.people.models import Person
from quartier.promises import actions as promises
from quartier.promises import queries
from quartier.promises.models import Promise
from quartier.promises.rules import PromiseSpec

SUBJECT = "request"
# Somebody of the team can do nothing about a promise that has less time left.
MIN_NOTICE = timedelta(minutes=45)


def whom_to_tell(case: Case) -> Person:
    """Who hears how it goes: who needs help, or who asked for them."""
    return case.asked_by if case.tell_asker else case.person


def call_or_write(person: Person) -> Promise.Kind:
    """What can be promised to this person: a call only to whom we have a number of."""
    return Promise.Kind.CALL if person.phone else Promise.Kind.NEWS


def promise_about(
    request: Request,
    kind: str = Promise.Kind.NEWS,
    *,
    person: Person | None = None,
    told_by: str = Promise.ToldBy.MESSAGE,
    needs_team: bool | None = None,
) -> Promise:
    """Promise this by the hour of the request; where that is past or too near, by a new one, saved with it.

    `needs_team`: whether only one of the team can keep it; where it is not said, the state of the request does.
    """
    now = clock.now()
    if needs_team is None:
        needs_team = request.state == Request.State.HUMAN
    soonest = now + (MIN_NOTICE if needs_team else timedelta(0))
    if request.promised_at <= soonest:
        request.promised_at = rules.promise(now + MIN_NOTICE, request.urgency, request.organisation)
        Request.objects.filter(pk=request.pk).update(promised_at=request.promised_at)
    to_nobody = told_by == Promise.ToldBy.NOBODY
    return promises.make_promise(
        organisation=request.organisation,
        spec=PromiseSpec(
            kind=kind,
            subject_kind=SUBJECT,
            subject_id=request.pk,
            person=None if to_nobody else person or whom_to_tell(request.case),
            due_at=request.promised_at,
            told_by=told_by,
            urgent=request.urgency == Request.Urgency.NOW,
            needs_team=needs_team,
        ),
    )


def promised_or_news(request: Request, person: Person) -> Promise:
    """What they were promised already, where its hour is still to come; else news."""
    promise = queries.open_about(SUBJECT, request.pk)
    return promise if promise and promise.due_at > clock.now() else promise_about(request, person=person)


def nobody_was_told(request: Request) -> bool:
    """Whether this was opened for somebody who asked for nothing and knows nothing of it."""
    promise = queries.open_about(SUBJECT, request.pk)
    return promise is not None and promise.told_by == Promise.ToldBy.NOBODY


def team_looks_after(request: Request) -> None:
    """A request has come to the team: what was promised before is theirs to keep now, or that they look after it."""
    if not promises.give_to_team(subject_kind=SUBJECT, subject_id=request.pk):
        promise_about(request, Promise.Kind.CARE, told_by=Promise.ToldBy.PAGE)


def team_must_tell(request: Request) -> None:
    """Somebody comes, and only a call can say so: the promised news is the team's to give."""
    promises.give_to_team(subject_kind=SUBJECT, subject_id=request.pk)


def search_looks_after(request: Request) -> None:
    """Neighbours are asked for it now: the search keeps what was promised."""
    promises.give_to_search(subject_kind=SUBJECT, subject_id=request.pk)


def person_has_heard(request: Request) -> None:
    """They know what comes, or one of us has spoken with them: what was promised is kept."""
    promises.keep_promises(subject_kind=SUBJECT, subject_id=request.pk)


def request_is_over(request: Request, *, is_fulfilled: bool) -> None:
    """Nothing is owed any more."""
    end = promises.keep_promises if is_fulfilled else promises.withdraw_promises
    end(subject_kind=SUBJECT, subject_id=request.pk)


def next_day(request: Request, now: datetime) -> datetime:
    """When somebody who was spoken with today hears from us again at the latest, while their request is open."""
    return rules.promise(now, Request.Urgency.WEEK, request.organisation)
