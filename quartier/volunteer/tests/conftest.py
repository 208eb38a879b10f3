"""What the tests of the volunteer's pages share: a planted case, its offers, and browsers."""

import pytest

from quartier.volunteer.tests.planted import DETAILS, NOTES
from tests import chromium


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
        client.defaults["SERVER_NAME"] = account.organisation.host or "testserver"
        return client

    return make


PHONE = {
    "viewport": {"width": 390, "height": 844},
    "locale": "fr",
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36",
}


@pytest.fixture(scope="module")
def browser():
    with chromium.running() as running:
        yield running


@pytest.fixture
def handset(browser, live_server, client):
    """A handset, perhaps with somebody signed in: `handset(account)` gives its context."""
    contexts, said = [], []

    def take(account=None, **given):
        context = browser.new_context(**PHONE, base_url=live_server.url, **given)
        contexts.append(context)
        if account is not None:
            client.force_login(account)
            context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
            )
        context.on("weberror", lambda error: said.append(str(error.error)))
        context.on("console", lambda line: "Content Security" in line.text and said.append(line.text))
        return context

    yield take
    for context in contexts:
        context.close()
    assert not said


@pytest.fixture
def wave(tuesday, organisation, youssef, nadia, asked):
    """The addresses of the offers of one request (by name), and the request."""
    from quartier.matching import actions as matching

    request = asked("groceries", urgency="day", details="Deux pains gris").requests[0]
    found = {
        offer.volunteer.person.name: f"/fr/volunteer/offer/{matching.token_of(offer)}/"
        for offer in matching.send_wave(request_id=request.id)
    }
    return found | {"request": request}
