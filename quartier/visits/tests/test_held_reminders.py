"""A reminder that waits for a mail with others is taken back when the visit moves or ends."""

from datetime import timedelta

import pytest

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.team.access import of_account, system
from quartier.visits import actions

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def visit(asked, youssef, tuesday):
    """The day after tomorrow, from three to four, with a reminder that waits; it is eleven of the day before."""
    start = tuesday + timedelta(days=2, hours=4)
    request = asked(
        "groceries", urgency="week", window_from=start, window_until=start + timedelta(hours=4)
    ).requests[0]
    offer = matching.offer_by_hand(
        actor=system(request.organisation), request=Request.objects.get(pk=request.pk), volunteer=youssef
    )
    actor = of_account(youssef.person.account)
    found = actions.accept_offer(actor=actor, offer=offer).assignment
    found = actions.set_time(actor=actor, assignment=found, start=start, end=start + timedelta(hours=1))
    clock.set_time(found.announce_at)
    assert actions.announce(clock.now()) == 1
    assert reminder().state == "held"
    return found


def reminder():
    return Message.objects.get(template="visit_ahead")


def test_moved_it_is_not_reminded_of_the_hour_of_before(visit, youssef):
    start = visit.comes_from + timedelta(hours=2)
    actor = of_account(youssef.person.account)
    actions.set_time(actor=actor, assignment=visit, start=start, end=start + timedelta(hours=1))
    assert reminder().state == "cancelled"


def test_given_back_it_is_not_reminded_of(visit, youssef):
    actor = of_account(youssef.person.account)
    actions.could_not(actor=actor, assignment=visit, failure="cannot_go")
    assert reminder().state == "cancelled"
