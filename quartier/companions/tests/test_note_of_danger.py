"""Words of danger in a listener's note alert the team, and stay in the notebook."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from quartier.alerts.models import Alert
from quartier.companions import access
from quartier.companions.tests import scene
from quartier.messaging.models import Message
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db
WORDS = "Elle m'a dit qu'elle veut mourir ce soir"


def opened(account):
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


def write(client, name, row, words):
    with translation.override("en"):
        where = reverse(name, args=[row.pk])
    return client.post(where, {"do": "note", "words": words}, follow=True).content.decode()


def test_the_team_is_alerted_and_reads_nothing_of_it(hadija, running):
    client = opened(hadija.account)
    assert "words of danger" not in write(client, "listen_pairing", running, "Elle va bien")
    assert not Alert.objects.exists()
    seen = write(client, "listen_pairing", running, WORDS)
    assert "There are words of danger in your note" in seen
    assert 'href="tel:112"' in seen
    assert "If someone is in danger, call:" in seen
    alert = Alert.objects.get()
    assert (alert.kind, alert.person) == ("worry", running.wish.person)
    # Said again it is the same one.
    write(client, "listen_pairing", running, f"{WORDS}.")
    assert Alert.objects.count() == 1
    assert not [each for each in Message.objects.all() if "mourir" in each.body]
    notes = access.notebook(of_account(hadija.account), running).notes
    assert WORDS in [note.words for note in notes]


def test_so_is_it_for_whoever_stands_in(amina, hadija, running, listener):
    paul = listener("Paul")
    row = scene.instead(amina, running, paul)
    assert "There are words of danger in your note" in write(
        opened(paul.account), "listen_instead", row, WORDS
    )
    assert Alert.objects.get().kind == "worry"
