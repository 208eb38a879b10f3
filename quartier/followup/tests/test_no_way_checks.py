"""A round of check-ins where no text leaves: everybody is called."""

import pytest

from quartier.followup import actions
from quartier.followup.models import CheckIn
from quartier.messaging.models import Message
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


def test_whoever_would_get_a_text_is_called(settings, tuesday, agreed, thomas, pass_time):
    for number in range(2):
        agreed(number)
    plan = actions.Plan("heat")
    assert actions.estimate(thomas.organisation, plan).written_to == 2
    settings.SANDBOX_IS_READ = False
    found = actions.estimate(thomas.organisation, plan)
    assert (found.written_to, found.called) == (0, 2)
    actions.start(actor=of_account(thomas), plan=plan)
    pass_time(minutes=5)
    assert set(CheckIn.objects.values_list("state", flat=True)) == {CheckIn.State.CALLING}
    assert not Message.objects.filter(template="check_heat").exists()
