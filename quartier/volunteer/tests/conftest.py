"""What the tests of the volunteer's pages share: a planted case, its offers, and browsers."""

import pytest

from quartier.volunteer.tests.planted import DETAILS, NOTES


@pytest.fixture
def opened(tuesday, youssef, nadia, asked):
    """Marie's request, with everything planted that nobody may see too early."""
    from quartier.cases.models import Case

    made = asked("groceries", urgency="day", details=DETAILS)
    case = Case.objects.get(pk=made.case.pk)
    case.access_notes = NOTES
    case.save()
    return made.requests[0]


@pytest.fixture
def links(opened):
    """The address of each volunteer's offer, by name."""
    from quartier.matching import actions as matching

    return {
        offer.volunteer.person.name: f"/fr/volunteer/offer/{matching.token_of(offer)}/"
        for offer in matching.send_wave(request_id=opened.id)
    }


@pytest.fixture
def phone():
    """Another browser."""
    from django.test import Client

    return Client()


@pytest.fixture
def signed_in():
    """A browser in which an account is signed in."""

    from django.test import Client

    def make(account):
        client = Client()
        client.force_login(account)
        return client

    return make
