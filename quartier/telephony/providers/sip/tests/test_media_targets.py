"""A phone is sent sound where phones are, and a browser only what it has proved to want."""

import asyncio

import pytest

from quartier.telephony.providers.sip import sdp
from quartier.telephony.providers.sip.media_targets import MediaTargets
from quartier.telephony.providers.sip.setup import Setup
from quartier.telephony.providers.sip.sound import Sound

BROWSER = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n"
    "m=audio 50000 UDP/TLS/RTP/SAVPF 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
    "a=fingerprint:sha-256 AA\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\n"
    "a=candidate:1 1 udp 1 0f1e2d3c.local 50000 typ host\r\n"
)
CANDIDATE = "a=candidate:1 1 udp 1 {} {} typ host\r\n"


def targets(tmp_path, **table):
    return MediaTargets.of(Setup.of(tmp_path, table, "https://line.example.org"))


@pytest.mark.parametrize(
    ("host", "port"),
    [("127.0.0.1", 2223), ("127.0.0.1", 40000), ("::1", 2223), ("::ffff:127.0.0.1", 2223), ("224.0.0.1", 9000),
     ("255.255.255.255", 9000), ("198.51.100.7", 2223), ("198.51.100.7", 2222), ("198.51.100.7", 5060),
     ("0.0.0.0", 2223), ("0.0.0.0", 2222), ("::", 2223)],
)  # fmt: skip
def test_no_sound_goes_to_this_machine_s_own_services(tmp_path, host, port):
    line = targets(tmp_path, address="198.51.100.7")
    plain = sdp.plain(("198.51.100.9", 4000)).replace("IN IP4 198.51.100.9", f"IN IP4 {host}")
    for text in (
        plain.replace("m=audio 4000", f"m=audio {port}"),
        sdp.plain(("198.51.100.9", 4000)) + f"a=rtcp:{port} IN IP4 {host}\r\n",
        BROWSER + CANDIDATE.format(host, port),
    ):
        with pytest.raises(sdp.NoSound):
            line.check(text)


def test_phones_are_sent_sound(tmp_path):
    line = targets(tmp_path, address="198.51.100.7")
    for text in (
        sdp.plain(("198.51.100.9", 4000)),
        sdp.plain(("10.0.0.4", 4000)),
        sdp.plain(("0.0.0.0", 4000)),
        BROWSER,
        # Behind the same router as the line.
        BROWSER + CANDIDATE.format("198.51.100.7", 51000),
    ):
        line.check(text)
    # A browser on the machine of the line, which is found by ICE.
    line.check(BROWSER + CANDIDATE.format("127.0.0.1", 51000) + CANDIDATE.format("::1", 51000), by_ice=True)
    with pytest.raises(sdp.NoSound):
        line.check(BROWSER + CANDIDATE.format("127.0.0.1", 2223), by_ice=True)
    # A trial on one machine has its phones there.
    here = targets(tmp_path, address="127.0.0.1")
    here.check(sdp.plain(("127.0.0.1", 40000)))
    here.check(BROWSER + CANDIDATE.format("::1", 40000))
    with pytest.raises(sdp.NoSound):
        here.check(sdp.plain(("127.0.0.1", 2223)))


class Media:
    """Says yes to everything, and keeps what it was asked."""

    def __init__(self):
        self.asked = []

    async def ask(self, command, **words):
        self.asked.append((command, words))
        return {"sdp": sdp.plain(("127.0.0.1", 5000))}


@pytest.mark.parametrize(
    "answer",
    [sdp.plain(("198.51.100.9", 4000)), BROWSER.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"),
     BROWSER.replace("a=fingerprint", "a=x"), BROWSER.replace("a=ice-ufrag", "a=x")],
)  # fmt: skip
def test_a_browser_that_does_not_encrypt_is_no_browser(answer, monkeypatch):
    monkeypatch.setattr(Sound, "plain_browsers", False)

    async def story():
        sound = Sound(Media(), "leg", web=True)
        await sound.offer()
        with pytest.raises(sdp.NoSound):
            await sound.taken(answer)
        with pytest.raises(sdp.NoSound):
            await sound.changed(answer)
        await sound.taken(BROWSER)

    asyncio.run(story())


def test_what_is_said_of_a_medium_that_is_not_used_encrypts_nothing(monkeypatch):
    monkeypatch.setattr(Sound, "plain_browsers", False)
    head, sound = BROWSER.split("m=audio ")
    unused = f"m=audio 0 {sound.split(' ', 1)[1]}"
    plain = "m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"

    async def story():
        sound = Sound(Media(), "leg", web=True)
        await sound.offer()
        for theirs in (head + unused + plain, head + plain + unused):
            with pytest.raises(sdp.NoSound):
                await sound.changed(theirs)
            with pytest.raises(sdp.NoSound):
                await sound.taken(theirs)
            with pytest.raises(sdp.NoSound):
                await sound.take(theirs)

    asyncio.run(story())


def trust(asked):
    words = asked[1]
    # Whoever it is, no port moves: what we have told is where we send from.
    assert "port-latching" in words["flags"]
    return words.get("endpoint-learning"), [each for each in words["flags"] if each != "port-latching"]


@pytest.mark.parametrize(
    ("offer", "trusted"),
    [
        (sdp.plain(("8.8.8.8", 4000)), ("off", ["strict-source"])),
        # Behind a router its address says nothing, and who signals says it.
        (sdp.plain(("192.168.1.5", 4000)), ("off", ["strict-source"])),
        # Who encrypts has proved by the key who it is.
        (sdp.plain(("8.8.8.8", 4000)).replace("RTP/AVP", "RTP/SAVP"), ("off", [])),
    ],
    ids=["public", "behind a router", "encrypted"],
)
def test_a_phone_with_a_public_address_is_heard_there_and_nobody_else_is(offer, trusted):
    async def story():
        media = Media()
        await Sound(media, "leg").take(offer)
        assert trust(media.asked[0]) == trusted
        ringing = Sound(media, "other")
        await ringing.offer()
        await ringing.taken(offer)
        await ringing.point(("127.0.0.1", 7000))
        assert [trust(each) for each in media.asked if each[1]["sdp"] == offer] == [trusted] * 3

    asyncio.run(story())
