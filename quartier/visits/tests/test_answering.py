"""Who has read an offer and only answers it."""

from datetime import timedelta

import pytest
from django.http import Http404

from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.people.models import Volunteer
from quartier.team.access import link
from quartier.visits import access, rules
from quartier.visits.actions import accept_offer
from quartier.visits.actions.accept import Result

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(asked, volunteer, tuesday):
    volunteer("Youssef")
    request = asked("groceries").requests[0]
    with clock.stopped_at(tuesday + timedelta(minutes=1)):
        (offer,) = matching.send_wave(request_id=request.pk)
        yield matching.token_of(offer)


def test_what_an_answer_asks_is_read_at_once_and_no_more(token, organisation, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        offer = access.offer_to_answer(token)
        assert rules.times_to_choose(offer.request, clock.now())
        actor = link(organisation, offer.volunteer.person_id)
    statement = asked.captured_queries[0]["sql"]
    assert "details" not in statement
    assert "people_person" not in statement
    assert accept_offer(actor=actor, offer=offer).result == Result.YOURS


def test_the_link_of_somebody_suspended_answers_nothing(token):
    Volunteer.objects.update(state=Volunteer.State.SUSPENDED)
    with pytest.raises(Http404):
        access.offer_to_answer(token)
