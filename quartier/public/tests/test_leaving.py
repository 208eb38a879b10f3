"""No more offers: by the button of a mail program, and on a page without JavaScript, in four languages."""

import pytest
from django.test import Client

from quartier.matching import actions as matching
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.messaging.providers.email import leaving
from quartier.people.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(youssef):
    return f"/fr/offers/{leaving.key_of(youssef.person)}/"


def state(one):
    return Volunteer.objects.get(pk=one.pk).state


def test_one_click_from_a_mail_program(page, youssef, asked):
    """It knows no cookie, sends no form of ours, and follows nothing (RFC 8058)."""
    waiting = messaging.write(
        organisation=youssef.organisation, letter=Letter(youssef.person, "welcome", "w", {"link": "x"})
    )
    browser = Client(enforce_csrf_checks=True)
    response = browser.post(
        page, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 200
    assert not response.cookies
    assert state(youssef) == "paused"
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    request = asked("groceries").requests[0]
    matching.send_wave(request_id=request.pk)
    assert not Message.objects.filter(person=youssef.person, template="offer").exists()
    assert browser.post(page).status_code == 302
    assert state(youssef) == "paused"


def test_looking_changes_nothing(client, page, youssef):
    assert "Ne plus recevoir de propositions" in client.get(page).content.decode()
    assert client.head(page).status_code == 200
    assert state(youssef) == "active"


def test_and_back(client, page, youssef):
    assert "Vous ne recevez plus de propositions" in client.post(page, follow=True).content.decode()
    assert "Vous ne recevez plus de propositions" in client.get(page).content.decode()
    assert "Vous recevez de nouveau" in client.post(page, {"again": "1"}, follow=True).content.decode()
    assert state(youssef) == "active"


@pytest.mark.parametrize(("before", "after"), [("suspended", "suspended"), ("left", "left")])
def test_who_is_no_volunteer_any_more_stays_so(client, page, youssef, before, after):
    Volunteer.objects.filter(pk=youssef.pk).update(state=before)
    client.post(page)
    client.post(page, {"again": "1"})
    assert state(youssef) == after


def test_a_break_until_a_day_becomes_one_without_end(client, page, youssef, tuesday):
    Volunteer.objects.filter(pk=youssef.pk).update(state="paused", paused_until=tuesday.date())
    client.post(page)
    assert Volunteer.objects.get(pk=youssef.pk).paused_until is None


@pytest.mark.parametrize("change", [lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"), lambda key: key[:-1],
                                    lambda key: "x" * 44, lambda key: key + "a", lambda key: "é" * 44])  # fmt: skip
def test_only_the_whole_key_opens(client, youssef, change):
    key = change(leaving.key_of(youssef.person))
    for method in (client.get, client.post):
        assert method(f"/fr/offers/{key}/").status_code == 404
    assert state(youssef) == "active"


def test_a_key_is_of_one_organisation(client, organisation, elsewhere, volunteer):
    theirs = volunteer("Wim", org=elsewhere)
    assert client.post(f"/fr/offers/{leaving.key_of(theirs.person)}/").status_code == 404
    assert state(theirs) == "active"


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_in_each_language(client, youssef, language):
    page = f"/{language}/offers/{leaving.key_of(youssef.person)}/"
    for response in (
        client.get(page),
        client.post(page, follow=True),
        client.post(page, {"again": "1"}, follow=True),
    ):
        assert f'lang="{language}"' in response.content.decode()
        assert (response["X-Robots-Tag"], "no-store" in response["Cache-Control"]) == ("noindex", True)
        if language != "en":
            assert "offers" not in response.content.decode().replace("/offers/", "")
