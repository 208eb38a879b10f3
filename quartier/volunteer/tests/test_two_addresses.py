"""A private link opens at the address of its own organisation, and leads there."""

import pytest
from django.test import Client
from django.urls import reverse

from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.team.access import of_account
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db


def status(organisation, address):
    return Client(SERVER_NAME=organisation.host or "testserver").get(address).status_code


def is_found_at_home_alone(organisation, elsewhere, address):
    assert status(elsewhere, address) == 404, address
    assert status(organisation, address) == 200, address


def test_links_of_one_organisation_open_nothing_at_the_other(
    organisation, elsewhere, asked, youssef, thomas, volunteer, places, tuesday
):
    request = asked("groceries").requests[0]
    (offer,) = [each for each in matching.send_wave(request_id=request.pk) if each.volunteer_id == youssef.pk]
    at = reverse("offer_link", args=[matching.token_of(offer)])
    is_found_at_home_alone(organisation, elsewhere, at)
    visit = visits.accept_offer(actor=of_account(youssef.person.account), offer=offer).assignment
    is_found_at_home_alone(organisation, elsewhere, at)
    is_found_at_home_alone(organisation, elsewhere, f"{at}write/")
    assert visit.request.case.person.name not in Client(SERVER_NAME=elsewhere.host).get(at).content.decode()
    assert Client(SERVER_NAME=elsewhere.host).post(at, {"do": "cannot"}).status_code == 404
    visit.refresh_from_db()
    assert visit.state == "accepted"
    for name in ("offer_receipt", "offer_receipt_photo"):
        there = reverse(name, args=[matching.token_of(offer), visit.pk])
        assert status(elsewhere, there) == status(organisation, there) == 404
    visits.give_calendar(volunteer=youssef)
    youssef.refresh_from_db()
    calendar = reverse("volunteer_calendar", args=[visits.calendar_token(youssef.calendar)])
    is_found_at_home_alone(organisation, elsewhere, calendar)


def test_messages_lead_to_the_address_of_their_own_organisation(
    organisation, elsewhere, asked, volunteer, settings, places, tuesday
):
    settings.ORIGIN = "https://line.example.org:8443"
    for each in (organisation, elsewhere):
        volunteer("Wim", org=each)
        matching.send_wave(request_id=asked("groceries", org=each).requests[0].pk)
    here, there = (
        Message.objects.filter(organisation=each, template="offer").first().body
        for each in (organisation, elsewhere)
    )
    assert "https://line.example.org:8443/" in here
    assert "https://gent.example.org:8443/" in there
    assert "line.example.org" not in there
