"""An offer is read to somebody who can only be called, and a key answers it: the whole way, without a phone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartier.conversation import actions
from quartier.intake import reading
from quartier.lib import clock
from quartier.matching.models import Offer
from quartier.messaging import aloud, delivery
from quartier.messaging.models import Message, Received, Report
from quartier.telephony import actions as telephony
from quartier.telephony.models import Callback, Reading
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db
LANDLINE = "+3225123456"


@pytest.fixture
def called(street, on_phone, organisation):
    """Youssef, who can only be called, is offered a visit; gives the reading."""
    street.youssef.person = on_phone(street.youssef.person, LANDLINE, channel="call")
    aloud.switch(organisation, on=True)
    request = street.offer()
    while delivery.deliver():
        pass
    assert reading.hand_over()
    row = Reading.objects.get()
    row.request = request
    return row


def presses(row, answer="yes", *, heard=True):
    """The line calls him; gives the row as it is then."""
    (mine,) = telephony.take_readings(clock.now())
    telephony.reading_ended(
        organisation=mine.organisation, call_id=mine.call, heard=heard, answer=answer, at=clock.now()
    )


def settle():
    while reading.bring_back():
        pass
    while actions.take_next():
        pass


def offer(street, row):
    return Offer.objects.get(request=row.request, volunteer=street.youssef)


def test_it_waits_to_be_read_in_his_language(called, street):
    assert (called.number, called.language, called.asks) == (LANDLINE, "fr", True)
    assert "Courses" in called.text
    assert "http" not in called.text
    assert called.not_after == offer(street, called).expires_at
    assert not reading.hand_over()


def test_one_is_yes_and_what_comes_of_it_is_read_too(called, street):
    presses(called)
    settle()
    assert Assignment.objects.get().volunteer_id == street.youssef.pk
    assert Message.objects.get(pk=called.message).state == "delivered"
    received = Received.objects.get()
    assert (received.channel, received.meaning) == ("voice", "yes")
    assert received.body.startswith("OUI ")
    while delivery.deliver():
        pass
    reading.hand_over()
    (then,) = Reading.objects.filter(state="waiting")
    assert not then.asks
    assert Assignment.objects.get().code_word in then.text


def test_two_is_no(called, street):
    presses(called, "no")
    settle()
    assert offer(street, called).state == Offer.State.DECLINED
    assert not Assignment.objects.exists()
    # He has heard on the line that it is noted.
    assert not Message.objects.filter(channel="voice").exclude(pk=called.message).exists()


def test_heard_without_a_key_is_delivered_and_no_answer(called, street):
    presses(called, "")
    settle()
    assert Message.objects.get(pk=called.message).state == "delivered"
    assert not Received.objects.exists()
    assert offer(street, called).state == Offer.State.SENT


def test_nobody_hears_it_and_a_human_has_it_on_one_list(called):
    for _ in range(3):
        Reading.objects.update(due_at=clock.now())
        presses(called, "", heard=False)
    text = Callback.objects.get().note
    settle()
    assert "Courses" in text
    message = Message.objects.get(pk=called.message)
    assert message.state == "failed"
    assert message.settled_at is not None


def test_what_it_cost_is_written_down(called):
    Reading.objects.update(cents=12.5)
    presses(called)
    settle()
    assert str(Message.objects.get(pk=called.message).cost) == "0.1250"


def test_without_a_line_it_is_seen_at_once(street, on_phone, organisation, monkeypatch):
    street.youssef.person = on_phone(street.youssef.person, LANDLINE, channel="call")
    aloud.switch(organisation, on=True)
    street.offer()
    monkeypatch.setattr("quartier.telephony.queries.can_read", lambda: False)
    while delivery.deliver():
        pass
    reading.hand_over()
    message = Message.objects.get(channel="voice")
    assert (message.state, message.error, message.settled_at) == ("failed", reading.NO_LINE, None)
    assert not reading.hand_over()


@pytest.mark.parametrize("dies", ["hand_over", "reported", "received", "told"])
def test_killed_anywhere_nothing_is_read_twice_or_forgotten(called, street, monkeypatch, dies):
    """What was done is done again from the rows as they stand: a transaction that was cut off, or a step said twice."""
    reading.hand_over()
    presses(called)

    class Killed(BaseException):
        pass

    def kill(*_args, **_words):
        raise Killed

    where = {
        "hand_over": "quartier.intake.reading.telephony.read_aloud",
        "reported": "quartier.intake.reading.reports.reported",
        "received": "quartier.intake.reading.incoming.received",
        "told": "quartier.intake.reading.telephony.told",
    }
    with monkeypatch.context() as patched:
        patched.setattr(where[dies], kill)
        try:
            reading.hand_over()
            reading.bring_back()
        except Killed:
            pass
    settle()
    settle()
    assert Reading.objects.filter(message=called.message).count() == 1
    assert Report.objects.count() == Received.objects.count() == 1
    assert Assignment.objects.count() == 1


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_no_words_break_the_ear(text):
    said = aloud.words(text)
    assert "http://" not in said
    assert "https://" not in said
