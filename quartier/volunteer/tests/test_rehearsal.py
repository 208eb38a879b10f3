"""The rehearsal: as an offer looks, clearly marked, with nothing behind it; and what is asked after joining."""

import pytest
from django.apps import apps

from quartier.lib import choices
from quartier.people.models import Volunteer
from quartier.volunteer.tests.planted import PLANTED

pytestmark = pytest.mark.django_db
REHEARSAL = "/fr/volunteer/rehearsal/"
MARK = "C’est un essai."


@pytest.fixture
def new(volunteer):
    """Youssef, who has joined and said nothing more."""
    one = volunteer("Youssef")
    Volunteer.objects.update(travel="", slots=choices.ALL_SLOTS, radius_m=2000)
    one.refresh_from_db()
    return one


@pytest.fixture
def at_home(signed_in, new):
    return signed_in(new.person.account)


def everything():
    return {
        model.__name__: model.objects.count()
        for model in apps.get_models()
        if model.__module__.startswith("quartier.")
    }


def text(page):
    return page.content.decode()


@pytest.mark.parametrize("kinds", [["groceries", "talk"], ["talk"], ["transport"]])
def test_yes_leads_to_the_end_with_nothing_written_and_each_page_says_what_it_is(
    at_home, places, new, tuesday, kinds
):
    Volunteer.objects.update(kinds=choices.mask(choices.KINDS, kinds))
    before = everything()
    answers = ["yes", "done"] if kinds == ["talk"] else ["yes", "on_way", "done"]
    url = REHEARSAL
    for answer in answers:
        page = text(at_home.get(url))
        assert MARK in page
        assert f'value="{answer}"' in page
        url = at_home.post(url, {"do": answer})["Location"]
    assert MARK in text(at_home.get(url))
    assert everything() == before
    new.refresh_from_db()
    assert (new.asked_total, new.open_count) == (0, 0)


def test_no_is_fine_in_the_rehearsal_too(at_home, places, tuesday):
    url = at_home.post(REHEARSAL, {"do": "no"})["Location"]
    page = text(at_home.get(url))
    assert MARK in page
    assert "dire non ne change rien pour vous" in page


def test_the_address_is_seen_after_the_yes_alone(at_home, places, tuesday):
    assert "Rue de l’Exemple" not in text(at_home.get(REHEARSAL))
    assert "Rue de l’Exemple" in text(at_home.get(f"{REHEARSAL}?at=visit"))


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_who_has_not_joined_may_look_too(client, organisation, tuesday, language):
    page = client.get(f"/{language}/volunteer/rehearsal/")
    assert page.status_code == 200
    end = text(client.get(f"/{language}/volunteer/rehearsal/?at=end"))
    assert f"/{language}/join/" in end


def test_nothing_of_a_real_request_stands_in_it(at_home, links, places):
    for stage in ("", "visit", "way", "no", "end"):
        page = text(at_home.get(f"{REHEARSAL}?at={stage}"))
        assert not [planted for planted in PLANTED if planted in page]


@pytest.mark.parametrize("wrong", ["?at=nothing", "?at=", "?at=%00"])
def test_what_is_no_stage_is_the_first_one(at_home, places, tuesday, wrong):
    assert 'value="yes"' in text(at_home.get(REHEARSAL + wrong))
    assert at_home.post(REHEARSAL + wrong, {"do": "nothing"})["Location"] == REHEARSAL


def test_the_rehearsal_takes_few_queries(at_home, places, tuesday, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        at_home.get(REHEARSAL)


# ---- on the page of who has just joined ----


def test_who_was_never_asked_is_offered_the_rehearsal(at_home, new, tuesday):
    assert REHEARSAL in text(at_home.get("/fr/volunteer/"))
    Volunteer.objects.update(asked_total=1)
    assert REHEARSAL not in text(at_home.get("/fr/volunteer/"))


def test_how_they_get_around_is_asked_until_it_is_said(at_home, new, tuesday):
    page = text(at_home.get("/fr/volunteer/"))
    assert "Tant que vous ne dites rien d’autre" in page
    assert "2\u00a0km" in page
    assert at_home.post("/fr/volunteer/travel/", {"travel": "bike"})["Location"] == "/fr/volunteer/"
    new.refresh_from_db()
    assert new.travel == "bike"
    assert "Tant que vous ne dites rien d’autre" not in text(at_home.get("/fr/volunteer/"))


@pytest.mark.parametrize("travel", ["", "rocket"])
def test_what_is_no_way_of_getting_around_is_not_kept(at_home, new, tuesday, travel):
    assert at_home.post("/fr/volunteer/travel/", {"travel": travel}).status_code == 404
    new.refresh_from_db()
    assert new.travel == ""


def test_an_offer_claims_nothing_that_they_did_not_say(client, places, organisation, tuesday, new, asked):
    from quartier.matching import actions as matching

    request = asked("groceries", urgency="day").requests[0]
    (offer,) = matching.send_wave(request_id=request.id)
    assert {code for code, _value in offer.reasons}.isdisjoint({"free", "travel"})
    page = text(client.get(f"/fr/volunteer/offer/{matching.token_of(offer)}/"))
    assert "À pied" not in page
    assert "Vous avez dit que vous êtes souvent libre" not in page


def test_who_said_it_reads_it(client, places, organisation, tuesday, new, asked):
    from quartier.matching import actions as matching

    Volunteer.objects.update(travel="bike", slots=choices.ALL_SLOTS & ~1)
    request = asked("groceries", urgency="day").requests[0]
    (offer,) = matching.send_wave(request_id=request.id)
    assert {"free", "travel"} <= {code for code, _value in offer.reasons}


def test_the_form_asks_for_it_before_it_saves(at_home, new, tuesday):
    form = at_home.get("/fr/volunteer/edit/").context["form"]
    assert form["travel"].value() == ""
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    answer = at_home.post("/fr/volunteer/edit/", {**sent, "always": "on"}, follow=True)
    assert answer.status_code == 200
    assert "travel" in answer.context["form"].errors
    new.refresh_from_db()
    assert new.travel == ""
