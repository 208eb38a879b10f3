"""A line whose edge is away for long is an alert to those who run it, and it ends by itself when the edge is back."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from quartier.alerts import actions, edge_trouble
from quartier.alerts.models import Alert, Told
from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.team.access import of_account
from quartier.telephony import actions as line
from quartier.telephony import jobs as telephony
from quartier.telephony.desk import pulse
from quartier.telephony.models import LineSettings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("trouble", ["away", "blind"])
def test_it_is_told_soon_and_ends_with_its_cause(tuesday, organisation, thomas, sara, trouble):
    assert not edge_trouble.settle_edge_alerts()
    line.tell_edge_trouble(trouble)
    line.tell_edge_trouble(trouble)
    assert edge_trouble.settle_edge_alerts()
    assert not edge_trouble.settle_edge_alerts(), "once"
    alert = Alert.objects.get()
    assert (alert.kind, alert.degree, alert.state, alert.raised_by) == (trouble, "soon", "open", None)
    assert Told.objects.get().person.account == thomas
    assert Message.objects.get().template == f"line_{trouble}"
    with clock.stopped_at(tuesday + timedelta(minutes=5)):
        line.tell_edge_trouble("")
        assert edge_trouble.settle_edge_alerts()
    alert.refresh_from_db()
    assert (alert.state, alert.closed_by, alert.words) == ("closed", None, "La ligne fonctionne de nouveau.")
    # Whoever was told of it hears that it is over, once.
    told = Message.objects.filter(template="line_back")
    assert [each.person.account for each in told] == [thomas]
    assert not edge_trouble.settle_edge_alerts()
    assert [each.details["trouble"] for each in Entry.objects.filter(verb="line.edge").order_by("pk")] == [
        trouble,
        "",
    ]
    with clock.stopped_at(tuesday + timedelta(hours=1)):
        line.tell_edge_trouble(trouble)
        assert edge_trouble.settle_edge_alerts(), "the next time again"
    assert Alert.objects.count() == 2


def test_another_trouble_is_another_alert_and_one_that_a_person_closed_stays_so(
    tuesday, organisation, thomas, sara
):
    line.tell_edge_trouble("blind")
    edge_trouble.settle_edge_alerts()
    with clock.stopped_at(tuesday + timedelta(minutes=2)):
        line.tell_edge_trouble("away")
        assert edge_trouble.settle_edge_alerts()
        states = dict(Alert.objects.values_list("kind", "state"))
        assert states == {"blind": "closed", "away": "open"}
        away = Alert.objects.get(kind="away")
        actions.close(actor=of_account(thomas), alert_id=away.pk, words="We know.")
    with clock.stopped_at(tuesday + timedelta(minutes=20)):
        assert not edge_trouble.settle_edge_alerts()


def test_call_control_that_is_away_is_told_though_it_cannot_say_so(
    tuesday, organisation, thomas, tmp_path, settings
):
    settings.INSTALLATION = replace(settings.INSTALLATION, home=tmp_path)
    folder = tmp_path / "line"
    folder.mkdir()
    telephony.watch_call_control()
    assert not LineSettings.objects.exists(), "there never was one"
    pulse.beat(folder)
    telephony.watch_call_control()
    assert not LineSettings.objects.exists()
    (folder / pulse.FILE_NAME).write_text(str(time.monotonic() - pulse.AWAY_S - 1))
    for _once in range(2):
        telephony.watch_call_control()
        edge_trouble.settle_edge_alerts()
    alert = Alert.objects.get()
    assert (alert.kind, alert.degree, alert.state) == ("away", "soon", "open")
    assert Message.objects.get().template == "line_away"
    # Started again, it says what it sees itself: the edge is away as well, which is the same to whoever calls.
    pulse.beat(folder)
    line.tell_edge_trouble("away")
    telephony.watch_call_control()
    assert not edge_trouble.settle_edge_alerts()
    line.tell_edge_trouble("core")
    telephony.watch_call_control()
    assert edge_trouble.settle_edge_alerts()
    alert.refresh_from_db()
    assert alert.state == "closed"


def test_who_has_no_line_hears_nothing(organisation, thomas):
    organisation.phone = ""
    organisation.save()
    line.tell_edge_trouble("away")
    assert not edge_trouble.settle_edge_alerts()
    assert not LineSettings.objects.exclude(edge_trouble="").exists()
    with pytest.raises(ValueError, match="gone"):
        line.tell_edge_trouble("gone")


def test_one_that_comes_and_goes_between_two_looks_is_one_alert(tuesday, organisation, thomas):
    line.tell_edge_trouble("away")
    edge_trouble.settle_edge_alerts()
    with clock.stopped_at(tuesday + timedelta(minutes=2)):
        line.tell_edge_trouble("")
        line.tell_edge_trouble("away")
        assert not edge_trouble.settle_edge_alerts()
    assert Alert.objects.get().state == "open"
