"""The board: every request that is not closed in exactly one lane, and never more queries than now."""

# ruff: noqa: F401, F811 (fixtures of another room)

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.console import rules
from quartier.console.board import EMPTY, TITLES
from quartier.console.queries import board as read
from quartier.console.rules import Going, Lane
from quartier.followup import actions as followup
from quartier.followup.models import CheckIn
from quartier.followup.tests.conftest import agreed
from quartier.lib import cells, clock
from quartier.matching import actions as matching
from quartier.people.models import Away, Volunteer
from quartier.team.access import of_account
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db
BOARD = "/en/console/"


def lanes(response):
    board = response.context["board"]
    return {str(card.request.pk): str(lane) for lane, one in board.lanes.items() for card in one.cards}


@pytest.fixture
def youssef(organisation, volunteer):
    """May be asked all day, and go everywhere."""
    organisation.daily_budget = 20
    organisation.save()
    return volunteer("Youssef", budget=10, capacity=20)


@pytest.fixture
def nadia(volunteer):
    return volunteer("Nadia", at=(50.835, 4.38), budget=10, capacity=20)


@pytest.fixture
def page(signed_in, thomas, tuesday, places):
    client = signed_in(thomas)
    return lambda query="": client.get(BOARD + query)


def actor(volunteer):
    return of_account(volunteer.person.account)


def test_each_request_stands_in_the_lane_of_its_next_step(page, asked, youssef, nadia, tuesday):
    human = asked("other", name="Anna").requests[0]
    find = asked("groceries", name="Berta").requests[0]
    answer, tell, comes, late = (
        asked("groceries", name=name, channel="call" if name == "Dora" else "email").requests[0]
        for name in ("Clara", "Dora", "Ella", "Flora")
    )
    for request in (answer, tell, comes, late):
        offers = matching.send_wave(request_id=request.id)
        if request is answer:
            continue
        mine = next(o for o in offers if o.volunteer_id == (nadia.id if request is late else youssef.id))
        visit = visits.accept_offer(actor=actor(mine.volunteer), offer=mine).assignment
        if request is late:
            visit.comes_until = tuesday - timedelta(minutes=35)
            visit.comes_from = tuesday - timedelta(minutes=90)
            visit.save()
        visits.told(actor=actor(mine.volunteer), assignment=visit) if request is comes else None
    closed = asked("groceries", name="Greta").requests[0]
    visits.end_request(actor=actor(youssef), request=closed, closure="withdrawn")
    seen = page()
    assert lanes(seen) == {
        str(human.pk): "human",
        str(find.pk): "find",
        str(answer.pk): "answer",
        str(tell.pk): "tell",
        str(comes.pk): "comes",
        str(late.pk): "late",
    }
    text = seen.content.decode()
    assert "Needs a person" in text
    assert "1 finished today" in text
    assert "35\u00a0min, time passed" in text
    # No names of who is helped, no number, no address.
    for word in ("Berta", "Flora", "02 000 14 27", "Rue du Page"):
        assert word not in text
    assert "Youssef" in text


def test_lanes_of_all_rules(tuesday):
    def row(state, asked=False):
        return rules.Open(
            None, "groceries", "day", 1, 1, state, None, tuesday, tuesday + timedelta(hours=4), asked
        )

    soon, over = tuesday + timedelta(hours=1), tuesday - timedelta(hours=1)
    expected = [
        (row("human"), [Going(over, False)], Lane.HUMAN),
        (row("open"), [], Lane.FIND),
        (row("open", True), [], Lane.ANSWER),
        (row("open", True), [Going(soon, False)], Lane.TELL),
        (row("open", True), [Going(over, False)], Lane.LATE),
        (row("covered"), [Going(soon, True)], Lane.COMES),
        (row("covered"), [Going(soon, False)], Lane.TELL),
        (row("covered"), [Going(over, True)], Lane.LATE),
        # Covered and nobody goes: that should not be, and so a human looks at it.
        (row("covered"), [], Lane.HUMAN),
    ]
    for request, going, lane in expected:
        assert rules.lane_of(request, going, tuesday) == lane


