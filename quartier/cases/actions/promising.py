"""What is promised about a request: one promise at a time, which the request's own changes keep or end.

The row of the promise is the truth. `Request.promised_at`, by which the board sorts, moves here alone, together with
it.
"""

from datetime import datetime, timedelta

from quartier.cases import rules
from quartier.cases.models import Case, Request
from quartier.lib import clock, hours
from quartier.messaging import actions as messaging
from quartier.people.models import Person
from quartier.promises import actions as promises
from quartier.promises import queries
from quartier.promises.models import Promise
from quartier.promises.rules import PromiseSpec
from quartier.team.models import Account
from quartier.telephony.queries import hour_on_duty

SUBJECT = "request"
# Somebody of the team can do nothing about a promise that has less time left.
MIN_NOTICE = timedelta(minutes=45)
# The search says its news before the hour, and has as much time for it as one of us when the quiet hours are over.
BEFORE_NEWS = timedelta(minutes=30)


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

    `needs_team`: whether only one of the team can keep it, by an hour at which somebody is on duty; where it is not
    said, the state of the request does. The search keeps its news at any hour of the group but at night; to who can
    only be called, one of the team must say them, so those are for such an hour too. Of what nobody has asked for
    (`Request.unasked`) the team alone hears.

    A call that was said to them stays promised, by its hour: less does not take its place, and it is not put off.
    """
    now, person = clock.now(), person or whom_to_tell(request.case)
    call = _call_said_to(person, request)
    if call is not None:
        sooner = kind == Promise.Kind.CALL and now < request.promised_at < call.due_at
        if now < call.due_at and not sooner:
            if request.promised_at > now:
                _move(request, call.due_at)
            return call
        kind, needs_team = Promise.Kind.CALL, True
    if needs_team is None:
        needs_team = request.state == Request.State.HUMAN
    soonest = now + (MIN_NOTICE if needs_team else timedelta(0))
    if request.promised_at <= soonest:
        _move(request, rules.news_hour(now + MIN_NOTICE, request.urgency, request.organisation))
    said = request.promised_at
    by_team = needs_team or (not request.unasked and _can_only_be_called(person))
    hour = hour_on_duty(request.organisation, said) if by_team else _by_day(request, said)
    if hour != said:
        _move(request, hour)
    if request.unasked:
        kind, told_by = Promise.Kind.CARE, Promise.ToldBy.NOBODY
    return promises.make_promise(
        organisation=request.organisation,
        spec=PromiseSpec(
            kind=kind,
            subject_kind=SUBJECT,
            subject_id=request.pk,
            person=None if request.unasked else person,
            due_at=request.promised_at,
            told_by=told_by,
            urgent=request.urgency == Request.Urgency.NOW,
            needs_team=needs_team,
        ),
    )


def _can_only_be_called(person: Person) -> bool:
    """Whether news of the search reach them through one of the team alone. No query for who has mail and reads it."""
    if person.email and person.channel != Person.Channel.CALL:
        return False
    return not messaging.ways_of(person, "still_looking")


def _call_said_to(person: Person, request: Request) -> Promise | None:
    """The call that one of us owes this person about it."""
    promise = queries.open_about(SUBJECT, request.pk)
    is_call = promise is not None and promise.kind == Promise.Kind.CALL and promise.person_id == person.pk
    return promise if is_call else None


def _move(request: Request, due_at: datetime) -> None:
    """Another hour, saved; the promise of it is made in the same transaction."""
    request.promised_at = due_at
    Request.objects.filter(pk=request.pk).update(promised_at=due_at)


def promised_or_news(request: Request, person: Person) -> Promise:
    """What they were promised already, where its hour is still to come; else news."""
    promise = queries.open_about(SUBJECT, request.pk)
    return promise if promise and promise.due_at > clock.now() else promise_about(request, person=person)


def team_looks_after(request: Request) -> None:
    """A request has come to the team: what was promised before is theirs to keep now, or that they look after it."""
    if not promises.give_to_team(subject_kind=SUBJECT, subject_id=request.pk):
        promise_about(request, Promise.Kind.CARE, told_by=Promise.ToldBy.NOBODY)


def comes_back_to_team(request: Request) -> None:
    """It is opened again, and one of the team must see to it: the board shows the hour that is owed to them still."""
    team_looks_after(request)
    promise = queries.open_about(SUBJECT, request.pk)
    if promise is not None and promise.due_at != request.promised_at:
        _move(request, promise.due_at)


def team_must_tell(request: Request) -> None:
    """Somebody comes, and only a call can say so: the promised news is the team's to give."""
    promises.give_to_team(subject_kind=SUBJECT, subject_id=request.pk)


def search_begins_anew(request: Request) -> None:
    """Neighbours are asked (again): what was promised is the search's to keep, but for a call, which only one of the
    team can make."""
    promise = queries.open_about(SUBJECT, request.pk)
    if promise is None:
        promise_about(request, told_by=Promise.ToldBy.PAGE)
    elif promise.kind != Promise.Kind.CALL:
        promises.give_to_search(subject_kind=SUBJECT, subject_id=request.pk)


