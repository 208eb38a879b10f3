"""What was said to somebody is kept as it was said, or called broken: whoever asks neighbours meanwhile."""

from datetime import timedelta

import pytest

from quartier.cases import actions as cases
from quartier.duty import jobs
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


def live_until(end, minutes=10):
    while clock.now() < end:
        clock.set_time(min(clock.now() + timedelta(minutes=minutes), end))
        while jobs.promises():
            pass


def to(person):
    rows = Message.objects.filter(person=person).order_by("created_at", "pk")
    return list(rows.values_list("template", flat=True))


@pytest.fixture
def call(asked, tuesday):
    """Nobody is left to ask, and one of us calls by this hour."""
    opened = asked("groceries")
    matching.send_wave(request_id=opened.requests[0].pk)
    promise = Promise.objects.get(outcome="")
    assert promise.kind == "call"
    return opened, promise


def test_a_call_stays_the_teams_though_neighbours_are_asked_again(call, volunteer, thomas):
    opened, promise = call
    volunteer("Youssef")
    cases.look_again(actor=of_account(thomas), request=opened.requests[0], from_start=True)
    matching.send_wave(request_id=opened.requests[0].pk)
    live_until(promise.due_at + timedelta(minutes=10))
    promise.refresh_from_db()
    assert promise.outcome == "broken"
    assert to(opened.case.person) == ["received", "nobody_yet", "late_call"]
    assert to(thomas.person) == ["team_waiting", "team_soon", "team_broken"]
