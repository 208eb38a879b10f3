"""The first page, the privacy page, and the page for what went wrong."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.lib import clock
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
    answers = [client.post("/fr/ask/", {"whom": "me"}).status_code for _time in range(3)]
    assert answers == [302, 302, 429]
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.post("/fr/ask/", {"whom": "me"}).status_code == 302
    # Whoever has one address of IPv6 has as many as they like, all in one network.
    networks = ["2001:db8:1:2", "2001:db8:1:2", "2001:db8:1:2", "2001:db8:1:3"]
    visitors = [Client(REMOTE_ADDR=f"{network}::{number}") for number, network in enumerate(networks)]
    answers = [each.post("/fr/ask/", {"whom": "me"}).status_code for each in visitors]
    assert answers == [302, 302, 429, 302]