def search_rests(request: Request, wakes: datetime) -> None:
    """The search rests for the night, until `wakes`: news come when it has gone on for a while, not sooner than said
    before. What is owed to them by one of the team stays as it is."""
    promise = queries.open_about(SUBJECT, request.pk)
    if promise is not None and promise.needs_team:
        return
    news = rules.promise(wakes, request.urgency, request.organisation)
    _move(request, max(request.promised_at, news))
    promise_about(request, person=promise.person if promise else None)


def search_goes_on(request: Request, promise: Promise) -> Promise | None:
    """They hear at the promised hour that nobody is found yet, and until when they hear again: hours later for what is
    urgent, else tomorrow. Past that hour the word was broken. `None` when it was not open any more."""
    now = clock.now()
    due_at = _next_news(request, max(promise.due_at, now))
    if promise.due_at < now:
        kind = Promise.Kind.NEWS if promise.person_id else promise.kind
        return promises.break_promise(promise=promise, due_at=due_at, kind=kind, needs_team=False)
    renewal = promises.renew_promise(promise=promise, due_at=due_at)
    if renewal is not None:
        _move(request, due_at)
    return renewal


def called_in_vain(
    request: Request, promise: Promise, *, called_at: datetime, due_at: datetime
) -> Promise | None:
    """One of the team has called them, and nobody answered: the word is kept, and they are owed the same by another
    hour. `None` when it was not open any more."""
    Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    following = promises.follow_promise(promise=promise, due_at=due_at, kept_at=called_at)
    if following is not None:
        _move(request, due_at)
    return following


def urgency_has_changed(request: Request) -> None:
    """It has another urgency: they hear sooner if it hurries. An hour that was said to them is put off for nobody."""
    is_urgent = request.urgency == Request.Urgency.NOW
    promises.change_urgency(subject_kind=SUBJECT, subject_id=request.pk, urgent=is_urgent)
    hour = rules.news_hour(clock.now(), request.urgency, request.organisation)
    promise = queries.open_about(SUBJECT, request.pk)
    if promise is not None and promise.needs_team:
        hour = hour_on_duty(request.organisation, hour)
    if promise is None:
        _move(request, hour)
    elif hour < promise.due_at:
        _move(request, hour)
        promise_about(request, promise.kind, person=promise.person, needs_team=promise.needs_team)


def asked_if_needed(request: Request, *, in_writing: bool) -> None:
    """Its time is over, and whoever waits was asked whether it is still needed: those are the news that were promised.
    Who cannot be written to is the team's."""
    if in_writing:
        person_has_heard(request)
    else:
        team_looks_after(request)


def somebody_asks_for_it(request: Request) -> None:
    """Nobody had asked for it, and now whom it is for does: one of us owes it to them."""
    request.unasked = False
    Request.objects.filter(pk=request.pk).update(unasked=False)


def team_knows(request: Request) -> None:
    """Those of the team who look after it were told already, by whoever found it out."""
    promises.team_was_told(subject_kind=SUBJECT, subject_id=request.pk)


def end_of_search_key(request: Request, reopened: int) -> str:
    """The key of the message that nobody is found yet."""
    return f"nobody:{request.pk}:{reopened}"


def _take_back_end_of_search(request: Request) -> None:
    """That nobody is found is not true any more, or of no use: where it waits to be sent, it is not."""
    keys = [end_of_search_key(request, each) for each in range(request.reopened + 1)]
    messaging.cancel_by_key(organisation=request.organisation, keys=keys)


def person_has_heard(request: Request) -> None:
    """They know what comes, or one of us has spoken with them: what was promised is kept. While neighbours are still
    asked, they hear again: hours later of what is urgent, else tomorrow."""
    _take_back_end_of_search(request)
    promises.keep_promises(subject_kind=SUBJECT, subject_id=request.pk)
    # Where somebody experienced is looked for, their words name who comes, and the visit owes them the rest.
    if request.state == Request.State.OPEN and not request.for_experienced:
        _move(request, _next_news(request, clock.now()))
        promise_about(request, told_by=Promise.ToldBy.PAGE)


def _next_news(request: Request, after: datetime) -> datetime:
    is_urgent = request.urgency == Request.Urgency.NOW
    urgency = Request.Urgency.DAY if is_urgent else Request.Urgency.WEEK
    return _by_day(request, rules.promise(after, urgency, request.organisation))


def _by_day(request: Request, hour: datetime) -> datetime:
    """This hour for news of the search; an hour after the quiet hours, where it would have to say them in those."""
    group, said = request.organisation, hour - BEFORE_NEWS
    wakes = hours.after_quiet(said, group.quiet_from, group.quiet_until, group.zone)
    return hour if wakes == said else wakes + timedelta(hours=1)


def request_is_over(request: Request, *, is_fulfilled: bool) -> None:
    """Nothing is owed any more."""
    _take_back_end_of_search(request)
    end = promises.keep_promises if is_fulfilled else promises.withdraw_promises
    end(subject_kind=SUBJECT, subject_id=request.pk)


def care_for_another_day(request: Request, account: Account | None) -> None:
    """They were spoken with; while their request is open, this one of the team owes them news within a day."""
    _move(request, rules.promise(clock.now(), Request.Urgency.WEEK, request.organisation))
    promise_about(request, Promise.Kind.CARE, told_by=Promise.ToldBy.NOBODY)
    promises.give_to_account(subject_kind=SUBJECT, subject_id=request.pk, account=account)
