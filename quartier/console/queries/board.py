"""The board: every request that is not closed, each in one lane."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import get_language

from quartier.cases.models import Request
from quartier.console.queries.map import Area, areas_with_need
from quartier.console.rules import Filters, Going, Lane, Open, Wait, ordered, wait_of
from quartier.lib import choices
from quartier.matching.models import Offer
from quartier.places.queries import names_of_areas
from quartier.team.models import Organisation
from quartier.visits.actions.ledger import first_name
from quartier.visits.models import Assignment

LANE_SHOWS = 8
ALONE_SHOWS = 120


@dataclass
class Tally:
    """How the neighbours who were asked answered."""

    asked: int = 0
    live: int = 0
    no: int = 0


@dataclass
class Coming:
    """A visit under way and the first name of who goes."""

    visit: Assignment
    name: str


@dataclass
class Card:
    """A request on the board with what its card says."""

    wait: Wait
    request: Request
    place: str
    tally: Tally
    visits: list[Coming]

    @property
    def lane(self) -> str:
        return self.wait.lane

    @property
    def kind(self) -> choices.Kind:
        return choices.kind(self.request.kind)

    @property
    def languages(self) -> list[choices.Choice]:
        return choices.chosen(choices.LANGUAGES, self.request.languages)

    @property
    def untold(self) -> list[Coming]:
        return [coming for coming in self.visits if coming.visit.told_at is None]


@dataclass
class LaneShown:
    """One lane: how many wait there, the oldest, and the cards that are shown."""

    lane: Lane
    waits: list[Wait]
    cards: list[Card] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.waits)

    @property
    def more(self) -> int:
        return len(self.waits) - len(self.cards)

    @property
    def late(self) -> int:
        return sum(wait.late for wait in self.waits)

    @property
    def oldest(self) -> datetime | None:
        return self.waits[0].since if self.waits else None


@dataclass
class Board:
    """Everything that the board shows."""

    lanes: dict[Lane, LaneShown]
    shows: dict[str, int]
    kinds: Counter[str]
    languages: Counter[str]
    areas: list[Area]
    incidents: Counter[UUID]
    open_count: int
    closed_today: int

    @property
    def human(self) -> LaneShown:
        return self.lanes[Lane.HUMAN]

    @property
    def others(self) -> list[LaneShown]:
        return [shown for shown in self.lanes.values() if shown.lane != Lane.HUMAN]


def waits(organisation: Organisation, now: datetime) -> list[Wait]:
    """Every request of the organisation that is not closed, in its lane. Two queries."""
    live = Offer.objects.filter(request=OuterRef("pk"), state__in=Offer.LIVE)
    rows = (
        Request.objects.filter(organisation=organisation, closed_at=None)
        .annotate(asked=Exists(live))
        .order_by()
        .values_list(
            "pk",
            "kind",
            "urgency",
            "languages",
            "area",
            "state",
            "taken_by",
            "waiting_since",
            "promised_at",
            "asked",
            "incident",
        )
    )
    found = [Open(*row) for row in rows]
    going: dict[UUID, list[Going]] = defaultdict(list)
    # By way of the requests that are not closed: nothing is read of a million visits that are over.
    active = Assignment.objects.filter(
        request__organisation=organisation, request__closed_at=None, state__in=Assignment.ACTIVE
    )
    for request_id, until, told_at in active.values_list("request", "comes_until", "told_at"):
        going[request_id].append(Going(until, told_at is not None))
    return [wait_of(each, going.get(each.id, ()), now) for each in found]


def board(organisation: Organisation, me: UUID | None, chosen: Filters, now: datetime) -> Board:
    """The board through these filters; `me` is the account for which "mine" is shown."""
    everything = waits(organisation, now)
    fitting = [wait for wait in everything if chosen.fits(wait)]
    shown = ordered([wait for wait in fitting if chosen.shows(wait, me, chosen.show)])
    lanes = {
        lane: LaneShown(lane, [wait for wait in shown if wait.lane == lane])
        for lane in Lane
        if chosen.lane in {"", lane.value}
    }
    lanes.setdefault(Lane.HUMAN, LaneShown(Lane.HUMAN, []))
    limit = ALONE_SHOWS if chosen.lane else LANE_SHOWS
    all_cards = {
        card.wait.request.id: card
        for card in cards([wait for one in lanes.values() for wait in one.waits[:limit]])
    }
    for one in lanes.values():
        one.cards = [all_cards[w.request.id] for w in one.waits[:limit] if w.request.id in all_cards]
    languages: Counter[str] = Counter()
    for wait in everything:
        languages.update(each.code for each in choices.chosen(choices.LANGUAGES, wait.request.languages))
    midnight = datetime.combine(now.astimezone(organisation.zone), time.min, tzinfo=organisation.zone)
    return Board(
        lanes=lanes,
        shows={show: sum(chosen.shows(wait, me, show) for wait in fitting) for show in Filters.SHOWS},
        kinds=Counter(wait.request.kind for wait in everything),
        languages=languages,
        areas=areas_with_need(organisation, everything),
        incidents=Counter(wait.request.incident for wait in everything if wait.request.incident),
        open_count=len(everything),
        closed_today=Request.objects.filter(organisation=organisation, closed_at__gte=midnight).count(),
    )


def cards(shown: Sequence[Wait]) -> list[Card]:
    """What the cards of these waits say. Four queries, and the names of neighbourhoods."""
    ids = [wait.request.id for wait in shown]
    requests = {
        request.pk: request
        for request in Request.objects.filter(pk__in=ids).select_related("case", "taken_by")
    }
    visits: dict[UUID, list[Coming]] = defaultdict(list)
    active = Assignment.objects.filter(request__in=ids, state__in=Assignment.ACTIVE)
    for visit in active.select_related("volunteer__person").order_by("comes_from"):
        visits[visit.request_id].append(Coming(visit, first_name(visit.volunteer.person)))
    answers = tallies(ids)
    names = names_of_areas({wait.request.area for wait in shown}, get_language() or "en")
    return [
        Card(
            wait=wait,
            request=requests[wait.request.id],
            place=names.get(wait.request.area) or requests[wait.request.id].case.place_name,
            tally=answers.get(wait.request.id, Tally()),
            visits=visits.get(wait.request.id, []),
        )
        for wait in shown
        if wait.request.id in requests
    ]


def tallies(ids: Iterable[UUID]) -> dict[UUID, Tally]:
    """How the neighbours asked for these requests answered. One query."""
    rows = (
        Offer.made.filter(request__in=list(ids))
        .order_by()
        .values("request")
        .annotate(
            asked=Count("pk"),
            live=Count("pk", filter=Q(state__in=Offer.LIVE)),
            no=Count("pk", filter=Q(state=Offer.State.DECLINED)),
        )
    )
    return {row["request"]: Tally(row["asked"], row["live"], row["no"]) for row in rows}
