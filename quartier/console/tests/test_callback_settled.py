"""A call back that was answered is off the list when its note is kept, without a second page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.console.tests.line_scene import Line
from quartier.lib import clock
from quartier.team.access import of_account
from quartier.telephony import actions
from quartier.telephony.models import Callback

pytestmark = pytest.mark.django_db
NUMBER = "+3220001428"


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


@pytest.fixture
def called_back(line, lotte):
    """Lotte calls back whoever was missed; gives the call and the entry of the list."""

    def call_back(*, is_reached=True):
        missed = line.calls(NUMBER, waited=timedelta(0))
        line.ends(missed, outcome="abandoned", ring_back=True)
        entry = Callback.objects.get(call_id=missed)
        clock.advance(timedelta(minutes=5))
        line.on(lotte, "fr")
        actions.call_back(actor=of_account(lotte), callback_id=entry.pk)
        line.takes()
        call = line.calls(NUMBER, waited=timedelta(0))
        if is_reached:
            line.talks(call, lotte)
        else:
            line.talks(call, lotte, "calling")
        line.ends(call, lotte, "answered" if is_reached else "unreached")
        return call, entry

    return call_back


@pytest.fixture
def keeps(signed_in, lotte):
    def send(call, **fields):
        data = {f"after-{name}": value for name, value in fields.items()}
        answer = signed_in(lotte).post(reverse("line_note", args=[call]), {**data, "ready": "yes"})
        assert answer.status_code == 302, answer.content.decode()

    return send


def page(signed_in, account, call):
    return signed_in(account).get(reverse("line_call", args=[call])).content.decode()


def test_whoever_was_reached_is_off_the_list_with_the_note(signed_in, called_back, keeps, lotte):
    call, entry = called_back()
    assert "Reached: off the list to call back" in page(signed_in, lotte, call)
    keeps(call, came="nothing", reached="on")
    entry.refresh_from_db()
    assert (entry.state, entry.ended_at) == ("done", clock.now())
    assert "Reached: off the list" not in page(signed_in, lotte, call)


def test_what_was_typed_settles_nothing_before_it_is_kept(signed_in, called_back, lotte):
    call, entry = called_back()
    data = {"after-came": "nothing", "after-reached": "on"}
    typing = {"X-Requested-With": "fetch"}
    assert signed_in(lotte).post(reverse("line_note", args=[call]), data, headers=typing).status_code == 200
    entry.refresh_from_db()
    assert entry.state == "claimed"


def test_whoever_spoke_with_somebody_else_leaves_it_on_the_list(called_back, keeps):
    call, entry = called_back()
    keeps(call, came="nothing")
    entry.refresh_from_db()
    assert entry.state == "claimed"


def test_another_time_that_is_promised_is_the_next_call(called_back, keeps):
    call, entry = called_back()
    keeps(call, came="callback", at="15.30", reached="on")
    entry.refresh_from_db()
    assert (entry.state, entry.ended_at, entry.why) == ("waiting", None, "promised")


def test_a_call_that_nobody_answered_is_not_said_to_be_done(signed_in, called_back, keeps, lotte):
    call, entry = called_back(is_reached=False)
    assert "Reached: off the list" not in page(signed_in, lotte, call)
    keeps(call, came="nothing", reached="on")
    entry.refresh_from_db()
    assert entry.ended_at is None
