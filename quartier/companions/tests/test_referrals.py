"""Warm referrals: her yes, the listener's proposal, the number by her channel, and what came of it."""

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from quartier.companions import actions
from quartier.companions.actions.referrals import Agreed
from quartier.companions.models import Referral
from quartier.companions.rules import NotPossible
from quartier.companions.tests import scene
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(amina):
    return scene.service(amina)


def sent(template):
    return Message.objects.filter(template=template).count()


def test_a_warm_referral_needs_her_yes(amina, running, service):
    actor = of_account(amina)
    with pytest.raises(NotPossible):
        actions.refer(actor=actor, pairing=running, service_id=service.pk, said=Agreed(agreed=False))
    for _again in range(2):
        referral = actions.refer(
            actor=actor, pairing=running, service_id=service.pk, said=Agreed(agreed=True)
        )
    assert referral.called_by == amina
    actions.note_outcome(actor=actor, pairing=running, referral_id=referral.pk, outcome="taken")
    assert Referral.objects.get().outcome == "taken"
    assert sent("companion_referral") == 0
    assert sent("companion_number") == 0


def test_the_listener_proposes_and_the_supervisor_calls(amina, hadija, running, service):
    client = Client(headers={"accept-language": "fr"})
    client.force_login(hadija.account)
    where = reverse("listen_services", args=[running.pk])
    assert service.name in client.get(where).content.decode()
    client.post(where, {"do": "propose", "service": service.pk})
    assert not Referral.objects.exists()
    for _again in range(2):
        client.post(where, {"do": "propose", "service": service.pk, "agreed": "yes"})
    made = Referral.objects.get()
    assert (made.proposed_by, made.called_at) == (hadija.account, None)
    assert sent("companion_referral") == 1
    supervisor = Client(headers={"accept-language": "fr"})
    supervisor.force_login(amina)
    page = reverse("companion", args=[running.pk])
    assert "proposed by Hadija" in supervisor.get(page).content.decode()
    supervisor.post(page, {"do": "called", "referral": made.pk})
    made.refresh_from_db()
    assert made.called_by == amina


def test_the_listener_has_called_with_her(hadija, running, service):
    said = Agreed(agreed=True, together=True)
    made = actions.refer(actor=of_account(hadija.account), pairing=running, service_id=service.pk, said=said)
    assert (made.called_by, made.together) == (hadija.account, True)
    assert sent("companion_referral") == 1


def test_the_number_goes_by_her_channel_once_and_never_to_a_phone_that_others_use(hadija, running, service):
    actor, her = of_account(hadija.account), running.wish.person
    said = Agreed(agreed=True, wants_number=True)
    # She is only called: the listener says it to her.
    Person.objects.filter(pk=her.pk).update(channel="call")
    made = actions.refer(actor=actor, pairing=running, service_id=service.pk, said=said)
    assert made.number_sent_at is None
    person = Person.objects.get(pk=her.pk)
    person.channel, person.phone, person.phone_index = "text", "+32470009137", "x" * 43
    person.phone_is_shared = True
    person.save()
    assert (
        actions.refer(actor=actor, pairing=running, service_id=service.pk, said=said).number_sent_at is None
    )
    Person.objects.filter(pk=her.pk).update(phone_is_shared=False)
    for _again in range(2):
        made = actions.refer(actor=actor, pairing=running, service_id=service.pk, said=said)
    assert made.number_sent_at
    message = Message.objects.get(template="companion_number")
    assert message.person_id == her.pk


def test_nobody_else_refers_and_nothing_to_a_service_withdrawn(amina, listener, running, service):
    paul = listener("Paul")
    said = Agreed(agreed=True)
    with pytest.raises(Http404):
        actions.refer(actor=of_account(paul.account), pairing=running, service_id=service.pk, said=said)
    actions.give_service(actor=of_account(amina), service=service, wish=False)
    with pytest.raises(NotPossible):
        actions.refer(actor=of_account(amina), pairing=running, service_id=service.pk, said=said)
