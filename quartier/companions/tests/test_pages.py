"""The pages of the programme ask the database as often for many as for one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quartier.companions import actions
from quartier.companions.actions.referrals import Agreed
from quartier.companions.tests import scene
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def asks():
    """How many statements a page takes: `asks(account, name, *args)`; what is asked once for all is asked before."""

    def count(account, name, *args):
        client = Client(headers={"accept-language": "fr"})
        client.force_login(account)
        client.get(reverse(name, args=args))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name, args=args)).status_code == 200
        return len(captured)

    return count


@pytest.fixture
def more(amina, asked, lotte):
    """One more person called by this listener."""

    def make(listener, name):
        wish = scene.wished(lotte, asked("talk", name=name).case)
        return scene.begin(listener, scene.agree(amina, listener, scene.propose(amina, wish, listener)))

    return make


def fill(amina, listener, pairing, other, number):
    """Something of everything that a page lists."""
    service = scene.service(amina, f"Service {number}")
    said = Agreed(agreed=True)
    actions.refer(actor=of_account(listener.account), pairing=pairing, service_id=service.pk, said=said)
    actions.write_note(actor=of_account(listener.account), pairing=pairing, words=f"Note {number}")
    return scene.instead(amina, pairing, other)


def test_as_often_for_many_as_for_one(asks, amina, listener, more, wish, account):
    hadija, paul = listener(capacity=12), listener("Paul", capacity=12)
    first = scene.begin(hadija, scene.agree(amina, hadija, scene.propose(amina, wish, hadija)))
    row = fill(amina, hadija, first, paul, 1)
    pages = [
        (amina, "companions", []),
        (amina, "companion", [first.pk]),
        (amina, "companion_wish", [wish.pk]),
        (amina, "companion_listener", [hadija.pk]),
        (amina, "companion_services", []),
        (hadija.account, "listen", []),
        (hadija.account, "listen_pairing", [first.pk]),
        (hadija.account, "listen_services", [first.pk]),
        (paul.account, "listen", []),
        (paul.account, "listen_instead", [row.pk]),
    ]
    before = {(who.name, name): asks(who, name, *args) for who, name, args in pages}
    for number in range(2, 5):
        fill(amina, hadija, more(hadija, f"Personne {number}"), paul, number)
        listener(f"Écoutant {number}")
    for number in range(5, 8):
        service = scene.service(amina, f"Service {number}")
        said = Agreed(agreed=True)
        actions.refer(actor=of_account(amina), pairing=first, service_id=service.pk, said=said)
        actions.write_note(actor=of_account(hadija.account), pairing=first, words=f"Note {number}")
    after = {(who.name, name): asks(who, name, *args) for who, name, args in pages}
    assert after == before
    # What a page may cost at all; who adds a statement says why.
    assert max(before.values()) <= 32, before
