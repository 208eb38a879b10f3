"""Real telephones call the line, and operators answer in real browsers. What is heard is measured by its spectrum."""

import base64
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.line import sound
from tests.line.caller import Caller, Refused
from tests.line.conftest import CALLER_HZ, OPERATOR_HZ, OUTSIDE_HZ
from tests.line.desk import Desk
from tests.line.site import MASKED, LineSite

pytestmark = [pytest.mark.browser, pytest.mark.servers]


def asks_for_french(marie: Caller, line: LineSite) -> None:
    """Dials, hears the greeting, presses 1."""
    marie.dial(line.uri)
    marie.wait_answered(5)
    marie.wait_heard(sound.has_speech, 8)
    marie.press("1")


def hears_that_nobody_is_there(marie: Caller, line: LineSite) -> None:
    """Dials, and presses nothing: that is said at once."""
    marie.dial(line.uri)
    marie.wait_answered(5)
    marie.wait_heard(sound.has_speech, 8)


def takes(phone: Caller, patience_s: float = 15) -> None:
    """Answer as soon as it rings."""
    end = time.monotonic() + patience_s
    while True:
        try:
            phone.answer()
            return
        except Refused:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def hears(phone: Caller, hertz: int) -> None:
    phone.wait_heard(lambda heard: sound.has_tone(heard, hertz), 6)


def test_somebody_calls_and_speaks_with_an_operator(
    desk: Callable[..., Desk], line: LineSite, marie: Caller
) -> None:
    lotte = desk("Lotte")
    lotte.come_on("fr")
    asks_for_french(marie, line)
    lotte.answer()
    hears(marie, OPERATOR_HZ)
    assert lotte.hears(CALLER_HZ)
    lotte.stands("in_call")
    lotte.wish("hold")
    marie.wait_heard(lambda heard: not sound.has_tone(heard, OPERATOR_HZ), 6)
    lotte.wish("unhold")
    hears(marie, OPERATOR_HZ)
    lotte.take_request("Jeanne Claes")
    line.wait_until(lambda: line.requests() == 1, 15)
    assert lotte.hears(CALLER_HZ)
    marie.hang_up()
    lotte.stands("wrap_up")
    line.wait_until(lambda: line.calls()[-1]["outcome"] == "answered", 10)


def test_a_page_that_is_loaded_again_keeps_the_call(
    desk: Callable[..., Desk], line: LineSite, marie: Caller
) -> None:
    lotte = desk("Lotte")
    lotte.come_on("fr")
    asks_for_french(marie, line)
    lotte.answer()
    hears(marie, OPERATOR_HZ)
    lotte.page.reload()
    lotte.phone_is("talking", 20_000)
    hears(marie, OPERATOR_HZ)
    assert lotte.hears(CALLER_HZ)
    assert [call["state"] for call in line.calls() if not call["outcome"]] == ["bridged"]
    lotte.wish("end")
    marie.wait_ended(5)
    lotte.stands("wrap_up")


def test_a_browser_that_dies_leaves_the_caller_for_the_next_operator(
    desk: Callable[..., Desk], line: LineSite, marie: Caller
) -> None:
    lotte, karim = desk("Lotte"), desk("Karim")
    lotte.come_on("fr")
    asks_for_french(marie, line)
    lotte.answer()
    karim.come_on("fr")
    lotte.page.goto("about:blank")
    karim.phone_is("ringing", 12_000)
    karim.answer()
    hears(marie, OPERATOR_HZ)
    marie.hang_up()
    karim.stands("wrap_up")


def test_a_call_is_handed_to_a_colleague(desk: Callable[..., Desk], line: LineSite, marie: Caller) -> None:
    lotte, karim = desk("Lotte"), desk("Karim")
    karim.come_on("nl")
    lotte.come_on("fr")
    asks_for_french(marie, line)
    lotte.answer()
    lotte.hand_over("consult")
    karim.answer()
    assert lotte.hears(OPERATOR_HZ)
    lotte.wish("complete")
    lotte.stands("wrap_up")
    karim.stands("in_call")
    hears(marie, OPERATOR_HZ)
    karim.wish("end")
    marie.wait_ended(5)


def test_three_speak_together(desk: Callable[..., Desk], line: LineSite, marie: Caller) -> None:
    lotte, karim = desk("Lotte"), desk("Karim")
    karim.come_on("de")
    lotte.come_on("fr")
    asks_for_french(marie, line)
    lotte.answer()
    lotte.hand_over("third")
    karim.answer()
    hears(marie, OPERATOR_HZ)
    assert karim.hears(CALLER_HZ)
    assert lotte.hears(CALLER_HZ)
    marie.hang_up()


