"""Somebody else calls her for some days: asked in one step, and over by itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404

from quartier.companions import queries, rules
from quartier.companions.actions.ledger import changed, locked, person_of, tell_about, tell_supervisor
from quartier.companions.models import Pairing, StandIn
from quartier.companions.rules import NotPossible
from quartier.lib import clock
from quartier.lib.text import clean
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people.queries import first_name
from quartier.team.access import Actor
from quartier.telephony import actions as telephony

State = StandIn.State


@dataclass(frozen=True)
class Days:
    """From which day to which, both included, and what the stand-in needs to know for them."""

    first: date
    last: date
    note: str = ""


@transaction.atomic
def ask_stand_in(*, actor: Actor, pairing: Pairing, listener_id: UUID, days: Days) -> StandIn:
    """Ask somebody who fits to call her for some days. By the supervisor, or by the listener who cannot.

    Raises `Http404` for anybody else, `NotPossible` when this one does not fit (any more), somebody is asked already,
    nobody calls her at the moment, or the days are none: in the past, in the wrong order, more than six weeks."""
    row = locked(pairing.pk)
    if actor.account is None or not (row.listener.account_id == actor.id or actor.has("supervisor")):
        raise Http404
    today = clock.now().astimezone(row.organisation.zone).date()
    in_order = today <= days.last and days.first <= days.last <= days.first + rules.STANDS_IN
    if row.state != Pairing.State.RUNNING or not in_order or days.first > today + rules.STANDS_IN:
        raise NotPossible
    over(row, today)
    found = [one.listener for one in queries.stand_ins(row, limit=1000) if one.listener.pk == listener_id]
    if not found:
        raise NotPossible
    stand_in = StandIn(
        organisation_id=row.organisation_id,
        pairing=row,
        listener=found[0],
        asked_by=actor.account,
        first_day=max(days.first, today),
        last_day=days.last,
        created_at=clock.now(),
    )
    stand_in.note = clean(days.note, 1000).strip()
    try:
        with transaction.atomic():
            stand_in.save(force_insert=True)
    except IntegrityError as error:
        raise NotPossible from error
    changed(actor, "stand_in.ask", "pairing", row.pk)
    tell_about(stand_in, "companion_instead_asked")
    return stand_in


@transaction.atomic
def answer_stand_in(*, actor: Actor, stand_in: StandIn, yes: bool) -> StandIn:
    """The one who was asked says yes or no. With a yes, she is told who calls; the supervisor hears of both. Raises
    `Http404` for anybody else, `NotPossible` once it is settled otherwise."""
    pairing = locked(stand_in.pairing_id)
    row = StandIn.objects.select_related("listener__account__person").get(pk=stand_in.pk)
    if row.listener.account_id != actor.id:
        raise Http404
    wanted = State.ACCEPTED if yes else State.DECLINED
    if row.state == wanted:
        return row
    if row.state != State.ASKED or pairing.state not in (Pairing.State.RUNNING, Pairing.State.PAUSED):
        raise NotPossible
    row.state, row.settled_at = wanted, clock.now()
    if yes and _tell_her(pairing, row):
        row.told_at = row.settled_at
    if not yes:
        row.note = ""
    row.save()
    changed(actor, f"stand_in.{wanted}", "pairing", pairing.pk)
    tell_supervisor(pairing, "companion_instead_yes" if yes else "companion_instead_no", again=str(row.pk))
    return row


def _tell_her(pairing: Pairing, row: StandIn) -> bool:
    """Write to her who calls instead; false when it has to be said by phone."""
    person = person_of(row.listener.account)
    name = first_name(person) if person else row.listener.account.name
    letter = Letter(
        pairing.wish.person,
        "companion_instead",
        f"companion_instead:{row.pk}",
        {"name": name},
    )
    return messaging.write(organisation=pairing.organisation, letter=letter) is not None


@transaction.atomic
def say_told(*, actor: Actor, pairing: Pairing) -> None:
    """Somebody has told her by phone who calls instead. Raises `Http404` but for supervisors."""
    if not actor.has("supervisor"):
        raise Http404
    found = pairing.stand_ins.filter(state=State.ACCEPTED, told_at=None)
    if found.update(told_at=clock.now()):
        changed(actor, "stand_in.told", "pairing", pairing.pk)


@transaction.atomic
def end_stand_in(*, actor: Actor, pairing: Pairing) -> None:
    """Before its time: the listener is back, or the stand-in cannot. The supervisor, the listener or the stand-in says
    so. Raises `Http404` for anybody else."""
    row = locked(pairing.pk)
    standing = row.stand_ins.filter(state__in=rules.STANDING).select_related("listener").first()
    if standing is None:
        return
    mine = actor.id is not None and actor.id in (row.listener.account_id, standing.listener.account_id)
    if not mine and not actor.has("supervisor"):
        raise Http404
    cannot = standing.listener.account_id == actor.id
    # Whoever cannot is not asked again for these days.
    _end(actor, row, standing, State.DECLINED if cannot else State.ENDED)
    if cannot:
        tell_supervisor(row, "companion_instead_no", again=f"{standing.pk}:ended")


def end_with(actor: Actor, pairing: Pairing) -> None:
    """The calls are over: nobody stands in any more. In the caller's transaction."""
    for standing in pairing.stand_ins.filter(state__in=rules.STANDING).select_related("listener"):
        _end(actor, pairing, standing)


def _end(actor: Actor, pairing: Pairing, row: StandIn, state: StandIn.State = State.ENDED) -> None:
    was = row.state
    row.state, row.settled_at, row.note = state, clock.now(), ""
    row.save()
    _hang_up(pairing, row)
    changed(actor, "stand_in.end", "pairing", pairing.pk)
    if was in rules.STANDING:
        tell_about(row, "companion_instead_over")


def _hang_up(pairing: Pairing, row: StandIn) -> None:
    """The line brings the stand-in and her together no more."""
    for talk in pairing.talks.filter(line__isnull=False).only("line"):
        if talk.line:
            telephony.close_masked(about=talk.line, at=clock.now())


def over(pairing: Pairing, today: date) -> None:
    """Those whose last day is over are ended, so that somebody else can be asked; nobody needs to be told."""
    for row in pairing.stand_ins.filter(state__in=rules.STANDING, last_day__lt=today):
        row.state, row.settled_at, row.note = State.ENDED, clock.now(), ""
        row.save()


def end_past(now: datetime, limit: int = 200) -> int:
    """Handovers whose days are over are closed, and what was written for them is gone. Returns how many were looked at.
    (The gate has shut with the last day already: `access.own_stand_in`.)"""
    # No clock on Earth is farther behind than this.
    past = StandIn.objects.filter(state__in=rules.STANDING, last_day__lt=(now - timedelta(hours=12)).date())
    found = list(past.values_list("pairing", flat=True)[:limit])
    for pk in found:
        with transaction.atomic():
            row = locked(pk)
            over(row, now.astimezone(row.organisation.zone).date())
    return len(found)
