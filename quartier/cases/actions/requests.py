"""Changes of one request. Each checks where the request stands in the database, not where a page thought it did."""

from datetime import datetime, timedelta

from django.db import transaction

from quartier.cases import rules
from quartier.cases.actions import promising
from quartier.cases.actions.ledger import changed
from quartier.cases.models import Case, Request
from quartier.cases.rules import NotPossible
from quartier.lib import clock
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.team.access import Actor


def _lock(request: Request) -> Request:
    return (
        Request.objects.select_for_update(of=("self",))
        .select_related("organisation", "case")
        .get(pk=request.pk)
    )


@transaction.atomic
def ask_human(*, actor: Actor, request: Request, why: str) -> Request:
    """A person of the team must act. The automatic search stops; offers that are out can still be accepted."""
    locked = _lock(request)
    if locked.state != Request.State.OPEN:
        return locked
    locked.state, locked.why_human, locked.next_at = Request.State.HUMAN, why, None
    locked.save(update_fields=["state", "why_human", "next_at"])
    changed(actor, "request.ask_human", locked, why=why)
    promising.team_looks_after(locked)
    return locked


@transaction.atomic
def ask_for_call(*, actor: Actor, case: Case) -> None:
    """Something is not right: somebody of the team must call. What was done comes back to a human; what is
    covered stays so."""
    latest = Request.objects.filter(case=case).order_by("-created_at").first()
    if latest is None:
        return
    if latest.state == Request.State.CLOSED:
        if latest.closure == Request.Closure.FULFILLED:
            reopen_request(actor=actor, request=latest, human=Request.Why.ASKED)
    elif latest.asked_over_at is not None:
        _owe_after_question(actor, latest)
    else:
        ask_human(actor=actor, request=latest, why=Request.Why.ASKED)


def _owe_after_question(actor: Actor, request: Request) -> None:
    """They were asked whether it is still needed, and want to be called: silence does not end it any more."""
    locked = _lock(request)
    if locked.asked_over_at is None or locked.state != Request.State.HUMAN:
        return
    locked.asked_over_at, locked.why_human = None, Request.Why.ASKED
    locked.save(update_fields=["asked_over_at", "why_human"])
    changed(actor, "request.ask_human", locked, why=Request.Why.ASKED)
    promising.team_looks_after(locked)


@transaction.atomic
def look_again(*, actor: Actor, request: Request, from_start: bool = False) -> Request:
    """Let the matcher ask neighbours (again), now. `from_start`: as if nobody had been asked yet. A call that was
    promised stays the team's.

    Raises `NotPossible` when the request is covered or over.
    """
    locked = _lock(request)
    if locked.state not in {Request.State.OPEN, Request.State.HUMAN}:
        raise NotPossible
    locked.state, locked.why_human, locked.next_at = Request.State.OPEN, "", clock.now()
    if from_start:
        locked.wave, locked.radius_m = 0, rules.reach_m(locked.kind)
    if locked.window_until <= clock.now() + timedelta(hours=1):
        locked.window_from, locked.window_until = rules.window_anew(locked, clock.now())
    locked.asked_over_at = None
    locked.save()
    changed(actor, "request.look_again", locked)
    promising.search_begins_anew(locked)
    return locked


@transaction.atomic
def mark_overdue(*, actor: Actor, request: Request) -> None:
    """The time of a locked request is over, and whoever waits is asked about it."""
    request.state, request.why_human, request.next_at = Request.State.HUMAN, Request.Why.TIME_OVER, None
    request.asked_over_at = clock.now()
    request.save(update_fields=["state", "next_at", "asked_over_at", "why_human"])
    changed(actor, "request.ask_if_needed", request)


@transaction.atomic
def mark_unsaid(*, actor: Actor, request: Request, over_at: datetime) -> None:
    """Whoever set out for a locked request has not said how it went: its time was over at `over_at`, its place is free,
    and whoever waits is asked about it (`mark_overdue`)."""
    request.state, request.why_human, request.next_at = Request.State.HUMAN, Request.Why.TIME_OVER, None
    request.accepted = max(request.accepted - 1, 0)
    request.covered_at, request.window_until = None, over_at
    request.save(update_fields=["state", "why_human", "next_at", "accepted", "covered_at", "window_until"])
    changed(actor, "request.unsaid", request)


@transaction.atomic
def resume_search(*, actor: Actor, request: Request) -> bool:
    """Another day: the matcher asks neighbours again, though nobody of the team has said so. A call that was promised
    stays the team's.

    False: somebody has it meanwhile, or it ended.
    """
    locked = _lock(request)
    waits = locked.why_human in Request.SEARCH_CAN_RESUME and locked.taken_by_id is None
    if locked.state != Request.State.HUMAN or not waits:
        return False
    locked.state, locked.why_human, locked.next_at, locked.wave = Request.State.OPEN, "", clock.now(), 0
    locked.save(update_fields=["state", "why_human", "next_at", "wave"])
    changed(actor, "request.resume_search", locked)
    promising.search_begins_anew(locked)
    return True


