"""The database chooses the lanes of the rules, whatever stands there; and a long board takes no more queries."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quartier.cases.models import Request
from quartier.console import rules
from quartier.console.queries import board as read
from quartier.console.queries import lanes
from quartier.console.rules import Filters, Going, Lane
from quartier.incidents.models import Incident
from quartier.lib import cells, choices
from quartier.lib.ids import token_hash, uuid7
from quartier.matching.models import REACHED, Offer
from quartier.messaging.models import Message
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db
SEEDS = range(4)
ELSEWHERE = cells.area_at(51.0543, 3.7174)


def waits(organisation, now):
    """Every wait by the rules in Python, from whole rows."""
    found = []
    for request in Request.objects.filter(organisation=organisation).exclude(state="closed"):
        asked = request.offers.filter(REACHED, state__in=Offer.LIVE).exists()
        active = request.assignments.filter(state__in=Assignment.ACTIVE)
        going = [Going(visit.comes_until, visit.told_at is not None) for visit in active]
        found.append(rules.wait_of(rules.Open.of(request, asked=asked), going, now))
    return found


@pytest.fixture
def drawn(asked, volunteer, thomas, organisation, tuesday):
    """A function that fills the board with requests in every state, with offers and visits that make no sense too."""
    case = asked("groceries", name="Anna").requests[0].case
    helpers = [volunteer(name) for name in ("Youssef", "Nadia", "Karim")]
    # One that goes out, and one that nobody could read.
    letters = [Message.objects.filter(person=case.person).first() for _each in range(2)]
    letters[1].pk, letters[1].key, letters[1].state = uuid7(), "lost", Message.State.FAILED
    letters[1].save(force_insert=True)
    during = Incident.objects.create(organisation=organisation, template="flood", opened_at=tuesday)

    def fill(seed, count=40):
        chance, like = random.Random(seed), case.requests.first()

        def moment():
            # Some exactly now, some with a fraction of a second.
            return tuesday + timedelta(minutes=chance.randint(-3, 3), microseconds=chance.choice([0, 0, 250]))

        for _each in range(count):
            state = chance.choice(["open", "open", "human", "covered", "closed"])
            over = {"closed_at": tuesday, "closure": "withdrawn"} if state == "closed" else {}
            like.pk, like._state.adding = uuid7(), True
            row = {
                "state": state, "closed_at": None, "closure": "", "next_at": None, "needed": 3, **over,
                "why_human": "nobody" if state == "human" else "", "taken_by": chance.choice([None, thomas]),
                "kind": chance.choice(["groceries", "pharmacy", "talk"]), "languages": chance.randint(1, 7),
                "urgency": chance.choice(["now", "day"]), "incident": chance.choice([None, during]),
                "area": chance.choice([like.area, ELSEWHERE]),
                "waiting_since": moment(), "promised_at": moment(),
                "window_until": moment(),
            }  # fmt: skip
            for name, value in row.items():
                setattr(like, name, value)
            like.save(force_insert=True)
            for helper in chance.sample(helpers, chance.randint(0, 3)):
                answer(chance, like, helper, moment)

    def answer(chance, request, helper, moment):
        pk = uuid7()
        offer = Offer.objects.create(
            id=pk, organisation=organisation, request=request, volunteer=helper, wave=1,
            state=chance.choice(["queued", "sent", "accepted", "declined", "expired"]),
            token_hash=token_hash(str(pk)), created_at=tuesday, expires_at=tuesday,
            message=chance.choice([None, *letters]),
        )  # fmt: skip
        if chance.random() < 0.4:
            Assignment.objects.create(
                organisation=organisation, offer=offer, request=request, volunteer=helper, code_word="tulip",
                state=chance.choice(["accepted", "on_way", "done", "cancelled"]), accepted_at=tuesday,
                comes_from=tuesday, comes_until=moment(), told_at=chance.choice([None, tuesday]),
            )  # fmt: skip

    return fill


def chosen_by(chance, incidents):
    return Filters(
        show=chance.choice(Filters.SHOWS),
        kind=chance.choice(["", "groceries", "talk"]),
        language=chance.choice(["", "fr", "nl"]),
        area=chance.choice([0, ELSEWHERE]),
        incident=chance.choice([None, *incidents]),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_database_chooses_the_lanes_of_the_rules(drawn, organisation, thomas, tuesday, seed):
    drawn(seed)
    by_rules = {wait.request.id.hex: wait for wait in waits(organisation, tuesday)}
    rows = lanes.board_rows(organisation, thomas.pk, tuesday)
    assert {row[6].replace("-", "") for row in rows} == set(by_rules)
    for row in rows:
        wait = by_rules[row[6].replace("-", "")]
        assert lanes.LANE_OF_PLACE[row[0]] == wait.lane
        assert (row[0] in lanes.LATE_PLACES) == wait.late
        assert bool(row[0] & lanes.URGENT) == (wait.request.urgency == "now")
        assert bool(row[0] & lanes.MINE) == (wait.request.taken_by == thomas.pk)
        assert lanes.oldest_of(lanes.by_place([row]), lanes.PLACES) == wait.since
    tallies = lanes.count_by_area(organisation, tuesday)
    assert tallies == lanes.count_rows_by_area(rows)
    for area, tally in tallies.items():
        here = [wait for wait in by_rules.values() if wait.request.area == area]
        needs = sum(wait.lane in {Lane.HUMAN, Lane.FIND, Lane.ANSWER} for wait in here)
        past = sum(wait.lane == Lane.LATE for wait in here)
        assert tally == (needs, sum(wait.late for wait in here) - past, len(here) - needs, past)
    placed = lanes.by_place(rows)
    in_order = [row[6].replace("-", "") for row in lanes.first_of(placed, lanes.PLACES, len(rows))]
    assert in_order == [wait.request.id.hex for wait in rules.ordered(list(by_rules.values()))]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_count_and_card_under_every_filter_is_that_of_the_rules(
    drawn, organisation, thomas, tuesday, seed
):
    drawn(seed)
    everything, chance = waits(organisation, tuesday), random.Random(seed)
    for _each in range(12):
        chosen = chosen_by(chance, Incident.objects.values_list("pk", flat=True))
        found = read.board(organisation, thomas.pk, chosen, tuesday)
        fits = [wait for wait in everything if chosen.fits(wait)]
        for show in Filters.SHOWS:
            assert found.shows[show] == sum(chosen.shows(wait, thomas.pk, show) for wait in fits)
        seen = rules.ordered([wait for wait in fits if chosen.shows(wait, thomas.pk, chosen.show)])
        for lane in Lane:
            mine = [wait for wait in seen if wait.lane == lane]
            one = found.lanes[lane]
            assert one.count == len(mine)
            assert one.oldest == min((wait.since for wait in mine), default=None)
            assert [card.wait for card in one.cards] == mine[
                : read.HUMAN_SHOWS if lane == Lane.HUMAN else read.LANE_SHOWS
            ]
        assert found.open_count == len(everything)
        assert found.human_count == sum(wait.lane == Lane.HUMAN for wait in everything)
        assert found.late_count == sum(wait.late for wait in everything)
        assert sum(found.kinds.values()) == len(everything)
        assert found.languages["nl"] == sum(
            bool(wait.request.languages & choices.mask(choices.LANGUAGES, ["nl"])) for wait in everything
        )
        areas = {one.area: one for one in found.areas}
        for area in {wait.request.area for wait in everything}:
            here = [wait for wait in everything if wait.request.area == area]
            needs = sum(wait.lane in {Lane.HUMAN, Lane.FIND, Lane.ANSWER} for wait in here)
            assert (areas[area].waiting, areas[area].helped) == (needs, len(here) - needs)
            assert areas[area].late + areas[area].past == sum(wait.late for wait in here)


@pytest.mark.parametrize(
    ("address", "most"),
    [("/en/console/", 24), ("/en/console/map/", 10), ("/en/console/map/areas/", 10)],
)
@pytest.mark.usefixtures("work_is_done")
def test_ten_thousand_open_requests_take_no_more_queries(
    signed_in, thomas, asked, tuesday, places, address, most
):
    like = asked("groceries", name="Anna").requests[0]
    client = signed_in(thomas)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        assert client.get(address).status_code == 200
    rows = []
    for _each in range(10_000):
        row = Request(**{field.attname: getattr(like, field.attname) for field in Request._meta.fields})
        row.pk = uuid7()
        rows.append(row)
    Request.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as many:
        answer = client.get(address)
    assert answer.status_code == 200
    assert len(many) <= len(few) <= most
