"""STOP holds at once, on every channel, until START."""

from datetime import timedelta

import pytest

from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import MARIE, NADIA, STRANGER, YOUSSEF
from quartier.lib import clock
from quartier.messaging import actions as messaging
from quartier.messaging import sign_in_letters, stops
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message, Stop
from quartier.people.codes import new_code
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
    code = new_code(person=street.youssef.person)
    assert sign_in_letters.send_sign_in_code(person=street.youssef.person, code=code) is not None
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


def test_stop_with_other_words_is_read_and_says_how_to_end_all_messages(street, text, post):
    """However lately we have answered them that somebody reads it."""
    assert text(YOUSSEF, "ik weet het nog niet zo goed").answer.template == "heard"
    row = text(YOUSSEF, "STOP boodschappen")
    assert (row.meaning, row.answer.template) == ("words", "stop_alone")
    assert "STOP" in row.answer.body
    assert ToRead.objects.filter(received=row).exists()
    assert state(street.youssef) == "active"


@pytest.fixture
def file(organisation, tuesday):
    """A file as a form makes it: `file("Mallory", phone=STRANGER, email="marie@example.org")`."""
    from quartier.people import actions
    from quartier.people.actions import Who

    def make(name, **ways):
        return actions.record_person(organisation=organisation, who=Who(name, **ways, channel="email"))

    return make


def test_an_address_that_stands_in_another_file_too_is_not_stopped_by_a_text(file, text, organisation):
    """Anybody can write the victim's address beside their own number, and text STOP."""
    marie = file("Marie Peeters", phone=MARIE, email="marie@example.org")
    stranger = file("Mallory", phone=STRANGER, email="marie@example.org")
    namesake = file("Marie Peeters", phone=STRANGER, email="marie@example.org")
    row = text(STRANGER, "STOP")
    assert row.meaning == "stop"
    assert stops.among(organisation, [marie, stranger, namesake]) == {stranger.pk, namesake.pk}
    assert not stops.is_stopped(organisation, marie.email_index, [])
    # And what she has stopped herself nobody begins again for her.
    text("marie@example.org", "stop", channel="email")
    text(STRANGER, "START")
    assert stops.is_stopped(organisation, marie.email_index, [])


def test_a_number_that_stands_in_another_file_too_is_not_stopped_by_mail(file, text, organisation):
    marie = file("Marie Peeters", phone=MARIE)
    file("Mallory", phone=MARIE, email="mallory@example.org")
    text("mallory@example.org", "STOP", channel="email")
    assert stops.among(organisation, [marie]) == set()


def test_who_has_stopped_nothing_is_answered_past_a_file_that_is_stopped(file, text, organisation):
    marie = file("Marie Peeters", phone=MARIE)
    clock.advance(timedelta(seconds=1))
    stranger = file("Mallory", phone=MARIE, email="mallory@example.org")
    text("mallory@example.org", "STOP", channel="email")
    assert stops.among(organisation, [marie, stranger]) == {stranger.pk}
    assert text(MARIE, "La sonnette ne marche pas").answer.template == "heard"


def test_all_files_of_whoever_writes_are_stopped(file, text, organisation):
    ways = {"phone": MARIE, "email": "marie@example.org"}
    first, short, bare = file("Marie Peeters", **ways), file("Marie", **ways), file("M. Peeters", phone=MARIE)
    text(MARIE, "STOP")
    assert stops.among(organisation, [first, short, bare]) == {first.pk, short.pk, bare.pk}
    # By the address too: it is theirs alone.
    assert stops.is_stopped(organisation, first.email_index, [])


def test_the_number_it_came_from_is_stopped_for_whoever_has_it(file, text, organisation):
    """Also where somebody else has written it into a form."""
    marie = file("Marie Peeters", phone=MARIE)
    file("Mallory", phone=STRANGER, email="m@example.org")
    stranger = file("Mallory", phone=MARIE, email="m@example.org")
    text(MARIE, "STOP")
    assert stops.among(organisation, [marie, stranger]) == {marie.pk, stranger.pk}


def test_two_volunteers_at_one_number_stop_and_are_both_back_after_start(
    street, text, organisation, on_phone
):
    street.nadia.person = on_phone(street.nadia.person, YOUSSEF)
    text(YOUSSEF, "STOP")
    assert (state(street.youssef), state(street.nadia)) == ("paused", "paused")
    assert len(stops.among(organisation, [street.youssef.person, street.nadia.person])) == 2
    text(YOUSSEF, "START")
    assert (state(street.youssef), state(street.nadia)) == ("active", "active")
    assert not Stop.objects.exists()


def test_two_volunteers_of_one_mailbox_without_numbers(street, text, organisation):
    """They are stopped by the address alone, which stands in both files."""
    from quartier.messaging.providers.email import leaving
    from quartier.people.actions import Who, indexes

    for one in (street.youssef, street.nadia):
        person = one.person
        person.phone, person.email = "", "both@example.org"
        for column, value in indexes(organisation, Who(person.name, email=person.email)).items():
            setattr(person, column, value)
        person.save()
    message = messaging.write(
        organisation=organisation, letter=Letter(street.youssef.person, "welcome", "w", {"link": ""})
    )
    assert message.to == "both@example.org"
    leaving.complained(message=message)
    text("both@example.org", "START", channel="email")
    assert state(street.nadia) == "active" or state(street.youssef) == "active"
    assert not Stop.objects.exists()
