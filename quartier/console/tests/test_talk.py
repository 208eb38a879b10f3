"""What people wrote is read and answered by one of the team; every message about a request stands in one place."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.conversation.actions import take_next
from quartier.conversation.models import ToRead
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.matching import actions as matching
from quartier.messaging import incoming
from quartier.messaging.delivery import deliver
from quartier.messaging.models import Message
from quartier.messaging.providers.heard import Incoming

pytestmark = pytest.mark.django_db
NUMBER = "+32470123456"


@pytest.fixture
def wrote(organisation, tuesday, asked):
    """Marie, who asked for bread, writes by text."""
    opened = asked("groceries")
    person = opened.case.person
    person.phone, person.phone_index, person.channel = NUMBER, blind("phone", organisation.pk, NUMBER), "text"
    person.save()

    def write(words, event="e1"):
        incoming.received(organisation, "one", Incoming(event, "text", NUMBER, words, clock.now()))
        with clock.stopped_at(tuesday + timedelta(minutes=1)):
            while take_next():
                pass
        return opened

    return write


@pytest.fixture
def page(signed_in):
    def read(account, name, *args):
        answer = signed_in(account).get(reverse(name, args=args))
        assert answer.status_code == 200
        return answer.content.decode().replace("\u00a0", " ")

    return read


def said():
    return Message.objects.filter(template="said")


def test_words_wait_until_somebody_has_read_them(wrote, page, signed_in, lotte):
    wrote("Pouvez-vous venir plus tard ?")
    row = ToRead.objects.get()
    assert "1 text or email to read" in page(lotte, "board")
    words = page(lotte, "written")
    assert "Pouvez-vous venir plus tard ?" in words
    assert row.case.reference in words
    signed_in(lotte).post(reverse("written_act", args=[row.pk]), {"do": "read"})
    assert "Everything is read." in page(lotte, "written")
    assert "to read" not in page(lotte, "board")


def test_an_answer_goes_by_the_way_it_came_and_once(wrote, page, signed_in, lotte):
    wrote("Pouvez-vous venir plus tard ?")
    row, once = ToRead.objects.get(), "01890000-0000-7000-8000-000000000001"
    for _twice in range(2):
        signed_in(lotte).post(
            reverse("written_act", args=[row.pk]), {"do": "answer", "words": "Oui, à 16 h.", "once": once}
        )
    message = said().get()
    assert (message.channel, message.to) == ("text", NUMBER)
    assert message.body.endswith("Oui, à 16 h.")
    assert not ToRead.objects.filter(read_at=None).exists()


def test_nothing_said_keeps_the_page(wrote, signed_in, lotte):
    wrote("Pouvez-vous venir plus tard ?")
    row = ToRead.objects.get()
    answer = signed_in(lotte).post(
        reverse("written_act", args=[row.pk]),
        {"do": "answer", "words": "  ", "once": "01890000-0000-7000-8000-000000000001"},
    )
    assert answer.status_code == 422
    assert "Write a few words first." in answer.content.decode()
    # The page goes on by itself, from the address that can be read.
    assert f'hx-get="{reverse("written")}"' in answer.content.decode()


def test_who_wants_silence_is_called(wrote, signed_in, lotte):
    wrote("Pouvez-vous venir plus tard ?")
    row = ToRead.objects.get()
    incoming.received(row.organisation, "one", Incoming("e2", "text", NUMBER, "STOP", clock.now()))
    while take_next():
        pass
    answer = signed_in(lotte).post(
        reverse("written_act", args=[row.pk]),
        {"do": "answer", "words": "Oui, à 16 h.", "once": "01890000-0000-7000-8000-000000000001"},
    )
    assert answer.status_code == 422
    assert "call them" in answer.content.decode()
    assert "Oui, à 16 h." in answer.content.decode()
    assert not said().exists()


def test_every_message_of_a_request_in_one_place(wrote, page, lotte, youssef, tuesday):
    opened = wrote("Merci beaucoup")
    matching.send_wave(request_id=opened.requests[0].pk)
    while deliver():
        pass
    words = page(lotte, "request_messages", opened.requests[0].pk)
    for expected in ("Merci beaucoup", "words for us", "to Youssef", "sent"):
        assert expected in words
    assert "/offer/" not in words
    assert "Merci beaucoup" in page(lotte, "case_messages", opened.case.pk)


def test_nobody_of_elsewhere_reads_or_answers(wrote, signed_in, bram, lotte):
    opened = wrote("Pouvez-vous venir plus tard ?")
    row = ToRead.objects.get()
    browser = signed_in(bram)
    assert browser.post(reverse("written_act", args=[row.pk]), {"do": "read"}).status_code == 404
    assert browser.get(reverse("request_messages", args=[opened.requests[0].pk])).status_code == 404
    assert browser.get(reverse("case_messages", args=[opened.case.pk])).status_code == 404
    assert "Pouvez-vous" not in browser.get(reverse("written")).content.decode()
