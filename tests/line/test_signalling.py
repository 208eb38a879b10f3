"""What gateways and telephones say in SIP, well and badly, through the real edge: keys in each of the ways, offers that
come late, codecs, and changes in the middle of a call."""

import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest

from tests.line.carrier_line import becomes, begins, last, speaks
from tests.line.rtp_phone import PCMA, PCMU, RtpPhone
from tests.line.site import NUMBER, LineSite

pytestmark = [pytest.mark.servers]


# Keys


@pytest.mark.parametrize(
    ("phone", "way"),
    [
        ({}, "event"),
        ({}, "application/dtmf-relay"),
        ({"events": 0}, "application/dtmf"),
        ({"events": 0}, "tone"),
        ({"events": 0, "payload": PCMU}, "tone"),
    ],
    ids=["rfc4733", "info-relay", "info-dtmf", "tone-alaw", "tone-mulaw"],
    indirect=["phone"],
)
def test_a_key_is_a_key_in_whichever_way_it_comes(carrier_line: LineSite, phone: RtpPhone, way: str) -> None:
    begins(carrier_line, phone)
    if way == "event":
        phone.press_event("2")
    elif way == "tone":
        phone.press_tone("2")
    else:
        assert phone.press_info("2", way) == 200
    becomes(carrier_line, state="queued", language="nl")


def test_only_what_is_a_key_is_taken_for_one(carrier_line: LineSite, phone: RtpPhone) -> None:
    # The call is in the database first: until then the newest one there is another.
    begins(carrier_line, phone)
    for kind, body, code in (
        ("application/dtmf-relay", "Signal=A\r\n", 415),
        ("application/dtmf-relay", "nonsense", 415),
        ("application/dtmf", "12", 415),
        ("application/media_control+xml", "<picture_fast_update/>", 415),
        ("application/dtmf-relay", "", 200),
    ):
        answer = phone.ask("INFO", body, kind=kind)
        assert (answer.code, "application/dtmf" in answer.one("Accept")) == (code, code == 415), body
    # Whoever presses nothing is in the queue after a while, in the likely language.
    assert last(carrier_line) | {"language": "fr", "outcome": ""} == last(carrier_line)
    # In no dialog of ours it is nobody's.
    ours = phone.dialog.theirs
    phone.dialog.theirs = ours.partition(";tag=")[0] + ";tag=other"
    assert phone.press_info("1") == 481
    phone.dialog.theirs = ours


@pytest.mark.parametrize("phone", [{"events": 0}], indirect=True)
def test_who_talks_presses_nothing(carrier_line: LineSite, phone: RtpPhone, tmp_path: Path) -> None:
    """Half a minute of speech in two voices, where tones are listened for."""
    said = []
    for language, words in (
        (
            "fr",
            "Bonjour, je vous appelle parce que ma voisine ne peut plus sortir, elle a besoin de ses médicaments.",
        ),
        (
            "nl",
            "Goedemiddag, ik bel u omdat mijn buurvrouw boodschappen nodig heeft en de dokter haar niet ziet.",
        ),
        ("de", "Guten Tag, ich möchte fragen, ob morgen jemand mit mir zum Arzt gehen könnte, um acht Uhr."),
        ("en", "Good afternoon, I would like to ask whether somebody could walk my dog on Tuesday at nine."),
    ):
        for voice in (language, f"{language}+f3"):
            file = tmp_path / "said.wav"
            subprocess.run(["espeak-ng", "-v", voice, "-w", str(file), words], check=True, timeout=20)
            with wave.open(str(file)) as read:
                rate, body = read.getframerate(), np.frombuffer(read.readframes(read.getnframes()), "<i2")
            at = np.arange(0, len(body), rate / 8000)
            said.append(np.interp(at, np.arange(len(body)), body).astype(np.int16))
    begins(carrier_line, phone)
    phone.say(np.concatenate(said)[: 8000 * 22])
    carrier_line.wait_until(phone.says_nothing_more, 40)
    # The greeting is over; any key that counts would have changed something.
    assert last(carrier_line) | {"state": "queued", "outcome": "", "language": "fr"} == last(carrier_line)
    # It is listened to all the same.
    phone.press_tone("1")
    becomes(carrier_line, outcome="callback")


# Offers and codecs


def test_who_offers_nothing_is_offered_something(carrier_line: LineSite, phone: RtpPhone) -> None:
    assert phone.call(NUMBER, "") == 200
    speaks(phone)
    phone.press_event("2")
    becomes(carrier_line, state="queued", language="nl")


