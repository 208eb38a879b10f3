"""The line behind a provider's webhooks, and a carrier that behaves badly: nobody is lost, nothing counts twice."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from quartier.telephony.models import Call
from tests.line import twiml_line
from tests.line.stub_carrier import Sent
from tests.line.stub_phone import Phone
from tests.line.twiml_line import JEAN, LOTTE, WITHHELD, Line

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
line, said = twiml_line.line, twiml_line.said


def test_everything_comes_three_times(line: Line) -> None:
    line.carrier.repeats = 3
    line.comes_on("Lotte")
    marie = line.calls()
    marie.hears("welcome")
    marie.press("1")
    lotte = line.talks("Lotte", LOTTE, marie)
    assert len([phone for phone in line.carrier.phones if phone.number == LOTTE]) == 1
    marie.hang_up()
    lotte.ends()
    line.ended("answered")
    assert Call.objects.count() == 1


def test_forged_webhooks_are_refused_and_nothing_happens(line: Line) -> None:
    line.has_a_pause("Lotte")
    marie = line.calls()
    marie.hears("welcome")
    one = line.carrier.sent[0]
    for forged in (
        replace(one, signature="AAAA" + one.signature[4:]),
        replace(one, signature=""),
        replace(one, body=one.body.replace(marie.sid.encode(), b"CA" + b"9" * 32)),
        replace(one, url=one.url + "?more=1"),
        Sent(line.carrier.url("status"), one.body.replace(b"ringing", b"completed"), one.signature),
    ):
        assert line.carrier.status_of(forged) == 403
    assert Call.objects.count() == 1
    assert line.live().state == "menu"
    assert line.carrier.status_of(Sent(line.carrier.url("nothing"), b"", "")) == 403


def test_an_old_word_is_not_believed(line: Line) -> None:
    line.has_a_pause("Lotte")
    marie = line.calls()
    marie.hears("welcome")
    words = {**marie.words(), "CallStatus": "completed", "Timestamp": "Thu, 01 Jan 2026 10:00:00 +0000"}
    assert line.carrier.status_of(line.carrier.signed(line.carrier.url("status"), words)) == 200
    marie.press("1")
    marie.hears("wait")
    assert line.live().state == "queued"


def test_all_that_was_sent_comes_again_when_it_is_over(line: Line) -> None:
    line.comes_on("Lotte")
    marie = line.calls()
    marie.press("1")
    line.talks("Lotte", LOTTE, marie)
    marie.hang_up()
    line.ended("answered")
    line.stands("Lotte", "available")
    for sent in reversed(list(line.carrier.sent)):
        assert line.carrier.status_of(sent) == 200
    assert (Call.objects.count(), line.rung_back()) == (1, [])
    line.stands("Lotte", "available")


def test_an_end_that_nobody_tells_is_found(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quartier.telephony.providers.twiml.watch.SILENT_S", 1.0)
    line.comes_on("Lotte")
    marie = line.calls()
    marie.press("1")
    lotte = line.talks("Lotte", LOTTE, marie)
    line.carrier.tells_ends = False
    marie.hang_up()
    lotte.ends()
    line.ended("answered")
    assert line.rung_back() == ["cut_off"]


@pytest.mark.parametrize("how", ["500", "hang"])
def test_the_api_is_down_and_who_waits_is_rung_back(line: Line, how: str) -> None:
    line.comes_on("Lotte")
    line.carrier.api = how
    marie = line.calls()
    marie.hears("welcome")
    marie.press("1")
    marie.hears("trouble", patience_s=15)
    marie.ends()
    line.ended("abandoned")
    # They were told that we ring back.
    assert line.rung_back() == ["trouble"]
    line.stands("Lotte", "available")
    # Once that is known, whoever calls hears it at once, and without a number may leave a message.
    line.carrier.until(lambda: line.carrier.asked.count("GET .json") > 1, 15)
    jean = line.calls(JEAN)
    jean.hears("trouble")
    jean.ends()
    assert line.ended("callback").number == JEAN
    nobody = line.calls(WITHHELD)
    nobody.hears("(tone)")
    nobody.hang_up()
    line.carrier.api = "ok"
    marie = _welcomed(line)
    marie.press("1")
    line.talks("Lotte", LOTTE, marie)


def _welcomed(line: Line) -> Phone:
    """With the provider back, calls are taken again, a moment later."""
    for _ in range(8):
        phone = line.calls()
        phone.hears("welcome", "trouble")
        if phone.heard == ["welcome"]:
            return phone
        phone.hang_up()
    raise TimeoutError


def test_a_call_that_the_api_did_not_answer_for_is_made_once(line: Line) -> None:
    line.comes_on("Lotte")
    line.carrier.api = "made"
    marie = line.calls()
    marie.press("1")
    lotte = line.carrier.rings(LOTTE)
    lotte.answer()
    lotte.hears("accept")
    line.carrier.api = "ok"
    lotte.press("1")
    lotte.is_with(marie)
    assert len([phone for phone in line.carrier.phones if phone.number == LOTTE]) == 1


def test_busy_for_a_moment_is_tried_again(line: Line) -> None:
    line.comes_on("Lotte")
    line.carrier.api = "busy"
    marie = line.calls()
    marie.press("1")
    line.talks("Lotte", LOTTE, marie)


def test_prompts_have_no_list_and_no_lasting_name(line: Line) -> None:
    marie = line.calls()
    marie.hears("nobody_here")
    ask: Callable[[str], int] = lambda what: line.carrier.status_of(Sent(line.carrier.url(what), b"", ""))  # noqa: E731
    assert ask("sound/") in {403, 404, 405}
    assert ask("sound/AAAA/welcome.wav") in {403, 404, 405}
