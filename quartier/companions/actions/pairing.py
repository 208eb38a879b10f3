"""A pairing from the wish to its end. The pairing's row is locked first; each verb said twice changes nothing."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import IntegrityError, transaction

from quartier.cases.models import Case, Request
from quartier.companions import rules
from quartier.companions.actions.checks import end_checks
from quartier.companions.actions.ledger import (
    caller_name,
    changed,
    locked,
    nothing_to_say,
    tell_how_it_stands,
    tell_listener,
)
from quartier.companions.actions.standing_in import end_with
from quartier.companions.models import CallWish, Listener, Pairing, Talk
from quartier.companions.rules import NotPossible
from quartier.lib import clock, crypto
from quartier.lib.rhythm import Rhythm
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.telephony import actions as telephony

State = Pairing.State


@dataclass(frozen=True)
class Wanted:
    """What somebody wishes who would like to be called: bits (`lib.choices`, `rules.INTERESTS`), and words."""

    languages: int
    slots: int
    interests: int = 0
    words: str = ""
    to_know: str = ""

    def __post_init__(self) -> None:
        if not self.languages or not self.slots:
            raise ValueError("a wish needs a language and a time")


@transaction.atomic
def wish_for(
    *, actor: Actor, case: Case, person: Person, wanted: Wanted, request: Request | None = None
) -> CallWish:
    """She would like to be called regularly and agrees that notes are kept: said to somebody of the team, or ticked on
    her own page. Said again while it stands, what she wishes is as said last."""
    wish = (
        CallWish.objects.select_for_update()
        .filter(person=person)
        .exclude(state=CallWish.State.CLOSED)
        .first()
    )
    now = clock.now()
    if wish is None:
        wish = CallWish(
            organisation=actor.organisation, person=person, case=case, created_at=now, request=request
        )
    wish.languages, wish.slots, wish.interests = wanted.languages, wanted.slots, wanted.interests
    wish.words, wish.to_know, wish.area = wanted.words, wanted.to_know, case.area
    wish.consent = CallWish.Consent.ORAL if actor.account else CallWish.Consent.OWN
    wish.consent_script, wish.consent_by, wish.consent_at = rules.CONSENT, actor.account, now
    wish.save()
    changed(actor, "wish.open", "wish", wish.pk, script=rules.CONSENT, oral=actor.account is not None)
    return wish


@transaction.atomic
def close_wish(*, actor: Actor, wish: CallWish) -> None:
    """She does not wish it any more. Raises `NotPossible` while somebody calls her: that is ended first."""
    row = CallWish.objects.select_for_update().get(pk=wish.pk)
    if row.pairings.filter(state__in=Pairing.LIVE).exists():
        raise NotPossible
    if row.state != CallWish.State.CLOSED:
        row.state, row.closed_at = CallWish.State.CLOSED, clock.now()
        row.save(update_fields=["state", "closed_at"])
        changed(actor, "wish.close", "wish", row.pk)


@transaction.atomic
def propose(*, actor: Actor, wish: CallWish, listener: Listener) -> Pairing:
    """The supervisor decides that these two could speak. Raises `NotPossible` when one of them is not free."""
    row = CallWish.objects.select_for_update().get(pk=wish.pk)
    free = Listener.objects.select_for_update().get(pk=listener.pk)
    today = clock.now().astimezone(actor.organisation.zone).date()
    taken = free.pairings.filter(state__in=Pairing.LIVE).count()
    if (
        actor.account is None
        or row.state != CallWish.State.OPEN
        or taken >= free.capacity
        or free.away
        or free.stopped_at
        or not rules.is_trained(free.trained_until, today)
    ):
        raise NotPossible
    pairing = Pairing(
        organisation=actor.organisation,
        wish=row,
        listener=free,
        proposed_by=actor.account,
        created_at=clock.now(),
        key=crypto.new_key(),
    )
    try:
        with transaction.atomic():
            pairing.save(force_insert=True)
    except IntegrityError as error:
        raise NotPossible from error
    row.state = CallWish.State.PAIRED
    row.save(update_fields=["state"])
    changed(actor, "pairing.propose", "pairing", pairing.pk)
    tell_listener(pairing, "companion_asked")
    return pairing


@transaction.atomic
def agree_listener(*, actor: Actor, pairing: Pairing) -> Pairing:
    """The listener would like to."""
    row = locked(pairing.pk)
    if row.state == State.PROPOSED and row.listener_yes_at is None:
        row.listener_yes_at = clock.now()
        _both(actor, row, "pairing.listener_yes")
    return row


@transaction.atomic
def agree_person(*, actor: Actor, pairing: Pairing) -> Pairing:
    """She would like to: on her own page, or by phone to somebody of the team."""
    row = locked(pairing.pk)
    if row.state == State.PROPOSED and row.person_yes_at is None:
        row.person_yes_at, row.person_yes_by = clock.now(), actor.account
        _both(actor, row, "pairing.person_yes")
    return row


def _both(actor: Actor, row: Pairing, verb: str) -> None:
    if row.listener_yes_at and row.person_yes_at:
        row.state = State.AGREED
        tell_listener(row, "companion_agreed")
    row.save()
    changed(actor, verb, "pairing", row.pk)


@transaction.atomic
def decline(*, actor: Actor, pairing: Pairing, by_listener: bool) -> None:
    """One of them would rather not: no harm done, another listener is looked for."""
    row = locked(pairing.pk)
    if row.state in (State.PROPOSED, State.AGREED):
        why = Pairing.Why.LISTENER if by_listener else Pairing.Why.PERSON
        _over(actor, row, Ending(why, Pairing.Next.ANOTHER))


@transaction.atomic
def begin(*, actor: Actor, pairing: Pairing, rhythm: Rhythm, first_day: date, at: time) -> Pairing:
    """They have agreed on when: calls are planned from now on. Once it runs, this changes the rhythm: calls to come
    are planned anew. Raises `NotPossible` before both have said yes, and once it is over."""
    row = locked(pairing.pk)
    if row.state == State.AGREED:
        row.began_at = clock.now()
    elif row.state not in (State.RUNNING, State.PAUSED):
        raise NotPossible
    same = (row.rule, row.first_day, row.at) == (rhythm.rule, first_day, at)
    if same and row.state == State.RUNNING:
        return row
    row.state, row.paused_until = State.RUNNING, None
    row.rule, row.first_day, row.at = rhythm.rule, first_day, at
    _plan_anew(row)
    row.save()
    changed(actor, "pairing.begin", "pairing", row.pk, rhythm=rhythm.rule)
    _tell_hours(row, "companion_hour")
    return row


def _tell_hours(row: Pairing, template: str) -> None:
    """She is told who calls her, and when the first call is."""
    now, zone = clock.now(), row.organisation.zone
    first = rules.first_call(row, now, zone)
    if first is not None and row.rhythm is not None:
        name = caller_name(row, first.astimezone(zone).date())
        again = f"{now:%Y%m%d%H%M%S}"
        tell_how_it_stands(
            row,
            template,
            again,
            not_after=first,
            name=name,
            moment=first,
            rule=row.rhythm.rule,
        )


def _tell_pause(actor: Actor, row: Pairing) -> None:
    """She is told until when nobody calls her, unless it was she who wished so."""
    if actor.account is not None:
        now = clock.now()
        name = caller_name(row, now.astimezone(row.organisation.zone).date())
        last = row.paused_until and row.paused_until - timedelta(days=1)
        again = f"{now:%Y%m%d%H%M%S}"
        tell_how_it_stands(row, "companion_rests", again, name=name, rests=(None, last))
    else:
        nothing_to_say(row)


@transaction.atomic
def pause(*, actor: Actor, pairing: Pairing, until: date | None = None) -> None:
    """No calls for a while; `until`: the first day on which they may call again. Raises `NotPossible`."""
    row = locked(pairing.pk)
    if until is not None and until <= clock.now().astimezone(row.organisation.zone).date():
        raise NotPossible
    if row.state == State.PAUSED:
        if row.paused_until != until:
            row.paused_until = until
            row.save(update_fields=["paused_until"])
            _tell_pause(actor, row)
        return
    _must(row, State.PAUSED)
    row.state, row.paused_until, row.plan_at = State.PAUSED, until, None
    _drop(row)
    row.save()
    changed(actor, "pairing.pause", "pairing", row.pk)
    tell_listener(row, "companion_paused", again=clock.now().isoformat())
    _tell_pause(actor, row)


@transaction.atomic
def resume(*, actor: Actor, pairing: Pairing) -> None:
    """It goes on with the same rhythm. Raises `NotPossible`."""
    row = locked(pairing.pk)
    if row.state == State.RUNNING:
        return
    if row.state != State.PAUSED:
        raise NotPossible
    row.state, row.paused_until = State.RUNNING, None
    _plan_anew(row)
    row.save()
    changed(actor, "pairing.resume", "pairing", row.pk)
    _tell_hours(row, "companion_again")


@dataclass(frozen=True)
class Ending:
    """Why it ends, what comes next, and the day of the call in which they said goodbye, if there was one."""

    why: str
    what_next: str = Pairing.Next.NOTHING
    goodbye_on: date | None = None


@transaction.atomic
def end(*, actor: Actor, pairing: Pairing, ending: Ending) -> None:
    """It is over. With another listener wished, her wish is open again; else it is closed. Ended already: only a
    goodbye that was not noted is added."""
    row = locked(pairing.pk)
    if row.state == State.ENDED:
        if ending.goodbye_on and row.goodbye_on is None:
            row.goodbye_on = ending.goodbye_on
            row.save(update_fields=["goodbye_on"])
        return
    _over(actor, row, ending)


def _over(actor: Actor, row: Pairing, ending: Ending) -> None:
    now = clock.now()
    _must(row, State.ENDED)
    _drop(row)
    end_with(actor, row)
    end_checks(row)
    nothing_to_say(row)
    row.state, row.ended_at, row.plan_at, row.paused_until = State.ENDED, now, None, None
    row.why, row.what_next, row.goodbye_on = ending.why, ending.what_next, ending.goodbye_on
    row.save()
    again = ending.what_next == Pairing.Next.ANOTHER
    wish = CallWish.objects.select_for_update().get(pk=row.wish_id)
    wish.state = CallWish.State.OPEN if again else CallWish.State.CLOSED
    wish.closed_at = None if again else now
    wish.save(update_fields=["state", "closed_at"])
    changed(actor, "pairing.end", "pairing", row.pk, why=str(ending.why), next=str(ending.what_next))
    if ending.why == Pairing.Why.DIED:
        tell_listener(row, "companion_died")
    elif ending.why != Pairing.Why.LISTENER:
        tell_listener(row, "companion_ended")


def _must(row: Pairing, to: str) -> None:
    if not rules.may(row.state, to):
        raise NotPossible


def _plan_anew(row: Pairing) -> None:
    _drop(row)
    now = clock.now()
    row.planned_until, row.plan_at = None, now


def _drop(row: Pairing) -> None:
    """Calls of which nothing was said yet take place no more, and the line brings nobody together any more."""
    now = clock.now()
    for talk in row.talks.filter(line__isnull=False).only("line"):
        if talk.line:
            telephony.close_masked(about=talk.line, at=now)
    planned = row.talks.filter(state=Talk.State.PLANNED)
    # A call whose hour is over and of which nobody said anything is not made to have never been.
    planned.filter(at__gt=now - rules.REMIND_AFTER).update(state=Talk.State.DROPPED, watch_at=None)
    planned.update(state=Talk.State.MISSED, watch_at=None)
