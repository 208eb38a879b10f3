"""Texts by a GSM stick, with the real gammu-smsd and its dummy modem."""

import os
import re
import shutil
import time
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import translation

from quartier.conversation import actions as conversation
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.matching import actions as matching
from quartier.messaging import delivery, jobs
from quartier.messaging.models import Message, Received, Report
from quartier.messaging.providers import Post
from quartier.messaging.providers.base import NotSent
from quartier.messaging.providers.gammu import backup, inbox, spool
from quartier.visits.models import Assignment
from tests.smsd import Smsd

pytestmark = [pytest.mark.django_db, pytest.mark.servers]
NADIA = "+32470123456"
WORDS = "Été, 14 h : une voisine vient à 15 h 😀. Dites « oui » ou « non ». " * 3


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def smsd(tmp_path, settings, monkeypatch):
    """Ready, and not running yet."""
    if shutil.which("gammu-smsd") is None:
        if os.environ.get("CI"):
            pytest.fail("no gammu-smsd")
        pytest.skip("no gammu-smsd")
    monkeypatch.setattr(inbox, "SETTLED_S", 0.2)
    monkeypatch.setattr(jobs, "LOOK_S", 0)
    monkeypatch.setattr(jobs, "_look_again", 0)
    found = Smsd(tmp_path / "stick")
    settings.TEXTS = [f"gammu:{found.file}?cents=7.5#stick"]
    yield found
    found.stop()


@pytest.fixture
def text(organisation, youssef):
    def make(key, body=WORDS, **columns):
        now = clock.now()
        return Message.objects.create(
            **{
                "organisation": organisation, "person": youssef.person, "key": key, "template": "offer",
                "channel": "text", "language": "fr", "to": NADIA, "body": body, "not_before": now,
                "created_at": now, **columns,
            }
        )  # fmt: skip

    return make


def state(message):
    return Message.objects.get(pk=message.pk)


def look_until(count, what=Received):
    """Look as the worker does, until so much is there; once more, and nothing is there twice."""
    end = time.monotonic() + 30
    while what.objects.count() < count and time.monotonic() < end:
        jobs.look()
        time.sleep(0.2)
    jobs.look()
    assert what.objects.count() == count
    return list(what.objects.order_by("came_at"))


def words_in(path):
    """What smsd has put on the air: a file that it keeps for what it sent; its own copies beside are not counted."""
    return "".join(part.text for part in backup.read(path.read_bytes()))


def test_a_text_with_accents_goes_out_and_an_answer_comes_in(smsd, text):
    smsd.start()
    message = text("a")
    assert delivery.deliver()
    assert (state(message).state, state(message).provider) == ("sent", "stick")
    (path,) = smsd.comes("sent")
    assert words_in(path) == WORDS
    assert NADIA not in path.name
    assert smsd.names("outbox") == []
    assert state(message).cost == Post().by_name("stick").cost(message) > 0
    long = "D'accord, j'y serai à quinze heures précises, avec les œufs, le pain et l'été 😀. " * 3
    smsd.arrives("+32470999888", "Oui, ça va : 15 h, 20 € 😀")
    smsd.arrives("+32470999887", long)
    rows = look_until(2)
    assert {row.body for row in rows} == {"Oui, ça va : 15 h, 20 € 😀", long}
    assert {row.sender for row in rows} == {"+32470999888", "+32470999887"}
    assert all(row.channel == "text" and row.written_at <= clock.now() for row in rows)
    assert smsd.names("inbox") == []
    assert len(smsd.names("inbox/done")) == 2


def test_a_volunteer_says_yes_by_text(smsd, tuesday, organisation, youssef, asked):
    """From the offer on a stick to "OUI 42" on the same stick, and the address that comes back."""
    person = youssef.person
    person.phone, person.phone_index, person.channel = NADIA, blind("phone", organisation.pk, NADIA), "text"
    person.save()
    smsd.start()
    (offer,) = matching.send_wave(request_id=asked("groceries").requests[0].pk)
    while delivery.deliver():
        pass
    (path,) = smsd.comes("sent")
    code = re.search(r"OUI (\d+)", words_in(path))
    assert code is not None
    smsd.arrives(NADIA, f"oui, d'accord {code[1]} !")
    look_until(1)
    while conversation.take_next():
        pass
    visit = Assignment.objects.get()
    assert (visit.offer_id, visit.volunteer) == (offer.pk, youssef)
    while delivery.deliver():
        pass
    answers = [words_in(path) for path in smsd.comes("sent", 2)]
    assert any(visit.code_word in words for words in answers)


