"""The first page, the privacy page, and the page for what went wrong."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.utils.html import strip_tags

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.look.rules import before
from quartier.team.access import system

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "J’ai besoin d’aide"),
        ("nl", "Ik heb hulp nodig"),
        ("de", "Ich brauche Hilfe"),
        ("en", "I need help"),
    ],
)
def test_the_first_page(client, organisation, language, words):
    page = client.get(f"/{language}/").content.decode()
    assert words in page
    assert "0800 00 020" in page
    assert "housenum" not in page
    assert client.get(f"/{language}/privacy/").status_code == 200


@pytest.mark.parametrize(
    ("language", "hour"), [("fr", "12\u00a0h"), ("nl", "12\u00a0uur"), ("de", "12\u00a0Uhr"), ("en", "noon")]
)
def test_until_there_is_a_median_the_promise_of_what_is_urgent_is_said(
    client, organisation, language, hour, tuesday
):
    page = client.get(f"/{language}/").content.decode()
    soon = page.split('class="soon"')[1].split("</p>")[0]
    # At eleven o'clock: news within the hour; at half past ten in the evening: on the next morning.
    assert hour in soon
    cache.clear()
    with clock.stopped_at(tuesday + timedelta(hours=11, minutes=30)):
        assert "noon" not in client.get("/en/").content.decode()


def test_the_promise_of_the_first_page_is_the_one_of_the_receipt(client, organisation, asked, tuesday):
    """A line day and night: the search says no news in the quiet hours, so none are promised for them."""
    organisation.closes = organisation.opens
    organisation.save(update_fields=["closes"])
    with clock.stopped_at(tuesday.replace(hour=20, minute=10)):  # ten past nine in the evening
        request = asked("groceries", urgency="now").requests[0]
        page = client.get("/en/").content.decode()
        assert before(request.promised_at, clock.now()) in page


def test_a_line_that_is_closed_says_when_it_opens(client, organisation, tuesday, monkeypatch):
    monkeypatch.setattr("quartier.config.organisation._FRESH_S", 0.0)

    def plate(after=timedelta(0)):
        cache.clear()
        with clock.stopped_at(tuesday + after):
            return client.get("/en/").content.decode().split('class="plate phone"')[1].split("</a>")[0]

    assert "every day from 8\u00a0am to 8\u00a0pm" in plate()
    assert "closed, open again tomorrow at 8\u00a0am" in plate(timedelta(hours=10))
    assert "closed, open again today at 8\u00a0am" in plate(timedelta(hours=20))
    organisation.phone = ""
    organisation.save(update_fields=["phone"])
    cache.clear()
    assert "closed, open again" not in client.get("/en/").content.decode()


def test_a_door_ticks_its_kind_of_help(client, organisation):
    begun = client.get("/fr/ask/?kind=pharmacy").context["form"]
    assert begun["kind"].value() == "pharmacy"
    # As a browser sends it; nothing chosen first, so that the door must survive a page shown again.
    again = client.post("/fr/ask/?kind=pharmacy", {"kind": "pharmacy"})["Location"]
    assert client.get(again).context["form"]["kind"].value() == "pharmacy"
    what = client.post(again, {"whom": "me", "kind": "pharmacy"})["Location"]
    assert client.get(what).context["form"]["kinds"].value() == ["pharmacy"]
    client.post(what, {"kinds": ["dog"]})
    assert client.get(what).context["form"]["kinds"].value() == ["dog"]


@pytest.mark.parametrize("kind", ["", "gold", "cleanup", "<b>", "x" * 5000])
def test_a_door_that_is_not_there_ticks_nothing(client, organisation, kind):
    what = client.post("/fr/ask/", {"whom": "me", "kind": kind})["Location"]
    assert not client.get(what).context["form"]["kinds"].value()


def test_the_median_is_shown_once_enough_were_helped(client, organisation, asked, tuesday):
    for number in range(20):
        request = asked("groceries", name=f"Marie {number}").requests[0]
        cases.close_request(actor=system(organisation), request=request, closure="fulfilled")
        Request.objects.filter(pk=request.pk).update(covered_at=tuesday + timedelta(minutes=10 + number))
        if number == 18:
            with clock.stopped_at(tuesday + timedelta(hours=1)):
                assert b"housenum" not in client.get("/fr/").content
            cache.clear()
    with clock.stopped_at(tuesday + timedelta(hours=1)):
        page = client.get("/fr/").content.decode()
    assert "<b>20</b><span>minutes</span>" in page
    with clock.stopped_at(tuesday + timedelta(days=40)):
        cache.clear()
        assert b"housenum" not in client.get("/fr/").content


def test_whoever_nobody_came_for_counts_in_the_median_too(client, organisation, asked, tuesday):
    def shown(after):
        cache.clear()
        with clock.stopped_at(tuesday + after):
            return b"housenum" in client.get("/fr/").content

    for number in range(20):
        request = asked("groceries", name=f"Marie {number}").requests[0]
        Request.objects.filter(pk=request.pk).update(covered_at=tuesday + timedelta(minutes=10))
        cases.close_request(actor=system(organisation), request=request, closure="fulfilled")
    for number in range(19):
        request = asked("groceries", name=f"Jean {number}").requests[0]
        closure = "expired" if number % 2 else "impossible"
        cases.close_request(actor=system(organisation), request=request, closure=closure)
    asked("groceries", name="Paul")
    assert shown(timedelta(hours=1))
    assert shown(timedelta(hours=23))
    asked("groceries", name="Anna")
    # Twenty had somebody, and twenty-one nobody: nothing is said.
    assert not shown(timedelta(hours=25))


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_number_stands_on_the_error_page_when_the_database_is_away(organisation, monkeypatch, language):
    client = Client(raise_request_exception=False)
    assert client.get(f"/{language}/").status_code == 200

    def away(host):
        raise OperationalError("the database is away")

    monkeypatch.setattr("quartier.config.organisation._FRESH_S", 0.0)
    monkeypatch.setattr("quartier.config.organisation.organisation_for", away)
    page = client.get(f"/{language}/")
    assert page.status_code == 503
    assert page["Retry-After"]
    assert "0800 00 020" in page.content.decode()
    assert f'lang="{language}"' in page.content.decode()


def test_a_page_that_does_not_exist(client, organisation):
    page = client.get("/fr/rien/")
    assert page.status_code == 404
    assert "0800 00 020" in page.content.decode()


def test_too_many_forms_are_told_so(client, organisation, tuesday, monkeypatch):
    monkeypatch.setitem(
        __import__("quartier.public.entrance", fromlist=["LIMITS"]).LIMITS, "begin", (2, 3600)
    )
    answers = [client.post("/fr/ask/", {"whom": "me"}, follow=True).status_code for _time in range(3)]
    assert answers == [200, 200, 429]
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.post("/fr/ask/", {"whom": "me"}).status_code == 302
    # Whoever has one address of IPv6 has as many as they like, all in one network.
    networks = ["2001:db8:1:2", "2001:db8:1:2", "2001:db8:1:2", "2001:db8:1:3"]
    visitors = [Client(REMOTE_ADDR=f"{network}::{number}") for number, network in enumerate(networks)]
    answers = [each.post("/fr/ask/", {"whom": "me"}, follow=True).status_code for each in visitors]
    assert answers == [200, 200, 429, 200]


PERCENT = {
    "fr": "Des personnes s’ajoutent encore\u00a0: c’est fait à 42\u00a0%.",
    "nl": "Er komen nog mensen bij: 42% is klaar.",
    "de": "Es kommen noch Menschen hinzu: 42\u00a0% sind fertig.",
    "en": "More people are still being added: 42% is done.",
}


@pytest.mark.parametrize("language", sorted(PERCENT))
def test_a_demonstration_says_how_far_it_is(client, organisation, settings, tmp_path, monkeypatch, language):
    monkeypatch.setattr("quartier.config.context.Page.demo", True)
    settings.INSTALLATION = replace(settings.INSTALLATION, home=tmp_path)

    def banners():
        """On a wide screen and on a phone, where it stands below."""
        page = client.get(f"/{language}/").content.decode()
        found = re.findall(r'<aside class="demo(?: demo-below)?".*?</aside>', page, re.DOTALL)
        assert len(found) == 2
        return [strip_tags(one) for one in found]

    file = tmp_path / "filling"
    file.write_text("42")
    assert all(PERCENT[language] in one for one in banners())
    # Only just begun.
    file.write_text("")
    cache.clear()
    assert all(PERCENT[language].replace("42", "0") in one for one in banners())
    file.unlink()
    cache.clear()
    assert not any("%" in one for one in banners())
