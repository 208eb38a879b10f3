"""My visits in my own calendar: what is there, what never is, and that an address can be taken back."""

import re

import pytest
from django.urls import reverse
from icalendar import Calendar

from quartier.matching import actions as matching
from quartier.team.access import link, of_account
from quartier.visits import actions as visits
from quartier.visits.models import CalendarLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def going(tuesday, organisation, youssef, asked):
    """Youssef goes to Marie."""
    opened = asked("groceries", details="du pain gris")
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    return visits.accept_offer(actor=link(organisation, youssef.person_id), offer=offer).assignment


@pytest.fixture
def address(youssef, tuesday):
    given = visits.give_calendar(volunteer=youssef)
    return reverse("volunteer_calendar", args=[visits.calendar_token(given)])


def events(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return Calendar.from_ical(answer.content).walk("VEVENT"), answer.content.decode()


def test_a_visit_stands_there_and_says_nobody(client, going, address, asked):
    (event,), text = events(client, address)
    assert "Ixelles" in event["summary"]
    assert event.decoded("dtstart") == going.comes_from
    assert event.decoded("dtend") == going.comes_until
    case = going.request.case
    unfolded = text.replace("\r\n ", "")
    for secret in (
        case.person.name.split()[0],
        case.address,
        case.person.phone,
        "du pain gris",
        going.code_word,
        matching.token_of(going.offer),
    ):
        assert not secret or secret not in unfolded
    # What it leads to asks who one is.
    assert client.get(str(event["url"]).partition("#")[0])["Location"].startswith("/fr/sign-in/")


def test_what_is_cancelled_is_said_to_be(client, going, address, organisation, youssef):
    visits.could_not(actor=link(organisation, youssef.person_id), assignment=going, failure="cannot_go")
    found, _text = events(client, address)
    assert [str(event["status"]) for event in found] in ([], ["CANCELLED"])


def test_who_has_left_has_no_calendar_here(client, going, address, organisation, youssef):
    visits.volunteer_leaves(actor=link(organisation, youssef.person_id), volunteer=youssef)
    assert client.get(address).status_code == 404


def test_another_address_closes_the_first(client, address, youssef):
    visits.give_calendar(volunteer=youssef)
    assert client.get(address).status_code == 404
    assert CalendarLink.objects.count() == 1


def test_taken_away_or_guessed_it_opens_nothing(client, address, youssef):
    visits.take_calendar(volunteer=youssef)
    assert client.get(address).status_code == 404
    assert client.get(reverse("volunteer_calendar", args=["x" * 32])).status_code == 404


def test_suspended_it_opens_nothing(client, going, address, youssef, thomas):
    visits.volunteer_suspended(actor=of_account(thomas), volunteer=youssef)
    assert client.get(address).status_code == 404


def test_the_home_page_gives_it(signed_in, youssef, tuesday):
    browser = signed_in(youssef.person.account)
    browser.post(reverse("volunteer_calendar_act"), {"do": "give"})
    words = browser.get(reverse("volunteer_home")).content.decode()
    assert ".ics" in words
    # One tap subscribes, where the device knows calendars; the address itself can be copied everywhere.
    assert re.search(r'href="webcal://[^"]+\.ics"', words)
    browser.post(reverse("volunteer_calendar_act"), {"do": "take"})
    assert ".ics" not in browser.get(reverse("volunteer_home")).content.decode()


def test_in_the_language_of_the_volunteer(client, going, address, youssef):
    youssef.person.language = "nl"
    youssef.person.save()
    (event,), _text = events(client, address)
    assert "Adres en nummer" in str(event["description"])