def test_the_clock_is_late_when_the_promise_is_over_and_the_oldest_comes_first(page, asked, tuesday):
    with clock.stopped_at(tuesday - timedelta(hours=5)):
        old = asked("groceries", name="Anna", urgency="now").requests[0]
    with clock.stopped_at(tuesday - timedelta(minutes=5)):
        asked("pharmacy", name="Berta")
    seen = page()
    cards = seen.context["board"].lanes[Lane.FIND].cards
    assert next(card.request.pk for card in cards) == old.pk
    assert [card.wait.late for card in cards] == [True, False]
    assert seen.context["board"].shows == {"all": 2, "late": 1, "urgent": 1, "mine": 0}
    assert list(lanes(page("?show=late"))) == [str(old.pk)]
    # Nothing is said to be calm beside it.
    assert b"Nothing waits for a human" not in seen.content
    assert list(lanes(page("?show=urgent"))) == [str(old.pk)]


def test_filters_by_kind_language_place_and_mine(page, asked, thomas):
    groceries = asked("groceries", name="Anna").requests[0]
    pharmacy = asked("pharmacy", name="Berta", languages=["nl"], at=(51.0543, 3.7174)).requests[0]
    cases.take(actor=of_account(thomas), request=pharmacy)
    assert list(lanes(page("?kind=groceries"))) == [str(groceries.pk)]
    assert list(lanes(page("?language=nl"))) == [str(pharmacy.pk)]
    assert list(lanes(page("?show=mine"))) == [str(pharmacy.pk)]
    assert list(lanes(page(f"?area={cells.area_of(groceries.cell)}"))) == [str(groceries.pk)]
    # What nobody offers changes nothing.
    assert len(lanes(page("?kind=x&language=%00&area=99999999999999999999999&show=all&lane=zz"))) == 2


def test_the_number_of_queries_does_not_grow(page, asked, youssef, nadia, django_assert_num_queries):
    for number in range(3):
        matching.send_wave(request_id=asked("groceries", name=f"A{number}").requests[0].id)
    page()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as first:
        page()
    for number in range(12):
        request = asked(("groceries", "other", "pharmacy")[number % 3], name=f"B{number}").requests[0]
        if number % 2:
            visits.end_request(actor=actor(youssef), request=request, closure="withdrawn")
        else:
            offers = matching.send_wave(request_id=request.id)
            if offers:
                visits.accept_offer(actor=actor(offers[0].volunteer), offer=offers[0])
    with CaptureQueriesContext(connection) as second:
        page()
    assert len(second) <= len(first) + 2  # somebody comes now: the visits and who goes
    assert len(second) <= 24
    assert not [
        q
        for q in second
        if "COUNT(*)" in q["sql"] and "closed_at" not in q["sql"] and "GROUP" not in q["sql"]
    ]


def test_the_map_and_the_board_say_the_same_of_a_neighbourhood(page, asked, tuesday):
    asked("groceries", name="Anna")
    asked("groceries", name="Berta")
    first = Request.objects.first()
    first.promised_at = tuesday - timedelta(minutes=5)
    first.save()
    board = page().content.decode().split('<ul class="places">')[1].split("</ul>")[0]
    listed = page("map/").content.decode().split('<ul class="places">')[1].split("</ul>")[0]
    for part in (board, listed):
        assert "2 waiting, 1 late" in strip_tags(part)
        assert '<span class="tag tag-stop">' in part
        assert "no one free" in part


def nobody_there(page):
    seen = page()
    found = seen.context["nobody_there"]
    assert found is None or not seen.context["calm"]
    assert ("no volunteer can be asked" in seen.content.decode()) == (found is not None)
    return found and (found.since.isoformat(), found.until and found.until.isoformat())


