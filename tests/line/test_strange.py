"""Bad input on the line: nonsense, phones that speak nothing we know, callers who go at the worst moment, keys mashed.
Nothing crashes, each leaves a clear line in the log at most, and afterwards somebody is helped as ever."""

import random
import time
from collections.abc import Iterator

import pytest

from tests.line import sound
from tests.line.caller import Caller
from tests.line.phone import RawPhone
from tests.line.site import NUMBER, LineSite

pytestmark = [pytest.mark.servers]

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
AUDIO = "m=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"


@pytest.fixture
def raw(line: LineSite) -> Iterator[RawPhone]:
    with RawPhone(line.sip) as phone:
        yield phone


@pytest.fixture(autouse=True)
def nothing_breaks(line: LineSite) -> Iterator[None]:
    line.wait_until(lambda: all(each["outcome"] for each in line.calls()), 60)
    yield
    assert "Traceback" not in line.log


def is_counted(line: LineSite, known: int) -> None:
    """Wait until a call after the `known` ones is in the database with its end: it comes there a moment later, and the
    next test counts too."""

    def there() -> bool:
        calls = line.calls()
        return len(calls) > known and all(each["outcome"] for each in calls)

    line.wait_until(there, 20)


def test_nonsense_is_not_an_end(line: LineSite, raw: RawPhone) -> None:
    chance = random.Random(4)
    whole = raw.invite(NUMBER, SDP + AUDIO)
    for _ in range(120):
        bad = bytearray(whole.encode())
        for _ in range(chance.randint(1, 20)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        for port in (line.sip, line.ports["callcore_port"]):
            raw.send(bytes(bad[: chance.randint(1, len(bad))]), port)
    for strange in (
        b"", b"\0" * 500, b"INVITE", b"INVITE sip:x SIP/2.0\r\n\r\n", b"SIP/2.0 200 OK\r\n\r\n",
        whole.replace("Content-Length: ", "Content-Length: -").encode(),
        whole.replace("CSeq: 1 INVITE", "CSeq: 99999999999999999999 INVITE").encode(),
        whole.replace("branch=", "branch=" + "x" * 8000).encode()[:60_000],
        whole.replace("<sip:", "<sip:" * 200).encode(),
        whole.replace("From: ", "From: \"é\\u202e\\\\\"").encode(),
    ):  # fmt: skip
        for port in (line.sip, line.ports["callcore_port"]):
            raw.send(strange, port)
    time.sleep(2)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (SDP + "m=audio 40000 RTP/AVP 96\r\na=rtpmap:96 WHALE/8000\r\n", 488),
        (SDP + "m=video 40000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n", 488),
        (SDP + "m=audio 0 RTP/AVP 8\r\n", 488),
        ("nonsense", 488),
        (SDP.replace("IP4 127.0.0.1", "IP6 ::1") + AUDIO, 200),
    ],
    ids=["codec", "video", "no port", "nonsense", "ipv6"],
)
def test_a_phone_that_speaks_nothing_we_know(line: LineSite, raw: RawPhone, body: str, code: int) -> None:
    known = len(line.calls())
    answer = raw.calls(NUMBER, body)
    # IPv6 is refused or answered, as the machine can: but it is answered at once.
    assert answer == code or (code == 200 and 400 <= answer < 600)
    raw.bye()
    is_counted(line, known)


@pytest.mark.parametrize("number", ["", "anonymous", "999999999999999999999999", "+", "abc", "0", "+32%00"])
def test_a_number_that_is_withheld_or_absurd(line: LineSite, raw: RawPhone, number: str) -> None:
    before, known = len(line.callbacks()), len(line.calls())
    # No name at all before the @ is no address: the edge says so.
    assert raw.calls(NUMBER, SDP + AUDIO, number=number) == (200 if number else 400)
    raw.bye()
    if number:
        is_counted(line, known)
    # There is nobody to ring back, but the call is counted.
    assert len(line.callbacks()) == before


@pytest.mark.parametrize("after", [0.0, 0.02, 0.3, 2.0])
def test_whoever_hangs_up_early_is_counted_once(line: LineSite, raw: RawPhone, after: float) -> None:
    before = len(line.calls())
    # In the very millisecond of the call, the edge may have sent nothing on yet: then nobody has called the line.
    known = before + raw.cancels(NUMBER, SDP + AUDIO, after)
    line.wait_until(lambda: len(line.calls()) == known and all(each["outcome"] for each in line.calls()), 10)
    if not after:
        return
    assert known == before + 1


def test_a_phone_that_wants_something_else_at_a_bad_moment(line: LineSite, raw: RawPhone) -> None:
    assert raw.calls(NUMBER, SDP + AUDIO) == 200
    assert raw.wants(SDP + AUDIO.replace("40000", "40010"), 2) == 200
    # Two at once, nonsense, and nothing to hear: each is answered, and the call goes on.
    raw.wants(SDP + AUDIO.replace("40000", "40020"), 3, waits=False)
    assert raw.wants(SDP + AUDIO.replace("40000", "40030"), 4) in {200, 491, 500}
    time.sleep(0.5)
    assert raw.wants("nonsense", 5) in {200, 400, 488, 491, 500}
    assert raw.wants(SDP + AUDIO.replace("sendrecv", "inactive"), 6) in {200, 491, 500}
    assert line.calls()[-1]["state"] in {"menu", "queued"}
    raw.bye(7)
    line.wait_until(lambda: line.calls()[-1]["outcome"] != "", 20)


def test_keys_mashed(line: LineSite, marie: Caller) -> None:
    marie.dial(line.uri)
    marie.wait_answered(5)
    # All but those that mean something to whoever waits.
    for key in "0*#6*#0**##":
        marie.press(key)
    marie.wait_heard(sound.has_speech, 8)
    # Nobody is on shift, which is said at once; and 2 is nothing that was offered.
    for _ in range(4):
        marie.press("2")
    assert line.calls()[-1]["state"] == "queued"
    marie.hang_up()
    line.wait_until(lambda: line.calls()[-1]["outcome"] == "abandoned", 10)
    assert line.callbacks()[-1]["why"] == "missed"


def test_nobody_but_the_carrier_calls_in(line: LineSite) -> None:
    before = len(line.calls())
    with RawPhone(line.sip, "127.0.0.2") as stranger:
        assert stranger.calls(NUMBER, SDP + AUDIO) == 403
    assert len(line.calls()) == before


def test_a_flood_is_not_answered_and_others_are(line: LineSite, raw: RawPhone) -> None:
    with RawPhone(line.sip, "127.0.0.3") as flood, RawPhone(line.sip, "127.0.0.4") as other:
        for _ in range(300):
            flood.send(flood.invite(NUMBER, SDP + AUDIO).encode())
        assert not flood.is_answered(NUMBER, SDP + AUDIO)
        assert other.is_answered(NUMBER, SDP + AUDIO)
    assert raw.calls(NUMBER, SDP + AUDIO) == 200
    raw.bye()


def test_afterwards_somebody_is_helped_as_ever(line: LineSite, marie: Caller) -> None:
    marie.dial(line.uri)
    marie.wait_answered(5)
    marie.wait_heard(sound.has_speech, 8)
    marie.hang_up()