def test_an_operator_on_an_own_phone_accepts_with_a_key(
    desk: Callable[..., Desk], line: LineSite, marie: Caller, outside: Caller
) -> None:
    lotte = desk("Lotte")
    lotte.come_on("fr", own_phone=True)
    asks_for_french(marie, line)
    takes(outside)
    outside.wait_heard(sound.has_speech, 8)
    assert not outside_hears_the_caller(outside)
    outside.press("1")
    hears(marie, OUTSIDE_HZ)
    hears(outside, CALLER_HZ)
    outside.hang_up()
    marie.wait_ended(5)


def outside_hears_the_caller(outside: Caller) -> bool:
    return bool(sound.has_tone(outside.hears(0.5), CALLER_HZ))


def test_nobody_is_there_and_a_message_is_left(line: LineSite, marie: Caller, tmp_path: Path) -> None:
    hears_that_nobody_is_there(marie, line)
    # Then there is a tone, without a key.
    line.wait_until(lambda: line.calls()[-1]["state"] == "voicemail", 25)
    # What is said first, the tone, and then some seconds of her own.
    marie.hears(12.0)
    marie.hang_up()
    line.wait_until(lambda: line.callbacks()[-1]["why"] == "message", 10)
    seconds = line.ask("Audio.objects.latest('at').seconds")
    assert seconds > 2
    body = line.ask("Audio.objects.latest('at').sound")
    (tmp_path / "said.wav").write_bytes(base64.b64decode(body))
    said, rate = sound.read(tmp_path / "said.wav")
    assert sound.has_tone(said[-rate:], CALLER_HZ)


def test_who_presses_9_leaves_a_worry_that_stands_on_no_list(line: LineSite, marie: Caller) -> None:
    before = len(line.callbacks())
    hears_that_nobody_is_there(marie, line)
    marie.press("9")
    line.wait_until(lambda: line.calls()[-1]["state"] == "voicemail", 20)
    # What is said first, the tone, and then some seconds of her own.
    marie.hears(18.0)
    marie.hang_up()
    raised = "[[str(each.call_id), each.by, each.alert.degree == 'danger'] for each in CONCERNS]"
    raised = raised.replace(
        "CONCERNS", "__import__('django').apps.apps.get_model('concerns.Concern').objects.all()"
    )
    line.wait_until(lambda: bool(line.ask(raised)), 15)
    assert line.ask(raised) == [[line.calls()[-1]["id"], "phone", True]]
    assert line.ask("Audio.objects.latest('at').seconds") > 2
    assert len(line.callbacks()) == before


def test_who_presses_1_is_rung_back(
    desk: Callable[..., Desk], line: LineSite, marie: Caller, outside: Caller
) -> None:
    hears_that_nobody_is_there(marie, line)
    marie.hears(4.0)
    marie.press("1")
    marie.wait_ended(20)
    line.wait_until(lambda: line.callbacks()[-1]["why"] in {"asked", "message"}, 10)
    lotte = desk("Lotte")
    lotte.come_on("fr")
    lotte.open("line/callbacks/")
    lotte.phone_is("ready")
    lotte.call_back()
    takes(outside)
    assert lotte.hears(OUTSIDE_HZ)
    hears(outside, OPERATOR_HZ)
    outside.hang_up()
    lotte.stands("wrap_up")
    assert line.calls()[-1] | {"outcome": "answered", "direction": "out"} == line.calls()[-1]


def records(line: LineSite) -> None:
    """The group wants to be able to record."""
    words = (
        "from quartier.team.models import Organisation; from quartier.telephony.models import LineSettings; "
    )
    words += "LineSettings.objects.update_or_create("
    words += "organisation=Organisation.objects.get(), defaults={'records': True})"
    line.site.shell(words)
    # Call control reads it again every three seconds.
    time.sleep(4)


def recording_is(line: LineSite, state: str) -> None:
    line.wait_until(lambda: line.ask("Call.objects.latest('began_at').recording") == state, 10)


def kept_of_the_last_call(line: LineSite) -> str:
    """The address of what was recorded, as its page has it; "" for nothing."""
    found = line.ask(
        "[str(each) for each in Audio.objects.filter(kind='call', call=Call.objects.latest('began_at'))"
        ".values_list('pk', flat=True)]"
    )
    return str(found[0]) if found else ""


