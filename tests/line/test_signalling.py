"""What carriers, gateways and telephones say in SIP, well and badly, through the real edge: keys in each of the ways,
offers that come late, codecs, changes in the middle of a call, and each way in which a call out can fail."""

import os
import secrets
import signal
import sqlite3
import subprocess
import threading
import wave
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from quartier.telephony.providers.sip import alaw
from tests.line import sound
from tests.line.desk import employ
from tests.line.rtp_phone import PCMA, PCMU, Received, RtpPhone
from tests.line.site import NUMBER, LineSite, line_running
from tests.line.test_calls import MASKED
from tests.line.test_falls import processes
from tests.ports import free_port

pytestmark = [pytest.mark.servers]

HELPED = "+3220001427"


@pytest.fixture(scope="module")
def line() -> Iterator[LineSite]:
    """A line whose carrier is one of these phones."""
    with line_running(trunk=free_port()) as made:
        words = MASKED.format(helped=HELPED).replace("\n", "\n    ")
        made.site.shell(
            f"from quartier.telephony.models import Masked\nif not Masked.objects.exists():{words}"
        )
        yield made


@pytest.fixture
def phone(line: LineSite, request: pytest.FixtureRequest) -> Iterator[RtpPhone]:
    """Who calls, and who is called; `param`: how it speaks."""
    with RtpPhone(line.sip, port=line.trunk, **getattr(request, "param", {})) as made:
        yield made
        if made.dialog.target:
            made.hang_up()
        line.wait_until(lambda: not last(line) or bool(last(line)["outcome"]), 60)
        assert "Traceback" not in line.log


def last(line: LineSite) -> dict[str, str]:
    """The newest call, read without the cost of a process: these tests look often."""
    fields = ("state", "outcome", "language", "failure")
    with closing(sqlite3.connect(f"file:{line.site.home}/quartier.sqlite3?mode=ro", uri=True)) as database:
        row = database.execute(
            f"SELECT {', '.join(fields)} FROM telephony_call ORDER BY began_at DESC LIMIT 1"
        ).fetchone()
    return dict(zip(fields, row, strict=True)) if row else {}


def becomes(line: LineSite, patience_s: float = 20, **words: str) -> None:
    """Wait until the newest call stands so. Raises `TimeoutError`."""
    line.wait_until(lambda: words.items() <= last(line).items(), patience_s)


def begins(line: LineSite, phone: RtpPhone, state: str = "menu", **words: str) -> None:
    """Call, and be greeted."""
    assert phone.call(NUMBER, **words) == 200
    becomes(line, state=state, outcome="")


def speaks(phone: RtpPhone, patience_s: float = 12) -> None:
    """The line says something."""
    phone.wait_heard(sound.has_speech, patience_s, seconds=1.5)


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
def test_a_key_is_a_key_in_whichever_way_it_comes(line: LineSite, phone: RtpPhone, way: str) -> None:
    begins(line, phone)
    if way == "event":
        phone.press_event("2")
    elif way == "tone":
        phone.press_tone("2")
    else:
        assert phone.press_info("2", way) == 200
    becomes(line, state="queued", language="nl")


def test_only_what_is_a_key_is_taken_for_one(line: LineSite, phone: RtpPhone) -> None:
    assert phone.call(NUMBER) == 200
    for kind, body, code in (
        ("application/dtmf-relay", "Signal=A\r\n", 415),
        ("application/dtmf-relay", "nonsense", 415),
        ("application/dtmf", "12", 415),
        ("application/media_control+xml", "<picture_fast_update/>", 415),
        ("application/dtmf-relay", "", 200),
    ):
        answer = phone.ask("INFO", body, kind=kind)
        assert (answer.code, "application/dtmf" in answer.one("Accept")) == (code, code == 415), body
    assert last(line)["state"] == "menu"
    # In no dialog of ours it is nobody's.
    ours = phone.dialog.theirs
    phone.dialog.theirs = ours.partition(";tag=")[0] + ";tag=other"
    assert phone.press_info("1") == 481
    phone.dialog.theirs = ours


@pytest.mark.parametrize("phone", [{"events": 0}], indirect=True)
def test_who_talks_presses_nothing(line: LineSite, phone: RtpPhone, tmp_path: Path) -> None:
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
    begins(line, phone)
    phone.say(np.concatenate(said)[: 8000 * 22])
    line.wait_until(phone.says_nothing_more, 40)
    assert last(line)["state"] == "menu"
    # It is listened to all the same.
    phone.press_tone("3")
    becomes(line, state="queued", language="de")


