"""Raising an alert, looking after it, and what follows while nobody does."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import Http404

from quartier.alerts import queries
from quartier.alerts.actions.line_money import tell_line_money as tell_line_money
from quartier.alerts.actions.telling import climb as climb
from quartier.alerts.actions.telling import tell_next, touch
from quartier.alerts.actions.waking import wake as wake
from quartier.alerts.actions.waking import wake_me as wake_me
from quartier.alerts.models import Alert, Around
from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.live import actions as live
from quartier.people.models import Person
from quartier.team.access import TEAM, Actor, system
from quartier.team.models import Account, Organisation
from quartier.telephony.models import Call

State = Alert.State
TOPIC = "alerts"


class NotYours(Exception):
    """Somebody else looks after it."""


class NothingSaid(Exception):
    """An alert is closed with what was done, never without a word."""


@transaction.atomic
def raise_alert(*, actor: Actor, call: Call) -> Alert:
    """Somebody on this call is in danger. Said again, it is the same alert; closed before, it is open again.

    The first of the ladder is told at once. Raises `Http404` for who is not of the team.
    """
    if not actor.has(*TEAM):
        raise Http404
    now = clock.now()
    alert = Alert(
        organisation=actor.organisation,
        call=call,
        person=call.person,
        raised_by=actor.account,
        raised_at=now,
        next_at=now,
    )
    Alert.objects.bulk_create([alert], ignore_conflicts=True)
    row = Alert.objects.select_for_update().get(call=call)
    again = row.state == State.CLOSED
    if again:
        _reopen(row, now)
    _changed(actor, "alert.raise", row)
    if row.state == State.OPEN and (again or row.told == 0):
        tell_next(row, now)
    return row


@transaction.atomic
def open_alert(
    *,
    actor: Actor,
    kind: str,
    degree: str = Alert.Degree.DANGER,
    around: Collection[UUID] = (),
    raised_by: Account | None = None,
) -> Alert:
    """What a room above has found out, in its transaction; it decides who may, and calls `tell_first` once its own row
    stands beside it. `around`: accounts for which this alert does not exist; `raised_by`: whose alert it is, if not the
    actor's."""
    now = clock.now()
    alert = Alert.objects.create(
        organisation=actor.organisation,
        kind=Alert.Kind(kind),
        degree=Alert.Degree(degree),
        raised_by=raised_by or actor.account,
        raised_at=now,
        next_at=now,
    )
    _go_around(alert, around)
    _changed(actor, "alert.raise", alert)
    return alert


def set_person(*, alert: Alert, person: Person) -> None:
    """Whom it is about: its message and its page say what is known of them lately. In the caller's transaction."""
    alert.person = person
    alert.save(update_fields=["person"])


def name_call_alert(*, call: Call, person: Person) -> None:
    """It is known now whom the danger heard on this call is about: pages that show it hear so. In the caller's
    transaction; nothing where none was heard."""
    row = Alert.objects.select_for_update().filter(call=call).first()
    if row is not None and row.person_id != person.pk:
        set_person(alert=row, person=person)
        touch(row)


@transaction.atomic
def tell_first(*, alert: Alert) -> None:
    """Tell the first of the ladder, once what the alert is about stands beside it."""
    row = Alert.objects.select_for_update().get(pk=alert.pk)
    if row.state == State.OPEN and row.told == 0:
        tell_next(row, clock.now())


@transaction.atomic
def again(*, actor: Actor, alert: Alert) -> Alert:
    """The same once more: closed before, it is open again, and the next one is told at once."""
    row = Alert.objects.select_for_update().select_related("organisation").get(pk=alert.pk)
    if row.state == State.CLOSED:
        now = clock.now()
        _reopen(row, now)
        _changed(actor, "alert.raise", row)
        tell_next(row, now)
    return row


@transaction.atomic
def go_around(*, alert: Alert, accounts: Collection[UUID]) -> Alert:
    """It has come out whom it concerns: from now on it does not exist for them. If one of them looked after it, the
    next one is told at once."""
    row = Alert.objects.select_for_update().select_related("organisation").get(pk=alert.pk)
    _go_around(row, accounts)
    if row.state == State.TAKEN and row.taken_by_id in accounts:
        now = clock.now()
        _reopen(row, now)
        tell_next(row, now)
    touch(row)
    return row