def test_smsd_is_restarted_in_the_middle(smsd, text):
    messages = [text("a"), text("b", body="Un")]
    delivery.deliver()
    assert len(smsd.names("outbox")) == 2
    smsd.start()
    smsd.comes("sent")
    smsd.kill()
    messages += [text("c", body="Deux"), text("d", body="Trois")]
    delivery.deliver()
    smsd.arrives("+32470999888", "Oui")
    smsd.start()
    sent = smsd.comes("sent", 4)
    assert {state(message).state for message in messages} == {"sent"}
    assert sorted(words_in(path) for path in sent) == sorted([WORDS, "Un", "Deux", "Trois"])
    assert look_until(1)[0].body == "Oui"


@pytest.mark.parametrize("runs", [True, False])
def test_a_worker_killed_between_writing_and_recording_sends_once(smsd, text, monkeypatch, runs):
    message = text("a")

    def die(**_what):
        if runs:
            smsd.start()
            smsd.comes("sent")
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "record", die)
        with pytest.raises(SystemExit):
            delivery.deliver()
    assert state(message).state == "sending"
    Message.objects.update(claimed_until=Now() - timedelta(seconds=1))
    delivery.deliver()
    assert (state(message).state, state(message).losses) == ("sent", 1)
    if not runs:
        smsd.start()
    smsd.comes("sent")
    time.sleep(2.5)
    assert len(smsd.names("sent")) == 1
    assert smsd.names("outbox") == smsd.names("error") == []
    assert smsd.log().count("New message to send") == 1


@pytest.mark.parametrize(
    ("says", "ends"), [("Delivered", "delivered"), ("Pending", "sent"), ("Failed", "failed")]
)
def test_the_network_says_what_became_of_it(smsd, text, says, ends):
    smsd.start()
    message = text("a", body="À demain ✓")
    delivery.deliver()
    smsd.comes("sent")
    # The dummy modem calls every message 255.
    smsd.arrives(NADIA, "", status=says, reference=255)
    smsd.arrives("+32470999888", "", status="Failed", reference=255)
    smsd.comes("inbox", 2)
    if ends == "sent":
        time.sleep(0.5)
        jobs.look()
        assert not Report.objects.exists()
    else:
        look_until(1, Report)
    found = state(message)
    assert found.state == ends or (ends == "failed" and found.state == "due")
    assert not Received.objects.exists()
    assert smsd.names("inbox") == []


def test_what_smsd_cannot_send_is_reported_and_can_be_tried_again(smsd, text):
    message = text("a")
    delivery.deliver()
    (path,) = smsd.comes("outbox")
    path.rename(smsd.home / "error" / path.name)
    jobs.look()
    (report,) = Report.objects.all()
    assert (report.message_id, report.arrived) == (message.pk, False)
    assert smsd.names("error") == []
    assert len(smsd.names("error/done")) == 1
    provider = Post().by_name("stick")
    assert provider.ask(message) is False
    assert provider.send(message) == str(message.pk)
    assert provider.ask(message) is True
    jobs.look()
    assert Report.objects.count() == 1


def test_without_smsd_what_waits_is_taken_back_and_others_are_asked(smsd, text, monkeypatch):
    message = text("a")
    provider = Post().by_name("stick")
    delivery.deliver()
    provider.is_there()
    monkeypatch.setattr(spool, "STUCK_S", 0.3)
    time.sleep(0.5)
    with pytest.raises(NotSent, match="is not sending") as found:
        provider.send(text("b"))
    assert found.value.unreachable
    jobs.look()
    assert smsd.names("outbox") == [".away"]
    assert Report.objects.get().message_id == message.pk
    with pytest.raises(NotSent, match="is not sending"):
        provider.is_there()
    # It comes back: what it was given before it was given up counts.
    monkeypatch.setattr(spool, "AWAY_S", 0.0)
    monkeypatch.setattr(spool, "STUCK_S", 60)
    provider.is_there()
    smsd.start()
    provider.send(message)
    smsd.comes("sent")
    provider.is_there()


def test_check_says_what_is_wrong(smsd):
    provider = Post().by_name("stick")
    provider.is_there()
    good = smsd.file.read_text()
    for change, why in [
        (("service = files", "service = sql"), "service = files"),
        (("inboxformat = detail", "inboxformat = unicode"), "inboxformat = detail"),
        (("/sent/", "/sent"), "with / at the end"),
        (("/sent/", "/outbox/"), "four different"),
        (("/sent/", "/nowhere/"), "does not exist"),
        (("[smsd]", "[other]"), "cannot be read"),
    ]:
        smsd.file.write_text(good.replace(*change))
        with pytest.raises(NotSent, match=why):
            provider.is_there()
    smsd.file.unlink()
    with pytest.raises(NotSent, match="cannot be read"):
        provider.is_there()
