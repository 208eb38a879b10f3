"""That nobody is found is not said where it is not true any more."""

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.team.access import of_account
from quartier.visits import actions

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("meanwhile", ["yes", "contact", "cancelled"])
def test_it_is_taken_back_where_it_is_not_true_any_more(asked, youssef, thomas, tuesday, meanwhile):
    request = asked("groceries").requests[0]
    Volunteer.objects.update(asked_on=tuesday.date(), asked_count=2)
    matching.send_wave(request_id=request.pk)
    request.refresh_from_db()
    actor = of_account(thomas)
    if meanwhile == "yes":
        offer = matching.offer_by_hand(actor=actor, request=request, volunteer=youssef)
        actions.accept_offer(actor=of_account(youssef.person.account), offer=offer)
    elif meanwhile == "contact":
        cases.record_contact_made(actor=actor, request=request)
    else:
        actions.end_request(actor=actor, request=request, closure=Request.Closure.WITHDRAWN)
    assert Message.objects.get(template="nobody_yet").state == Message.State.CANCELLED