@transaction.atomic
def set_danger(*, actor: Actor, alert: Alert) -> Alert:
    """Somebody is in danger after all: one after the other is told within minutes. What is closed stays so."""
    row = Alert.objects.select_for_update().select_related("organisation").get(pk=alert.pk)
    if row.state == State.CLOSED or row.degree == Alert.Degree.DANGER:
        return row
    now, taken = clock.now(), row.state == State.TAKEN
    row.degree = Alert.Degree.DANGER
    row.save(update_fields=["degree"])
    if not taken:
        _reopen(row, now)
        tell_next(row, now)
    _changed(actor, "alert.danger", row)
    return row


def _go_around(alert: Alert, accounts: Collection[UUID]) -> None:
    Around.objects.bulk_create(
        [
            Around(organisation_id=alert.organisation_id, alert=alert, account_id=account)
            for account in sorted(set(accounts))
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def take(*, actor: Actor, alert_id: UUID) -> Alert:
    """Look after it: nobody else is told. Who has it already may say so again.

    Raises `NotYours` when another has it, `Http404` for who may not.
    """
    row = _locked(actor, alert_id)
    if row.state == State.TAKEN and row.taken_by_id != actor.id:
        raise NotYours
    if row.state != State.OPEN:
        return row
    row.state, row.taken_by, row.taken_at, row.next_at = State.TAKEN, actor.account, clock.now(), None
    row.save()
    _changed(actor, "alert.take", row)
    return row


@transaction.atomic
def give_back(*, actor: Actor, alert_id: UUID) -> Alert:
    """Somebody cannot look after it after all: the next one is told at once. Raises `NotYours`, `Http404`."""
    row = _locked(actor, alert_id)
    if row.state == State.TAKEN and row.taken_by_id != actor.id:
        raise NotYours
    if row.state == State.TAKEN:
        now = clock.now()
        _reopen(row, now)
        _changed(actor, "alert.give_back", row)
        tell_next(row, now)
    return row


@transaction.atomic
def close(*, actor: Actor, alert_id: UUID, words: str) -> Alert:
    """It is over: `words` say what was done. Whoever of the team has it may, else only coordinators.

    Raises `NothingSaid` without words, `NotYours`, `Http404`.
    """
    row = _locked(actor, alert_id)
    if row.state == State.CLOSED:
        return row
    if row.taken_by_id != actor.id and not actor.has("coordinator", "admin"):
        raise NotYours
    if not words.strip():
        raise NothingSaid
    if row.kind == Alert.Kind.CONCERN:  # whoever raised it hears what came of it: its own room closes it
        raise Http404
    return close_for(actor=actor, alert=row, words=words)


def close_for(*, actor: Actor, alert: Alert, words: str) -> Alert:
    """Close a locked alert, in the caller's transaction: a room above has decided who may."""
    alert.state, alert.closed_by, alert.closed_at = State.CLOSED, actor.account, clock.now()
    alert.words, alert.next_at = words.strip()[:2000], None
    alert.save()
    _changed(actor, "alert.close", alert)
    return alert


@transaction.atomic
def end_with_cause(*, alert: Alert, words: str) -> None:
    """What had to be seen to soon has ended with its cause: nobody is told of it any more. What may be a danger is
    closed by a human alone."""
    row = Alert.objects.select_for_update().select_related("organisation").get(pk=alert.pk)
    if row.state != State.CLOSED and row.degree == Alert.Degree.SOON:
        close_for(actor=system(row.organisation), alert=row, words=words)


def trustee_changed(organisation: Organisation) -> None:
    """Somebody else is trusted outside of the team from now on, in the caller's transaction. The links of who was
    before open nothing any more; what only they or nobody was told of is told at once."""
    concerns = Alert.objects.filter(organisation=organisation, kind=Alert.Kind.CONCERN)
    theirs = ~Q(trustee_hash="")
    concerns.filter(Q(told=0) | theirs, state=State.OPEN).update(next_at=clock.now())
    concerns.filter(theirs).update(trustee_hash="")


def _reopen(alert: Alert, now: datetime) -> None:
    alert.state, alert.taken_by, alert.taken_at = State.OPEN, None, None
    alert.closed_by = alert.closed_at = None
    alert.next_at, alert.told = now, alert.tellings.count()
    # It begins anew, at the pace of its beginning.
    alert.told_before = alert.told
    alert.save()


def _locked(actor: Actor, alert_id: UUID) -> Alert:
    row = (
        queries.visible(actor)
        .select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=alert_id)
        .first()
    )
    if row is None or actor.account is None or not actor.has(*TEAM):
        raise Http404
    return row


def _changed(actor: Actor, verb: str, alert: Alert) -> None:
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="alert",
        subject_id=alert.pk,
    )
    touch(alert)
    if alert.kind != Alert.Kind.CONCERN:
        live.touch(actor.organisation.id, "board", "line")
