"""Open alerts, and whom to tell or to wake."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from quartier.alerts import rules
from quartier.alerts.models import Alert, Around, Trustee, Wake
from quartier.callcore import Standing
from quartier.callcore.call import WAITING
from quartier.lib.crypto import blind
from quartier.people.models import Person, Volunteer
from quartier.rota.queries import able_in, rota_of
from quartier.rota.rules import Rota
from quartier.team.access import Actor
from quartier.team.models import Organisation, Role
from quartier.telephony.models import Call, Operator

COORDINATES = (Role.Name.COORDINATOR, Role.Name.ADMIN)


def visible(actor: Actor) -> QuerySet[Alert]:
    """Every alert that exists for this account: those that go around it do not, and a concern is for those who
    coordinate alone. Whatever lists, counts or opens alerts begins here."""
    rows = Alert.objects.filter(
        ~Exists(Around.objects.filter(alert=OuterRef("pk"), account=actor.id)),
        organisation=actor.organisation,
    )
    return rows if actor.has(*COORDINATES) else rows.exclude(kind=Alert.Kind.CONCERN)


def listed(actor: Actor) -> QuerySet[Alert]:
    """Alerts that are not closed and have no day's time: those that nobody has first, the oldest first."""
    return (
        visible(actor)
        .exclude(state=Alert.State.CLOSED)
        .exclude(degree=Alert.Degree.CALM)
        .select_related("raised_by", "taken_by", "call__person", "person")
        .order_by("taken_at", "raised_at")
    )


def has_listed(actor: Actor) -> bool:
    """Whether `listed` has any."""
    return listed(actor).select_related(None).exists()


def pace_of(alert: Alert) -> rules.AlertPace:
    """How fast this alert climbs, in its organisation's hours."""
    where = alert.organisation
    first = alert.tellings.filter(step__gt=alert.told_before).order_by("step")
    begun_at = None if alert.degree == Alert.Degree.DANGER else first.values_list("at", flat=True).first()
    return rules.AlertPace(alert.degree, where.quiet_from, where.quiet_until, where.zone, begun_at)


def of_alert(alert: Alert) -> list[Person]:
    """Who is told of this alert, in their order. Of a concern the trustee is told after everybody else: first, when
    nobody else is left."""
    around = frozenset(alert.around.values_list("account", flat=True))
    people = ladder(alert.organisation, alert.raised_by_id, around)
    if alert.kind == Alert.Kind.CONCERN and (trustee := trustee_of(alert.organisation)) is not None:
        people.append(trustee.person)
    return people


def is_gathered(alert: Alert) -> bool:
    """Whether nobody knows of this danger yet, since whoever can be written to has just been told of another one and
    reads of both together."""
    if alert.state != Alert.State.OPEN or alert.degree != Alert.Degree.DANGER:
        return False
    tried = list(alert.tellings.filter(step__gt=alert.told_before).values_list("person", "unreachable"))
    if not all(unreachable for _, unreachable in tried):
        return False
    in_vain = {person for person, _ in tried}
    return any(each.pk not in in_vain for each in of_alert(alert))


def trustee_of(organisation: Organisation) -> Trustee | None:
    """Whom the group trusts outside of its team, if it has said so."""
    return Trustee.objects.select_related("person").filter(organisation=organisation).first()


def trustee_token(alert: Alert) -> str:
    """The unguessable part of the trustee's link, another one for each trustee; worked out, never stored."""
    trustee = trustee_of(alert.organisation)
    whose = trustee.person_id if trustee else ""
    return blind("trustee", alert.organisation_id, f"{alert.pk}:{whose}")[:32]


def ladder(
    organisation: Organisation, but: UUID | None, without: frozenset[UUID] = frozenset()
) -> list[Person]:
    """Coordinators and administrators in the order in which they are told, without the account `but`, and without
    those whom it concerns."""
    # The team is a handful among thousands of volunteers: their roles are looked at first, not each one's account.
    names = [Role.Name.COORDINATOR, Role.Name.ADMIN]
    roles = Role.objects.filter(name__in=names, organisation=organisation)
    # Who is both is told as a coordinator: of two rows the last one counts.
    accounts = dict(roles.order_by("name").values_list("account", "name"))
    coordinators = {pk for pk, name in accounts.items() if name == Role.Name.COORDINATOR}
    people = {
        person.pk: person
        for person in Person.objects.filter(
            organisation=organisation,
            account__is_active=True,
            account__in=accounts,
        )
        .exclude(account=but)
        .exclude(account__in=without)
        .exclude(volunteer__state=Volunteer.State.SUSPENDED)
        .order_by("created_at", "pk")
    }
    there = Operator.objects.filter(organisation=organisation).exclude(standing=Standing.OFFLINE)
    on_duty = set(there.values_list("account", flat=True))
    team = [
        rules.Rung(pk, person.account_id in on_duty, person.account_id not in coordinators)
        for pk, person in people.items()
    ]
    return [people[pk] for pk in rules.ladder(team)]


def alone(organisation: Organisation, now: datetime) -> Call | None:
    """Whoever has waited longest, too long, while no operator is free; `None` when that is nobody."""
    waits = (
        Call.objects.filter(
            organisation=organisation,
            ended_at=None,
            state__in=WAITING,
            queued_at__lte=now - timedelta(seconds=rules.WAITS_S),
        )
        .order_by("queued_at")
        .first()
    )
    free = Operator.objects.filter(
        organisation=organisation,
        standing__in=[Standing.AVAILABLE, Standing.RINGING, Standing.ACCEPTING, Standing.WRAP_UP],
    )
    return None if waits is None or free.exists() else waits


def sleepers(organisation: Organisation, language: str, now: datetime) -> list[Wake]:
    """Whom to wake: still of the team, not on the line, not woken just now; who speaks the language first, then who has
    slept longest. In a transaction: the rows are locked."""
    rows = (
        Wake.objects.select_for_update()
        .filter(
            Q(woken_at=None) | Q(woken_at__lte=now - rules.WAKE_AGAIN),
            organisation=organisation,
            account__in=able_in(organisation),
        )
        .select_related("account")
        .order_by("woken_at", "pk")
    )
    lines = {one.account_id: one for one in Operator.objects.filter(organisation=organisation)}

    def is_away(wake: Wake) -> bool:
        one = lines.get(wake.account_id)
        return one is None or one.standing == Standing.OFFLINE

    def speaks(wake: Wake) -> bool:
        one = lines.get(wake.account_id)
        return one is not None and language in one.languages

    away = [each for each in rows if is_away(each)]
    return sorted(away, key=lambda each: not speaks(each))[: rules.WAKES_AT_ONCE]


def team_on_duty(organisation: Organisation, now: datetime, rota: Rota | None = None) -> list[Person]:
    """Who is told at this moment of what the team owes to somebody, in this order: who is on duty; then the ladder: who
    is on the line, coordinators, administrators, and last whoever is away. `rota`: where it is known already."""
    team = ladder(organisation, None)
    rota = rota or rota_of(organisation)
    if rota is None:
        return team
    accounts = rota.on_duty(now)
    people = Person.objects.filter(organisation=organisation, account__in=accounts)
    found = {each.account_id: each for each in people}
    on_duty = [found[each] for each in accounts if each in found]
    team.sort(key=lambda each: each.account_id is not None and rota.is_away(each.account_id, now))
    return [*on_duty, *(each for each in team if each not in on_duty)]
