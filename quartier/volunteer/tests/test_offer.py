"""The offer by link: what it tells, and what an answer does."""

import re
from datetime import timedelta

import pytest

from quartier.cases import actions as cases
from quartier.lib import clock
from quartier.matching.models import Offer
from quartier.people import actions as people
from quartier.team.access import of_account, system
from quartier.visits import actions
from quartier.visits.models import Assignment
from quartier.volunteer.tests.planted import PLANTED, state

pytestmark = pytest.mark.django_db


def read(client, url, status=200):
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def nothing_planted_in(page):
    found = [planted for planted in PLANTED if planted in page]
    assert not found


def test_before_a_yes_the_need_is_told_and_nobody_is(client, opened, links):
    page = read(client, links["Youssef"])
    nothing_planted_in(page)
    assert "Ixelles" in page
    assert '<svg class="map"' in page
    # Centres of cells only: no coordinate of anything.
    assert str(opened.lat)[:6] not in page
    assert 'value="yes"' in page
    assert 'value="no"' in page


def test_looking_changes_nothing(client, opened, links):
    before = list(Offer.objects.order_by("pk").values()), state(opened)
    for _ in range(3):
        read(client, links["Youssef"])
        client.head(links["Youssef"])
        read(client, links["Youssef"] + "?do=yes")
    assert (list(Offer.objects.order_by("pk").values()), state(opened)) == before
    assert not Assignment.objects.exists()


def test_one_tap_and_the_address_is_there(client, opened, links):
    response = client.post(links["Youssef"], {"do": "yes"}, follow=True)
    page = response.content.decode()
    for planted in (
        "Rue du Page 42",
        "vestibule vert",
        "Deux pains gris",
        "Marie Peeters",
        "tel:+3220001427",
    ):
        assert planted in page
    assert Assignment.objects.get().code_word in page
    assert response.headers["Cache-Control"].count("no-store")
    assert state(opened) == ("covered", 1)


def test_double_tap_back_button_and_a_second_phone(client, phone, opened, links):
    for browser in (client, client, phone):
        assert browser.post(links["Youssef"], {"do": "yes"}).status_code == 302
    assert Assignment.objects.count() == 1
    assert state(opened) == ("covered", 1)
    # The page of the answer was still open on another phone: "no" after "yes" takes nothing back.
    phone.post(links["Youssef"], {"do": "no"})
    assert "Rue du Page 42" in read(phone, links["Youssef"])


def test_the_second_one_hears_at_once_and_warmly(client, phone, opened, links):
    client.post(links["Youssef"], {"do": "yes"})
    page = phone.post(links["Nadia"], {"do": "yes"}, follow=True).content.decode()
    nothing_planted_in(page)
    assert "y va déjà" in page
    assert 'value="yes"' not in page


def test_no_is_said_once_and_can_be_taken_back(client, opened, links):
    page = client.post(links["Youssef"], {"do": "no"}, follow=True).content.decode()
    nothing_planted_in(page)
    assert Offer.objects.get(state="declined").decline_reason == ""
    page = client.post(links["Youssef"], {"do": "why", "reason": "too_far"}, follow=True).content.decode()
    assert "/fr/volunteer/edit/#id_radius_m" in page
    assert Offer.objects.get(state="declined").decline_reason == "too_far"
    page = client.post(links["Youssef"], {"do": "yes"}, follow=True).content.decode()
    assert "Rue du Page 42" in page
    assert state(opened) == ("covered", 1)


@pytest.mark.parametrize("reason", ["", "gold", "no_time\x00", "x" * 5000])
def test_a_reason_that_is_none_changes_nothing(client, opened, links, reason):
    assert client.post(links["Youssef"], {"do": "why", "reason": reason}).status_code == 302
    assert Offer.objects.filter(state="sent").count() == 2


@pytest.mark.parametrize("do", ["", "on_way", "done", "failed", "time", "YES", "\x00", "x" * 5000])
def test_a_step_without_a_yes_is_no_step(client, opened, links, do):
    assert client.post(links["Youssef"], {"do": do, "failure": "other"}).status_code == 302
    assert state(opened) == ("open", 0)
    assert not Assignment.objects.exists()


def test_an_offer_that_ran_out_can_still_be_accepted(client, opened, links, youssef):
    offer = Offer.objects.get(volunteer=youssef)
    with clock.stopped_at(offer.expires_at + timedelta(minutes=5)):
        page = read(client, links["Youssef"])
        nothing_planted_in(page)
        assert 'value="yes"' in page
        page = client.post(links["Youssef"], {"do": "yes"}, follow=True).content.decode()
        assert "Rue du Page 42" in page


def test_what_is_over_is_said(client, opened, links, organisation):
    actions.end_request(actor=system(organisation), request=opened, closure="withdrawn")
    page = client.post(links["Youssef"], {"do": "yes"}, follow=True).content.decode()
    nothing_planted_in(page)
    assert 'value="yes"' not in page


def test_who_carries_enough_is_told_why(client, opened, links, asked, youssef):
    from quartier.matching import actions as matching

    type(youssef).objects.filter(pk=youssef.pk).update(capacity=1)
    client.post(links["Youssef"], {"do": "yes"})
    second = asked("pharmacy", name="Jeanne").requests[0]
    offer = matching.offer_by_hand(actor=system(second.organisation), request=second, volunteer=youssef)
    response = client.post(f"/fr/volunteer/offer/{matching.token_of(offer)}/", {"do": "yes"}, follow=True)
    assert response.status_code == 200
    assert "/fr/volunteer/edit/#id_capacity" in response.content.decode()
    assert state(second) == ("open", 0)


