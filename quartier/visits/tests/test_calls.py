"""A neighbour who calls instead of coming: nobody reads that somebody is on the way to them."""

from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.team.access import of_account
from quartier.visits import actions
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(asked, youssef):
    return asked("talk")


@pytest.fixture
def actor(youssef):
    return of_account(youssef.person.account)


@pytest.fixture
def call(opened, actor):
    """The visit of whoever has promised to call."""
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    return actions.accept_offer(actor=actor, offer=offer).assignment


def test_whoever_calls_is_not_on_the_way_to_anybody(call, actor):
    assert "Adresse" not in Message.objects.get(template="call_accepted").body
    actions.on_my_way(actor=actor, assignment=call)
    call.refresh_from_db()
    assert (call.state, call.on_way_at) == (Assignment.State.ACCEPTED, None)
    assert not Message.objects.filter(template__in=["on_way", "accepted"]).exists()


def test_a_call_that_is_over_is_not_announced_any_more(call):
    letters = Message.objects.filter(template__in=["call_accepted", "someone_calls"])
    assert {letter.not_after for letter in letters} == {call.comes_until}
    assert len(letters) == 2


def test_whoever_cannot_call_after_all_was_not_going_to_come(call, actor):
    actions.could_not(actor=actor, assignment=call, failure=Assignment.Failure.CANNOT_GO)
    letter = Message.objects.get(template="caller_cannot")
    assert "ne peut finalement pas vous appeler" in letter.body
    assert not Message.objects.filter(template="looking_again").exists()


def test_whoever_has_not_said_how_it_went_is_asked_about_a_call(call):
    later = call.comes_until + timedelta(hours=1)
    with clock.stopped_at(later):
        assert actions.remind_late(later) == 1
    assert "Vous deviez appeler quelqu’un" in Message.objects.get(template="call_reminder").body
