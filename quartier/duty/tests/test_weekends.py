"""Where no duty is planned, nobody is promised a call at the weekend."""

from datetime import timedelta

import pytest

from quartier.cases.models import Request
from quartier.duty.tests.test_kept import live_until
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.promises.models import Promise
from quartier.rota import actions as rota
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


def test_that_one_of_us_is_away_plans_no_duty_at_the_weekend(asked, organisation, thomas, sara, tuesday):
    """A call by the last minute of Saturday, from a team that is there on Monday."""
    rota.add_absence(
        actor=of_account(sara),
        account=thomas,
        starts_on=tuesday.date(),
        ends_on=tuesday.date() + timedelta(days=9),
    )
    organisation.refresh_from_db()
    clock.set_time(tuesday.replace(day=15, hour=13))
    opened = asked("pharmacy", org=organisation)
    matching.send_wave(request_id=opened.requests[0].pk)
    saturday = tuesday.replace(day=16, hour=17)
    Request.objects.update(window_until=saturday)
    live_until(Promise.objects.get(outcome="").due_at)
    assert Promise.objects.get(outcome="").due_at.astimezone(organisation.zone).strftime("%a %H") == "Mon 09"
