"""The head of the organisation chooses how neighbours are asked; the next step asks in that way."""

from datetime import time

import pytest

from quartier.audit.models import Entry
from quartier.console.asking import MEASURED, NAMES, SENTENCES, SIZES
from quartier.matching import actions as matching
from quartier.matching.policies import POLICIES
from quartier.matching.rules import BOUNDS, Way
from quartier.people.models import Volunteer

pytestmark = pytest.mark.django_db
WHERE = "/en/console/asking/"
USUAL = {
    "policy": "waves",
    "wave_size": "12",
    "wave_minutes": "15",
    "daily_budget": "2",
    "waves_before_human": "6",
    "quiet_from": "22:00",
    "quiet_until": "08:00",
}


@pytest.fixture
def head(signed_in, sara, tuesday):
    return signed_in(sara)


def test_each_way_has_a_name_a_sentence_and_figures():
    assert set(NAMES) == set(SENTENCES) == set(MEASURED) == set(POLICIES)
    assert set(SIZES) == set(BOUNDS)


def test_the_page_shows_what_holds_now(head, organisation):
    organisation.policy, organisation.quiet_from, organisation.learns = "nearest", time(21, 30), True
    organisation.save()
    page = head.get(WHERE)
    text = page.content.decode()
    assert 'value="nearest" checked' in text
    assert 'value="21:30"' in text
    assert page.context["form"]["learns"].value() is True


def test_what_is_chosen_holds_from_the_next_step_on_and_is_written_down(
    head, organisation, sara, asked, youssef, nadia
):
    chosen = {**USUAL, "policy": "nearest", "quiet_from": "21h30", "wave_minutes": "20", "learns": "on"}
    response = head.post(WHERE, chosen, follow=True)
    assert "From now on, neighbours are asked this way." in response.content.decode()
    organisation.refresh_from_db()
    assert (organisation.policy, organisation.wave_minutes, organisation.learns) == ("nearest", 20, True)
    assert (organisation.quiet_from, organisation.quiet_until) == (time(21, 30), time(8))
    entry = Entry.objects.get(verb="organisation.asking")
    assert entry.actor_id == sara.pk
    assert entry.details == {"policy": "nearest", "wave_minutes": 20, "quiet_from": "21:30", "learns": True}
    assert len(matching.send_wave(request_id=asked("groceries").requests[0].pk)) == 1


def test_nothing_new_is_no_change(head, organisation):
    response = head.post(WHERE, USUAL, follow=True)
    assert "Nothing has changed." in response.content.decode()
    assert not Entry.objects.filter(verb="organisation.asking").exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"wave_size": "61"}, "“Neighbours asked together”: a whole number from 1 to 60."),
        ({"wave_size": "a dozen"}, "“Neighbours asked together”: a whole number from 1 to 60."),
        ({"wave_minutes": "0"}, "a whole number from 2 to 60."),
        ({"daily_budget": ""}, "a whole number from 1 to 10."),
        ({"waves_before_human": "-1"}, "a whole number from 1 to 12."),
        ({"policy": "magic"}, "Choose one of the ways."),
        ({"quiet_from": "25 h"}, "Enter the time as 22.00 or 22:00."),
        ({"quiet_until": ""}, "Enter the time when quiet hours end."),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_is_kept(head, organisation, wrong, says):
    response = head.post(WHERE, {**USUAL, "wave_minutes": "33", **wrong})
    text = response.content.decode()
    assert response.status_code == 422
    assert says in text
    (typed,) = wrong.values()
    assert not typed or typed == "magic" or f'value="{typed}"' in text
    assert "wave_minutes" in wrong or 'value="33"' in text
    organisation.refresh_from_db()
    assert organisation.wave_minutes == 15


@pytest.mark.parametrize("wrong", [{"policy": "magic"}, {"wave_size": 0}, {"wave_minutes": 61}])
def test_no_way_out_of_bounds_reaches_the_database(wrong):
    usual = {
        "policy": "waves", "wave_size": 12, "wave_minutes": 15, "daily_budget": 2, "waves_before_human": 6,
        "quiet_from": time(22), "quiet_until": time(8), "learns": False,
    }  # fmt: skip
    Way(**usual)
    with pytest.raises(ValueError, match=r"way of asking|must be from"):
        Way(**{**usual, **wrong})


def test_only_the_head_finds_the_way_there(head, signed_in, thomas):
    assert WHERE in head.get("/en/console/volunteers/").content.decode()
    desk = signed_in(thomas)
    assert WHERE not in desk.get("/en/console/volunteers/").content.decode()
    assert desk.get(WHERE).status_code == 403


def test_the_team_sees_how_offers_were_answered_where_answers_teach(
    signed_in, thomas, organisation, asked, youssef, tuesday, places
):
    Volunteer.objects.filter(pk=youssef.pk).update(offers_lately=8, yes_lately=3)
    desk = signed_in(thomas)
    of_request = f"/en/console/requests/{asked('dog').requests[0].pk}/candidates/"
    pages = (f"/en/console/volunteers/{youssef.pk}/", of_request)
    for page in pages:
        assert "yes to 3 of 8 offers" not in desk.get(page).content.decode()
    organisation.learns = True
    organisation.save()
    for page in pages:
        assert "aid yes 3 times out of 8" in desk.get(page).content.decode()


def test_a_volunteer_reads_nothing_of_it(signed_in, organisation, youssef):
    organisation.learns = True
    organisation.save()
    Volunteer.objects.filter(pk=youssef.pk).update(offers_lately=6543, yes_lately=4321, habit_m=7654)
    page = signed_in(youssef.person.account).get("/en/volunteer/")
    assert page.status_code == 200
    assert not [word for word in ("6543", "4321", "7654") if word in page.content.decode()]


def test_the_demonstration_says_that_it_has_no_quiet_hours(head, organisation):
    pages = (WHERE, "/en/console/sandbox/")
    assert not any("has no quiet hours" in head.get(page).content.decode() for page in pages)
    organisation.quiet_from = organisation.quiet_until = time(0)
    organisation.save()
    assert all("has no quiet hours" in head.get(page).content.decode() for page in pages)
