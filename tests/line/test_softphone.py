"""Keys that an operator sends to the other side, how the sound is said to be, and two pages that answer at once: with
real telephones and real browsers."""

import time
from collections.abc import Callable

import pytest

from tests.line import sound
from tests.line.caller import Caller
from tests.line.conftest import CALLER_HZ, OPERATOR_HZ
from tests.line.desk import Desk
from tests.line.site import LineSite
from tests.line.test_calls import asks_for_french, hears

pytestmark = [pytest.mark.browser, pytest.mark.servers]


def keys_are(phone: Caller, keys: str, patience_s: float = 10) -> None:
    """Until the telephone has received these keys, and no others."""
    end = time.monotonic() + patience_s
    while len(phone.keys_received()) < len(keys) and time.monotonic() < end:
        time.sleep(0.1)
    assert phone.keys_received() == keys


def test_keys_of_an_operator_arrive_at_the_telephone_and_mean_nothing_to_the_line(
    desk: Callable[..., Desk], line: LineSite, marie: Caller
) -> None:
    lotte = desk("Lotte")
    lotte.come_on("fr")
    asks_for_french(marie, line)
    lotte.answer()
    hears(marie, OPERATOR_HZ)
    # 9 would be a worry, 1 a callback or a yes to being recorded, if they were the caller's.
    lotte.page.keyboard.press("Alt+t")
    keypad = lotte.inner.locator("#line-keypad")
    for key in "91":
        keypad.locator(f"[data-key='{key}']").click()
    lotte.page.keyboard.press("5")
    lotte.page.keyboard.press("#")
    keys_are(marie, "915#")
    # And the caller's keys are not the operator's: they change nothing in a talk.
    marie.press("91")
    keypad.locator("[command=close]").click()
    assert lotte.hears(CALLER_HZ)
    hears(marie, OPERATOR_HZ)
    assert keypad.locator("[data-keypad-sent]").text_content() == "915#"
    assert [each["state"] for each in line.calls() if not each["outcome"]] == ["bridged"]
    assert line.ask("Call.objects.latest('began_at').worried_at") is None
    # Muted, and after a hold, they arrive as well.
    lotte.page.keyboard.press("Alt+m")
    lotte.page.keyboard.press("Alt+t")
    lotte.page.keyboard.press("7")
    keys_are(marie, "915#7")
    lotte.inner.locator("#line-quality button").wait_for(timeout=20_000)
    marie.hang_up()
    lotte.stands("wrap_up")
    found = "list(CallQuality.objects.filter(call=Call.objects.latest('began_at'))"
    found += ".values_list('samples', 'loss_worst_pct'))"
    line.wait_until(lambda: len(line.ask(found)) == 1, 15)
    samples, loss = line.ask(found)[0]
    assert samples >= 1
    assert loss < 100


def test_of_two_who_answer_at_once_one_talks_and_the_other_is_told(
    desk: Callable[..., Desk], line: LineSite, marie: Caller
) -> None:
    both = [desk("Lotte"), desk("Karim")]
    for one in both:
        one.come_on("fr")
    asks_for_french(marie, line)
    for one in both:
        one.phone_is("ringing")
    # By the clock: one after the other, on a busy machine the second would press when it rings no more.
    at_ms = (time.time() + 2) * 1000
    for one in both:
        one.page.evaluate(
            """at => {
                const channel = new BroadcastChannel("quartier-phone");
                setTimeout(() => channel.postMessage({ act: "answer" }), at - Date.now());
            }""",
            at_ms,
        )
    phone = "document.documentElement.dataset.phone"
    line.wait_until(lambda: sorted(one.page.evaluate(phone) for one in both) == ["ready", "talking"], 20)
    talks, late = sorted(both, key=lambda one: one.page.evaluate(phone) != "talking")
    assert talks.hears(CALLER_HZ)
    late.inner.get_by_text("Cet appel n’est plus ici.").wait_for()
    late.stands("available")
    assert late.page.evaluate(phone) == "ready"
    talks.wish("end")
    marie.wait_ended(5)
    talks.stands("wrap_up")


def test_a_page_that_is_loaded_again_rings_again(
    desk: Callable[..., Desk], line: LineSite, marie: Caller
) -> None:
    lotte = desk("Lotte")
    lotte.come_on("fr")
    asks_for_french(marie, line)
    lotte.phone_is("ringing")
    # Call control looks once a second.
    time.sleep(2.5)
    lotte.page.reload()
    lotte.phone_is("ringing", 12_000)
    lotte.answer()
    hears(marie, OPERATOR_HZ)
    time.sleep(2.5)
    # In the talk too, before anybody could think that the sound has stopped.
    fell_silent = line.log.count("fallen silent")
    lotte.page.reload()
    lotte.phone_is("ready", 20_000)
    lotte.phone_is("talking", 20_000)
    assert lotte.hears(CALLER_HZ)
    assert line.log.count("fallen silent") == fell_silent
    # On hold she stays there, and is not heard through a microphone that the new page has opened.
    lotte.wish("hold")
    line.wait_until(lambda: line.calls()[-1]["state"] == "held", 10)
    time.sleep(1.5)
    lotte.page.reload()
    lotte.phone_is("ready", 20_000)
    lotte.phone_is("talking", 20_000)
    line.wait_until(lambda: line.calls()[-1]["state"] == "held", 10)
    assert not sound.has_tone(marie.hears(1.0), OPERATOR_HZ)
    lotte.wish("unhold")
    hears(marie, OPERATOR_HZ)
    marie.hang_up()


def test_of_two_browsers_one_that_is_loaded_again_rings_while_the_other_rings_on(
    desk: Callable[..., Desk], line: LineSite, marie: Caller
) -> None:
    laptop, mobile = desk("Lotte"), desk("Lotte")
    laptop.come_on("fr")
    mobile.open()
    mobile.phone_is("ready")
    asks_for_french(marie, line)
    for one in (laptop, mobile):
        one.phone_is("ringing")
    # Call control looks once a second.
    time.sleep(2.5)
    stopped = mobile.page.evaluate_handle(
        """() => {
            const seen = { phones: [] };
            const root = document.documentElement;
            new MutationObserver(() => seen.phones.push(root.dataset.phone)).observe(root, { attributes: true });
            return seen;
        }"""
    )
    laptop.page.reload()
    laptop.phone_is("ringing", 12_000)
    assert {*stopped.evaluate("seen => seen.phones")} <= {"ringing"}
    laptop.answer()
    hears(marie, OPERATOR_HZ)
    mobile.phone_is("ready")
    assert laptop.hears(CALLER_HZ)
    marie.hang_up()
