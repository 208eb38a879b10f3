"""Telling the next of the ladder of an alert; and, of several dangers at once, one message that names each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.functional import lazy

from quartier.alerts import queries, rules
from quartier.alerts.models import Alert, Told
from quartier.lib.ids import token_hash
from quartier.live import actions as live
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people.lately import known_lately, last_met_words
from quartier.people.models import Person
from quartier.team.models import Role

State = Alert.State
# The words of what nobody has taken for days.
WAITING_TEMPLATES = {"concern_raised": "concern_waits", "companion_check": "companion_check_waits"}
TOPIC = "alerts"
BATCH_SIZE = 20


def climb(now: datetime) -> bool:
    """Tell the next one of each alert whose time has come; whoever is the next one of several dangers reads of them in
    one message. True when there was one; idle, it only looks."""
    due = Alert.objects.filter(state=State.OPEN, next_at__lte=now)
    if not due.exists():
        return False
    with transaction.atomic():
        waiting = due.select_related("organisation")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        dangers: dict[Person, list[Alert]] = {}
        for alert in waiting.order_by("next_at")[:BATCH_SIZE]:
            person = _next_of_danger(alert, now)
            if person is None:
                tell_next(alert, now)
            else:
                dangers.setdefault(person, []).append(alert)
        # What nobody knows of goes first: whoever reads of another one rests before they read of this.
        for person, alerts in sorted(dangers.items(), key=lambda row: min(map(_reached, row[1]))):
            if len(alerts) > 1:
                _tell_together(alerts, person, now)
            else:
                tell_next(alerts[0], now)
    return True


def tell_next(alert: Alert, now: datetime) -> None:
    """The next of the ladder, in the caller's transaction; who cannot be written to costs no time. What need only be
    soon waits for the morning; a danger, for whoever was told of another one a moment ago, so that they read of both
    together."""
    pace = queries.pace_of(alert)
    if alert.degree == Alert.Degree.SOON and (morning := pace.by_day(now)) > now:
        _wait_until(alert, morning)
        return
    ladder = queries.of_alert(alert)
    people = _in_turn(ladder, _told_before(alert))
    rests: dict[UUID, datetime] = {}
    if alert.degree == Alert.Degree.DANGER:
        rests = _resting(alert, people, now)
        people = _rested_first(alert, people, rests)
    template = _template(alert)
    if pace.is_old(now):
        template = WAITING_TEMPLATES.get(template, template)
    for person in people:
        if person.pk in rests:
            # They read of it with the other one, and are the next to be told.
            touch(alert)
            _wait_until(alert, rests[person.pk])
            return
        alert.told += 1
        told = _tell(alert, person, template, now, len(ladder))
        if told:
            break
    touch(alert)
    alert.next_at = rules.next_at(alert.told - alert.told_before, len(ladder), now, pace)
    alert.save(update_fields=["told", "next_at", "trustee_hash"])


def _wait_until(alert: Alert, moment: datetime) -> None:
    alert.next_at = moment
    alert.save(update_fields=["next_at", "told", "trustee_hash"])


def _told_before(alert: Alert) -> list[UUID]:
    return list(alert.tellings.order_by("step").values_list("person", flat=True))


def _reached(alert: Alert) -> int:
    """How many know of it since its ladder began; who can only be called knows nothing yet."""
    return alert.tellings.filter(step__gt=alert.told_before, unreachable=False).count()


def _next_of_danger(alert: Alert, now: datetime) -> Person | None:
    """Who would be told of this danger now; `None` where it is none, or they read it by a link of their own."""
    if alert.degree != Alert.Degree.DANGER:
        return None
    people = _in_turn(queries.of_alert(alert), _told_before(alert))
    rests = _resting(alert, people, now)
    first = next(iter(_rested_first(alert, people, rests)), None)
    is_told_now = first is not None and first.pk not in rests and first.account_id is not None
    return first if is_told_now else None


def _rested_first(alert: Alert, people: list[Person], rests: dict[UUID, datetime]) -> list[Person]:
    """The same people; of a danger of which nobody knows yet, those first who were told of no other one: it waits for
    nobody, if somebody is free. Outside of the team somebody is told after everybody else."""
    if _reached(alert):
        return people
    ours = [each for each in people if each.account_id is not None]
    free = [each for each in ours if each.pk not in rests]
    waiting = sorted((each for each in ours if each.pk in rests), key=lambda each: rests[each.pk])
    return [*free, *waiting, *(each for each in people if each.account_id is None)]


def _resting(alert: Alert, people: list[Person], now: datetime) -> dict[UUID, datetime]:
    """Those who were told a moment ago of another danger that nobody has yet, and until when they are told of no
    more."""
    others = Told.objects.filter(
        person__in=people,
        alert__state=State.OPEN,
        alert__degree=Alert.Degree.DANGER,
        at__gt=now - rules.GATHERING_INTERVAL,
        unreachable=False,
    ).exclude(alert=alert)
    return {row.person_id: row.at + rules.GATHERING_INTERVAL for row in others.order_by("at")}


def _tell_together(alerts: Sequence[Alert], person: Person, now: datetime) -> None:
    """One message that names each of these dangers. Who cannot be written to is passed over, for each as alone."""
    dangers, ladders = [], {}
    for alert in alerts:
        ladders[alert.pk] = len(queries.of_alert(alert))
        alert.told += 1
        dangers.append((_template(alert), _values(alert, person, _template(alert), ladders[alert.pk])))
    first = alerts[0]
    letter = Letter(
        person,
        "dangers",
        f"alerts:{first.pk}:{first.told}",
        {"dangers": dangers, "page": _page_for(first, person)},
    )
    reached = messaging.write(organisation=first.organisation, letter=letter) is not None
    for alert in alerts:
        _note(alert, person, now, reached=reached)
        if not reached:
            alert.save(update_fields=["told"])
            tell_next(alert, now)
            continue
        touch(alert)
        count = alert.told - alert.told_before
        alert.next_at = rules.next_at(count, ladders[alert.pk], now, queries.pace_of(alert))
        alert.save(update_fields=["told", "next_at"])


def _in_turn(ladder: list[Person], before: list[UUID]) -> list[Person]:
    """The ladder once, beginning with who was told least often so far, and longest ago."""
    last = {pk: number for number, pk in enumerate(before)}
    return sorted(ladder, key=lambda each: (before.count(each.pk), last.get(each.pk, -1)))


def _tell(alert: Alert, person: Person, template: str, now: datetime, ladder: int) -> bool:
    letter = Letter(
        person, template, f"alert:{alert.pk}:{alert.told}", _values(alert, person, template, ladder)
    )
    reached = messaging.write(organisation=alert.organisation, letter=letter) is not None
    _note(alert, person, now, reached=reached)
    return reached


def _values(alert: Alert, person: Person, template: str, ladder: int) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": alert.raised_by.name if alert.raised_by else alert.organisation.name,
        "page": _page_for(alert, person),
        "seen": _last_met(alert),
        "since": alert.raised_at,
    }
    if template == "concern_danger" and rules.is_lasting(alert.told - alert.told_before, ladder):
        # The same words again would be taken for the message that was read, or slept through, before.
        values |= {"still": True, "moment": alert.raised_at}
    return values


def _note(alert: Alert, person: Person, now: datetime, *, reached: bool) -> None:
    Told.objects.create(
        organisation=alert.organisation,
        alert=alert,
        person=person,
        step=alert.told,
        at=now,
        unreachable=not reached,
    )


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


def touch(alert: Alert) -> None:
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
