"""The line behind a provider's webhooks: what callers and operators do."""

import base64
import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.telephony import actions
from quartier.telephony.models import Audio, Callback
from tests.line import twiml_line
from tests.line.twiml_line import KARIM, LOTTE, MARIE, NUMBER, WITHHELD, YOUSSEF, Line

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
line, said = twiml_line.line, twiml_line.said


def test_greeting_language_queue_and_an_operators_own_phone(line: Line) -> None:
    line.comes_on("Lotte", "nl")
    marie = line.calls()
    marie.hears("welcome")
    marie.press("2")
    lotte = line.carrier.rings(LOTTE)
    marie.hears("wait")
    lotte.answer()
    lotte.hears("accept")
    assert not lotte.room
    lotte.press("1")
    lotte.is_with(marie)
    line.stands("Lotte", "in_call")
    marie.hang_up()
    lotte.ends()
    call = line.ended("answered")
    assert (call.language, call.number, line.rung_back()) == ("nl", MARIE, [])
    line.stands("Lotte", "wrap_up")


def test_a_mailbox_does_not_take_a_call(line: Line) -> None:
    line.comes_on("Lotte")
    line.comes_on("Karim")
    marie = line.calls()
    marie.press("1")
    mailbox = line.carrier.rings(LOTTE)
    mailbox.answer()
    mailbox.hears("accept")
    mailbox.hang_up()
    karim = line.talks("Karim", KARIM, marie)
    line.stands("Lotte", "paused")
    karim.hang_up()
    marie.ends()
    line.ended("answered")


def test_hold_and_back(line: Line) -> None:
    line.comes_on("Lotte")
    marie = line.calls()
    marie.press("1")
    lotte = line.talks("Lotte", LOTTE, marie)
    call = line.live().pk
    line.wish("Lotte", "hold", call=call)
    marie.hears("hold")
    lotte.is_with()
    line.wish("Lotte", "unhold", call=call)
    lotte.is_with(marie)
    line.wish("Lotte", "end", call=call)
    marie.ends()
    lotte.ends()


def test_a_colleague_is_asked_and_takes_over(line: Line) -> None:
    line.comes_on("Lotte")
    line.comes_on("Karim", "de")
    marie = line.calls()
    marie.press("1")
    lotte = line.talks("Lotte", LOTTE, marie)
    first_room, call = lotte.room, line.live().pk
    line.wish("Lotte", "consult", call=call, to=line.accounts["Karim"].pk)
    marie.hears("hold")
    karim = line.carrier.rings(KARIM)
    karim.answer()
    karim.press("1")
    karim.is_with(lotte)
    # Another room: Marie cannot hear it, even if she had not been taken out of the first.
    assert karim.room != first_room
    line.wish("Lotte", "complete", call=call)
    karim.is_with(marie)
    lotte.ends()
    line.wish("Karim", "transfer", "busy", call=call, to=line.accounts["Nobody"].pk)
    karim.hang_up()
    marie.ends()
    line.ended("answered")


def test_three_speak_together(line: Line) -> None:
    line.comes_on("Lotte")
    line.comes_on("Karim", "de")
    marie = line.calls()
    marie.press("1")
    lotte = line.talks("Lotte", LOTTE, marie)
    line.wish("Lotte", "third", call=line.live().pk, to=line.accounts["Karim"].pk)
    karim = line.carrier.rings(KARIM)
    karim.answer()
    karim.press("1")
    karim.is_with(lotte, marie)
    marie.hang_up()
    karim.ends()
    lotte.ends()


def test_a_supervisor_listens_unheard_and_the_operator_is_told(line: Line) -> None:
    line.comes_on("Lotte")
    line.comes_on("Thomas", "de")
    marie = line.calls()
    marie.press("1")
    lotte = line.talks("Lotte", LOTTE, marie)
    line.wish("Thomas", "listen", call=line.live().pk)
    thomas = line.carrier.rings(YOUSSEF)
    thomas.answer()
    thomas.press("1")
    thomas.is_with(lotte, marie)
    assert (thomas.unheard, lotte.unheard, marie.unheard) == (True, False, False)
    assert lotte.heard[-1] == "listener"
    thomas.hang_up()
    lotte.is_with(marie)


def test_nobody_is_there_and_a_message_is_kept_here_and_deleted_there(line: Line) -> None:
    marie = line.calls()
    marie.hears("nobody_here")
    marie.hears("(tone)")
    assert marie.heard[-2] == "leave_message"
    marie.says_s = 4.0
    marie.hang_up()
    line.carrier.until(lambda: line.carrier.deleted)
    audio = Audio.objects.get()
    assert audio.seconds == pytest.approx(4.0)
    assert base64.b64decode(audio.sound).startswith(b"RIFF")
    assert not line.carrier.recordings
    line.ended("voicemail")
    assert line.rung_back() == ["message"]


def test_a_message_of_which_nobody_told_is_found(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quartier.telephony.providers.twiml.watch.SWEEP_S", 1.0)
    line.carrier.tells_recordings = False
    marie = line.calls(WITHHELD)
    marie.hears("(tone)")
    marie.says_s = 3.0
    line.carrier.recordings["REofsomebodyelse"] = ("CAofsomebodyelse", b"")
    marie.hang_up()
    line.carrier.until(lambda: line.carrier.deleted, 12)
    assert Audio.objects.get().seconds == pytest.approx(3.0)
    assert list(line.carrier.recordings) == ["REofsomebodyelse"]


def test_who_presses_1_while_waiting_is_rung_back(line: Line) -> None:
    line.has_a_pause("Lotte", "fr")
    marie = line.calls()
    marie.press("1")
    marie.hears("wait")
    # Only after a moment: before, it might be the language again.
    threading.Event().wait(3.2)
    marie.press("1")
    marie.hears("we_call_back")
    marie.ends()
    line.ended("callback")
    assert line.rung_back() == ["asked"]
    line.wish("Lotte", "dial", to=Callback.objects.get().pk)
    lotte = line.carrier.rings(LOTTE)
    lotte.answer()
    lotte.hears("accept")
    lotte.press("1")
    lotte.hears("ringing")
    called = line.carrier.rings(MARIE)
    called.answer()
    called.is_with(lotte)
    assert called.line == NUMBER
    called.hang_up()
    lotte.ends()


def test_neighbours_reach_each_other_behind_the_lines_number(line: Line) -> None:
    now = datetime.now(UTC)
    marie, youssef = (
        people.record_person(organisation=line.organisation, who=Who(name, phone=number, language="nl"))
        for name, number in [("Marie", MARIE), ("Youssef", KARIM)]
    )
    actions.open_masked(
        organisation=line.organisation,
        helper=youssef,
        helped=marie,
        about=uuid4(),
        at=now,
        until=now + timedelta(hours=2),
    )
    phone = line.calls()
    phone.hears("masked_menu")
    phone.press("1")
    phone.hears("ringing")
    other = line.carrier.rings(KARIM)
    assert other.line == NUMBER
    other.answer()
    other.is_with(phone)
    other.hang_up()
    phone.ends()
    assert line.ended("answered").direction == "masked"


def test_any_phone_of_ones_own_will_do_but_there_must_be_one(line: Line) -> None:
    line.wish("Lotte", "on", details={"languages": ["fr"]})
    line.stands("Lotte", "available")
    line.wish("Nobody", "on", "no_phone", details={"languages": ["fr"]})
