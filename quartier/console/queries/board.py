"""The board: every request that is not closed, each in one lane."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import get_language

from quartier.cases.models import Request
from quartier.console.queries.lanes import (
    KIND_OF_ROW,
    LANGUAGES_OF_ROW,
    LATE_PLACES,
    PLACES_OF_LANE,
    SHOW_PLACES,
    BoardRow,
    PlacedRows,
    board_rows,
    by_place,
    count_in,
    count_rows_by_area,
    first_of,
    fitting,
    oldest_of,
)
from quartier.console.queries.map import Neighbourhoods, areas_with_need
from quartier.console.rules import Filters, Going, Lane, Open, Wait, wait_of
from quartier.lib import choices
from quartier.matching.models import ASKED, Offer
from quartier.places.queries import names_of_areas, places_called
from quartier.team.models import Organisation
from quartier.visits.actions.ledger import first_name
from quartier.visits.models import Assignment
from quartier.visits.queries import called_off

# More than a screen holds; the rest of a lane is a page of its own.
LANE_SHOWS = 6
HUMAN_SHOWS = 8
ALONE_SHOWS = 120
# What a card says; a request and a file have four times as many columns, some of them sealed.
REQUEST_ON_CARD = (
    "kind", "urgency", "languages", "area", "state", "why_human", "priority", "next_at", "needed", "accepted",
    "incident_id", "waiting_since", "promised_at", "window_until", "taken_by__name", "taken_by__organisation",
    "case__place_name", "case__postcode", "organisation__country",
)  # fmt: skip
VISIT_ON_CARD = (
    "request_id", "state", "comes_from", "comes_until", "told_at", "on_way_at", "volunteer__person__name",
    "volunteer__person__organisation",
)  # fmt: skip


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
    # Whom they expect, and must be told are not coming.
    called_off: list[Coming] = field(default_factory=list)

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
    """One lane: how many wait there, since when the oldest does, and the cards that are shown."""

    lane: Lane
    count: int = 0
    oldest: datetime | None = None
    cards: list[Card] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


@dataclass
class Board:
    """Everything that the board shows."""

    lanes: dict[Lane, LaneShown]
    shows: dict[str, int]
    kinds: Counter[str]
    languages: Counter[str]
    areas: Neighbourhoods
    incidents: Counter[UUID]
    open_count: int
    closed_today: int
    # Of all requests, whatever is chosen.
    human_count: int
    late_count: int

    @property
    def human(self) -> LaneShown:
        return self.lanes[Lane.HUMAN]

    @property
    def others(self) -> list[LaneShown]:
        return [shown for shown in self.lanes.values() if shown.lane != Lane.HUMAN]


def board(organisation: Organisation, me: UUID | None, chosen: Filters, now: datetime) -> Board:
    """The board through these filters; `me` is the account for which "mine" is shown."""
    everything = board_rows(organisation, me, now)
    placed = by_place(everything)
    # Nearly always nothing is chosen.
    fits = by_place(fitting(everything, chosen)) if chosen.is_part else placed
    midnight = datetime.combine(now.astimezone(organisation.zone), time.min, tzinfo=organisation.zone)
    return Board(
        lanes=_lanes(fits, chosen, now),
        shows={show: count_in(fits, SHOW_PLACES[show]) for show in Filters.SHOWS},
        kinds=Counter(map(KIND_OF_ROW, everything)),
        languages=_spoken(everything),
        areas=areas_with_need(organisation, count_rows_by_area(everything)),
        incidents=Counter([UUID(row[4]) for row in everything if row[4] is not None]),
        open_count=len(everything),
        closed_today=Request.objects.filter(organisation=organisation, closed_at__gte=midnight).count(),
        human_count=count_in(placed, PLACES_OF_LANE[Lane.HUMAN]),
        late_count=count_in(placed, LATE_PLACES),
    )


def _lanes(fits: PlacedRows, chosen: Filters, now: datetime) -> dict[Lane, LaneShown]:
    seen = {
        lane: PLACES_OF_LANE[lane] & SHOW_PLACES[chosen.show]
        for lane in Lane
        if chosen.lane in {"", lane.value}
    }
    firsts = {
        lane: [UUID(row[6]) for row in first_of(fits, some, _limit(lane, chosen))]
        for lane, some in seen.items()
    }
    made = {card.request.pk: card for card in cards([pk for some in firsts.values() for pk in some], now)}
    lanes = {
        lane: LaneShown(
            lane,
            count_in(fits, some),
            oldest_of(fits, some),
            # Who has moved on between two statements stands in another lane at the next look.
            [made[pk] for pk in firsts[lane] if pk in made and made[pk].lane == lane],
        )
        for lane, some in seen.items()
    }
    lanes.setdefault(Lane.HUMAN, LaneShown(Lane.HUMAN))
    return lanes


def _limit(lane: Lane, chosen: Filters) -> int:
    """How many cards of a lane are shown."""
    if chosen.lane:
        return ALONE_SHOWS
    return HUMAN_SHOWS if lane == Lane.HUMAN else LANE_SHOWS


def _spoken(rows: Iterable[BoardRow]) -> Counter[str]:
    found: Counter[str] = Counter()
    for bits, count in Counter(map(LANGUAGES_OF_ROW, rows)).items():
        for each in choices.chosen(choices.LANGUAGES, bits):
            found[each.code] += count
    return found


def cards(ids: Sequence[UUID], now: datetime) -> list[Card]:
    """The cards of these requests, in this order; closed ones have none. Four queries, one more where a visit is to be
    called off, and the names of the places."""
    requests = {
        request.pk: request
        for request in Request.objects.filter(pk__in=ids, closed_at=None)
        .select_related("case", "organisation", "taken_by")
        .only(*REQUEST_ON_CARD)
    }
    visits: dict[UUID, list[Coming]] = defaultdict(list)
    active = Assignment.objects.filter(request__in=ids, state__in=Assignment.ACTIVE)
    for visit in active.select_related("volunteer__person").only(*VISIT_ON_CARD).order_by("comes_from"):
        visits[visit.request_id].append(Coming(visit, first_name(visit.volunteer.person)))
    answers, fell = tallies(ids), called_off(ids)
    called = _places(requests.values())
    found = []
    for request in (requests[pk] for pk in ids if pk in requests):
        tally, coming = answers.get(request.pk, Tally()), visits.get(request.pk, [])
        place = called[request.pk]
        off = [Coming(each, first_name(each.volunteer.person)) for each in fell.get(request.pk, [])]
        wait = _wait(request, tally, coming, now, is_off=bool(off))
        found.append(Card(wait, request, place, tally, coming, off))
    return found


def _places(requests: Collection[Request]) -> dict[UUID, str]:
    """Where each of them lives, in the reader's language: the place of the file, since the neighbourhood may bear the
    name of the one next to it. Of a file that names none, the neighbourhood."""
    written = {
        each.pk: (each.case.postcode, each.case.place_name) for each in requests if each.case.place_name
    }
    nameless = {each.area for each in requests if each.pk not in written}
    country = next((each.organisation.country for each in requests), "")
    names = places_called(country, written.values()) if written else {}
    areas = names_of_areas(nameless, get_language() or "en") if nameless else {}
    return {each.pk: names[written[each.pk]] if each.pk in written else areas[each.area] for each in requests}


def _wait(request: Request, tally: Tally, coming: Sequence[Coming], now: datetime, *, is_off: bool) -> Wait:
    going = [Going(each.visit.comes_until, each.visit.told_at is not None) for each in coming]
    return wait_of(Open.of(request, asked=bool(tally.live), call_off=is_off), going, now)


def tallies(ids: Iterable[UUID]) -> dict[UUID, Tally]:
    """How the neighbours asked for these requests answered. One query."""
    rows = (
        Offer.made.filter(ASKED, request__in=list(ids))
        .order_by()
        .values("request")
        .annotate(
            asked=Count("pk"),
            live=Count("pk", filter=Q(state__in=Offer.LIVE)),
            no=Count("pk", filter=Q(state=Offer.State.DECLINED)),
        )
    )
    return {row["request"]: Tally(row["asked"], row["live"], row["no"]) for row in rows}
