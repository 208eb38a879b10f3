"""Carriers that say things once, twice, in parts or not at all: one caller is one call, and nobody hears us who has not
confirmed that they call."""

import re
import time

import pytest

from tests.line.carrier_line import HELPED, becomes, begins, last, speaks
from tests.line.rtp_phone import Received, RtpPhone
from tests.line.site import NUMBER, LineSite

pytestmark = [pytest.mark.servers]


def test_a_call_that_comes_by_two_ways_is_one(carrier_line: LineSite, phone: RtpPhone) -> None:
    sent, send = [], phone.send
    phone.send = lambda text: (sent.append(text), send(text))[1]  # type: ignore[method-assign,func-returns-value]
    before = len(carrier_line.calls())
    begins(carrier_line, phone)
    seen = len(phone.received)
    send(re.sub(r"branch=\S+", "branch=z9hG4bKanotherway", sent[0]))
    assert phone.wait(lambda each: each.code >= 200, seen).code == 482
    assert len(carrier_line.calls()) == before + 1
    phone.press_event("2")
    becomes(carrier_line, state="queued", language="nl")


def test_nothing_is_said_to_who_has_not_confirmed(carrier_line: LineSite, phone: RtpPhone) -> None:
    request = phone.request
    phone.request = (  # type: ignore[method-assign]
        lambda method, *given, **named: "" if method == "ACK" else request(method, *given, **named)
    )
    assert phone.call(NUMBER) == 200
    time.sleep(3)
    assert not phone.heard
    assert last(carrier_line)["state"] != "queued"
    assert phone.ended.wait(12)
    assert not phone.heard
    becomes(carrier_line, outcome="left")


def test_a_description_in_one_of_several_parts(carrier_line: LineSite, phone: RtpPhone) -> None:
    body = (
        f"--xx\r\nContent-Type: application/sdp\r\n\r\n{phone.sdp()}\r\n"
        "--xx\r\nContent-Type: application/isup;version=itu-t92+\r\n\r\nabc\r\n--xx--\r\n"
    )
    send = phone.send
    phone.send = lambda text: send(  # type: ignore[method-assign]
        text.replace("Content-Type: application/sdp", "Content-Type: multipart/mixed;boundary=xx", 1)
    )
    assert phone.call(NUMBER, body) == 200
    becomes(carrier_line, state="menu")
    speaks(phone)


def test_a_description_that_came_before_the_answer(carrier_line: LineSite, phone: RtpPhone) -> None:
    def rings(ringing: RtpPhone, invite: Received) -> None:
        ringing.answer(invite, 183, ringing.sdp())
        time.sleep(0.3)
        ringing.answer(invite, 200)

    phone.rings = rings
    with RtpPhone(carrier_line.sip) as marie:
        begins(carrier_line, marie, "masked", number=HELPED)
        marie.press_event("1")
        becomes(carrier_line, state="through")
        marie.hang_up()