# Offers and codecs


def test_who_offers_nothing_is_offered_something(line: LineSite, phone: RtpPhone) -> None:
    assert phone.call(NUMBER, "") == 200
    speaks(phone)
    phone.press_event("2")
    becomes(line, state="queued", language="nl")


def test_who_offers_nothing_and_answers_nothing_is_let_go(line: LineSite, phone: RtpPhone) -> None:
    phone.sdp = lambda **_words: ""  # type: ignore[method-assign,assignment]
    assert phone.call(NUMBER, "") == 200
    assert phone.ended.wait(15)
    becomes(line, outcome="left")


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


def test_changes_in_the_middle_of_a_call(line: LineSite, phone: RtpPhone) -> None:
    assert phone.call(NUMBER) == 200
    phone.press_event("2")
    becomes(line, state="queued", language="nl")
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
    assert last(line)["state"] == "queued"


def _comes_in(phone: RtpPhone, payload: int) -> None:
    """From now on sound comes so."""
    with phone._news:
        begin = len(phone.heard)
        assert phone._news.wait_for(
            lambda: sum(kind == payload for _at, kind, _body in phone.heard[begin:]) > 25, 8
        ), {kind for _at, kind, _body in phone.heard[begin:]}


# Calls out that come to nothing, by a neighbour who wants to reach another


def wants_the_other(line: LineSite, phone: RtpPhone) -> None:
    """A neighbour calls, and presses 1."""
    begins(line, phone, "masked", number=HELPED)
    speaks(phone)
    phone.press_event("1")


def _codes(*steps: tuple[int, str]) -> Callable[[RtpPhone, Received], None]:
    """Answers of a carrier, one after the other."""

    def rings(phone: RtpPhone, invite: Received) -> None:
        for code, headers in steps:
            early = phone.sdp() if code == 183 else ""
            phone.answer(invite, code, early, headers=headers)

    return rings


FORWARD = "Contact: <sip:+32902000000@127.0.0.1>\r\n"


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([(486, "")], "busy"),
        ([(183, ""), (486, "")], "busy"),
        ([(183, ""), (404, "")], "no_such_number"),
        ([(180, ""), (302, FORWARD)], "forwarded"),
        ([(480, 'Reason: Q.850;cause=17;text="busy"\r\n')], "busy"),
        ([(180, ""), (480, "")], "no_answer"),
        ([(603, "")], "refused"),
        ([(503, "")], "network"),
        ([], "network"),
    ],
    ids=["486", "183-486", "183-404", "180-302", "q850", "480", "603", "503", "silence"],
)
def test_a_caller_hears_why_the_other_one_does_not_come(
    line: LineSite, phone: RtpPhone, steps: list[tuple[int, str]], reason: str
) -> None:
    phone.rings = _codes(*steps)
    wants_the_other(line, phone)
    # They are told at once, and may choose again.
    line.wait_until(
        lambda: (
            line.ask("list(Call.objects.order_by('began_at').values_list('failure', 'state'))")[-1]
            == [reason, "masked"]
        ),
        12,
    )
    speaks(phone)
    # Nobody else was called: what a carrier names instead is never followed.
    assert not [each for each in phone.received if each.method == "INVITE" and "902" in each.first]


def test_a_carrier_that_forks_and_answers_twice(line: LineSite, phone: RtpPhone) -> None:
    done = threading.Event()

    def rings(carrier: RtpPhone, invite: Received) -> None:
        caller, carrier_to = carrier.dialog, carrier._to
        carrier.answer(invite, 180, tag="one")
        carrier.answer(invite, 183, carrier.sdp(), tag="two")
        carrier.answer(invite, 200, carrier.sdp(), tag="one")
        carrier.answer(invite, 200, carrier.sdp(), tag="two")
        # Late, and once more.
        carrier.answer(invite, 180, tag="one")
        carrier.answer(invite, 200, carrier.sdp(), tag="one")
        carrier.dialog, carrier._to = caller, carrier_to
        done.set()

    phone.rings = rings
    wants_the_other(line, phone)
    assert done.wait(15)
    invite = phone.wait(lambda each: each.method == "INVITE")
    call = invite.one("Call-ID")

    def gets(method: str, tag: str) -> Received:
        return phone.wait(
            lambda each: (
                each.method == method and each.one("Call-ID") == call and f"tag={tag}" in each.one("To")
            )
        )

    assert gets("ACK", "one")
    # The second one is confirmed, and let go: it would cost, and talk to nobody.
    assert gets("ACK", "two")
    assert gets("BYE", "two")
    becomes(line, state="through")
    phone.hang_up()
    assert gets("BYE", "one")


