"""Whoever stops taking calls reads first what is still theirs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.alerts import actions as alerts
from quartier.cases.models import Request
from quartier.console.tests.line_scene import Line
from quartier.team.access import of_account
from quartier.telephony import actions
from quartier.telephony.models import Callback, Wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


@pytest.fixture
def leaves(signed_in, lotte):
    """What the bar says to whoever stops, and how many wishes to be off there are."""

    def press(*, sure="", htmx=True):
        data = {"what": "off", **({"sure": sure} if sure else {})}
        headers = {"HX-Request": "true"} if htmx else {}
        answer = signed_in(lotte).post(reverse("line_wish"), data, headers=headers, follow=True)
        said = " ".join(answer.content.decode().replace("\u00a0", " ").split())
        return said, Wish.objects.filter(account=lotte, what="off").count()

    return press


def test_whoever_has_nothing_left_is_off_at_once(leaves, line, lotte):
    line.on(lotte, "fr")
    said, wishes = leaves()
    assert ("This is still yours" in said, wishes) == (False, 1)


def test_what_is_still_theirs_is_listed_and_nobody_is_kept(leaves, line, lotte, thomas, asked):
    request = asked("groceries").requests[0]
    Request.objects.filter(pk=request.pk).update(state=Request.State.HUMAN, taken_by=lotte)
    line.on(lotte, "fr")
    missed = line.calls("+3220001428", waited=timedelta(0))
    line.ends(missed, outcome="abandoned", ring_back=True)
    actions.claim(actor=of_account(lotte), callback_id=Callback.objects.get(call_id=missed).pk)
    call = line.calls()
    alerts.raise_alert(actor=of_account(lotte), call=line.talks(call, lotte))
    line.ends(call, lotte)
    said, wishes = leaves()
    assert wishes == 0
    assert "An alert of yours that no one is dealing with yet" in said
    assert "To call back: Number ending in 14 28" in said
    assert "waiting for one of us" in said
    assert reverse("request_page", args=[request.pk]) in said
    # What is somebody else's is not.
    alerts.take(actor=of_account(thomas), alert_id=call_alert(call))
    assert "An alert of yours" not in leaves()[0]
    assert leaves(sure="yes")[1] == 1


def test_without_htmx_they_leave_and_read_it(leaves, line, lotte):
    line.on(lotte, "fr")
    missed = line.calls("+3220001428", waited=timedelta(0))
    line.ends(missed, outcome="abandoned", ring_back=True)
    actions.claim(actor=of_account(lotte), callback_id=Callback.objects.get(call_id=missed).pk)
    said, wishes = leaves(htmx=False)
    assert ("something is still yours" in said, wishes) == (True, 1)


def call_alert(call):
    from quartier.alerts.models import Alert

    return Alert.objects.get(call=call).pk
