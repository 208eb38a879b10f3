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
def opened(asked, youssef, tuesday):
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


def test_who_cannot_call_within_the_hour_does_not_seem_to_call_after_it(call, actor):
    """ "Cannot call you before 3 pm" would be a call at four."""
    with clock.stopped_at(call.comes_from + timedelta(minutes=10)):
        actions.could_not(actor=actor, assignment=call, failure=Assignment.Failure.CANNOT_GO)
    first = Message.objects.get(template="caller_cannot").body.split(".")[0]
    assert "vous appeler aujourd’hui" in first
    assert "avant" not in first


def test_late_in_the_evening_nobody_says_that_another_one_is_looked_for_already(
    asked, youssef, actor, tuesday
):
    start = tuesday + timedelta(hours=27)  # at two tomorrow afternoon
    request = asked("groceries", window_from=start, window_until=start + timedelta(hours=2)).requests[0]
    (offer,) = matching.send_wave(request_id=request.pk)
    visit = actions.accept_offer(actor=actor, offer=offer).assignment
    with clock.stopped_at(tuesday + timedelta(hours=9, minutes=45)):
        actions.could_not(actor=actor, assignment=visit, failure=Assignment.Failure.CANNOT_GO)
        request.refresh_from_db()
        assert matching.send_wave(request_id=request.pk) == []
    letter = Message.objects.get(template="looking_again")
    assert "déjà" not in letter.body
    assert "dès demain à 8\u00a0h" in letter.body
    assert "demain" in letter.subject


def test_whoever_has_not_said_how_it_went_is_asked_about_a_call(call):
    Message.objects.update(state=Message.State.SENT, sent_at=clock.now())
    later = call.comes_until + timedelta(hours=1)
    with clock.stopped_at(later):
        assert actions.remind_late(later) == 1
    assert "Vous deviez appeler quelqu’un" in Message.objects.get(template="call_reminder").body


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Youssef nous dit que vous vous êtes parlé au téléphone."),
        ("nl", "Youssef laat weten dat het telefoontje gelukt is."),
        ("de", "Youssef sagt uns, dass Sie miteinander telefoniert haben."),
        ("en", "Youssef says that you have spoken on the phone."),
    ],
)
def test_of_a_call_that_was_made_nobody_says_that_it_is_done(call, actor, language, words):
    person = call.request.case.person
    person.language = language
    person.save()
    actions.done(actor=actor, assignment=call)
    letter = Message.objects.get(template="helped")
    assert words in letter.body
    assert "Youssef" in letter.subject


def test_whoever_asked_for_somebody_else_hears_of_that_ones_call(call, actor):
    case = call.request.case
    case.asked_by = type(case.person).objects.create(
        organisation=case.organisation,
        name="Anne Peeters",
        phone="+3240000099",
        language="fr",
        channel="text",
        created_at=clock.now(),
    )
    case.tell_asker = True
    case.save()
    actions.done(actor=actor, assignment=call)
    assert (
        "Youssef nous dit avoir parlé avec Marie au téléphone." in Message.objects.get(template="helped").body
    )