def test_the_board_says_when_no_volunteer_can_be_asked(page, youssef, nadia, tuesday):
    today = tuesday.date()
    day = [(today + timedelta(days=number)).isoformat() for number in range(12)]

    def away(volunteer, first, last):
        Away.objects.create(
            organisation=volunteer.organisation,
            volunteer=volunteer,
            starts_on=day[first],
            ends_on=day[last],
            created_at=tuesday,
        )

    assert nobody_there(page) is None
    away(youssef, 0, 5)
    assert nobody_there(page) is None
    away(nadia, 3, 9)
    assert nobody_there(page) == (day[3], day[5])
    Away.objects.filter(volunteer=nadia).delete()
    Volunteer.objects.filter(pk=nadia.pk).update(state="paused", paused_until=day[2])
    assert nobody_there(page) == (day[0], day[1])
    Volunteer.objects.filter(pk=nadia.pk).update(state="left", paused_until=None)
    assert nobody_there(page) == (day[0], day[5])
    Volunteer.objects.update(state="paused")
    assert nobody_there(page) == (day[0], None)
    Volunteer.objects.filter(pk=nadia.pk).update(state="active")
    away(nadia, 8, 9)
    assert nobody_there(page) is None


def test_who_has_a_card_is_read_with_it(page, asked, thomas):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    requests = [asked("groceries", name=f"A{number}").requests[0] for number in range(5)]
    page()
    with CaptureQueriesContext(connection) as free:
        page()
    for request in requests:
        cases.take(actor=of_account(thomas), request=request)
    with CaptureQueriesContext(connection) as taken:
        assert page().content.decode().count("has it.") == 5
    assert len(taken) <= len(free) + 1


def test_a_long_lane_is_cut_and_can_be_seen_alone(page, asked):
    for number in range(15):
        asked("groceries", name=f"A{number}")
    seen = page()
    lane = seen.context["board"].lanes[Lane.FIND]
    assert (lane.count, len(lane.cards), lane.more) == (15, 6, 9)
    assert "lane=find" in seen.content.decode()
    alone = page("?lane=find")
    assert len(alone.context["board"].lanes[Lane.FIND].cards) == 15


@pytest.mark.parametrize(("count", "behind", "elsewhere"), [(6, 0, 0), (8, 2, 0), (9, 0, 3)])
def test_what_waits_for_a_human_says_once_how_many_more(page, asked, count, behind, elsewhere):
    """Behind a press here, or on a page of their own: never both, of which nobody could tell which is which."""
    for number in range(count):
        request = asked("groceries", name=f"A{number}").requests[0]
        request.state, request.why_human, request.next_at = "human", "nobody", None
        request.save()
    seen = page().content.decode()
    words = seen[seen.index('class="first"') :].split("</section>")[0]
    assert re.findall(r'<summary class="rowlink">(\d+) ', words) == [str(behind)] * bool(behind)
    assert re.findall(r'lane=human">(\d+) ', words) == [str(elsewhere)] * bool(elsewhere)
    alone = page("?lane=human").content.decode()
    assert not re.findall(r'lane=human">(\d+) ', alone)


