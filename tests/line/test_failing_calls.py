"""Calls that come to nothing, and calls that are cut off: each way in which a carrier fails one, well and badly, and
the fall of call control itself."""

import os
import secrets
import signal
import threading
from collections.abc import Callable

import numpy as np
import pytest

from quartier.telephony.providers.sip import alaw
from tests.line import sound
from tests.line.carrier_line import HELPED, OPERATOR_WISH, becomes, begins, speaks
from tests.line.desk import employ
from tests.line.rtp_phone import Received, RtpPhone
from tests.line.site import NUMBER, LineSite
from tests.line.test_falls import processes

pytestmark = [pytest.mark.servers]

# Calls out that come to nothing, by a neighbour who wants to reach another


def wants_the_other(carrier_line: LineSite, phone: RtpPhone) -> None:
    """A neighbour calls, and presses 1."""
    begins(carrier_line, phone, "masked", number=HELPED)
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
    carrier_line: LineSite, phone: RtpPhone, steps: list[tuple[int, str]], reason: str
) -> None:
    phone.rings = _codes(*steps)
    wants_the_other(carrier_line, phone)
    # They are told at once, and may choose again.
    carrier_line.wait_until(
        lambda: (
            carrier_line.ask("list(Call.objects.order_by('began_at').values_list('failure', 'state'))")[-1]
            == [reason, "masked"]
        ),
        12,
    )
    speaks(phone)
    # Nobody else was called: what a carrier names instead is never followed.
    assert not [each for each in phone.received if each.method == "INVITE" and "902" in each.first]


def test_a_carrier_that_forks_and_answers_twice(carrier_line: LineSite, phone: RtpPhone) -> None:
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
    wants_the_other(carrier_line, phone)
    assert done.wait(15)
    invite = phone.wait(lambda each: each.method == "INVITE")
    call = invite.one("Call-ID")

    def is_to(each: Received, method: str, *tags: str) -> bool:
        return (
            each.method == method
            and each.one("Call-ID") == call
            and any(f"tag={tag}" in each.one("To") for tag in tags)
        )

    phone.wait(lambda each: is_to(each, "ACK", "one"))
    phone.wait(lambda each: is_to(each, "ACK", "two"))
    # Both are confirmed, and the later one is let go: it would cost, and talk to nobody. On their way through the edge
    # either can come first.
    bye = phone.wait(lambda each: is_to(each, "BYE", "one", "two"))
    stays = "two" if "tag=one" in bye.one("To") else "one"
    becomes(carrier_line, state="through")
    assert not [each for each in phone.received if is_to(each, "BYE", stays)]
    phone.hang_up()
    assert phone.wait(lambda each: is_to(each, "BYE", stays))


def test_a_phone_that_answers_as_it_is_given_up(carrier_line: LineSite, phone: RtpPhone) -> None:
    rung = threading.Event()

    def rings(carrier: RtpPhone, invite: Received) -> None:
        carrier.answer(invite, 180)
        rung.set()

    phone.rings = rings
    wants_the_other(carrier_line, phone)
    assert rung.wait(15)
    caller = phone.dialog
    invite = phone.wait(lambda each: each.method == "INVITE")
    becomes(carrier_line, state="reaching")
    phone.hang_up()
    call = invite.one("Call-ID")
    phone.wait(lambda each: each.method == "CANCEL" and each.one("Call-ID") == call)
    phone.answer(invite, 200, phone.sdp())
    assert phone.wait(lambda each: each.method == "ACK" and each.one("Call-ID") == call)
    assert phone.wait(lambda each: each.method == "BYE" and each.one("Call-ID") == call)
    assert caller.call != call


def test_a_phone_that_answers_without_sound(carrier_line: LineSite, phone: RtpPhone) -> None:
    phone.rings = _codes((200, ""))
    wants_the_other(carrier_line, phone)
    invite = phone.wait(lambda each: each.method == "INVITE")
    call = invite.one("Call-ID")
    assert phone.wait(lambda each: each.method == "BYE" and each.one("Call-ID") == call)
    becomes(carrier_line, failure="network", state="masked")
    speaks(phone)


# Call control falls


def test_whoever_is_on_the_line_when_call_control_falls_is_told_and_let_go(
    carrier_line: LineSite, phone: RtpPhone
) -> None:
    lotte = employ(carrier_line, f"Lotte{secrets.token_hex(2)}", "operator", phone="+32470000001")
    phone.rings = lambda operator, invite: operator.take(invite)
    with RtpPhone(carrier_line.sip) as waits, RtpPhone(carrier_line.sip) as talks:
        assert waits.call(NUMBER, number="+3220001701") == 200
        waits.press_event("2")
        becomes(carrier_line, state="queued", language="nl")
        carrier_line.site.shell(
            OPERATOR_WISH.format(account=lotte, what="on", details={"languages": ["fr"], "own_phone": True})
        )
        assert talks.call(NUMBER, number="+3220001702") == 200
        talks.press_event("1")
        phone.wait(lambda each: each.method == "INVITE", patience_s=30)
        # The operator's own phone: a key accepts.
        carrier_line.wait_until(lambda: phone.dialog.target != "", 10)
        speaks(phone)
        phone.press_event("1")
        becomes(carrier_line, state="bridged", patience_s=30)
        at = np.arange(8000 * 40) / 8000
        phone.say((9000 * np.sin(2 * np.pi * 1000 * at)).astype(np.int16))
        talks.wait_heard(lambda heard: sound.has_tone(heard, 1000), 10)
        begin = len(waits.heard)
        (core,) = processes(carrier_line, "callcore")
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
    carrier_line.wait_until(
        lambda: (
            sorted(each for each in carrier_line.ask(listed) if each[0].startswith("+32200017"))
            == [["+3220001701", "cut_off"], ["+3220001702", "cut_off"]]
        ),
        30,
    )
    carrier_line.site.shell(OPERATOR_WISH.format(account=lotte, what="off", details={}))
    # And the line answers again.
    assert phone.call(NUMBER) == 200
    speaks(phone)
