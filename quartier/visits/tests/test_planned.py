"""Who is only planned has not been asked: nobody says so, to anybody."""

import pytest

from quartier.lib import clock
from quartier.matching.models import Offer
from quartier.matching.planning.plan import plan_waves
from quartier.visits import queries

pytestmark = pytest.mark.django_db


def test_who_is_only_planned_has_not_been_asked(organisation, asked, volunteer, tuesday):
    somebody, request = volunteer("Youssef"), asked("groceries").requests[0]
    plan_waves(organisation, clock.now())
    assert Offer.objects.get().state == "queued"
    assert queries.asked_count(request) == 0
    assert queries.open_offers(somebody) == []
