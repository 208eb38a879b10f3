"""An operator asks of a ride what the form for everybody asks: where to, from where, at what hour and on which day."""

from datetime import datetime, timedelta

import pytest

from quartier.cases.models import Request
from quartier.console.tests.test_intake import MARIE, begin, typed
from quartier.intake.models import Draft
from quartier.lib import clock

pytestmark = pytest.mark.django_db

RIDE = MARIE | {
    "kinds": ["transport"],
    "transport_to": "Hôpital d’Ixelles",
    "transport_at": "14.30",
    "day": "14/1",
}


@pytest.fixture
def desk(signed_in, lotte, places, tuesday):
    return signed_in(lotte)


def send(desk, **more):
    address = begin(desk)
    return desk.post(address, typed(desk, address, **(RIDE | more)))


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"transport_to": ""}, "transport_to"),
        ({"transport_at": ""}, "transport_at"),
        ({"transport_at": "tantôt"}, "transport_at"),
        ({"transport_at": "3"}, "transport_at"),
        ({"transport_at": "", "again": "week"}, "transport_at"),
        ({"day": ""}, "day"),
        ({"day": "12/1", "transport_at": "9"}, "transport_at"),
        ({"urgency": "now", "day": "", "transport_at": "9"}, "transport_at"),
    ],
)
def test_what_is_missing_is_asked_for_beside_it(desk, more, named):
    answer = send(desk, **more)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {named}
    assert not Request.objects.exists()
    # What was typed stands in the draft, and on the page.
    kept = (RIDE | more)[named]
    assert Draft.objects.get().answers[named] == kept
    assert f'value="{kept}"' in answer.content.decode() or not kept


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Demandez où il faut aller.", "Demandez quel jour a lieu le trajet.")),
        ("nl", ("Vraag waar het vervoer naartoe moet.", "Vraag op welke dag het vervoer nodig is.")),
        ("de", ("Fragen Sie, wohin die Fahrt geht.", "Fragen Sie, an welchem Tag die Fahrt ist.")),
        ("en", ("Ask where they need to go.", "Ask which day they need the lift.")),
    ],
)
def test_it_is_said_in_the_language_of_the_operator(desk, language, words):
    address = begin(desk).replace("/en/", f"/{language}/")
    sent = typed(desk, address, **(RIDE | {"transport_to": "", "day": ""}))
    answer = desk.post(address, sent, headers={"X-Requested-With": "fetch"})
    assert set(answer.json()["wrong"].values()) == set(words)


@pytest.mark.parametrize(
    ("spoken", "way"),
    [
        ("fr", "Trajet\u00a0: domicile – Hôpital d’Ixelles. Y être à 14\u00a0h\u00a030."),
        ("nl", "Rit: thuis – Hôpital d’Ixelles. Er zijn om 14.30\u00a0uur."),
    ],
)
def test_the_neighbour_reads_the_way_and_comes_in_the_hour_before(desk, spoken, way):
    answer = send(desk, language=spoken, detail_transport="Une chaise roulante")
    assert answer.status_code == 302
    asked = Request.objects.get()
    assert asked.details == f"{way}\nUne chaise roulante"
    zone = asked.organisation.zone
    assert asked.window_from == datetime(2027, 1, 14, 13, 30, tzinfo=zone)
    assert asked.window_until == datetime(2027, 1, 14, 14, 30, tzinfo=zone)


def test_what_is_needed_beside_it_has_its_own_time(desk):
    send(desk, kinds=["transport", "groceries"], start="9", end="11")
    asked = {each.kind: each for each in Request.objects.all()}
    hours = {
        kind: [clock_hour(each, at) for at in (each.window_from, each.window_until)]
        for kind, each in asked.items()
    }
    assert hours == {"transport": ["13:30", "14:30"], "groceries": ["09:00", "11:00"]}


def test_the_times_that_were_said_for_a_ride_alone_hold(desk):
    send(desk, start="13.00", end="14.15")
    asked = Request.objects.get()
    assert clock_hour(asked, asked.window_from) == "13:00"
    assert clock_hour(asked, asked.window_until) == "14:15"


def test_a_ride_within_hours_is_today_and_one_in_the_evening_is_none_too_late(desk, tuesday):
    with clock.stopped_at(tuesday.replace(hour=18, minute=30)):
        answer = send(desk, urgency="now", day="", transport_at="21")
    assert answer.status_code == 302
    asked = Request.objects.get()
    assert asked.window_until - asked.window_from == timedelta(hours=1)
    assert clock_hour(asked, asked.window_until) == "21:00"


def test_what_was_written_for_a_ride_that_is_not_asked_for_is_no_mistake(desk):
    answer = send(desk, kinds=["pharmacy"], transport_to="", transport_at="tantôt")
    assert answer.status_code == 302
    assert "tantôt" not in Request.objects.get().details


def test_a_ride_each_week_begins_on_its_day(desk):
    assert send(desk, again="week").status_code == 302
    asked = Request.objects.get()
    assert asked.series is not None
    assert clock_hour(asked, asked.window_from) == "13:30"


def clock_hour(asked, at):
    return f"{at.astimezone(asked.organisation.zone):%H:%M}"
