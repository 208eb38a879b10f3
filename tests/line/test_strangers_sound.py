"""Who is heard in a call: its own telephone, and no stranger who sends to its port, from whatever address; and also a
carrier that sends from another port than it says. Where it sends from, it hears (symmetric RTP)."""

import socket
import struct
import time
from collections.abc import Iterator

import numpy as np
import pytest

from quartier.telephony.providers.sip import alaw
from tests.line.carrier_line import HELPED, becomes, begins, last, speaks
from tests.line.rtp_phone import FRAME, KEYS, PCMA, RATE, RtpPhone
from tests.line.site import NUMBER, LineSite

pytestmark = [pytest.mark.servers]

EVENTS = 101
LOUD, STRANGER_HZ = 0.05, 1900
NOT_HEARD = "somebody sends to a telephone's port who is not its carrier"
FROM_ELSEWHERE = "sends from another address or port than its carrier says"


@pytest.fixture(params=["127.0.0.9", "127.0.0.1"], ids=["elsewhere", "same-address"])
def stranger(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind((request.param, 0))
        yield made


def packet(payload: int, number: int, stamp: int, body: bytes) -> bytes:
    return struct.pack("!BBHII", 0x80, payload, number, stamp, 77) + body


def press(stranger: socket.socket, at: tuple[str, int], digit: str) -> None:
    """A key as RFC 4733 has it."""
    for number in range(6):
        ends = 0x80 if number >= 3 else 0
        body = struct.pack("!BBH", KEYS.index(digit), ends | 10, FRAME * (number + 1))
        stranger.sendto(packet(EVENTS | (0 if number else 0x80), number, 5000, body), at)


def speak(stranger: socket.socket, at: tuple[str, int], seconds: float) -> None:
    said = 20_000 * np.sin(2 * np.pi * STRANGER_HZ * np.arange(int(RATE * seconds)) / RATE)
    code = alaw.encode(said.astype(np.int16))
    for number in range(len(code) // FRAME):
        body = code[number * FRAME : (number + 1) * FRAME]
        stranger.sendto(packet(PCMA, number, number * FRAME, body), at)
        time.sleep(0.019)


def test_a_stranger_presses_no_key(carrier_line: LineSite, phone: RtpPhone, stranger: socket.socket) -> None:
    begins(carrier_line, phone)
    press(stranger, phone.line_sound, "2")
    time.sleep(2)
    assert last(carrier_line)["state"] == "menu"
    # Neither after the telephone has said once more where it is.
    assert phone.ask("INVITE", phone.sdp()).code == 200
    press(stranger, phone.line_sound, "2")
    time.sleep(2)
    assert last(carrier_line)["language"] != "nl"
    phone.press_event("3")
    becomes(carrier_line, state="queued", language="de")


def test_a_stranger_is_not_heard(carrier_line: LineSite, phone: RtpPhone, stranger: socket.socket) -> None:
    def take(ringing: RtpPhone, invite: object) -> None:
        ringing.answer(invite, 180)  # type: ignore[arg-type]
        ringing.take(invite)  # type: ignore[arg-type]

    phone.rings = take
    with RtpPhone(carrier_line.sip) as marie:
        begins(carrier_line, marie, "masked", number=HELPED)
        press(stranger, marie.line_sound, "1")
        time.sleep(2)
        assert last(carrier_line)["state"] == "masked"
        marie.press_event("1")
        becomes(carrier_line, state="through")
        for ear, spoken_to in ((phone, marie), (marie, phone)):
            began = len(ear.heard)
            speak(stranger, spoken_to.line_sound, 1.5)
            heard = alaw.decode(b"".join(body for _at, kind, body in ear.heard[began:] if kind == PCMA))
            assert len(heard) > RATE / 2
            assert np.abs(heard / 32768).max() < LOUD
        # Each other they hear.
        marie.press_tone("5", 3.0)
        phone.wait_heard(lambda samples: bool(np.abs(samples).max() > LOUD), 8)
        marie.hang_up()
        becomes(carrier_line, outcome="answered")


@pytest.mark.parametrize("moves", [False, True], ids=["from-the-beginning", "in-mid-call"])
def test_a_carrier_that_sends_from_another_port_is_heard(
    carrier_line: LineSite, phone: RtpPhone, moves: bool
) -> None:
    before = carrier_line.log.count(FROM_ELSEWHERE)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        other.settimeout(0.2)
        before_it = phone._sound
        if not moves:
            phone.mouth = phone._sound = other
        begins(carrier_line, phone)
        if moves:
            speaks(phone)
            phone.mouth = phone._sound = other
        carrier_line.wait_until(lambda: carrier_line.log.count(FROM_ELSEWHERE) == before + 1, 12)
        speaks(phone)
        phone.press_event("2")
        becomes(carrier_line, state="queued", language="nl")
        phone.hang_up()
        # What says nothing more says it nowhere.
        phone.mouth = phone._sound = before_it


@pytest.fixture
def elsewhere() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.9", 0))
        yield made


def hears(stranger: socket.socket) -> int:
    """Packets that have come to it."""
    stranger.setblocking(False)
    found = 0
    try:
        while stranger.recv(2000):
            found += 1
    except BlockingIOError:
        stranger.setblocking(True)
    return found


def inner_address(phone: RtpPhone) -> str:
    """A telephone behind a router, as it knows itself."""
    return phone.sdp().replace("IP4 127.0.0.1", "IP4 10.1.2.3")


@pytest.mark.parametrize("behind", [False, True], ids=["named", "inner-address"])
def test_silence_lets_no_stranger_in(
    carrier_line: LineSite, phone: RtpPhone, elsewhere: socket.socket, behind: bool
) -> None:
    before = carrier_line.log.count(NOT_HEARD)
    said, mouth = carrier_line.log.count(FROM_ELSEWHERE), phone.mouth
    phone.mouth = elsewhere  # Nothing of its own is sent before its time.
    assert phone.call(NUMBER, inner_address(phone) if behind else phone.sdp()) == 200
    becomes(carrier_line, state="menu", outcome="")
    end = time.monotonic() + 12
    while time.monotonic() < end and carrier_line.log.count(NOT_HEARD) == before:
        speak(elsewhere, phone.line_sound, 0.3)
        press(elsewhere, phone.line_sound, "2")
    speak(elsewhere, phone.line_sound, 1.0)
    press(elsewhere, phone.line_sound, "2")
    time.sleep(1)
    assert carrier_line.log.count(NOT_HEARD) > before
    assert carrier_line.log.count(FROM_ELSEWHERE) == said
    assert last(carrier_line)["language"] != "nl"
    assert hears(elsewhere) == 0
    # Its own telephone is heard as soon as it speaks, and hears.
    phone.mouth = mouth
    speaks(phone, 20)
    phone.press_event("3")
    becomes(carrier_line, state="queued", language="de")


def test_a_telephone_with_an_inner_address_is_heard_beside_a_stranger(
    carrier_line: LineSite, phone: RtpPhone, elsewhere: socket.socket
) -> None:
    assert phone.call(NUMBER, inner_address(phone)) == 200
    becomes(carrier_line, state="menu", outcome="")
    end = time.monotonic() + 3
    while time.monotonic() < end:
        speak(elsewhere, phone.line_sound, 0.2)
        press(elsewhere, phone.line_sound, "2")
    speaks(phone)
    assert hears(elsewhere) == 0
    phone.press_event("3")
    becomes(carrier_line, state="queued", language="de")
