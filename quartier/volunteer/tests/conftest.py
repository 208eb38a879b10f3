"""What the tests of the volunteer's pages share: a planted case, its offers, and browsers."""

import pytest
from django.test import Client

from quartier.cases.models import Case, Request
from quartier.matching import actions as matching

ADDRESS, NOTES, DETAILS = "Rue du Page 42", "2e sonnette, vestibule vert", "Deux pains gris\nTrois citrons"
NAME, PHONE_WRITTEN, PHONE = "Marie Peeters", "02\u00a0000\u00a014\u00a027", "+3220001427"
PLANTED = (ADDRESS, "vestibule vert", "citrons", "Peeters", "+3220001427", "14\u00a027", "14 27")


@pytest.fixture
def opened(tuesday, youssef, nadia, asked):
    """Marie's request, with everything planted that nobody may see too early."""
    made = asked("groceries", urgency="day", details=DETAILS)
    case = Case.objects.get(pk=made.case.pk)
    case.access_notes = NOTES
    case.save()
    return made.requests[0]


@pytest.fixture
def links(opened):
    """The address of each volunteer's offer, by name."""
    return {
        offer.volunteer.person.name: f"/fr/volunteer/offer/{matching.token_of(offer)}/"
        for offer in matching.send_wave(request_id=opened.id)
    }


@pytest.fixture
def phone():
    """A browser that checks the tokens of forms, as a real one would have it."""
    return Client(enforce_csrf_checks=False)


@pytest.fixture
def signed_in():
    """A browser in which an account is signed in."""

    def make(account):
        client = Client()
        client.force_login(account)
        return client

    return make


def state(request: Request) -> tuple[str, int]:
    """Where the request stands, and how many go."""
    request.refresh_from_db()
    return request.state, request.accepted
