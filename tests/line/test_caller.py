"""The telephone that tests call with is tried against a second one: sound and keys truly go both ways."""

import socket
import time

import pytest

from tests.line import sound
from tests.line.caller import Caller, Refused, is_here

pytestmark = [pytest.mark.servers, pytest.mark.skipif(not is_here(), reason="baresip is not installed")]


@pytest.fixture
def operator(tmp_path):
    low = sound.tone(tmp_path / "low.wav", 440, 1)
    with Caller(tmp_path / "operator", number="+3220000100", speaks=low) as phone:
        yield phone


@pytest.fixture
def caller(tmp_path, operator):
    with Caller(tmp_path / "caller", proxy=f"127.0.0.1:{operator.port}") as phone:
        yield phone


def together(caller, operator):
    caller.dial(operator.uri)
    rung = operator.wait_rung()
    operator.answer()
    caller.wait_answered()
    operator.wait_answered()
    return rung


def test_the_number_that_calls_is_shown_and_both_hear_each_other(caller, operator):
    rung = together(caller, operator)
    assert rung["peeruri"].startswith("sip:+3220001427@")
    caller.wait_heard(lambda heard: sound.has_tone(heard, 440))
    operator.wait_heard(lambda heard: sound.has_tone(heard, 1000))
    assert not sound.has_tone(caller.hears(0.5), 1000)
    caller.hang_up()
    assert operator.wait_ended()
    assert caller.wait_ended()


def test_keys_go_both_ways(caller, operator):
    together(caller, operator)
    caller.press("12*0#")
    operator.press("9")
    operator.wait_for("CALL_DTMF_START", count=5)
    caller.wait_for("CALL_DTMF_START")
    assert (operator.keys_received(), caller.keys_received()) == ("12*0#", "9")


def test_a_call_can_be_declined_and_the_phone_used_again(caller, operator):
    caller.dial(operator.uri)
    operator.wait_rung()
    operator.hang_up()
    assert caller.wait_ended()
    with pytest.raises(TimeoutError):
        caller.wait_answered(0.2)
    caller.dial(operator.uri)
    operator.wait_rung(count=2)
    operator.answer()
    caller.wait_answered()


def test_it_answers_by_itself_and_hears_after_the_media_changed(tmp_path):
    with (
        Caller(tmp_path / "own", number="+32400000101", answers=True) as own,
        Caller(tmp_path / "other") as other,
    ):
        other.dial(own.uri)
        other.wait_answered()
        own._tell("reinvite")
        other.wait_heard(lambda heard: sound.has_tone(heard, 1000))
        own.hang_up()
        assert other.wait_ended()


def test_who_hangs_up_before_anybody_answers_has_hung_up(tmp_path, caller, operator):
    caller.dial(operator.uri)
    caller.hang_up()
    assert caller.wait_ended()
    with Caller(tmp_path / "other") as other, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        other.dial(f"sip:+3220000199@127.0.0.1:{nobody.getsockname()[1]}")
        other.hang_up()
        assert other.wait_ended()


def test_what_it_cannot_do_is_said(caller):
    with pytest.raises(Refused):
        caller.press("1")


def test_no_phone_stays_behind_even_if_it_does_not_want_to_go(tmp_path, operator):
    began = time.monotonic()
    with Caller(tmp_path / "cut", proxy=f"127.0.0.1:{operator.port}") as phone:
        together(phone, operator)
        phone.kill()
    assert phone._process.returncode is not None
    operator.__exit__()
    assert operator._process.returncode is not None
    assert time.monotonic() - began < 15
