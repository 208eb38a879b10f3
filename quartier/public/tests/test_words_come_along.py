"""To another language and one page back: what is written in a question comes along."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from quartier.cases.models import Series
from quartier.intake.models import Draft
from quartier.lib import rhythm
from quartier.people.models import Volunteer

pytestmark = pytest.mark.django_db


def shown_at(client, answer):
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize(
    ("stop", "words", "typed"),
    [
        ("reach", {"name": "Marie Peeters", "phone": "12"}, "Marie Peeters"),
        ("address", {"street": "Rue du Page 4", "notes": "chez Rosa"}, "chez Rosa"),
        ("list", {"lines": "2 pains gris", "never": "du vin"}, "2 pains gris"),
        ("where", {"text": "ixele"}, "ixele"),
    ],
)
def test_to_another_language_with_what_is_written_and_no_word_of_mistakes(
    answering, client, stop, words, typed
):
    address = answering(stop=stop)
    answer = client.post(address, words | {"leave": "nl"})
    assert answer["Location"] == address.replace("/fr/", "/nl/")
    page = shown_at(client, answer)
    assert typed in page
    assert '<html lang="nl"' in page
    assert 'class="oops"' not in page
    assert "has-error" not in page


def test_what_came_along_is_an_answer_once_it_is_sent(answering, client):
    address = answering(stop="address")
    nl = client.post(address, {"street": "Rue du Page 4", "leave": "nl"})["Location"]
    assert "/when/" in client.post(nl, {"street": "Rue du Page 4"})["Location"]
    draft = Draft.objects.get()
    assert draft.answers["address"]["street"] == "Rue du Page 4"
    assert not draft.answers["waiting"]


def test_back_keeps_what_is_written_and_answers_nothing(answering, client):
    address = answering(stop="address")
    answer = client.post(address, {"street": "Rue du Page 4", "leave": "back"})
    assert "/where/" in answer["Location"]
    assert "address" not in Draft.objects.get().answers
    page = client.get(address).content.decode()
    assert "Rue du Page 4" in page
    assert 'class="oops"' not in page


def test_from_a_change_the_way_back_is_to_the_last_page(answering, client):
    address = answering().replace("/check/", "/address/") + "&change=1"
    answer = client.post(address, {"street": "Rue du Page 4", "leave": "back"})
    assert "/check/" in answer["Location"]
    assert "Rue du Page 42" in client.get(answer["Location"]).content.decode()


def test_the_first_answer_comes_along_too(client, organisation):
    page = shown_at(client, client.post("/fr/ask/", {"whom": "other", "leave": "de"}))
    assert '<html lang="de"' in page
    assert re.search(r'value="other"[^>]* checked', page)


def test_allergies_without_the_tick_come_along_and_are_put_aside_nowhere(answering, client):
    address = answering(stop="list")
    words = {"lines": "lait", "allergies": "arachides", "leave": "nl"}
    answer = client.post(address, words)
    # The browser sends it once more, to the other language.
    assert (answer.status_code, answer["Location"]) == (307, address.replace("/fr/", "/nl/"))
    page = client.post(answer["Location"], words)
    assert page.status_code == 200
    assert "arachides" in page.content.decode()
    assert 'class="oops"' not in page.content.decode()
    assert "arachides" not in str(Draft.objects.get().answers)
    # Back would lose them: they are asked about.
    asked = client.post(address, words | {"leave": "back"})
    assert "arachides" in asked.content.decode()
    assert "Cochez cette case" in asked.content.decode()


@pytest.mark.parametrize("leave", ["xx", "../..", "\x00", "https://example.org/"])
def test_there_are_no_other_ways_out(answering, client, leave):
    address = answering(stop="address")
    assert "/when/" in client.post(address, {"street": "Rue du Page 4", "leave": leave})["Location"]


def test_joining_goes_to_another_language_with_what_is_written(client, organisation, places):
    address = client.post("/fr/join/", {"where": "1050"})["Location"]
    address = client.post(address, {"kinds": ["groceries"]})["Location"]
    answer = client.post(address, {"name": "Nadia", "phone": "12", "leave": "nl"})
    assert answer["Location"] == address.replace("/fr/", "/nl/")
    page = client.get(answer["Location"]).content.decode()
    assert 'value="Nadia"' in page
    assert 'class="oops"' not in page
    assert not Volunteer.objects.exists()


# ---- the forms of a private page ----


@pytest.fixture
def private_page(asked, tuesday):
    """The address of a form on the private page of somebody with weekly help."""
    window = {"window_from": tuesday + timedelta(hours=3), "window_until": tuesday + timedelta(hours=5)}
    opened = asked("groceries", rhythm=rhythm.simple("week", date(2027, 1, 12)), **window)

    def of(name):
        more = {
            "status_pause": [Series.objects.get().pk],
            "status_each_time": [Series.objects.get().pk],
            "status_tell": [],
        }[name]
        with translation.override("fr"):
            return reverse("status", args=[opened.token]), reverse(name, args=[opened.token, *more])

    return of


LEFT = {
    "status_pause": ({"chip": "other", "first": "25/01/20"}, 'value="25/01/20"'),
    "status_each_time": ({"details": "2 pains gris"}, "2 pains gris"),
    "status_tell": ({"words": "Merci à to"}, "Merci à to"),
}


@pytest.mark.parametrize("name", LEFT)
def test_a_form_of_the_private_page_goes_to_another_language_and_back(client, private_page, name):
    words, typed = LEFT[name]
    before, url = private_page(name)
    assert 'name="leave" value="nl"' in client.get(url).content.decode()
    answer = client.post(url, words | {"leave": "nl"})
    assert answer["Location"].startswith(url.replace("/fr/", "/nl/"))
    page = shown_at(client, answer)
    for shown in (typed, '<html lang="nl"'):
        assert shown in page
    for wrong in ('class="oops"', 'class="error"', "<title>Fout"):
        assert wrong not in page
    # Back, and there again without a word of mistakes.
    assert client.post(url, words | {"leave": before})["Location"] == before
    page = client.get(url).content.decode()
    assert typed in page
    assert 'class="oops"' not in page
    # Sent with a mistake or taken, it is no longer half written.
    client.post(url, words)
    client.get(before)
    assert 'class="oops"' not in client.get(url).content.decode()


@pytest.mark.parametrize("leave", ["//example.org/", "https://example.org/", "xx", "/\\example.org"])
def test_a_form_of_the_private_page_leads_nowhere_else(client, private_page, leave):
    _before, url = private_page("status_tell")
    answer = client.post(url, {"words": "Merci", "leave": leave})
    assert "example.org" not in answer["Location"]
    assert "example.org" not in client.get(answer["Location"]).content.decode()