def test_who_carries_enough_is_told_why_after_a_no_as_well(client, opened, links, asked, youssef):
    from quartier.matching import actions as matching

    type(youssef).objects.filter(pk=youssef.pk).update(capacity=1)
    client.post(links["Youssef"], {"do": "yes"})
    second = asked("pharmacy", name="Jeanne").requests[0]
    offer = matching.offer_by_hand(actor=system(second.organisation), request=second, volunteer=youssef)
    page = f"/fr/volunteer/offer/{matching.token_of(offer)}/"
    client.post(page, {"do": "no"})
    answer = client.post(page, {"do": "yes"}, follow=True)
    assert "/fr/volunteer/edit/#id_capacity" in answer.content.decode()


def test_who_is_on_a_break_is_told_so(client, opened, links, youssef):
    people.pause(actor=of_account(youssef.person.account), volunteer=youssef, until=None)
    page = client.post(links["Youssef"], {"do": "yes"}, follow=True).content.decode()
    nothing_planted_in(page)
    assert "/fr/volunteer/" in page
    assert state(opened) == ("open", 0)


def test_suspended_means_that_no_link_opens(client, opened, links, youssef, thomas):
    client.post(links["Youssef"], {"do": "yes"})
    actions.volunteer_suspended(actor=of_account(thomas), volunteer=youssef)
    for answer in (client.get(links["Youssef"]), client.post(links["Youssef"], {"do": "yes"})):
        assert answer.status_code == 404
        nothing_planted_in(answer.content.decode())


@pytest.mark.parametrize("token", ["x", "0" * 43, "a%00b", "..", "é" * 50, "x" * 3000])
def test_a_link_that_is_none(client, organisation, token):
    assert client.get(f"/fr/volunteer/offer/{token}/").status_code == 404


def test_the_link_of_one_is_not_the_link_of_another(client, phone, opened, links):
    client.post(links["Youssef"], {"do": "yes"})
    nothing_planted_in(read(phone, links["Nadia"]))
    phone.post(links["Nadia"], {"do": "done"})
    assert Assignment.objects.get().state == "accepted"


def test_when_comes_with_the_yes(client, opened, links):
    start = int((clock.now() + timedelta(hours=3)).timestamp())
    client.post(links["Youssef"], {"do": "yes", "when": f"{start}-{start + 3600}"})
    made = Assignment.objects.get()
    assert (made.comes_from.timestamp(), made.comes_until.timestamp()) == (start, start + 3600)


@pytest.mark.parametrize(
    "when", ["", "1-2", "9-8", "-", "a-b", "999999999999-999999999999", "1\x00-2", "1-2-3"]
)
def test_a_time_that_is_none_is_the_one_that_was_shown(client, opened, links, when):
    shown = re.search(r'<option value="(\d+-\d+)">Aujourd', read(client, links["Youssef"]))[1]
    client.post(links["Youssef"], {"do": "yes", "when": when})
    made = Assignment.objects.get()
    assert f"{made.comes_from.timestamp():.0f}-{made.comes_until.timestamp():.0f}" == shown
    assert made.comes_until - made.comes_from == timedelta(hours=3)


def test_as_many_as_were_asked_for(client, tuesday, youssef, nadia, asked):
    from quartier.matching import actions as matching

    both = asked("groceries", needed=2).requests[0]
    for offer in matching.send_wave(request_id=both.id):
        client.post(f"/fr/volunteer/offer/{matching.token_of(offer)}/", {"do": "yes"})
    assert state(both) == ("covered", 2)


def test_help_by_phone_has_no_map_and_no_distance(client, tuesday, youssef, asked):
    from quartier.matching import actions as matching

    (offer,) = matching.send_wave(request_id=asked("talk").requests[0].id)
    url = f"/fr/volunteer/offer/{matching.token_of(offer)}/"
    assert '<svg class="map"' not in read(client, url)
    page = client.post(url, {"do": "yes"}, follow=True).content.decode()
    assert "tel:+3220001427" in page
    assert "Rue du Page 42" not in page


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_in_each_language(client, opened, links, language):
    page = read(client, links["Youssef"].replace("/fr/", f"/{language}/"))
    assert f'lang="{language}"' in page


def test_the_town_of_the_address_is_called_as_the_reader_calls_it(client, places, opened, links):
    client.post(links["Youssef"], {"do": "yes"})
    page = read(client, links["Youssef"].replace("/fr/", "/nl/"))
    assert "<span>1050 Elsene</span>" in page


def test_each_page_takes_the_same_few_queries(client, opened, links, django_assert_max_num_queries):
    read(client, links["Youssef"])
    # Organisation, offer, visit, how many were asked, what else this person needs, what the shopping may cost, and the
    # place, unless this process knows it already.
    with django_assert_max_num_queries(7):
        read(client, links["Youssef"])
    client.post(links["Youssef"], {"do": "yes"})
    # The same without the count, and the look written down: two rows between a savepoint and its release; what was
    # paid, the list, and what its household wishes each time; what else is brought; what the two have written.
    with django_assert_max_num_queries(14):
        read(client, links["Youssef"])


def test_somebody_else_can_still_go_after_a_human_took_over(client, opened, links, organisation):
    cases.ask_human(actor=system(organisation), request=opened, why="nobody")
    client.post(links["Youssef"], {"do": "yes"})
    assert state(opened) == ("covered", 1)