def test_a_phone_that_answers_as_it_is_given_up(line: LineSite, phone: RtpPhone) -> None:
    rung = threading.Event()

    def rings(carrier: RtpPhone, invite: Received) -> None:
        carrier.answer(invite, 180)
        rung.set()

    phone.rings = rings
    wants_the_other(line, phone)
    assert rung.wait(15)
    caller = phone.dialog
    invite = phone.wait(lambda each: each.method == "INVITE")
    becomes(line, state="reaching")
    phone.hang_up()
    call = invite.one("Call-ID")
    phone.wait(lambda each: each.method == "CANCEL" and each.one("Call-ID") == call)
    phone.answer(invite, 200, phone.sdp())
    assert phone.wait(lambda each: each.method == "ACK" and each.one("Call-ID") == call)
    assert phone.wait(lambda each: each.method == "BYE" and each.one("Call-ID") == call)
    assert caller.call != call


def test_a_phone_that_answers_without_sound(line: LineSite, phone: RtpPhone) -> None:
    phone.rings = lambda carrier, invite: carrier.answer(invite, 200) and None
    wants_the_other(line, phone)
    invite = phone.wait(lambda each: each.method == "INVITE")
    call = invite.one("Call-ID")
    assert phone.wait(lambda each: each.method == "BYE" and each.one("Call-ID") == call)
    becomes(line, failure="network", state="masked")
    speaks(phone)


# Call control falls

OPERATOR = """
from quartier.team.access import of_account
from quartier.team.models import Account
from quartier.telephony.actions import wish
wish(actor=of_account(Account.objects.get(pk={account!r})), what={what!r}, details={details!r})
"""


def test_whoever_is_on_the_line_when_call_control_falls_is_told_and_let_go(
    line: LineSite, phone: RtpPhone
) -> None:
    lotte = employ(line, f"Lotte{secrets.token_hex(2)}", "operator", phone="+32470000001")
    phone.rings = lambda operator, invite: operator.take(invite)
    with RtpPhone(line.sip) as waits, RtpPhone(line.sip) as talks:
        assert waits.call(NUMBER, number="+3220001701") == 200
        waits.press_event("2")
        becomes(line, state="queued", language="nl")
        line.site.shell(
            OPERATOR.format(account=lotte, what="on", details={"languages": ["fr"], "own_phone": True})
        )
        assert talks.call(NUMBER, number="+3220001702") == 200
        talks.press_event("1")
        phone.wait(lambda each: each.method == "INVITE", patience_s=30)
        # The operator's own phone: a key accepts.
        line.wait_until(lambda: phone.dialog.target != "", 10)
        speaks(phone)
        phone.press_event("1")
        becomes(line, state="bridged", patience_s=30)
        at = np.arange(8000 * 40) / 8000
        phone.say((9000 * np.sin(2 * np.pi * 1000 * at)).astype(np.int16))
        talks.wait_heard(lambda heard: sound.has_tone(heard, 1000), 10)
        begin = len(waits.heard)
        (core,) = processes(line, "callcore")
        os.kill(core, signal.SIGKILL)
        # While nobody controls it, the talk goes on, and so does the music.
        assert sound.has_tone(talks.hears(0.3), 1000)
        assert waits.hears(0.3).any()
        for each in (phone, talks, waits):
            assert each.ended.wait(60)
        # No silence before the end, which both have heard announced.
        moments = [moment for moment, _kind, _body in waits.heard[begin:]]
        assert max(np.diff(moments)) < 2
        for each in (waits, talks):
            last_words = b"".join(body for _at, _kind, body in each.heard[-4 * 50 :])
            assert sound.has_speech(alaw.decode(last_words) / 32768)
    listed = "[(row.number, row.why) for row in Callback.objects.all()]"
    line.wait_until(
        lambda: (
            sorted(each for each in line.ask(listed) if each[0].startswith("+32200017"))
            == [["+3220001701", "cut_off"], ["+3220001702", "cut_off"]]
        ),
        30,
    )
    line.site.shell(OPERATOR.format(account=lotte, what="off", details={}))
    # And the line answers again.
    assert phone.call(NUMBER) == 200
    speaks(phone)