def test_htmx_gets_the_moving_part_alone(signed_in, thomas, asked, tuesday):
    asked("groceries")
    part = signed_in(thomas).get(BOARD, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="board"')
    assert 'data-live="board followup"' in part


def test_two_organisations_do_not_see_each_other(client, asked, bram, thomas, elsewhere, tuesday):
    asked("groceries", name="Anna")
    there = asked("pharmacy", name="Anna", org=elsewhere).requests[0]
    client.force_login(bram)
    client.defaults["SERVER_NAME"] = bram.organisation.host
    assert list(lanes(client.get(BOARD))) == [str(there.pk)]
    assert timezone.is_aware(there.created_at)


def test_volunteers_and_visitors_do_not_come_in(client, youssef, asked):
    asked("groceries")
    assert client.get(BOARD).status_code == 302
    client.force_login(youssef.person.account)
    assert client.get(BOARD).status_code == 403


def test_told_and_taken_from_the_board(page, signed_in, thomas, asked, youssef):
    request = asked("groceries", channel="call").requests[0]
    offers = matching.send_wave(request_id=request.id)
    visit = visits.accept_offer(actor=actor(youssef), offer=offers[0]).assignment
    assert lanes(page())[str(request.pk)] == "tell"
    client = signed_in(thomas)
    act = f"/en/console/requests/{request.pk}/do/"
    for _twice in range(2):
        answer = client.post(act, {"do": "told", "assignment": visit.pk, "next": BOARD})
        assert (answer.status_code, answer["Location"]) == (302, BOARD)
    visit.refresh_from_db()
    assert visit.told_at == clock.now()
    assert lanes(page())[str(request.pk)] == "comes"
    client.post(act, {"do": "take", "next": "https://example.org/elsewhere"})
    request.refresh_from_db()
    assert request.taken_by == thomas
    assert Request.objects.count() == 1


def in_human_lane(request, **changes):
    for name, value in {"state": "human", "why_human": "nobody", "next_at": None, **changes}.items():
        setattr(request, name, value)
    request.save()
    return request


CALM = "Nothing is waiting for a person."


@pytest.mark.parametrize(
    "query", ["?show=mine", "?show=urgent", "?kind=pharmacy", "?lane=human&kind=pharmacy", "?lane=find"]
)
def test_nothing_is_said_to_be_calm_while_something_hidden_waits(page, asked, query):
    in_human_lane(asked("groceries", name="Anna", urgency="day").requests[0])
    text = page(query).content.decode()
    assert CALM not in text
    assert "No one is waiting for neighbours to be asked." not in text or query == "?lane=find"
    assert ("but 1 elsewhere is" in text) == (query != "?lane=find")


def test_calm_is_said_when_nothing_waits_whatever_is_chosen(page, asked):
    asked("groceries", name="Anna")
    for query in ("", "?show=mine", "?lane=human"):
        text = page(query).content.decode()
        assert CALM in text
        assert "elsewhere" not in text


def test_people_of_a_check_in_who_wait_for_a_call_stand_on_the_board(
    page, organisation, agreed, thomas, tuesday
):
    """Nothing is called calm, and "late 0" does not stand alone, while nobody has called them."""
    agreed(1)
    agreed(2)
    followup.start(actor=of_account(thomas), plan=followup.Plan("heat"))
    assert CALM in page().content.decode()
    calling = CheckIn.objects.all()
    calling.update(state=CheckIn.State.CALLING, since=tuesday - timedelta(minutes=5))
    text = strip_tags(page().content.decode())
    assert "2 people to call: are they OK?" in text
    assert CALM not in text
    assert "1 late" not in text
    CheckIn.objects.filter(pk=calling.first().pk).update(since=tuesday - timedelta(hours=3))
    assert "2 people to call: are they OK? 1 late" in " ".join(strip_tags(page().content.decode()).split())


def test_what_is_late_or_urgent_stands_before_what_is_only_old(page, asked, tuesday):
    rows = {}
    for name, hours, urgency, late in (
        ("old", 5, "day", False),
        ("urgent", 2, "now", False),
        ("late", 1, "day", True),
        ("both", 1, "now", True),
        ("new", 0, "day", False),
    ):
        with clock.stopped_at(tuesday - timedelta(hours=hours)):
            opened = asked("groceries", name=name, urgency=urgency).requests[0]
        promised = tuesday + timedelta(minutes=-1 if late else 60)
        rows[in_human_lane(opened, promised_at=promised).pk] = name
    shown = page().context["board"].human
    assert [rows[card.request.pk] for card in shown.cards] == ["both", "late", "urgent", "old", "new"]
    assert shown.oldest == tuesday - timedelta(hours=5)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_late_and_the_time_of_a_visit_that_is_over_are_two_words(language):
    with translation.override(language):
        late, over = gettext("Late").lower(), TITLES[Lane.LATE]().lower()
        words = [over, EMPTY[Lane.LATE]().lower(), gettext("%(age)s past the time"), gettext("time passed")]
    assert over == words[3].lower()
    assert not [each for each in words if late in each]


def test_thousands_are_grouped_as_in_the_counts_beside_them(page, asked, monkeypatch):
    asked("groceries")
    found = read.board
    many = {"open_count": 10_000, "closed_today": 1_234}
    monkeypatch.setattr(read, "board", lambda *given: replace(found(*given), **many))
    assert "10,000 open, 1,234 finished today" in page().content.decode()
