"""The callback list, as people work on it: taken, tried, tried again by rule, done. Nothing leaves it by itself."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.http import Http404

from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.lib.text import clean
from quartier.people.models import Person
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.promises.queries import open_about
from quartier.team.access import TEAM, Actor, system
from quartier.team.models import Role
from quartier.telephony import queries, rules
from quartier.telephony.actions import ledger, listing, wishes
from quartier.telephony.models import Call, Callback, Wish
from quartier.telephony.queries import talks
from quartier.telephony.rules import NotPossible, OnTheLine

State = Callback.State
NOTE_AT_MOST = 4000
# Pressed again within this, it is one press.
SAME_PRESS = timedelta(seconds=5)


@transaction.atomic
def claim(*, actor: Actor, callback_id: UUID) -> Callback:
    """Take it, for ten minutes; again: ten more. Raises `NotPossible` when somebody else has it, or it is over."""
    row, now = _locked(actor, callback_id), clock.now()
    if row.state not in Callback.OPEN or _is_of_another(row, actor, now):
        raise NotPossible
    return _claim(row, actor, now)


@transaction.atomic
def call_back(*, actor: Actor, callback_id: UUID) -> Wish:
    """Take it and call, in one press; pressed twice, it is one call.

    Raises `NotPossible` when somebody else has it or it is over, `OnTheLine` when they are on a call with us at this
    moment, and `MayNotDial`: then nothing has changed.
    """
    row, now = _locked(actor, callback_id), clock.now()
    if row.state not in Callback.OPEN or _is_of_another(row, actor, now):
        raise NotPossible
    same = Wish.objects.filter(
        account=actor.account, what="dial", to=row.pk, at__gt=now - SAME_PRESS
    ).exclude(answer="edge")
    if (pressed := same.order_by("-at").first()) is not None:
        return pressed
    if _is_on_the_line(row, now):
        raise OnTheLine
    queries.dialling_of(actor.organisation).check(row.number)
    queries.check_pace(actor.organisation, now, Wish(account=actor.account))
    _claim(row, actor, now)
    return wishes.wish(actor=actor, what="dial", to=row.pk)


@transaction.atomic
def tried(*, actor: Actor, callback_id: UUID, note: str = "") -> Callback:
    """Nobody answered. It waits for its next turn; after as many tries as the group wants, for a coordinator.

    Of whoever has it, or had it last; said twice, it is one try. What was promised is kept with the last: we did call.
    Before an hour that was named none is the last.
    """
    row, now = _locked(actor, callback_id), clock.now()
    if not _is_mine(row, actor):
        return row
    settings = queries.settings_of(actor.organisation)
    when = queries.hours_of(actor.organisation, settings)
    row.tries, row.tried_at = row.tries + 1, now
    if row.again:
        # They called us meanwhile: they are there.
        row.state, row.due_at = State.WAITING, when.next_time(now)
    elif (hour := _hour_to_come(row, now)) is not None:
        is_enough = row.tries >= settings.tries
        row.state = State.WAITING
        row.due_at = hour if is_enough else min(hour, rules.next_try(row.tries, now, when))
        row.tries = 0 if is_enough else row.tries
    else:
        row.state = State.GIVEN_UP if row.tries >= settings.tries else State.WAITING
        row.due_at = rules.next_try(row.tries, now, when)
        if row.state == State.GIVEN_UP:
            promises.keep_promises(subject_kind="callback", subject_id=row.pk)
    _let_go(row, note)
    ledger.changed(actor, "callback.tried", "callback", row.pk, tries=row.tries)
    return row


@transaction.atomic
def done(*, actor: Actor, callback_id: UUID, note: str = "") -> Callback:
    """They were reached. Of whoever has it or had it last, and of a coordinator when it was given up.

    Said twice, nothing happens; raises `NotPossible` when it is not theirs: a page that is old must not end what has
    come since. If they called again meanwhile and nobody has spoken with them since, it stays on the list, waiting.
    """
    row = _locked(actor, callback_id)
    if row.ended_at is not None:
        return row
    may = _is_mine(row, actor) or (row.state == State.GIVEN_UP and _decides(actor))
    if not may:
        raise NotPossible
    if row.again and not _was_spoken_to(row):
        row.state, row.due_at = State.WAITING, queries.hours_of(actor.organisation).next_time(clock.now())
    else:
        row.state, row.ended_at = State.DONE, clock.now()
        promises.keep_promises(subject_kind="callback", subject_id=row.pk)
    _let_go(row, note)
    ledger.changed(actor, "callback.done", "callback", row.pk, tries=row.tries)
    return row


@transaction.atomic
def settle_spoken(*, actor: Actor, callback_id: UUID) -> Callback:
    """Off the list, in one press, whoever somebody has spoken with since. Raises `NotPossible` when nobody has, where a
    call was promised or others use the phone, when somebody else has the row, or it is over."""
    row, now = _locked(actor, callback_id), clock.now()
    if row.state not in Callback.OPEN or _is_of_another(row, actor, now):
        raise NotPossible
    if row.call is None or not _was_spoken_to(row):
        raise NotPossible
    if row.why == Callback.Why.PROMISED or talks.is_shared(row):
        raise NotPossible
    row.state, row.ended_at = State.DONE, now
    promises.keep_promises(subject_kind="callback", subject_id=row.pk)
    _let_go(row, "")
    ledger.changed(actor, "callback.done", "callback", row.pk, tries=row.tries)
    return row


@transaction.atomic
def release(*, actor: Actor, callback_id: UUID) -> Callback:
    """Hand it back. A coordinator may do so for others."""
    row = _locked(actor, callback_id)
    if row.state == State.CLAIMED and (_is_mine(row, actor) or _decides(actor)):
        row.state = State.WAITING
        _let_go(row, "")
        ledger.changed(actor, "callback.release", "callback", row.pk)
    return row


@transaction.atomic
def promise(
    *,
    actor: Actor,
    due_at: datetime,
    person: Person | None = None,
    call: Call | None = None,
    note: str = "",
    replaces: str = "",
) -> Callback:
    """Somebody was promised to be rung at a certain time (moved into the hours in which anybody is rung).

    `replaces`: what the note said before, when it is written anew.
    Raises `NotPossible` when there is no number, `MayNotDial` when the line may not dial it then, `Http404` for who
    may not. If the actor had them to ring back, that is over: this is what comes next.
    """
    if not actor.has(*TEAM):
        raise Http404
    now = clock.now()
    need = _promised(actor, person, call, due_at)
    queries.check_may_promise(actor.organisation, need.number, due_at, now)
    row = listing.put(organisation=actor.organisation, need=need, at=now)
    _take_back(row, replaces)
    if row.state == State.CLAIMED and _is_mine(row, actor):
        row.state = State.WAITING
    if row.state == State.WAITING:
        _let_go(row, note)
    else:
        _write(row, note)
        row.save(update_fields=["note"])
    ledger.changed(actor, "callback.promise", "callback", row.pk)
    return row


@transaction.atomic
def rewrite_promise(*, actor: Actor, call: Call, note: str, replaces: str = "") -> Callback | None:
    """Say it in other words to whoever keeps a promise that was made on this call; `replaces`: what the note said
    before. `None` when it was kept meanwhile, or nobody knows of it any more. Raises `Http404` for who may not."""
    if not actor.has(*TEAM):
        raise Http404
    index = call.number_index or (call.person.phone_index if call.person else "")
    rows = Callback.objects.select_for_update(of=("self",)).select_related("organisation")
    listed = rows.filter(Callback.LISTED, organisation=actor.organisation, why=Callback.Why.PROMISED)
    row = listed.filter(number_index=index).exclude(number_index="").first()
    if row is not None and note != replaces:
        _take_back(row, replaces)
        _write(row, note)
        row.save(update_fields=["note"])
        ledger.touch(row.organisation_id, row.claimed_by_id)
    return row


@transaction.atomic
def try_again(*, actor: Actor, callback_id: UUID) -> Callback:
    """A coordinator decides that who was given up is rung again. Raises `Http404` for who may not."""
    row = _of_coordinator(actor, callback_id)
    if row.ended_at is None and row.state == State.GIVEN_UP:
        row.state, row.tries = State.WAITING, 0
        row.due_at = queries.hours_of(actor.organisation).next_time(clock.now())
        _let_go(row, "")
        # The team owes it to them again; they know nothing of it.
        listing.owe_call(row, clock.now(), why=row.why, told_by=Promise.ToldBy.NOBODY)
        ledger.changed(actor, "callback.try_again", "callback", row.pk)
    return row


@transaction.atomic
def give_up(*, actor: Actor, callback_id: UUID, note: str = "") -> Callback:
    """A coordinator decides that nobody is rung any more: it leaves the list. Raises `NotPossible` unless it was
    tried often enough, and `Http404` for who may not."""
    row = _of_coordinator(actor, callback_id)
    if row.ended_at is not None:
        return row
    if row.state != State.GIVEN_UP:
        raise NotPossible
    row.ended_at = clock.now()
    _let_go(row, note)
    ledger.changed(actor, "callback.give_up", "callback", row.pk, tries=row.tries)
    return row


@transaction.atomic
def end_callbacks_of(*, actor: Actor, person: Person) -> int:
    """They have died: nobody rings them any more, and nothing of it is owed. Returns how many leave the list."""
    rows = Callback.objects.select_for_update(of=("self",)).select_related("organisation")
    listed = list(rows.filter(Callback.LISTED, person=person).order_by("pk"))
    for row in listed:
        had = row.claimed_by_id
        row.state, row.ended_at = State.GIVEN_UP, clock.now()
        _let_go(row, "")
        promises.withdraw_promises(subject_kind="callback", subject_id=row.pk)
        ledger.changed(actor, "callback.give_up", "callback", row.pk, tries=row.tries)
        ledger.touch(row.organisation_id, had)
    return len(listed)


def release_expired(now: datetime, limit: int = 100) -> int:
    """Claims that ran out: they wait again, and whoever had one may still say how it went. Returns how many."""
    over = Callback.objects.filter(state=State.CLAIMED, claimed_until__lte=now)
    count = 0
    for key in list(over.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            row = over.select_for_update(of=("self",)).select_related("organisation").filter(pk=key).first()
            if row is None:
                continue
            if _is_on_the_line(row, now):
                # They speak with each other still: nobody else calls meanwhile.
                row.claimed_until = now + rules.CLAIM_LASTS
                row.save(update_fields=["claimed_until"])
                continue
            row.state, row.claimed_until = State.WAITING, None
            row.save(update_fields=["state", "claimed_until"])
            ledger.changed(system(row.organisation), "callback.expire", "callback", row.pk)
            ledger.touch(row.organisation_id, row.claimed_by_id)
            count += 1
    return count


def _locked(actor: Actor, callback_id: UUID) -> Callback:
    """The row, locked, for somebody of the team; raises `Http404`.

    What it points to is read afterwards: a join would be of the moment before the lock was waited for.
    """
    row = (
        Callback.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=callback_id, organisation=actor.organisation)
        .first()
    )
    if row is None or actor.account is None or not actor.has(*TEAM):
        raise Http404
    return row


def _claim(row: Callback, actor: Actor, now: datetime) -> Callback:
    if not _is_mine(row, actor):
        row.again = False
    row.state, row.claimed_by, row.claimed_until = State.CLAIMED, actor.account, now + rules.CLAIM_LASTS
    row.save(update_fields=["state", "claimed_by", "claimed_until", "again"])
    ledger.changed(actor, "callback.claim", "callback", row.pk)
    return row


def _is_on_the_line(row: Callback, now: datetime) -> bool:
    """Whether a call from or to this number goes on at this moment."""
    return (
        bool(row.number_index)
        and Call.objects.filter(
            organisation=row.organisation_id,
            number_index=row.number_index,
            ended_at=None,
            began_at__gt=now - rules.MAX_CALL_AGE,
        ).exists()
    )


def _of_coordinator(actor: Actor, callback_id: UUID) -> Callback:
    row = _locked(actor, callback_id)
    if not _decides(actor):
        raise Http404
    return row


def _decides(actor: Actor) -> bool:
    return actor.has(Role.Name.COORDINATOR, Role.Name.ADMIN)


def _is_mine(row: Callback, actor: Actor) -> bool:
    """Whether the actor has it, or had it last and nobody has taken it since."""
    return row.state in Callback.OPEN and actor.id is not None and row.claimed_by_id == actor.id


def _is_of_another(row: Callback, actor: Actor, now: datetime) -> bool:
    return row.state == State.CLAIMED and not _is_mine(row, actor) and (row.claimed_until or now) > now


def _was_spoken_to(row: Callback) -> bool:
    """Whether somebody answered, here or there, after the last call for which they are on the list, and after the last
    try."""
    if row.call is None:
        return True
    calls = Call.objects.filter(organisation=row.organisation, number_index=row.number_index).exclude(
        direction=Call.Direction.MASKED
    )
    return calls.filter(answered_at__gt=talks.counts_since(row)).exists()


def _hour_to_come(row: Callback, now: datetime) -> datetime | None:
    """The hour at which they were told that we call, while it is still to come."""
    given = open_about("callback", row.pk)
    hour = queries.named_hour(row, given) if given is not None else None
    return hour if hour is not None and now < hour else None


def _let_go(row: Callback, note: str) -> None:
    """Nobody has it any more; saves the row."""
    row.claimed_by, row.claimed_until, row.again = None, None, False
    _write(row, note)
    row.save()


def _take_back(row: Callback, words: str) -> None:
    """Take the last words of a note away that are written anew."""
    if words and (row.note == words or row.note.endswith(f"\n{words}")):
        row.note = row.note.removesuffix(words).removesuffix("\n")


def _write(row: Callback, note: str) -> None:
    """Add what somebody noted. The newest stays when it gets too long."""
    if note := clean(note):
        row.note = f"{row.note}\n{note}".strip()[-NOTE_AT_MOST:]


def _promised(actor: Actor, person: Person | None, call: Call | None, due_at: datetime) -> listing.Need:
    """Whom the promise is to: who called, else the person."""
    given = call or person
    if given is None or given.organisation_id != actor.organisation.id:
        raise Http404
    if call is not None and call.number:
        call = Call.objects.select_for_update().get(pk=call.pk)
        who = person or call.person
        return listing.Need(
            call.number, call.number_index, who, call.language, Callback.Why.PROMISED, call, due_at
        )
    person = person or (call.person if call else None)
    if person is None or not person.phone:
        raise NotPossible
    index = person.phone_index or blind("phone", actor.organisation.id, person.phone)
    return listing.Need(person.phone, index, person, person.language, Callback.Why.PROMISED, None, due_at)