def test_who_offers_nothing_and_answers_nothing_is_let_go(carrier_line: LineSite, phone: RtpPhone) -> None:
    phone.sdp = lambda **_words: ""  # type: ignore[method-assign,assignment]
    assert phone.call(NUMBER, "") == 200
    assert phone.ended.wait(15)
    becomes(carrier_line, outcome="left")


def test_an_extension_that_nobody_has_is_refused(phone: RtpPhone) -> None:
    assert phone.call(NUMBER, headers="Require: 100rel, whale\r\n") == 420
    assert phone.received[-1].one("Unsupported") == "100rel, whale"
    # Where it is only supported, nothing is wrong.
    assert phone.call(NUMBER, headers="Supported: 100rel, timer\r\nSession-Expires: 90\r\n") == 200


@pytest.mark.parametrize(
    ("formats", "lines", "code", "payload"),
    [
        ("18", "a=rtpmap:18 G729/8000\r\n", 200, 18),
        ("3", "", 200, 3),
        ("96", "a=rtpmap:96 opus/48000/2\r\n", 200, 96),
        ("0 101", "a=rtpmap:101 telephone-event/8000\r\n", 200, 0),
        ("97", "a=rtpmap:97 iLBC/8000\r\na=fmtp:97 mode=30\r\n", 488, 0),
        ("98", "a=rtpmap:98 AMR-WB/16000\r\n", 488, 0),
        ("101", "a=rtpmap:101 telephone-event/8000\r\n", 488, 0),
    ],
    ids=["g729", "gsm", "opus", "mulaw", "ilbc", "amr", "keys-alone"],
)
def test_a_codec_is_spoken_or_refused(
    phone: RtpPhone, formats: str, lines: str, code: int, payload: int
) -> None:
    assert phone.call(NUMBER, phone.sdp(formats=formats, more=lines)) == code
    if code == 200:
        answered = next(each.body for each in phone.received if each.code == 200)
        assert f" RTP/AVP {payload}" in answered
        with phone._news:
            assert phone._news.wait_for(lambda: len(phone.heard) > 50, 10)
        # Nothing comes that was not offered.
        assert {kind for _at, kind, _body in phone.heard} == {payload}


def test_an_offer_without_end_is_answered_at_once(phone: RtpPhone) -> None:
    long = phone.sdp(more="a=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\n" * 420)
    assert len(long) > 18_000
    assert phone.call(NUMBER, long) in {200, 413, 513}


def test_changes_in_the_middle_of_a_call(carrier_line: LineSite, phone: RtpPhone) -> None:
    assert phone.call(NUMBER) == 200
    phone.press_event("2")
    becomes(carrier_line, state="queued", language="nl")
    # From A-law to mu-law, and back.
    phone.payload = PCMU
    assert phone.ask("INVITE", phone.sdp()).code == 200
    _comes_in(phone, PCMU)
    phone.payload = PCMA
    assert phone.ask("INVITE", phone.sdp()).code == 200
    _comes_in(phone, PCMA)
    # On hold in each of the ways, and back.
    for more in ("a=sendonly\r\n", "a=inactive\r\n"):
        assert phone.ask("INVITE", phone.sdp(more=more)).code == 200
    silent = phone.sdp().replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0")
    assert phone.ask("INVITE", silent).code == 200
    assert phone.ask("INVITE", phone.sdp(more="a=sendrecv\r\n")).code == 200
    _comes_in(phone, PCMA)
    # A sign of life, with and without a description; an offer of ours; what we do not do.
    assert phone.ask("UPDATE", headers="Session-Expires: 90;refresher=uac\r\n").code == 200
    assert phone.ask("UPDATE", phone.sdp(more="a=sendrecv\r\n")).code == 200
    _comes_in(phone, PCMA)
    offered = phone.ask("INVITE")
    assert (offered.code, "m=audio" in offered.body) == (200, True)
    _comes_in(phone, PCMA)
    assert phone.ask("REFER", headers="Refer-To: <sip:+32902000000@example.org>\r\n").code == 405
    assert phone.ask("OPTIONS").code == 200
    assert last(carrier_line)["state"] == "queued"


def _comes_in(phone: RtpPhone, payload: int) -> None:
    """From now on sound comes so."""
    with phone._news:
        begin = len(phone.heard)
        assert phone._news.wait_for(
            lambda: sum(kind == payload for _at, kind, _body in phone.heard[begin:]) > 25, 8
        ), {kind for _at, kind, _body in phone.heard[begin:]}
