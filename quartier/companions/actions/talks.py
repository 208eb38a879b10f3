"""Calls: planned from the rhythm, made through the line, said how they went, and watched over."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from quartier.companions import rules
from quartier.companions.actions.ledger import (
    caller_name,
    changed,
    line_answers_from,
    locked,
    nothing_to_say,
    stands_in,
    tell_caller,
    tell_person,
    tell_supervisor,
)
from quartier.companions.actions.watching import raise_sign
from quartier.companions.models import Pairing, Sign, StandIn, Talk
from quartier.companions.rules import NotPossible, Step
from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.messaging import actions as messaging
from quartier.people.models import Person
from quartier.team.access import Actor, system
from quartier.telephony import actions as telephony

State = Talk.State
OPEN = (State.PLANNED, State.MISSED)
# Nobody needs to hear any more that a call was not made.
UNCALLED_LASTS = timedelta(days=1)


def plan_due(now: datetime) -> int:
    """Plan the calls of the days to come; returns for how many pairings. Idle, it only looks."""
    waiting = Pairing.objects.filter(plan_at__lte=now).order_by("plan_at").values_list("pk", flat=True)
    return sum(_plan(pk, now) for pk in waiting[:50])


@transaction.atomic
def _plan(pairing_id: UUID, now: datetime) -> bool:
    # Each is planned once a day: with both sides, most of the time would go to reading who they are.
    row = Pairing.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pairing_id)
    if row.plan_at is None or row.plan_at > now or not row.rhythm or not row.first_day or not row.at:
        return False
    zone = row.organisation.zone
    today = now.astimezone(zone).date()
    after = row.planned_until or min(today, row.first_day) - timedelta(days=1)
    until = today + rules.AHEAD
    moments = [
        rules.talk_at(day, row.at, zone)
        for day in rules.days(row.rhythm, row.first_day, max(after, today - timedelta(days=1)), until)
    ]
    for moment in moments:
        if moment > now:
            _planned(row, moment)
    row.planned_until, row.plan_at = until, now + rules.PLAN_EVERY
    row.save(update_fields=["planned_until", "plan_at"])
    return True


def _planned(row: Pairing, moment: datetime) -> Talk:
    talk, new = Talk.objects.get_or_create(
        pairing=row,
        at=moment,
        defaults={"organisation_id": row.organisation_id, "watch_at": moment + rules.REMIND_AFTER},
    )
    if not new and talk.state == State.DROPPED:
        talk.state, talk.watch_at, talk.reminded_at = State.PLANNED, moment + rules.REMIND_AFTER, None
        talk.save(update_fields=["state", "watch_at", "reminded_at"])
    return talk


@transaction.atomic
def call(*, actor: Actor, talk: Talk) -> bool:
    """The listener wants to call now: through the line, the two reach each other, and neither sees a number. False when
    it is not the time for it."""
    row = locked(talk.pairing_id)
    now = clock.now()
    talk = Talk.objects.get(pk=talk.pk)
    if row.state != Pairing.State.RUNNING or not may_call(talk, now):
        return False
    if talk.line is not None:
        telephony.close_masked(about=talk.line, at=now)
    talk.line = uuid7()
    talk.save(update_fields=["line"])
    until, account = talk.at + rules.CALL_UNTIL, row.listener.account_id
    standing = stands_in(row, now.astimezone(row.organisation.zone).date())
    if standing is not None and standing.listener.account_id == actor.id:
        # Whoever stands in on this day is the one who calls, and not a day longer.
        account, until = standing.listener.account_id, min(until, day_over(standing))
    listener = Person.objects.get(account=account)
    # The one opened last is the one that the line brings together, whoever else this listener calls.
    telephony.open_masked(
        organisation=row.organisation,
        helper=listener,
        helped=row.wish.person,
        about=talk.line,
        at=now,
        until=until,
    )
    changed(actor, "talk.call", "talk", talk.pk)
    return True


def day_over(row: StandIn) -> datetime:
    """When the days of a stand-in are over: nothing of them reaches her after that."""
    return rules.talk_at(row.last_day + timedelta(days=1), time(0), row.organisation.zone)


def may_call(talk: Talk, now: datetime) -> bool:
    """Whether it is the time for this call: not yet said how it went, and about now."""
    return talk.state in OPEN and talk.at + rules.CALL_FROM <= now <= talk.at + rules.CALL_UNTIL


@transaction.atomic
def mark(*, actor: Actor, talk: Talk, state: str, minutes: int | None = None) -> None:
    """How it went: `spoken` (so many minutes), or `not_reached`. Not reached twice in a row, somebody checks on her.

    Raises `NotPossible` for a call that is postponed, dropped, or still to come."""
    row = locked(talk.pairing_id)
    now = clock.now()
    talk = Talk.objects.get(pk=talk.pk)
    if talk.state == state:
        return
    if talk.state not in OPEN or state not in (State.SPOKEN, State.NOT_REACHED):
        raise NotPossible
    if now < talk.at + rules.CALL_FROM:
        raise NotPossible
    talk.state, talk.minutes, talk.marked_at, talk.watch_at = State(state), minutes, now, None
    talk.save()
    changed(actor, f"talk.{state}", "talk", talk.pk)
    _take_back_excuses(row, talk)
    if state == State.SPOKEN:
        nothing_to_say(row)
    if state == State.NOT_REACHED and row.state in (Pairing.State.RUNNING, Pairing.State.PAUSED):
        before = row.talks.exclude(state=State.PLANNED).order_by("-at").values_list("state", flat=True)[:20]
        if rules.not_reached_in_a_row(list(before)) == rules.NOT_REACHED:
            raise_sign(row, Sign.What.CHECK, actor.account)


def _take_back_excuses(row: Pairing, talk: Talk) -> None:
    """What has waited for the line to answer, and is not so any more."""
    keys = [f"companion_uncalled:{row.pk}:{talk.pk}"]
    if talk.state == State.SPOKEN:
        signs = row.signs.filter(what=Sign.What.CHECK).values_list("pk", flat=True)
        keys += [f"companion_not_reached:{row.pk}:{each}" for each in signs]
    messaging.cancel_by_key(organisation=row.organisation, keys=keys)


@transaction.atomic
def postpone(*, actor: Actor, talk: Talk, to: datetime) -> Talk:
    """They speak at another time. Raises `NotPossible` unless that is to come, and the call still open."""
    row = locked(talk.pairing_id)
    talk = Talk.objects.get(pk=talk.pk)
    if talk.state == State.POSTPONED:
        return talk
    now = clock.now()
    if row.state != Pairing.State.RUNNING or talk.state not in OPEN or not now < to < now + rules.AHEAD:
        raise NotPossible
    talk.state, talk.marked_at, talk.watch_at = State.POSTPONED, now, None
    talk.save()
    changed(actor, "talk.postpone", "talk", talk.pk)
    name = caller_name(row, to.astimezone(row.organisation.zone).date())
    tell_person(row, "companion_moved", str(talk.pk), not_after=to, name=name, moment=to)
    return _planned(row, to)


def watch(now: datetime) -> int:
    """Nothing was said of a call: the listener is reminded, then the supervisor told. Returns how many."""
    late = Talk.objects.filter(watch_at__lte=now).order_by("watch_at").values_list("pk", "pairing_id")
    return sum(_watch(pk, pairing_id, now) for pk, pairing_id in late[:50])


def _was_missed_before(talk: Talk) -> bool:
    """Whether nothing was said of the call before this one either."""
    before = Talk.objects.filter(pairing=talk.pairing_id, at__lt=talk.at)
    before = before.exclude(state__in=[State.POSTPONED, State.DROPPED]).order_by("-at")
    return before.values_list("state", flat=True).first() == State.MISSED


@transaction.atomic
def _watch(talk_id: UUID, pairing_id: UUID, now: datetime) -> bool:
    row = locked(pairing_id)
    talk = Talk.objects.get(pk=talk_id)
    if talk.watch_at is None or talk.watch_at > now:
        return False
    match rules.due(talk.at, now, reminded=talk.reminded_at is not None):
        case Step.REMIND:
            talk.reminded_at, talk.watch_at = now, talk.at + rules.ALARM_AFTER
            day = talk.at.astimezone(row.organisation.zone).date()
            tell_caller(row, "companion_remind", day, again=str(talk.pk))
        case Step.ALARM:
            talk.state, talk.watch_at = State.MISSED, None
            window = (talk.at, talk.at + timedelta(minutes=1))
            # The same excuse a second time would be none.
            still = _was_missed_before(talk)
            tell_supervisor(row, "companion_missed", again=str(talk.pk), window=window, still=still)
            # It names our number, so it waits until somebody answers there.
            answers = line_answers_from(row, now)
            following = row.talks.filter(state=State.PLANNED, at__gt=answers).order_by("at").first()
            tell_person(
                row,
                "companion_uncalled",
                str(talk.pk),
                not_before=answers,
                not_after=answers + UNCALLED_LASTS,
                moment=talk.at,
                still=still,
                **({"begins": following.at} if following is not None else {}),
            )
            changed(system(row.organisation), "talk.missed", "talk", talk.pk)
        case None:
            return False
    talk.save()
    return True
