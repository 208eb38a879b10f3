"""Changes of one request. Each checks where the request stands in the database, not where a page thought it did."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from quartier.audit.queries import of_subject
from quartier.cases import rides, rules
from quartier.cases.actions import promising, undo
from quartier.cases.actions.ledger import changed
from quartier.cases.actions.series import next_start
from quartier.cases.models import Case, Request
from quartier.cases.rules import NotPossible
from quartier.lib import clock
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.promises.queries import open_about
from quartier.team.access import Actor
from quartier.team.models import Role

# In less time nobody could come.
MIN_WINDOW = timedelta(hours=1)
Closure = Request.Closure
# Ended so, nobody has told them that whom they expect is not coming.
UNTOLD_ENDS = frozenset({Closure.WITHDRAWN, Closure.REFERRED, Closure.IMPOSSIBLE, Closure.DUPLICATE})


def _window_anew(request: Request, now: datetime, *, is_reopened: bool = False) -> tuple[datetime, datetime]:
    """Its window as if it were asked now. A missed day of a series is looked for until the evening before the next one,
    or until that begins where it is so near: else two would come for the same, on one day."""
    start, end = rules.window_anew(request, now)
    is_near = request.state == Request.State.OPEN or request.why_human == Request.Why.FAILED
    if request.kind == rides.RIDE_KIND and is_reopened and is_near:
        # A lift is of use near its hour alone: after that they are asked, also where a neighbour met nobody.
        end = min(end, rules.useful_until(start, Request.Urgency.NOW, request.organisation))
    following = next_start(request, start + MIN_WINDOW)
    if following is None:
        return start, end
    zone = request.organisation.zone
    day_before = following.astimezone(zone).date() - timedelta(days=1)
    evening = datetime.combine(day_before, time(rules.EVENING), tzinfo=zone)
    return start, min(end, evening if evening >= start + MIN_WINDOW else following)


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
        locked.window_from, locked.window_until = _window_anew(locked, clock.now())
    locked.asked_over_at = None
    locked.save()
    changed(actor, "request.look_again", locked)
    promising.search_begins_anew(locked)
    return locked


@transaction.atomic
def mark_overdue(*, actor: Actor, request: Request) -> None:
    """The time of a locked request is over, and whoever waits is asked about it. What none of us has read is still to
    be read before neighbours are asked."""
    request.state, request.next_at = Request.State.HUMAN, None
    if request.why_human not in Request.UNREAD:
        request.why_human = Request.Why.TIME_OVER
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
    stays the team's. What was urgent in the evening has a window that begins anew, of which everybody is asked.

    False: somebody has it meanwhile, or it ended.
    """
    locked = _lock(request)
    waits = locked.why_human in Request.SEARCH_CAN_RESUME and locked.taken_by_id is None
    if locked.state != Request.State.HUMAN or not waits:
        return False
    now = clock.now()
    locked.state, locked.why_human, locked.next_at, locked.wave = Request.State.OPEN, "", now, 0
    locked.save(update_fields=["state", "why_human", "next_at", "wave"])
    if (anew := rules.window_after_night(locked, now)) is not None:
        _begin_anew(locked, anew)
    changed(actor, "request.resume_search", locked)
    promising.search_begins_anew(locked)
    return True


@transaction.atomic
def take(*, actor: Actor, request: Request) -> Request:
    """This account looks after the request. Taken twice, the last one has it."""
    locked = _lock(request)
    if locked.state == Request.State.CLOSED:
        raise NotPossible
    if locked.taken_by_id is None or locked.taken_by_id != actor.id:
        before = {"before": str(locked.taken_by_id)} if locked.taken_by_id else {}
        locked.taken_by = actor.account
        locked.save(update_fields=["taken_by"])
        changed(actor, undo.TAKE_VERB, locked, **before)
    for kind in (promising.SUBJECT, promising.CALL_OFF):
        promises.give_to_account(subject_kind=kind, subject_id=locked.pk, account=actor.account)
    return locked


@transaction.atomic
def release(*, actor: Actor, request: Request) -> Request:
    """Whoever has the request cannot look after it any more: nobody has it, and what was promised is owed by whoever
    is on duty, who hears of it. A coordinator may do so for a colleague. Released twice, nothing changes. Taken over a
    moment ago by mistake, the colleague has it again.

    Raises `NotPossible` when it is over, or somebody else has it.
    """
    locked = _lock(request)
    if locked.taken_by_id is None:
        return locked
    may = locked.taken_by_id == actor.id or actor.has(Role.Name.COORDINATOR, Role.Name.ADMIN)
    if locked.state == Request.State.CLOSED or not may:
        raise NotPossible
    if (before := undo.taken_from(actor, locked)) is not None:
        return undo.undo_take(actor=actor, request=locked, before=before)
    give_back(actor=actor, request=locked)
    for kind in (promising.SUBJECT, promising.CALL_OFF):
        promise = open_about(kind, locked.pk)
        if promise is not None:
            promises.give_back_to_team(promise=promise)
    return _lock(request)


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
    promising.person_has_heard(locked, complaints=True)
    if locked.state == Request.State.HUMAN:
        locked.taken_by = locked.taken_by or actor.account
        locked.save(update_fields=["taken_by"])
        promising.care_for_another_day(locked, locked.taken_by)
    changed(actor, "request.contact", locked)
    return locked


