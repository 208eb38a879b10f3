"""Days are named as they are when a message goes out, not when it was written."""

from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.messaging import actions, digest, rewording
from quartier.messaging.actions import Letter
from quartier.messaging.delivery import deliver
from quartier.messaging.models import Message
from quartier.messaging.tests.conftest import promise_for
from quartier.messaging.who_waits import WaitingPerson

pytestmark = pytest.mark.django_db(transaction=True)
A_NIGHT = timedelta(hours=14)


def write(person, template, by, key="a", **values):
    promise = promise_for(template, person, by)
    letter = Letter(person, template, key, {"kind": "groceries", **values}, promise=promise)
    return actions.write(organisation=person.organisation, letter=letter)


@pytest.fixture
def marie(youssef):
    """Somebody who is written to by mail."""
    return youssef.person


@pytest.fixture
def evening(tuesday):
    """Tuesday at 20:00 in Brussels; the group's night has not begun."""
    clock.set_time(tuesday + timedelta(hours=9))
    return tuesday + timedelta(hours=9)


def test_tomorrow_is_today_for_what_waited_over_the_night(organisation, marie, evening):
    marie.language = "en"
    marie.save()
    message = write(marie, "waits_news", evening + timedelta(hours=15))
    assert "tomorrow" in message.body
    clock.set_time(evening + A_NIGHT)
    deliver()
    message.refresh_from_db()
    assert message.state in Message.GONE_OUT
    assert "today" in message.body
    assert "tomorrow" not in message.body


def test_what_goes_out_in_time_stays_as_it_was_written(organisation, marie, evening):
    marie.language = "nl"
    marie.save()
    message = write(marie, "waits_news", evening + timedelta(hours=15))
    assert not rewording.make_again(message, clock.now())


def test_an_hour_that_is_past_is_named_by_nobody(organisation, marie, evening):
    marie.language = "fr"
    marie.save()
    message = write(marie, "waits_news", evening + timedelta(hours=13))
    clock.set_time(evening + A_NIGHT)
    deliver()
    message.refresh_from_db()
    assert "dès que possible" in message.body


def test_a_past_hour_is_left_out_where_a_later_message_says_what_is_true(organisation, marie, evening):
    old = write(marie, "waits_news", evening + timedelta(hours=13))
    clock.set_time(evening + A_NIGHT)
    new = write(marie, "late_news", evening + timedelta(hours=20), "b")
    deliver()
    old.refresh_from_db(), new.refresh_from_db()
    assert old.state == Message.State.CANCELLED
    assert new.state in Message.GONE_OUT


def test_a_number_to_answer_by_is_kept(organisation, youssef, evening):
    person = youssef.person
    person.language, person.channel, person.phone = "de", "text", "+32470000001"
    person.save()
    start = evening + timedelta(hours=16)
    letter = Letter(
        person,
        "offer",
        "o",
        {
            "kind": "groceries",
            "place": ("1050", "Ixelles"),
            "metres": 900,
            "window": (start, start + timedelta(hours=2)),
            "page": ("offer_link", "abcdefghijklmnopqrstuv"),
        },
        about=youssef.pk,
    )
    message = actions.write(organisation=organisation, letter=letter)
    before = message.body
    clock.set_time(evening + A_NIGHT)
    assert "morgen" in before
    assert rewording.make_again(message, clock.now())
    assert "heute" in message.body
    assert message.body.split("JA")[1] == before.split("JA")[1]


def test_who_waits_is_named_again_in_a_letter_to_the_team(organisation, youssef, evening):
    person = youssef.person
    person.language = "en"
    person.save()
    one = WaitingPerson(
        "Marie",
        evening,
        "call",
        evening + timedelta(hours=20),
        ("board",),
        "groceries",
        ("1050", "Ixelles"),
        3,
    )
    letter = Letter(person, "duty_end", "e", {"waiting": [one], "unreached": [], "page": ("board",)})
    message = actions.write(organisation=organisation, letter=letter)
    clock.set_time(evening + A_NIGHT)
    message = Message.objects.get(pk=message.pk)
    assert "tomorrow" in message.body
    assert rewording.make_again(message, clock.now())
    assert "tomorrow" not in message.body
    assert "Marie" in message.body
    assert "yesterday" in message.body


def test_what_stands_with_others_in_one_mail_is_said_of_today_too(organisation, youssef, evening):
    person = youssef.person
    person.language = "en"
    person.save()
    start = evening + timedelta(hours=17)
    for key in "ab":
        letter = Letter(
            person,
            "visit_moved",
            key,
            {
                "kind": "groceries",
                "place": ("1050", "Ixelles"),
                "window": (start, start + timedelta(hours=1)),
                "page": ("volunteer_home",),
            },
        )
        message = actions.write(organisation=organisation, letter=letter)
        Message.objects.filter(pk=message.pk).update(state=Message.State.HELD, not_before=clock.now())
    clock.set_time(evening + A_NIGHT)
    digest.gather(clock.now())
    mail = Message.objects.get(template="digest")
    assert "today" in mail.body
    assert "tomorrow" not in mail.body
