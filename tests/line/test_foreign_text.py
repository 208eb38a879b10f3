"""Bytes that are not UTF-8 and addresses that are not `sip:`, as carriers write them: whoever calls is answered, and
whoever is called is heard, or the call is over for everybody."""

from collections.abc import Callable

import pytest

from tests.line.carrier_line import HELPED, becomes, begins, speaks
from tests.line.rtp_phone import Received, RtpPhone
from tests.line.site import NUMBER, LineSite

pytestmark = [pytest.mark.servers]

LATIN = "latin-1"


def writes(phone: RtpPhone, old: str, new: str) -> None:
    """Whatever this telephone sends has other words, in Latin-1."""
    phone.coding, send = LATIN, phone.send
    phone.send = lambda text: send(text.replace(old, new))  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("From: <sip", 'From: "Frédéric" <sip'),
        ("Max-Forwards", 'P-Asserted-Identity: "René" <sip:+3220001234@c>\r\nMax-Forwards'),
        ("From: <sip:+3220001234@127.0.0.1>", "From: <tel:+3220001234>"),
    ],
    ids=["from", "asserted", "tel"],
)
def test_whoever_calls_is_answered(carrier_line: LineSite, phone: RtpPhone, old: str, new: str) -> None:
    writes(phone, old, new)
    begins(carrier_line, phone)
    speaks(phone)
    phone.press_event("2")
    becomes(carrier_line, state="queued", language="nl")
    # And hangs up, in the same words.
    phone.hang_up()
    becomes(carrier_line, outcome="abandoned")


def test_who_cannot_be_understood_is_refused_at_once(phone: RtpPhone) -> None:
    writes(phone, "Contact: <sip:", "Contact: <mailto:")
    assert phone.call(NUMBER) == 400


Rings = Callable[[RtpPhone, Received], object]


def wants_the_other(carrier_line: LineSite, marie: RtpPhone, phone: RtpPhone, rings: Rings) -> None:
    """A neighbour calls, and presses 1; the other one's telephone does this."""
    phone.coding, phone.rings = LATIN, rings  # type: ignore[assignment]
    begins(carrier_line, marie, "masked", number=HELPED)
    marie.press_event("1")


def test_why_the_other_one_does_not_come_is_understood(carrier_line: LineSite, phone: RtpPhone) -> None:
    with RtpPhone(carrier_line.sip) as marie:
        wants_the_other(
            carrier_line, marie, phone, lambda ringing, invite: ringing.answer(invite, 486, words="Occupé")
        )
        becomes(carrier_line, state="masked", failure="busy")
        marie.hang_up()


def test_the_other_one_is_heard_whatever_their_name(carrier_line: LineSite, phone: RtpPhone) -> None:
    name = 'P-Asserted-Identity: "André" <sip:+32470000002@c>\r\n'
    with RtpPhone(carrier_line.sip) as marie:
        wants_the_other(
            carrier_line,
            marie,
            phone,
            lambda ringing, invite: ringing.answer(invite, 200, ringing.sdp(), headers=name),
        )
        becomes(carrier_line, state="through")
        phone.wait(lambda each: each.method == "ACK")
        marie.hang_up()
        phone.wait(lambda each: each.method == "BYE")


def test_a_call_that_nobody_understands_is_let_go_by_both(carrier_line: LineSite, phone: RtpPhone) -> None:
    def takes(ringing: RtpPhone, invite: Received) -> None:
        writes(ringing, "Contact: <sip:", "Contact: <mailto:")
        ringing.answer(invite, 200, ringing.sdp())

    with RtpPhone(carrier_line.sip) as marie:
        wants_the_other(carrier_line, marie, phone, takes)
        phone.wait(lambda each: each.method == "ACK")
        phone.wait(lambda each: each.method == "BYE")
        becomes(carrier_line, state="masked", failure="network")
        marie.hang_up()