def test_a_call_is_recorded_when_the_caller_agrees_and_not_while_it_is_paused(
    desk: Callable[..., Desk], line: LineSite, marie: Caller, tmp_path: Path
) -> None:
    records(line)
    lotte = desk("Lotte")
    lotte.come_on("fr")
    asks_for_french(marie, line)
    lotte.answer()
    hears(marie, OPERATOR_HZ)
    lotte.page.keyboard.press("Alt+g")
    # The question, which the operator does not speak into.
    line.wait_until(lambda: line.calls()[-1]["state"] == "consenting", 10)
    marie.wait_heard(lambda heard: sound.has_speech(heard) and not sound.has_tone(heard, OPERATOR_HZ), 10)
    # Each press, before it was made and after it was seen: what is kept lies between, however slow everything is.
    at = [time.monotonic()]
    marie.press("1")
    recording_is(line, "on")
    at.append(time.monotonic())
    lotte.inner.locator("#line .tape [data-since-s]").wait_for()
    hears(marie, OPERATOR_HZ)
    assert lotte.hears(CALLER_HZ)
    time.sleep(2)
    at.append(time.monotonic())
    lotte.page.keyboard.press("Alt+p")
    recording_is(line, "paused")
    at.append(time.monotonic())
    # What is said now is for nobody else. They hear each other all the while.
    hears(marie, OPERATOR_HZ)
    assert lotte.hears(CALLER_HZ)
    time.sleep(8)
    at.append(time.monotonic())
    lotte.page.keyboard.press("Alt+p")
    recording_is(line, "on")
    at.append(time.monotonic())
    time.sleep(2)
    at.append(time.monotonic())
    marie.hang_up()
    lotte.stands("wrap_up")
    at.append(time.monotonic())
    line.wait_until(lambda: kept_of_the_last_call(line) != "", 10)
    # Its player is on the page of the call, for whoever had it.
    audio = kept_of_the_last_call(line)
    lotte.inner.locator(f"#sounds audio[src*='{audio}']").wait_for(state="attached")
    heard = lotte.context.request.get(f"{line.site.address}/fr/console/line/sounds/{audio}/")
    assert heard.status == 200
    (tmp_path / "talk.wav").write_bytes(heard.body())
    said, rate = sound.read(tmp_path / "talk.wav")
    # Without the pause, of eight seconds and more.
    least = at[2] - at[1] + at[6] - at[5]
    most = at[3] - at[0] + at[7] - at[4]
    assert least - ON_THEIR_WAY_S < len(said) / rate < most + ON_THEIR_WAY_S
    for part in (said[rate // 2 : rate * 2], said[-rate:]):
        assert both_tones(part, rate), "both sides are in the file"


# What was said lies in buffers so long, at most.
ON_THEIR_WAY_S = 1.0


def both_tones(heard: sound.Samples, rate: int) -> bool:
    """Whether the operator's tone and the caller's are both there, and little else. A browser takes a tone that does
    not end for noise, and makes it quiet: a hundredth of the caller's power is its own, not a trace."""
    power = abs(np.fft.rfft((heard - heard.mean()) * np.hanning(len(heard)))) ** 2
    hertz = np.fft.rfftfreq(len(heard), 1 / rate)
    at = [abs(hertz - one) < 25 for one in (OPERATOR_HZ, CALLER_HZ)]
    tones = [power[each].sum() for each in at]
    return bool(min(tones) > 10 * (power[~(at[0] | at[1])].max()) and sum(tones) > 0.9 * power.sum())


@pytest.mark.parametrize("answer", ["2", ""])
def test_a_call_is_not_recorded_when_the_caller_does_not_agree(
    desk: Callable[..., Desk], line: LineSite, marie: Caller, answer: str
) -> None:
    records(line)
    lotte = desk("Lotte")
    lotte.come_on("fr")
    asks_for_french(marie, line)
    lotte.answer()
    hears(marie, OPERATOR_HZ)
    lotte.wish("record")
    line.wait_until(lambda: line.calls()[-1]["state"] == "consenting", 10)
    if answer:
        marie.press(answer)
    # Silence is a no, too, and they hear each other again by themselves.
    line.wait_until(lambda: line.calls()[-1]["state"] == "bridged", 30)
    recording_is(line, "refused")
    hears(marie, OPERATOR_HZ)
    assert lotte.hears(CALLER_HZ)
    lotte.wish("end")
    marie.wait_ended(5)
    lotte.stands("wrap_up")
    assert not kept_of_the_last_call(line)


def test_neighbours_speak_without_seeing_a_number(line: LineSite, marie: Caller, outside: Caller) -> None:
    line.site.shell(MASKED.format(helped=marie.number))
    marie.dial(line.uri)
    marie.wait_answered(5)
    marie.wait_heard(sound.has_speech, 8)
    line.wait_until(lambda: line.calls()[-1]["state"] == "masked", 10)
    marie.press("1")
    takes(outside)
    # The line's number rang, not hers.
    assert not [each for each in outside.events if marie.number in str(each)]
    hears(marie, OUTSIDE_HZ)
    hears(outside, CALLER_HZ)
    outside.hang_up()
    marie.wait_ended(5)
    line.wait_until(lambda: line.calls()[-1]["outcome"] == "answered", 10)
    assert line.calls()[-1]["direction"] == "masked"
    assert not [each for each in line.callbacks() if each["call_id"] == line.calls()[-1]["id"]]