@transaction.atomic
def settle_complaint(*, actor: Actor, request: Request, left: UUID | None) -> None:
    """Somebody of the team has looked after what they complained about: what is owed for it is kept. `left`: another
    complaint about the same request, for which it is owed from now on. Nothing where nothing is owed for one."""
    locked = _lock(request)
    promise = open_about(promising.SUBJECT, locked.pk)
    if promise is None or promise.complaint_id is None:
        return
    if left is not None:
        promises.bind_to_complaint(subject_kind=promising.SUBJECT, subject_id=locked.pk, complaint_id=left)
    elif locked.state == Request.State.CLOSED:
        promises.keep_promises(subject_kind=promising.SUBJECT, subject_id=locked.pk)
    else:
        record_contact_made(actor=actor, request=locked)


@transaction.atomic
def change_request(
    *,
    actor: Actor,
    request: Request,
    window: tuple[datetime, datetime] | None = None,
    urgency: str = "",
    details: str | None = None,
) -> Request:
    """Another time, urgency or other details. Raises `NotPossible` when it is over or the time is.

    The words of a ride say the hour at which it is asked for now.
    """
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
    arrival = rides.arrival_of(window, locked.organisation.zone) if window else None
    if locked.kind == rides.RIDE_KIND and arrival is not None:
        locked.details = rides.with_arrival(locked.details, arrival)
    if locked.state == Request.State.OPEN:
        locked.next_at = now
    locked.save()
    if urgency:
        promising.urgency_has_changed(locked)
    changed(actor, "request.change", locked)
    return locked


# What none of us has read is unread still, where its day is needed after all, or comes again.
UNREAD_CLOSURES = (Request.Closure.WITHDRAWN, Request.Closure.EXPIRED, Request.Closure.NEGLECTED)
CLOSE_VERB, UNREAD_DETAIL = "request.close", "unread"


@transaction.atomic
def close_request(
    *, actor: Actor, request: Request, closure: str, note: str = "", merged_into: Request | None = None
) -> Request:
    """It is over. Closed twice, the first closure stays. Visits and offers are ended by `visits.end_request`."""
    locked = _lock(request)
    if locked.state == Request.State.CLOSED:
        return locked
    unread = locked.why_human if locked.state == Request.State.HUMAN else ""
    unread = unread if unread in Request.UNREAD else ""
    locked.state, locked.closure, locked.closure_note = Request.State.CLOSED, Request.Closure(closure), note
    if closure not in UNREAD_CLOSURES or locked.why_human not in Request.UNREAD_WORDS:
        locked.why_human = ""
    locked.next_at, locked.priority = None, 0
    locked.closed_at = clock.now()
    locked.merged_into = merged_into
    locked.save()
    changed(actor, CLOSE_VERB, locked, closure=closure, **({UNREAD_DETAIL: unread} if unread else {}))
    # They have ended it themselves, or the visit was done with another one.
    they_know = actor.id == promising.whom_to_tell(locked.case).pk or merged_into is not None
    promising.request_is_over(
        locked,
        is_fulfilled=closure == Request.Closure.FULFILLED,
        they_know=they_know or closure not in UNTOLD_ENDS,
    )
    return locked


def unread_when_closed(request: Request) -> str:
    """Why one of us had to read it before neighbours are asked, of a request that was closed before anybody did; "" of
    any other. At most one query."""
    if request.why_human in Request.UNREAD_WORDS:
        return request.why_human
    closed = of_subject(request.organisation_id, request.pk).filter(verb=CLOSE_VERB).first()
    why = closed.details.get(UNREAD_DETAIL, "") if closed is not None else ""
    return why if why in Request.UNREAD else ""


@transaction.atomic
def reopen_request(*, actor: Actor, request: Request, human: str = "", has_waited: bool = False) -> Request:
    """Look for somebody again, first in the queue. `human`: why a person must look at it before the matcher does;
    `has_waited`: it was closed though nobody had been there, so that the wait goes on from when they asked."""
    locked = _lock(request)
    now = clock.now()
    locked.search_since = now
    if locked.state == Request.State.CLOSED:
        locked.waiting_since = locked.waiting_since if has_waited else now
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
    locked.promised_at = rules.news_hour(now, locked.urgency, locked.organisation)
    if locked.window_until <= now + timedelta(hours=1):
        locked.window_from, locked.window_until = _window_anew(locked, now, is_reopened=True)
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
    request.save(update_fields=["next_at"])
    _begin_anew(request, anew)
    promising.search_rests(request, wakes)
    changed(actor, "request.wait_for_morning", request, until=wakes.isoformat())
    return True


def _begin_anew(request: Request, window: tuple[datetime, datetime]) -> None:
    """Another window, in another round: who did not answer about last night can be asked about this morning."""
    request.window_from, request.window_until = window
    request.wave, request.reopened = 0, request.reopened + 1
    request.save(update_fields=["window_from", "window_until", "wave", "reopened"])
