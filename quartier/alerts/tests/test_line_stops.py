"""Outgoing calls that were stopped are an alert: once for each stop, one after the other is told."""

from datetime import timedelta

import pytest

from quartier.alerts import actions, jobs
from quartier.alerts.models import Alert, Told
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.team.access import of_account
from quartier.telephony import actions as line

pytestmark = pytest.mark.django_db


def test_a_stop_is_alerted_once_and_the_next_stop_again(tuesday, organisation, thomas, sara):
    assert not jobs.line_stop()
    line.stop_dialling(1)
    line.stop_dialling(4)
    assert jobs.line_stop()
    assert not jobs.line_stop()
    alert = Alert.objects.get()
    assert (alert.kind, alert.degree, alert.state, alert.raised_by) == ("line", "danger", "open", None)
    assert Told.objects.get().person.account == thomas
    assert Message.objects.get().template == "line_stopped"
    with clock.stopped_at(tuesday + timedelta(minutes=2)):
        assert jobs.climb()
    assert Told.objects.count() == 2
    actions.close(actor=of_account(thomas), alert_id=alert.pk, words="Seen to.")
    assert not jobs.line_stop()
    line.resume_dialling(actor=of_account(thomas))
    with clock.stopped_at(tuesday + timedelta(hours=1)):
        line.stop_dialling(1)
        assert jobs.line_stop()
    assert Alert.objects.count() == 2
