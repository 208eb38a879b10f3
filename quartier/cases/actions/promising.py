"""What is promised about a request: one promise at a time, which the request's own changes keep or end.

The row of the promise is the truth. `Request.promised_at`, by which the board sorts, moves here alone, together with
it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from quartier.cases import rules
from quartier.cases.models import Case, Request
from quartier.cases.queries.beside import mark_at_shared_phone
from quartier.lib import clock
from quartier.lib.names import first_name_in
from quartier.lib.rows import hold
from quartier.messaging import actions as messaging
from quartier.messaging import stops
from quartier.messaging.queries import was_any_written
from quartier.messaging.words.circumstances import COMPLAINT
from quartier.people.models import Person
from quartier.promises import actions as promises
from quartier.promises import queries
from quartier.promises.models import Promise
from quartier.promises.rules import SATURDAY, PromiseSpec
from quartier.team.models import Account
from quartier.telephony.queries import hour_on_duty, is_duty_planned

SUBJECT = "request"
# What is owed about a request whose visit fell away: a call that says so (`call_offs`).
CALL_OFF = "call_off"
# Somebody of the team can do nothing about a promise that has less time left.
MIN_NOTICE = timedelta(hours=1)


def whom_to_tell(case: Case) -> Person:
    """Who hears how it goes: who needs help, or who asked for them."""
    return case.asked_by if case.tell_asker else case.person


def for_whom(case: Case, told: Person) -> dict[str, str]:
    """The value of a message that says for whom it is, where who reads it has asked for somebody else with a name."""
    name = first_name_in(case.person.name)
    return {"for_whom": name} if name and told.pk != case.person_id else {}


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
    complaint_id: UUID | None = None,
) -> Promise:
    """Promise this by the hour of the request; where that is past or too near, by a new one, saved with it.

    `needs_team`: whether only one of the team can keep it, by an hour at which somebody is on duty; where it is not
    said, the state of the request does. The search keeps its news at any hour of the group but at night; to who can
    only be called, one of the team must say them, so those are for such an hour too. Of what nobody has asked for
    (`Request.unasked`) the team alone hears.

    What one of us owes them stays promised, by its hour: less does not take its place, and it is not put off.
    `complaint_id`: it is owed for what they said after a visit.
    """
    now, person = clock.now(), person or whom_to_tell(request.case)
    owed = _owed_by_us(person, request)
    if owed is not None:
        is_less = kind not in {owed.kind, Promise.Kind.CALL}
        sooner = kind == owed.kind and now < request.promised_at < owed.due_at
        if now < owed.due_at and (is_less or kind == owed.kind) and not sooner:
            if request.promised_at > now:
                _move(request, owed.due_at)
            if complaint_id is not None:
                promises.bind_to_complaint(
                    subject_kind=SUBJECT, subject_id=request.pk, complaint_id=complaint_id
                )
            return owed
        kind, needs_team = (owed.kind if is_less else kind), True
    if needs_team is None:
        needs_team = request.state == Request.State.HUMAN
    soonest = now + (MIN_NOTICE if needs_team else timedelta(0))
    if request.promised_at <= now or request.promised_at < soonest:
        _move(request, rules.news_hour(now + MIN_NOTICE, request.urgency, request.organisation))
    said = request.promised_at
    by_team = needs_team or (not request.unasked and _can_only_be_called(person))
    hour = (
        hour_on_duty(request.organisation, said) if by_team else rules.news_by_day(said, request.organisation)
    )
    if by_team:
        hour = while_it_helps(request, hour, now)
    elif request.state == Request.State.OPEN:
        hour = rules.news_while_needed(hour, request, now)
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
            complaint_id=complaint_id,
        ),
    )


def while_it_helps(
    request: Request, hour: datetime, now: datetime, *, end: datetime | None = None
) -> datetime:
    """This hour of the team; or one before the time of the request is over (or before `end`), where somebody is on duty
    then and has time enough: a call after it helps nobody. At weekends nobody is for what is not urgent, unless duty is
    planned."""
    latest = end or request.window_until
    end = latest.replace(minute=0, second=0, microsecond=0)
    if hour <= latest or end < now + MIN_NOTICE:
        return hour
    group = request.organisation
    is_weekend = end.astimezone(group.zone).weekday() >= SATURDAY
    if is_weekend and request.urgency != Request.Urgency.NOW and not is_duty_planned(group, now):
        return hour
    if hour_on_duty(request.organisation, end) == end:
        return end
    soonest = (now + MIN_NOTICE + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    first = hour_on_duty(request.organisation, soonest)
    return first if first <= latest else hour


def _can_only_be_called(person: Person) -> bool:
    """Whether news of the search reach them through one of the team alone; so does whoever has written STOP. One query
    for who has mail and reads it."""
    if stops.among(person.organisation, [person]):
        return True
    if messaging.can_be_mailed(person) and person.channel != Person.Channel.CALL:
        return False
    return not messaging.ways_of(person, "still_looking")


def _owed_by_us(person: Person, request: Request) -> Promise | None:
    """The call that one of us owes this person about it, or the answer to their complaint."""
    promise = queries.open_about(SUBJECT, request.pk)
    if promise is None or promise.person_id != person.pk:
        return None
    return promise if _is_ours_alone(promise) else None


def _is_ours_alone(promise: Promise) -> bool:
    """Whether no search can keep it: a call, or what is owed for a complaint."""
    return promise.kind == Promise.Kind.CALL or promise.complaint_id is not None


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


def team_must_tell(request: Request, *, before: datetime | None = None) -> None:
    """Somebody comes, or at another hour, and only a call can say so: the promised news is the team's to give, also
    where they had heard all that was promised before. `before`: from then on somebody may stand at their door; one of
    us is to call sooner, where anybody is on duty in time."""
    if not promises.give_to_team(subject_kind=SUBJECT, subject_id=request.pk):
        promise_about(request, told_by=Promise.ToldBy.NOBODY, needs_team=True)
    promise, now = queries.open_about(SUBJECT, request.pk), clock.now()
    if before is None or promise is None or promise.complaint_id is not None or promise.due_at <= before:
        return
    hour = while_it_helps(request, promise.due_at, now, end=before)
    if hour < promise.due_at:
        _move(request, hour)
        promise_about(request, promise.kind, told_by=promise.told_by, needs_team=True)


def search_begins_anew(request: Request) -> None:
    """Neighbours are asked (again): what was promised is the search's to keep, but for a call, which only one of the
    team can make."""
    promise = queries.open_about(SUBJECT, request.pk)
    if promise is None:
        promise_about(request, told_by=Promise.ToldBy.PAGE)
    elif not _is_ours_alone(promise):
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


def is_last_news(request: Request, promise: Promise, now: datetime) -> bool:
    """Whether its time is over by the promised hour, so that there is no later one to promise: then they are asked
    whether it is still needed."""
    return now < request.window_until <= promise.due_at and rules.ends_by_day(request)


def called_in_vain(
    request: Request, promise: Promise, *, called_at: datetime, due_at: datetime
) -> Promise | None:
    """One of the team has called them, and nobody answered: the word is kept, and they are owed the same by another
    hour. `None` when it was not open any more."""
    hold(Request, pk=request.pk)
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
        sooner = promise_about(
            request,
            promise.kind,
            person=promise.person,
            told_by=promise.told_by,
            needs_team=promise.needs_team,
        )
        _tell_hour(request, sooner)


def _tell_hour(request: Request, promise: Promise) -> None:
    """Whoever was told an hour hears the other one, so that nobody hears "late" before the hour that they know."""
    if promise.person is None or promise.told_by == Promise.ToldBy.NOBODY:
        return
    is_call = promise.kind == Promise.Kind.CALL and bool(promise.person.phone)
    template = "waits_call" if is_call else "waits_news"
    values = values_of_wait(request) | mark_at_shared_phone(request, promise.person)
    letter = messaging.Letter(promise.person, template, f"waits:{promise.pk}", values, promise=promise)
    messaging.write(organisation=request.organisation, letter=letter)


def values_of_wait(request: Request, *, complaint: bool = False) -> dict[str, Any]:
    """What a word to whoever waits says of it; when its hour has passed, not as if somebody could still come for it."""
    if complaint:
        return {"kind": COMPLAINT}
    values: dict[str, Any] = {"kind": request.kind}
    if (day := rules.day_named(request)) is not None:
        values["day"] = day
    if request.window_until <= clock.now() and not request.accepted:
        values["out_of_time"] = True
    return values


def was_end_of_search_told(request: Request) -> bool:
    """Whether whoever waits has heard that nobody is found yet, and by which hour they hear more, which is still to
    come: another end of the same search tells them nothing new, and moves no hour. So does any other when one of us
    calls them anyway."""
    promise = queries.open_about(SUBJECT, request.pk)
    if promise is None or promise.due_at <= clock.now() or promise.told_by == Promise.ToldBy.NOBODY:
        return False
    if _is_ours_alone(promise):
        return True
    # In an earlier round it was said with this same hour, if it was said after it was promised.
    keys = [end_of_search_key(request, each) for each in range(request.reopened)]
    if was_any_written(organisation=request.organisation, keys=keys, since=promise.made_at):
        return True
    key = end_of_search_key(request, request.reopened)
    return messaging.was_written(organisation=request.organisation, key=key)


def is_call_expected(request: Request, besides: Collection[UUID] = ()) -> bool:
    """Whether whoever waits has read, or heard, that one of us calls: where somebody comes instead, they are told that
    they need not wait for it. What they complained about is spoken of all the same, and so is anything else about
    which we owe them a call, but for what is told together with it (`besides`)."""
    promise = _owed_by_us(whom_to_tell(request.case), request)
    if promise is None or promise.complaint_id or promise.told_by == Promise.ToldBy.NOBODY:
        return False
    if queries.is_another_call_owed(promise, besides):
        return False
    keys = [end_of_search_key(request, each) for each in range(request.reopened + 1)]
    return not messaging.is_any_waiting(organisation=request.organisation, keys=keys)


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


def person_has_heard(request: Request, *, complaints: bool = False) -> None:
    """They know what comes, or one of us has spoken with them: what was promised is kept. While neighbours are still
    asked, they hear again: hours later of what is urgent, else tomorrow. `complaints`: one of us has spoken with them,
    so that what is owed for a complaint is kept too."""
    _take_back_end_of_search(request)
    promises.keep_promises(subject_kind=SUBJECT, subject_id=request.pk, complaints=complaints)
    promises.keep_promises(subject_kind=CALL_OFF, subject_id=request.pk)
    # Where somebody experienced is looked for, their words name who comes, and the visit owes them the rest.
    if request.state == Request.State.OPEN and not request.for_experienced:
        _move(request, _next_news(request, clock.now()))
        promise_about(request, told_by=Promise.ToldBy.PAGE)


def _next_news(request: Request, after: datetime) -> datetime:
    is_urgent = request.urgency == Request.Urgency.NOW
    urgency = Request.Urgency.DAY if is_urgent else Request.Urgency.WEEK
    hour = rules.promise(after, urgency, request.organisation)
    return rules.news_while_needed(rules.news_by_day(hour, request.organisation), request, after)


def request_is_over(request: Request, *, is_fulfilled: bool, they_know: bool) -> None:
    """Nothing is owed any more, but an answer to a complaint; and the call that somebody is not coming, unless they
    know that it is over (`they_know`)."""
    _take_back_end_of_search(request)
    end = promises.keep_promises if is_fulfilled else promises.withdraw_promises
    end(subject_kind=SUBJECT, subject_id=request.pk, complaints=False)
    if they_know:
        promises.withdraw_promises(subject_kind=CALL_OFF, subject_id=request.pk)


def care_for_another_day(request: Request, account: Account | None) -> None:
    """They were spoken with; while their request is open, this one of the team owes them news within a day."""
    _move(request, rules.promise(clock.now(), Request.Urgency.WEEK, request.organisation))
    promise_about(request, Promise.Kind.CARE, told_by=Promise.ToldBy.NOBODY)
    promises.give_to_account(subject_kind=SUBJECT, subject_id=request.pk, account=account)
