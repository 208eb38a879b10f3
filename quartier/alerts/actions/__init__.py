"""Raising an alert, looking after it, and what follows while nobody does."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.http import Http404
from django.utils.functional import lazy

from quartier.alerts import queries, rules
from quartier.alerts.actions.line_money import tell_line_money as tell_line_money
from quartier.alerts.actions.waking import wake as wake
from quartier.alerts.actions.waking import wake_me as wake_me
from quartier.alerts.models import Alert, Around, Told
from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.lib.ids import token_hash
from quartier.live import actions as live
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people.lately import known_lately, last_met_words
from quartier.people.models import Person
from quartier.team.access import TEAM, Actor, system
from quartier.team.models import Account, Organisation, Role
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
        _tell_next(row, now)
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
        _touch(row)


@transaction.atomic
def tell_first(*, alert: Alert) -> None:
    """Tell the first of the ladder, once what the alert is about stands beside it."""
    row = Alert.objects.select_for_update().get(pk=alert.pk)
    if row.state == State.OPEN and row.told == 0:
        _tell_next(row, clock.now())


@transaction.atomic
def again(*, actor: Actor, alert: Alert) -> Alert:
    """The same once more: closed before, it is open again, and the next one is told at once."""
    row = Alert.objects.select_for_update().select_related("organisation").get(pk=alert.pk)
    if row.state == State.CLOSED:
        now = clock.now()
        _reopen(row, now)
        _changed(actor, "alert.raise", row)
        _tell_next(row, now)
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
        _tell_next(row, now)
    _touch(row)
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
        _tell_next(row, now)
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
        _tell_next(row, now)
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


def climb(now: datetime) -> bool:
    """Tell the next one of each alert whose time has come. True when there was one; idle, it only looks."""
    due = Alert.objects.filter(state=State.OPEN, next_at__lte=now)
    if not due.exists():
        return False
    with transaction.atomic():
        waiting = due.select_related("organisation")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        for alert in waiting.order_by("next_at")[:20]:
            _tell_next(alert, now)
    return True


def _tell_next(alert: Alert, now: datetime) -> None:
    """The next of the ladder, in the caller's transaction; who cannot be written to costs no time. What need only be
    soon waits for the morning."""
    pace = queries.pace_of(alert)
    if alert.degree == Alert.Degree.SOON and (morning := pace.by_day(now)) > now:
        alert.next_at = morning
        alert.save(update_fields=["next_at"])
        return
    ladder = queries.of_alert(alert)
    before = list(alert.tellings.order_by("step").values_list("person", flat=True))
    for person in _in_turn(ladder, before):
        alert.told += 1
        told = _tell(alert, person, now)
        if told:
            break
    _touch(alert)
    alert.next_at = rules.next_at(alert.told - alert.told_before, len(ladder), now, pace)
    alert.save(update_fields=["told", "next_at", "trustee_hash"])


def _in_turn(ladder: list[Person], before: list[UUID]) -> list[Person]:
    """The ladder once, beginning with who was told least often so far, and longest ago."""
    last = {pk: number for number, pk in enumerate(before)}
    return sorted(ladder, key=lambda each: (before.count(each.pk), last.get(each.pk, -1)))


def _tell(alert: Alert, person: Person, now: datetime) -> bool:
    letter = Letter(
        person,
        _template(alert),
        f"alert:{alert.pk}:{alert.told}",
        {
            "name": alert.raised_by.name if alert.raised_by else alert.organisation.name,
            "page": _page_for(alert, person),
            "seen": _last_met(alert),
        },
    )
    reached = messaging.write(organisation=alert.organisation, letter=letter) is not None
    Told.objects.create(
        organisation=alert.organisation,
        alert=alert,
        person=person,
        step=alert.told,
        at=now,
        unreachable=not reached,
    )
    return reached


def _last_met(alert: Alert) -> object:
    """When somebody last met whom it is about, in the words of whoever reads it."""
    person = alert.person
    facts = known_lately(person) if person is not None else []
    return lazy(last_met_words, str)(facts)


def _template(alert: Alert) -> str:
    match alert.kind:
        case Alert.Kind.VISIT:
            return "visit_alarm"
        case Alert.Kind.CONCERN:
            return "concern_danger" if alert.degree == Alert.Degree.DANGER else "concern_raised"
        case Alert.Kind.WORRY | Alert.Kind.CHECK | Alert.Kind.GLASS:
            return f"companion_{alert.kind}"
        case Alert.Kind.WRITTEN:
            return "risk_written"
        case Alert.Kind.LINE:
            return "line_stopped"
        case Alert.Kind.AWAY | Alert.Kind.BLIND:
            return f"line_{alert.kind}"
    return "risk_heard"


def _page_for(alert: Alert, person: Person) -> tuple[str, str]:
    """Where they read it; who is not of the team, by a link of their own."""
    if alert.kind == Alert.Kind.CONCERN and person.account_id is None:
        token = queries.trustee_token(alert)
        alert.trustee_hash = token_hash(token)
        return "concern_trustee", token
    return "alert", str(alert.pk)


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
    _touch(alert)
    if alert.kind != Alert.Kind.CONCERN:
        live.touch(actor.organisation.id, "board", "line")


def _touch(alert: Alert) -> None:
    """Open pages hear of it. Of a concern each hears by a topic that is theirs alone, and whom it concerns hears
    nothing: not even that something has changed."""
    if alert.kind != Alert.Kind.CONCERN:
        live.touch(alert.organisation_id, TOPIC)
        return
    team = Role.objects.filter(organisation=alert.organisation_id, name__in=queries.COORDINATES)
    around = set(alert.around.values_list("account", flat=True))
    accounts = sorted(set(team.values_list("account", flat=True)) - around)
    if accounts:
        live.touch(alert.organisation_id, *(f"own:{account}" for account in accounts))
