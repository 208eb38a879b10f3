"""After an update a number is known to be somebody's where they have signed in by a text to it; every other is not."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.messaging import resending, sign_in_letters
from quartier.messaging.models import Message
from quartier.people.codes import new_code, use_code
from quartier.people.models import Person, SignInCode
from quartier.team.access import of_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
MOBILE = "+32470123456"


@pytest.fixture
def person(thomas):
    found = Person.objects.get(account=thomas)
    found.phone, found.channel = MOBILE, "text"
    found.phone_index = blind("phone", found.organisation_id, MOBILE)
    found.save()
    return found


def signs_in(person, typed=None):
    """A code is sent, and typed a little later."""
    made = new_code(person=person)
    letter = sign_in_letters.send_sign_in_code(person=person, code=made)
    Message.objects.filter(pk=letter.pk).update(state="delivered")
    clock.advance(timedelta(seconds=40))
    code = "".join(each for each in letter.body if each.isdigit())[:6]
    use_code(person=person, code=typed or code, asked_here=[made.id])
    return letter


def is_proven(person):
    import_module("quartier.messaging.migrations.0013_phones_proven_by_codes").prove(apps, None)
    return Person.objects.get(pk=person.pk).is_phone_proven


def test_a_sign_in_by_text_has_proven_it(person):
    signs_in(person)
    assert SignInCode.objects.get().used_at
    assert is_proven(person)


def test_nobody_has_signed_in(person):
    signs_in(person, typed="x")
    assert not is_proven(person)
    # A new code is no sign-in either.
    sign_in_letters.send_sign_in_code(person=person, code=new_code(person=person))
    assert not is_proven(person)


@pytest.mark.parametrize("other", [{"channel": "email"}, {"tried_by": "email"}, {"state": "failed"}])
def test_the_code_came_elsewhere(person, other):
    signs_in(person)
    Message.objects.update(**other)
    assert not is_proven(person)


def test_it_was_sent_again_by_hand_and_nobody_knows_where_it_went_before(person, thomas):
    letter = signs_in(person)
    Message.objects.filter(pk=letter.pk).update(state="failed")
    resending.send_again(actor=of_account(thomas), message_id=letter.pk)
    Message.objects.filter(pk=letter.pk).update(state="delivered", tried_by="")
    assert not is_proven(person)


def test_the_number_is_another_one_now(person):
    signs_in(person)
    person.phone = "+32470123457"
    person.phone_index = blind("phone", person.organisation_id, person.phone)
    person.save()
    assert not is_proven(person)
