"""What if: the page, its words, and that it only reads."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import FLAGEY
from quartier.cases.models import Request
from quartier.console import outlook
from quartier.lib import cells
from quartier.matching.planning.answer import Comparison
from quartier.matching.planning.whatif import Outlook
from quartier.people.models import Volunteer

pytestmark = pytest.mark.django_db
PAGE = "/en/console/what-if/"
GHENT = (51.0536, 3.7304)


def measures(response, code="open"):
    group = next(one for one in response.context["groups"] if one.code == code)
    return [(one.before, one.after) for one in group.measures]


@pytest.fixture
def lonely(asked):
    """Somebody in Ghent, where nobody helps."""
    return asked("groceries", name="Wim", at=GHENT).requests[0]


def test_without_a_question_it_looks_where_somebody_waits_and_nobody_is_free(desk, request_, lonely):
    seen = desk.get(PAGE)
    assert seen.status_code == 200
    assert "Gent" in seen.context["place"] or "Ghent" in seen.context["place"]
    text = seen.content.decode()
    assert "For 1 more request there would be someone to ask." in text
    assert "Calculated, not promised" in text
    assert measures(seen)[:2] == [("0 of 1", "1 of 1"), ("0 of 1", "1 of 1")]
    group = seen.context["groups"][0]
    assert {cell["kind"] for cell in group.cells} == {"lit", ""}
    assert (Volunteer.objects.count(), Request.objects.count()) == (2, 2)


def test_where_nobody_waits_it_asks_and_complains_of_nothing(desk):
    seen = desk.get(PAGE)
    assert seen.status_code == 200
    assert not seen.context["form"].errors
    assert desk.get(f"{PAGE}?place=").status_code == 422


def test_a_place_is_found_as_people_write_it_and_a_link_names_an_area(desk, request_, lonely, asked):
    around = desk.get(f"{PAGE}?change=go&amount=10&place=ixele")
    assert measures(around)[0] == ("1 of 1", "1 of 1")
    by_area = desk.get(f"{PAGE}?change=go&area={cells.area_at(*FLAGEY)}")
    assert by_area.context["groups"][0].total == 1
    # Eight kilometres north: too far for who goes five, not for who goes ten. To Ghent nobody is sent.
    asked("groceries", name="Jeanne", at=(FLAGEY[0] + 0.072, FLAGEY[1]))
    everywhere = desk.get(f"{PAGE}?change=go&amount=10")
    assert measures(everywhere)[0] == ("1 of 3", "2 of 3")
    assert everywhere.context["groups"][1].total == 3


@pytest.mark.parametrize("change", ["join", "reach", "go", "budget", "capacity", "policy"])
def test_every_change_has_an_answer_at_once(desk, request_, change):
    seen = desk.get(f"{PAGE}?change={change}")
    assert seen.status_code == 200
    assert len(seen.context["groups"]) == 2
    assert [one["current"] for one in seen.context["changes"]].count(True) == 1


def test_another_way_of_asking_needs_fewer_or_more_offers(desk, request_, volunteer, thomas):
    for number in range(30):
        volunteer(f"V{number}")
    offers = {}
    for way in ("nearest", "adaptive", "broadcast"):
        seen = desk.get(f"{PAGE}?change=policy&policy={way}")
        offers[way] = int(measures(seen)[4][1])
    assert offers["nearest"] < offers["adaptive"] < offers["broadcast"]
    thomas.organisation.policy = "nearest"
    thomas.organisation.save()
    seen = desk.get(f"{PAGE}?change=policy")
    assert "Today: One after the other." in seen.content.decode()
    assert "nearest" not in dict(seen.context["form"].fields["policy"].choices)


@pytest.mark.parametrize(
    "wrong",
    [
        "?change=join&place=Zzzzzz", "?change=join&amount=0&place=1050", "?change=go&amount=61", "?change=go&amount=x",
        "?change=policy&policy=nonsense", "?change=join&place=1050&kind=nonsense", "?change=go&amount=9&place=%00%00zq",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_and_kept(desk, request_, wrong):
    seen = desk.get(PAGE + wrong)
    assert seen.status_code == 422
    assert "groups" not in seen.context
    assert "to correct" in seen.content.decode()


def test_odd_addresses_are_no_error(desk, request_):
    for odd in (
        "?change=x",
        "?area=x",
        "?area=5",
        "?area=" + "9" * 40,
        "?place=" + "a" * 3000,
        "?amount=1e3",
    ):
        assert desk.get(PAGE + odd).status_code in {200, 422}, odd


def test_nobody_waits_and_nobody_helps(desk):
    assert "Say where they would sign up." in desk.get(f"{PAGE}?place=").content.decode()
    text = desk.get(f"{PAGE}?place=1050").content.decode()
    assert "Nothing is waiting there." in text
    assert "Nothing was asked there." in text


@pytest.mark.usefixtures("work_is_done")
def test_it_reads_a_constant_number_of_times_and_writes_nothing(desk, request_, lonely, volunteer, asked):
    desk.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        desk.get(f"{PAGE}?place=1050")
    for number in range(12):
        volunteer(f"V{number}")
        asked("groceries", name=f"P{number}")
    with CaptureQueriesContext(connection) as many:
        desk.get(f"{PAGE}?place=1050")
    # One of the first is the names of all places, which a process keeps; and where hardly anybody helps, everybody is
    # read too.
    assert len(many) <= len(few) <= 19
    assert not [each["sql"] for each in many if "UPDATE" in each["sql"] or "INSERT" in each["sql"]]


def test_coordinators_are_led_there_and_operators_are_not(client, signed_in, desk, request_, lotte):
    for address in ("/en/console/", "/en/console/map/"):
        assert "/console/what-if/" in desk.get(address).content.decode()
    assert f"area={request_.area}" in desk.get("/en/console/map/").content.decode()
    signed_in(lotte)
    for address in ("/en/console/", "/en/console/map/"):
        assert "/console/what-if/" not in client.get(address).content.decode()
    assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_it_speaks_every_language(desk, request_, lonely, language):
    for change in ("join", "policy", "budget"):
        text = desk.get(f"/{language}/console/what-if/?change={change}").content.decode()
        assert f'<html lang="{language}"' in text
        if language != "en":
            for english in ("Calculated", "there would be", "instead", "at this moment", "Someone can"):
                assert english not in text, (change, english)


# ---- words ----


def said(before, after):
    return outlook.sentences(before, after)


def world(reachable, covered, within, offers):
    return Outlook(10, reachable, covered, 900, within, offers, np.ones(10, dtype=bool))


def test_sentences_say_what_changes_and_what_does_not():
    base = world(5, 5, 0.3, 40)
    assert said(base, base) == [
        "For just as many requests as today there would be someone to ask.",
        "Within an hour, about 30 in 100 would have a yes, as today.",
        "That takes as many messages to volunteers as today.",
    ]
    assert said(base, world(7, 7, 0.42, 1234)) == [
        "For 2 more requests there would be someone to ask.",
        "Within an hour, about 42 in 100 would have a yes instead of 30.",
        "That takes about 1,234 messages to volunteers instead of 40.",
    ]
    assert said(base, world(4, 4, 0.3, 40))[0] == "For 1 request fewer there would be someone to ask."
    assert said(base, world(5, 6, 0.3, 40))[0] == "1 more request could be covered at the same time."


def test_the_map_of_places_far_apart_shows_regions():
    reached = [np.array([True, False, False]), np.array([True, True, False])]
    outlooks = [Outlook(3, int(one.sum()), 0, None, 0.0, 0.0, one) for one in reached]
    found = Comparison(3, *outlooks, np.array([50.85, 51.2, 49.7]), np.array([4.35, 4.4, 5.8]))
    kinds = [cell["kind"] for cell in outlook.drawn(found)]
    assert sorted(kind for kind in kinds if kind) == ["2", "lit", "none"]


def test_of_several_places_it_is_asked_which(desk, places):
    seen = desk.get(f"{PAGE}?change=join&place=Ixelles+ou+Verviers")
    assert seen.status_code == 422
    assert "groups" not in seen.context
    assert "We do not know this place" not in seen.content.decode()
    hrefs = [href for _name, href in seen.context["choices"]]
    assert len(hrefs) == 2
    for href in hrefs:
        page = desk.get(f"{PAGE}{href}")
        assert page.status_code == 200
        assert page.context["place"] in {"Ixelles (1050)", "Verviers (4800)"}
        # Another change keeps the place.
        other = desk.get(page.context["changes"][1]["href"])
        assert other.context["place"] == page.context["place"]
