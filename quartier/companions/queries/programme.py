"""Reading the programme: lists, proposals, and signs that something needs a look."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q

from quartier.alerts.models import Alert
from quartier.companions import rules
from quartier.companions.models import CallWish, Listener, Pairing, Sign, StandIn, Talk
from quartier.companions.rules import Fit, Side
from quartier.lib import clock
from quartier.people.models import Exclusion, Person, Volunteer
from quartier.team.models import Organisation

LIVE = Q(state__in=Pairing.LIVE)


@dataclass(frozen=True)
class Proposal:
    """A listener who fits, and why."""

    listener: Listener
    fit: Fit


def listeners(organisation: Organisation) -> list[Listener]:
    """All who listen, with how many people each calls (`calls`), and the last supervision (`met_on`). One query."""
    return list(
        Listener.objects.filter(organisation=organisation, stopped_at=None)
        .select_related("account", "supervisor")
        .annotate(
            calls=Count("pairings", filter=Q(pairings__state__in=Pairing.LIVE), distinct=True),
            met_on=Max("meetings__on"),
        )
        .order_by("created_at", "pk")[:500]
    )


def proposals(wish: CallWish, limit: int = 5) -> list[Proposal]:
    """Who could call her, the best first. Nobody who is away, suspended, untrained or full; nobody with whom she is
    never to be brought together, nor who has called her before and stopped."""
    before = wish.pairings.filter(state=Pairing.State.ENDED).values("listener")
    return _fitting(wish, before, limit)


def stand_ins(pairing: Pairing, limit: int = 5) -> list[Proposal]:
    """Who could call her for some days instead of her listener, the best first: as `proposals`, without that one, and
    without whoever cannot on days that are not over. Room for one more is not asked for: it is for a few days."""
    today = clock.now().astimezone(pairing.organisation.zone).date()
    cannot = pairing.stand_ins.filter(state=StandIn.State.DECLINED, last_day__gte=today)
    without = [pairing.listener_id, *cannot.values_list("listener", flat=True)]
    return _fitting(pairing.wish, without, limit, room=1)


def _fitting(wish: CallWish, without: Any, limit: int, room: int = 0) -> list[Proposal]:
    today = clock.now().astimezone(wish.organisation.zone).date()
    excluded = Exclusion.objects.filter(person=wish.person).values("volunteer__person__account")
    free = (
        Listener.objects.filter(
            organisation=wish.organisation, stopped_at=None, away=False, trained_until__gte=today
        )
        .filter(account__is_active=True)
        .exclude(account__person__volunteer__state__in=[Volunteer.State.SUSPENDED, Volunteer.State.LEFT])
        .exclude(account__in=excluded.filter(volunteer__person__account__isnull=False))
        .exclude(account__person=wish.person_id)
        .exclude(pk__in=without)
        .select_related("account", "supervisor")
        .annotate(calls=Count("pairings", filter=Q(pairings__state__in=Pairing.LIVE)))
    )
    wanted = Side(wish.languages, wish.slots, wish.interests, wish.area)
    found = []
    for each in free[:1000]:
        side = Side(each.languages, each.slots, each.interests, each.area)
        fits = rules.fit(wanted, side, each.capacity + room - each.calls)
        if fits is not None:
            found.append(Proposal(each, fits))
    return sorted(found, key=lambda one: (one.fit.rank, str(one.listener.pk)), reverse=True)[:limit]


def open_wishes(organisation: Organisation) -> list[CallWish]:
    """Who waits for a listener, the longest waiting first."""
    return list(
        CallWish.objects.filter(organisation=organisation, state=CallWish.State.OPEN)
        .select_related("person")
        .order_by("created_at", "pk")[:200]
    )


@dataclass(frozen=True)
class Row:
    """One pairing in the list of a supervisor, with what needs a look. No word of a notebook is among it.

    `missed`: calls of the last four weeks of which nobody said anything; `not_reached`: in a row."""

    pairing: Pairing
    next_at: datetime | None
    last_at: datetime | None
    missed: int
    not_reached: int
    unsupervised: bool
    instead: StandIn | None = None

    @property
    def needs_a_look(self) -> bool:
        return bool(
            self.missed or self.not_reached or self.unsupervised or self.pairing.listener_gone_at is not None
        )


def overview(organisation: Organisation, supervisor: UUID | None = None, limit: int = 200) -> list[Row]:
    """Pairings that are not over, those that need a look first. Four queries, however many."""
    now = clock.now()
    rows = Pairing.objects.filter(LIVE, organisation=organisation)
    if supervisor is not None:
        rows = rows.filter(listener__supervisor=supervisor)
    found = list(
        rows.select_related("wish__person", "listener__account", "listener__supervisor").order_by(
            "created_at"
        )[:limit]
    )
    talks: dict[UUID, list[Talk]] = {row.pk: [] for row in found}
    since = now - timedelta(weeks=4)
    for talk in Talk.objects.filter(pairing__in=talks, at__gt=since).order_by("-at", "-pk"):
        talks[talk.pairing_id].append(talk)
    met = dict(
        Listener.objects.filter(pk__in=[row.listener_id for row in found])
        .annotate(met=Max("meetings__on"))
        .values_list("pk", "met")
    )
    today = now.astimezone(organisation.zone).date()
    standing = StandIn.objects.filter(pairing__in=talks, state__in=rules.STANDING, last_day__gte=today)
    others = {row.pairing_id: row for row in standing.select_related("listener__account")}
    listed = [
        replace(_row(row, talks[row.pk], met.get(row.listener_id), now), instead=others.get(row.pk))
        for row in found
    ]
    return sorted(listed, key=lambda one: not one.needs_a_look)


def _row(row: Pairing, talks: list[Talk], met_on: object, now: datetime) -> Row:
    planned = [talk.at for talk in talks if talk.state == Talk.State.PLANNED and talk.at > now]
    spoken = [talk.at for talk in talks if talk.state == Talk.State.SPOKEN]
    since = max(filter(None, [row.began_at and row.began_at.date(), met_on]), default=None)  # type: ignore[type-var]
    alone = row.began_at is not None and since is not None
    return Row(
        row,
        min(planned, default=None),
        max(spoken, default=None),
        sum(talk.state == Talk.State.MISSED for talk in talks),
        rules.not_reached_in_a_row([talk.state for talk in talks]),
        bool(alone and now.date() - since > rules.SUPERVISE_EVERY),  # type: ignore[operator]
    )


def mine(listener: Listener) -> list[Pairing]:
    """The people of one listener, with person."""
    return list(
        Pairing.objects.filter(LIVE, listener=listener)
        .select_related("wish__person")
        .order_by("created_at", "pk")
    )


def instead(listener: Listener) -> list[StandIn]:
    """Whom this listener is asked to call, or calls, for some days in the place of another. One query."""
    today = clock.now().astimezone(listener.organisation.zone).date()
    return list(
        StandIn.objects.filter(listener=listener, state__in=rules.STANDING, last_day__gte=today)
        .exclude(pairing__state=Pairing.State.ENDED)
        .select_related("pairing__wish__person")
        .order_by("first_day", "id")
    )


def next_talk_of(row: StandIn) -> Talk | None:
    """The call that the stand-in is to make or to say next: one of their days, no other."""
    zone = row.organisation.zone
    first = rules.talk_at(row.first_day, time(0), zone)
    after = rules.talk_at(row.last_day + timedelta(days=1), time(0), zone)
    return (
        row.pairing.talks.filter(
            state__in=[Talk.State.PLANNED, Talk.State.MISSED],
            at__gte=max(first, clock.now() - rules.CALL_UNTIL),
            at__lt=after,
        )
        .order_by("at", "pk")
        .first()
    )


def standing_in(pairing: Pairing) -> StandIn | None:
    """Who is asked to call instead of her listener, or does so, today or in the days to come."""
    today = clock.now().astimezone(pairing.organisation.zone).date()
    return (
        pairing.stand_ins.filter(state__in=rules.STANDING, last_day__gte=today)
        .select_related("listener__account__person")
        .first()
    )


def next_talks(pairing_ids: list[UUID]) -> dict[UUID, Talk]:
    """By pairing, the call that is to be made or said next: the oldest one of the last day or to come. One query."""
    found: dict[UUID, Talk] = {}
    since = clock.now() - rules.CALL_UNTIL
    open_ones = Talk.objects.filter(
        pairing__in=pairing_ids, state__in=[Talk.State.PLANNED, Talk.State.MISSED], at__gt=since
    )
    for talk in open_ones.order_by("at", "pk"):
        found.setdefault(talk.pairing_id, talk)
    return found


def about_alert(alert: Alert) -> Sign | None:
    """What of the programme an alert is about, with the person and the listener."""
    return (
        Sign.objects.filter(alert=alert)
        .select_related("pairing__wish__person", "pairing__wish__case", "pairing__listener__account")
        .first()
    )


def of_person(person: Person) -> Pairing | None:
    """The pairing of this person that is not over, with its listener."""
    return (
        Pairing.objects.filter(LIVE, wish__person=person)
        .select_related("wish", "listener__account", "organisation")
        .first()
    )
