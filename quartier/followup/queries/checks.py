"""Who agreed to be called, how a campaign stands, and whom the team calls."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from quartier.followup import access
from quartier.followup.models import Campaign, CheckIn, Member
from quartier.followup.rules import OCCASIONS
from quartier.lib import cells, choices
from quartier.team.models import Organisation

State = CheckIn.State
# Whom nobody may ask any more once a campaign ends: they have not answered, and no neighbour is on the way.
SILENT_STATES = (State.WAITING, State.ASKED, State.CALLING)
# In `Progress`, people who had not answered when the campaign ended; `State.ENDED` are those who left or died.
UNHEARD = "unheard"
# Who is to be called waits so long at most.
LATE_AFTER = timedelta(hours=2)


def members(organisation: Organisation) -> QuerySet[Member]:
    """Everybody who agreed, the newest first."""
    rows = Member.objects.filter(organisation=organisation, left_at=None, person__died_at=None)
    return rows.select_related("person", "case", "noted_by").order_by("-created_at", "-pk")


def counts(organisation: Organisation) -> list[tuple[choices.Choice, int]]:
    """How many agreed, for each occasion. One query."""
    masks = Counter(members(organisation).values_list("occasions", flat=True))
    return [(each, sum(count for mask, count in masks.items() if mask & each.mask)) for each in OCCASIONS]


def members_for(organisation: Organisation, occasion: str, postcodes: Sequence[str] = ()) -> QuerySet[Member]:
    """Whom a campaign asks: who agreed to it, in these postcodes or everywhere."""
    mask = choices.mask(OCCASIONS, [occasion])
    rows = members(organisation).annotate(fits=F("occasions").bitand(mask)).filter(fits__gt=0)
    if postcodes:
        rows = rows.filter(Q(case__postcode__in=postcodes) | Q(case=None, postcode__in=postcodes))
    return rows.select_related("person__organisation", "case")


def silent_in(campaign: Campaign) -> QuerySet[CheckIn]:
    """Whoever of a campaign has not answered, and to whom no neighbour is sent."""
    return campaign.check_ins.filter(state__in=SILENT_STATES)


def campaigns(organisation: Organisation) -> QuerySet[Campaign]:
    """Those that run first, then the newest; with how many people each."""
    over = Case(
        When(state=Campaign.State.ENDED, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    rows = Campaign.objects.filter(organisation=organisation).annotate(over=over, people=Count("check_ins"))
    return rows.order_by("over", "-started_at")


@dataclass
class Place:
    """How many people of one place there are, are not asked yet, are well, have not answered, and need help. `key`: a
    postcode, or the neighbourhood (H3 area); '' or `None` where nobody knows."""

    key: Any
    people: int = 0
    unasked: int = 0
    well: int = 0
    silent: int = 0
    help: int = 0

    def add(self, state: str, count: int) -> None:
        """So many more, in this state."""
        self.people += count
        self.unasked += count * (state == State.WAITING)
        self.well += count * (state in {State.FINE, State.KNOCKED})
        self.silent += count * (state in {State.ASKED, State.CALLING, State.KNOCKING, State.ALERTED, UNHEARD})
        self.help += count * (state == State.NEEDS_HELP)

    @property
    def asked(self) -> int:
        """How many were asked so far."""
        return self.people - self.unasked


@dataclass
class Progress:
    """How a campaign stands. `longest`: who has waited longest without an answer; `places`: by postcode; `areas`: by
    neighbourhood."""

    people: int
    states: Counter[str]
    help: list[CheckIn] = field(default_factory=list)
    unreached: list[CheckIn] = field(default_factory=list)
    longest: list[CheckIn] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    areas: list[Place] = field(default_factory=list)


def progress(campaign: Campaign, shown: int = 20) -> Progress:
    """Everything that the page of a campaign shows. Five queries."""
    rows = campaign.check_ins.all()
    found = Progress(0, Counter())
    places: dict[str, Place] = {}
    areas: dict[int | None, Place] = {}
    where = ("member__case__postcode", "member__postcode", "member__case__area", "member__cell")
    by_place = rows.order_by().values_list("state", *where)
    left = Count("pk", filter=Q(member__left_at__isnull=False) | Q(member__person__died_at__isnull=False))
    for state, of_case, own, area, cell, count, gone in by_place.annotate(count=Count("pk"), gone=left):
        found.people += count
        code = of_case or own or ""
        here = area if area is not None else cells.area_of(cell) if cell is not None else None
        parts = {state: gone, UNHEARD: count - gone} if state == State.ENDED else {state: count}
        for part, some in parts.items():
            found.states[part] += some
            places.setdefault(code, Place(code)).add(part, some)
            areas.setdefault(here, Place(here)).add(part, some)
    people = rows.select_related("member__person", "member__case", "request", "claimed_by")
    found.help = list(people.filter(state=State.NEEDS_HELP).order_by("answered_at", "pk")[:shown])
    found.unreached = list(people.filter(state=State.ALERTED).order_by("since", "pk")[:shown])
    climbing = [State.ASKED, State.CALLING, State.KNOCKING]
    found.longest = list(people.filter(state__in=climbing).order_by("since", "pk")[:shown])
    found.places, found.areas = (
        sorted(some, key=lambda one: (-one.help, -one.silent, str(one.key)))
        for some in (places.values(), areas.values())
    )
    return found


def few_together(places: Sequence[Place], least: int) -> list[Place]:
    """Where fewer than `least` people are asked is not told apart: those stand together, without a place."""
    rest, told = Place(None), []
    for one in places:
        if one.people >= least and one.key not in {None, ""}:
            told.append(one)
            continue
        rest.people, rest.well = rest.people + one.people, rest.well + one.well
        rest.silent, rest.help = rest.silent + one.silent, rest.help + one.help
        rest.unasked += one.unasked
    return [*told, *([rest] if rest.people else [])]


def is_call_late(row: CheckIn, now: datetime) -> bool:
    """Whether somebody in `checks_to_call` has waited too long for one of the team."""
    since = row.since or row.answered_at
    return row.state in access.TO_CALL and since is not None and since <= now - LATE_AFTER


def rests(now: datetime) -> Q:
    """Who was called in vain a moment ago, until it is time again."""
    return Q(claimed_by=None, claimed_until__gt=now)


def call_again_at(row: CheckIn, now: datetime) -> datetime | None:
    """When somebody in `checks_to_call` is called again; None where nobody has called in vain just now."""
    if row.claimed_by_id is not None or row.claimed_until is None or row.claimed_until <= now:
        return None
    return row.claimed_until


def checks_to_call(organisation: Organisation, now: datetime) -> QuerySet[CheckIn]:
    """Whom the team calls: who needs help first, then nobody-reached, then who did not answer; the oldest first. Who
    was called in vain a moment ago stands behind the others, until it is time again."""
    first = Case(
        *(When(state=state, then=Value(place)) for place, state in enumerate(access.TO_CALL)),
        output_field=IntegerField(),
    )
    resting = Case(When(rests(now), then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = CheckIn.objects.filter(
        organisation=organisation, state__in=access.TO_CALL, member__person__died_at=None
    )
    return (
        rows.annotate(resting=resting, first=first)
        .select_related("member__person", "campaign", "claimed_by")
        .order_by("resting", "first", "since", "pk")
    )
