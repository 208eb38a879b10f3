"""A message that went in one mail with others is told where it belongs, and stands where its mail stands."""

from datetime import time, timedelta

import pytest
from django.test import Client

from quartier.conversation.queries import thread
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging import delivery, digest
from quartier.messaging.models import Message
from quartier.people import wishes
from quartier.people.wishes import Said
from quartier.team.access import system

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(tuesday, organisation, youssef, asked):
    """Two requests for which Youssef is asked, who wishes one mail a day at six in the evening."""
    said = Said(rhythm="daily", daily_at=time(18))
    wishes.wish(actor=system(organisation), person=youssef.person, said=said)
    # Two offers a day, and one more that is kept for what is urgent.
    organisation.daily_budget = 3
    organisation.save(update_fields=["daily_budget"])
    requests = [asked("groceries", urgency="week", name=f"Marie {number}").requests[0] for number in range(2)]
    for request in requests:
        (offer,) = matching.send_wave(request_id=request.pk)
        assert offer.message.state == "held"
    return requests


def of_youssef(request):
    lines = thread(system(request.organisation), request_id=request.pk)
    return [
        (line.template, line.state, line.together) for line in lines if line.template in {"offer", "digest"}
    ]


def test_where_each_stands(two, tuesday):
    assert of_youssef(two[0]) == [("offer", "held", False)]
    with clock.stopped_at(tuesday + timedelta(hours=7)):
        digest.gather(clock.now())
        for request in two:
            assert of_youssef(request) == [("offer", "due", True)]
        delivery.deliver()
    for request in two:
        assert of_youssef(request) == [("offer", "sent", True)]
    Message.objects.filter(template="digest").update(state="failed", error="nobody there")
    for request in two:
        assert of_youssef(request) == [("offer", "failed", True)]


def test_the_team_reads_it(two, tuesday, thomas):
    with clock.stopped_at(tuesday + timedelta(hours=7)):
        digest.gather(clock.now())
        delivery.deliver()
        desk = Client()
        desk.force_login(thomas)
        page = desk.get(f"/fr/console/requests/{two[0].pk}/messages/").content.decode()
    assert "dans un seul e-mail avec d’autres" in page


def test_what_is_covered_meanwhile_does_not_stand_in_it(two, tuesday):
    matching.withdraw_offers(request=two[0])
    with clock.stopped_at(tuesday + timedelta(hours=7)):
        digest.gather(clock.now())
        delivery.deliver()
    assert of_youssef(two[0]) == [("offer", "cancelled", False)]
    assert of_youssef(two[1]) == [("offer", "sent", False)]