@transaction.atomic
def take(*, actor: Actor, request: Request) -> Request:
    """This account looks after the request. Taken twice, the last one has it."""
    locked = _lock(request)
    if locked.state == Request.State.CLOSED:
        raise NotPossible
    locked.taken_by = actor.account
    locked.save(update_fields=["taken_by"])
    changed(actor, "request.take", locked)
    promises.give_to_account(subject_kind=promising.SUBJECT, subject_id=locked.pk, account=actor.account)
    return locked


@transaction.atomic
def give_back(*, actor: Actor, request: Request) -> None:
    """Whoever had taken it is not of the team any more: nobody has it, and a search that can begin again by itself
    does. What they owed is owed by whoever is on duty."""
    locked = _lock(request)
    if locked.state == Request.State.CLOSED or locked.taken_by_id is None:
        return
    locked.taken_by = None
    locked.save(update_fields=["taken_by"])
    changed(actor, "request.give_back", locked)


@transaction.atomic
def record_contact_made(*, actor: Actor, request: Request) -> Request:
    """Somebody of the team has called or written: what was promised is kept. While the request still needs one of us,
    they look after it, and the person hears from us again within a day.

    Raises `NotPossible` when it is over.
    """
    locked = _lock(request)
    if locked.state == Request.State.CLOSED:
        raise NotPossible
    promising.person_has_heard(locked)
    if locked.state == Request.State.HUMAN:
        locked.taken_by = locked.taken_by or actor.account
        locked.save(update_fields=["taken_by"])
        promising.care_for_another_day(locked, locked.taken_by)
    changed(actor, "request.contact", locked)
    return locked


@transaction.atomic
def change_request(
    *,
    actor: Actor,
    request: Request,
    window: tuple[datetime, datetime] | None = None,
    urgency: str = "",
    details: str | None = None,
) -> Request:
    """Another time, urgency or other details. Raises `NotPossible` when it is over or the time is."""
    locked = _lock(request)
    now = clock.now()
    if locked.state == Request.State.CLOSED or (window and window[1] <= max(now, window[0])):
        raise NotPossible
    if window:
        locked.window_from, locked.window_until = window
        locked.asked_over_at = None
    if urgency:
        locked.urgency = Request.Urgency(urgency)
    if details is not None:
        locked.details = details
    if locked.state == Request.State.OPEN:
        locked.next_at = now
    locked.save()
    if urgency:
        promising.urgency_has_changed(locked)
    changed(actor, "request.change", locked)
    return locked


@transaction.atomic
def close_request(
    *, actor: Actor, request: Request, closure: str, note: str = "", merged_into: Request | None = None
) -> Request:
    """It is over. Closed twice, the first closure stays. Visits and offers are ended by `visits.end_request`."""
    locked = _lock(request)
    if locked.state == Request.State.CLOSED:
        return locked
    locked.state, locked.closure, locked.closure_note = Request.State.CLOSED, Request.Closure(closure), note
    locked.why_human, locked.next_at, locked.priority = "", None, 0
    locked.closed_at = clock.now()
    locked.merged_into = merged_into
    locked.save()
    changed(actor, "request.close", locked, closure=closure)
    promising.request_is_over(locked, is_fulfilled=closure == Request.Closure.FULFILLED)
    return locked


@transaction.atomic
def reopen_request(*, actor: Actor, request: Request, human: str = "") -> Request:
    """Look for somebody again, first in the queue. `human`: why a person must look at it before the matcher does."""
    locked = _lock(request)
    now = clock.now()
    if locked.state == Request.State.CLOSED:
        # Whoever went has ended: all the places are free again, and the one beside somebody new is not needed.
        locked.accepted = 0
        locked.needed -= locked.pair == Request.Pair.PLACE
        locked.pair, locked.for_experienced, locked.pair_told_at = Request.Pair.NONE, False, None
    locked.state = Request.State.HUMAN if human else Request.State.OPEN
    locked.why_human = human
    locked.closure, locked.closure_note, locked.closed_at, locked.merged_into = "", "", None, None
    locked.covered_at = None
    locked.priority, locked.reopened = 1, locked.reopened + 1
    locked.wave, locked.radius_m = 0, rules.reach_m(locked.kind)
    locked.next_at = None if human else now
    locked.waiting_since = now
    locked.promised_at = rules.news_hour(now, locked.urgency, locked.organisation)
    if locked.window_until <= now + timedelta(hours=1):
        locked.window_from, locked.window_until = rules.window_anew(locked, now)
    locked.unhurried, locked.search_ended_on, locked.asked_over_at = False, None, None
    locked.save()
    changed(actor, "request.reopen", locked)
    if human:
        promising.comes_back_to_team(locked)
    else:
        promising.promise_about(locked, told_by=Promise.ToldBy.PAGE)
    return locked


@transaction.atomic
def wait_for_morning(*, actor: Actor, request: Request, wakes: datetime) -> bool:
    """An urgent search stops for the night, until `wakes`. Where its window would be over by then, it begins anew, and
    so does the promise of news; returns whether that is so: then whoever waits is to be told."""
    request.next_at = wakes
    anew = rules.window_after_night(request, wakes)
    if anew is None:
        request.save(update_fields=["next_at"])
        return False
    request.window_from, request.window_until = anew
    request.wave = 0
    request.save(update_fields=["next_at", "window_from", "window_until", "wave"])
    promising.search_rests(request, wakes)
    changed(actor, "request.wait_for_morning", request, until=wakes.isoformat())
    return True
