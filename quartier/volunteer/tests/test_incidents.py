"""A visit during an incident: its rules at the door, what to know; and a word to volunteers who could do more."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.translation import override

from quartier.incidents import actions
from quartier.incidents.actions import Opening
from quartier.incidents.shipped import TEMPLATES
from quartier.lib import choices
from quartier.matching import actions as matching
from quartier.team.access import of_account
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def flood(sara, tuesday):
    opening = Opening("flood", ["cleanup", "talk", "other"])
    return actions.open_incident(actor=of_account(sara), incident_id=uuid4(), opening=opening)


def address(name, language, *args):
    with override(language):
        return reverse(name, args=args)


def words(response):
    return response.content.decode()


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_offer_and_the_visit_say_what_is_promised_at_the_door(client, flood, asked, youssef, language):
    request = asked("cleanup", situation="Water in the house: yes").requests[0]
    (offer,) = matching.send_wave(request_id=request.pk)
    where = address("offer_link", language, matching.token_of(offer))
    with override(language):
        rules = [str(line) for line in TEMPLATES["flood"].door]
    before = words(client.get(where))
    assert all(line in before for line in rules)
    assert "Water in the house" not in before
    visits.accept_offer(actor=of_account(youssef.person.account), offer=offer)
    after = words(client.get(where))
    assert all(line in after for line in rules)
    assert "Water in the house: yes" in after


def test_a_call_has_no_rules_at_the_door(client, flood, asked, youssef):
    (offer,) = matching.send_wave(request_id=asked("talk").requests[0].pk)
    with override("fr"):
        line = str(TEMPLATES["flood"].door[0])
    assert line not in words(client.get(address("offer_link", "fr", matching.token_of(offer))))


def test_whoever_could_do_more_is_told_on_their_page(client, flood, volunteer):
    usual = volunteer("Ana", kinds=[kind.code for kind in choices.EVERYDAY])
    client.force_login(usual.person.account)
    home = address("volunteer_home", "fr")
    page = client.get(home)
    assert page.context["more"] == [choices.kind("cleanup")]
    assert "Inondation." in words(page)
    able = volunteer("Bea", kinds=["cleanup", "talk", "other"])
    client.force_login(able.person.account)
    assert "Inondation." not in words(client.get(home))
