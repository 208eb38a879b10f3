"""STOP holds at once, on every channel, until START."""

from datetime import timedelta

import pytest

from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import MARIE, NADIA, STRANGER, YOUSSEF
from quartier.lib import clock
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message, Stop
from quartier.people.models import Volunteer

pytestmark = pytest.mark.django_db


def state(one):
    return Volunteer.objects.get(pk=one.pk).state


@pytest.mark.parametrize("word", ["STOP", "arrêt", "Uitschrijven", "abmelden"])
def test_stop(street, text, post, organisation, word):
    street.offer()
    waiting = Message.objects.get(person=street.youssef.person, template="offer")
    row = text(YOUSSEF, word)
    assert (row.meaning, row.answer.template) == ("stop", "stopped")
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    assert state(street.youssef) == "paused"
    assert post(YOUSSEF) == [row.answer.body]
    # Nor by mail, nor in the next wave.
    street.offer(name="Jeanne")
    assert (
        messaging.write(
            organisation=organisation, letter=Letter(street.youssef.person, "welcome", "w", {"link": ""})
        )
        is None
    )
    assert len(post(YOUSSEF)) == 1
    assert text(YOUSSEF, word).answer is None
    assert state(street.nadia) == "active"


def test_start_undoes_it(street, text, post, organisation):
    text(YOUSSEF, "stop")
    row = text(YOUSSEF, "START")
    assert (row.meaning, row.answer.template) == ("start", "started")
    assert state(street.youssef) == "active"
    assert not Stop.objects.exists()
    street.offer()
    assert "OUI" in post(YOUSSEF)[-1]


def test_a_break_of_their_own_goes_on_after_start(street, text, organisation):
    from quartier.people import actions as people
    from quartier.team.access import system

    people.pause(actor=system(organisation), volunteer=street.youssef, until=None)
    text(YOUSSEF, "stop")
    text(YOUSSEF, "start")
    assert state(street.youssef) == "paused"


def test_start_without_stop_is_words(street, text):
    assert text(YOUSSEF, "start").meaning == "words"


def test_stop_by_mail_holds_for_texts(street, text, post):
    text("youssef@example.org", "Stop", channel="email")
    street.offer()
    assert post(YOUSSEF) == []


def test_a_stop_on_a_new_number_keeps_nothing_from_the_old_owner(street, text, post, on_phone):
    """The number went to somebody else: their STOP is for the number that they have."""
    on_phone(street.youssef.person, STRANGER)
    text(YOUSSEF, "stop")
    street.offer()
    assert len(post(STRANGER)) == 1


def test_a_stranger_may_stop_too(tuesday, organisation, text, post):
    row = text(STRANGER, "STOP")
    assert row.meaning == "stop"
    assert len(post(STRANGER)) == 1
    assert text(STRANGER, "bonjour").answer.template == "still_stopped"


def test_safety_goes_on(street, text, post, organisation):
    """What was promised stays promised: who is on the way hears that they need not go; a code to sign in comes."""
    from quartier.team.access import system
    from quartier.visits import actions as visits

    request = street.offer()
    post()
    text(YOUSSEF, f"oui {street.number(request)}")
    post()
    text(YOUSSEF, "stop")
    before = len(post(YOUSSEF))
    visits.end_request(actor=system(organisation), request=request, closure="withdrawn")
    assert messaging.send_sign_in_code(person=street.youssef.person) is not None
    assert len(post(YOUSSEF)) == before + 2


def test_words_of_who_has_stopped_are_read(street, text, post, on_phone):
    request = street.offer()
    on_phone(request.case.person, MARIE)
    text(MARIE, "stop")
    row = text(MARIE, "Finalement j'ai besoin d'aide")
    assert (row.meaning, row.answer.template) == ("words", "still_stopped")
    assert ToRead.objects.get().case_id == request.case_id
    assert text(MARIE, "Vous êtes là ?").answer is None
    post()
    clock.advance(timedelta(days=1, minutes=1))
    assert text(MARIE, "Allô").answer.template == "still_stopped"


def test_a_yes_of_who_has_stopped_does_nothing_silently(street, text, post):
    request = street.offer()
    post()
    number = street.number(request)
    text(YOUSSEF, "stop")
    row = text(YOUSSEF, f"oui {number}")
    assert (row.meaning, row.answer.template) == ("words", "still_stopped")
    assert ToRead.objects.exists()


def test_what_is_being_sent_is_not_sent_again(street, text):
    street.offer()
    message = Message.objects.get(person=street.youssef.person, template="offer")
    Message.objects.filter(pk=message.pk).update(state="sending")
    text(YOUSSEF, "stop")
    message.refresh_from_db()
    assert message.not_after <= clock.now()


def test_stop_is_for_this_organisation(street, text, post, elsewhere):
    text(YOUSSEF, "stop", org=elsewhere)
    street.offer()
    assert len([body for body in post(YOUSSEF) if "OUI" in body]) == 1
    assert len(post(NADIA)) == 1
