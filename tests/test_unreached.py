"""Whoever nobody reached stands in the letters of who is on duty, with what was done, until somebody was there."""

import pytest

from quartier.duty.queries import unreached
from quartier.followup import actions
from quartier.followup.models import CheckIn
from quartier.followup.tests.conftest import agreed, pass_time  # noqa: F401
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.team.access import of_account
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def campaign(tuesday, agreed, thomas):  # noqa: F811
    agreed(1)
    return actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))


def test_the_letter_says_what_was_done(campaign, pass_time):  # noqa: F811
    pass_time(hours=10)
    (one,) = unreached(campaign.organisation)
    assert str(one.done) == "no one called, no one went"


def test_whoever_was_found_at_home_stands_in_no_letter(campaign, pass_time, youssef):  # noqa: F811
    pass_time(minutes=370)
    actor, row = of_account(youssef.person.account), campaign.check_ins.get()
    (offer,) = matching.send_wave(request_id=row.request_id)
    visit = visits.accept_offer(actor=actor, offer=offer).assignment
    CheckIn.objects.update(state=CheckIn.State.ALERTED, next_at=None)
    assert len(unreached(campaign.organisation)) == 1
    visits.done(actor=actor, assignment=visit)
    actions.see_knocks(clock.now())
    assert unreached(campaign.organisation) == []
