"""A neighbour who does not come without a word: what each side hears is what we know, and no more."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.public.status import showing
from quartier.team.access import of_account
from quartier.visits import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def missed(asked, tuesday, youssef):
    """Youssef said yes, and was not heard from."""
    opened = asked("groceries", urgency="day")
    offer = matching.send_wave(request_id=opened.requests[0].pk)[0]
    visit = actions.accept_offer(actor=of_account(youssef.person.account), offer=offer).assignment
    clock.set_time(visit.comes_until + timedelta(hours=4))
    Message.objects.all().delete()
    assert actions.find_no_shows(clock.now()) == 1
    visit.refresh_from_db()
    return opened, visit


def test_she_hears_that_we_know_nothing_and_he_that_it_was_given_on(missed, youssef):
    written = {row.template: row for row in Message.objects.select_related("person")}
    assert set(written) == {"not_heard", "visit_given_on"}
    assert "Youssef" in written["not_heard"].body
    assert written["visit_given_on"].person == youssef.person
    assert not any("ne peut" in row.body for row in written.values())


def test_his_page_says_which_visit_it_was_and_offers_nothing(missed, client):
    _opened, visit = missed
    address = "/fr" + reverse("offer_link", args=[matching.token_of(visit.offer)])[3:]
    Request.objects.update(window_until=clock.now() + timedelta(hours=5))
    for later in (timedelta(), timedelta(hours=30)):
        with clock.stopped_at(clock.now() + later):
            page = client.get(address).content.decode()
            assert "sans nouvelles" in page or "pas eu de vos nouvelles" in page
            assert 'value="yes"' not in page
            if later:
                assert "aujourd’hui" not in page


def test_her_page_says_the_same(missed):
    opened, _visit = missed
    from quartier.cases.models import StatusLink

    link = StatusLink.objects.filter(case=opened.case).first()
    titles = [step.title for step in showing.helps(link)[0].steps]
    assert any("heard" in title for title in titles)
    assert not any("could not come" in title for title in titles)
