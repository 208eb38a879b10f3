"""A telephone is heard where it says that it is, or at another port of an address that somebody has named for it; and
nobody else is."""

import asyncio
import ipaddress

import pytest

from quartier.telephony.providers.sip import sdp
from quartier.telephony.providers.sip import sound as module
from quartier.telephony.providers.sip.phone_place import PhonePlace, carrier_networks
from quartier.telephony.providers.sip.setup import Setup
from quartier.telephony.providers.sip.sound import Sound

NAMED, ELSEWHERE, STRANGER = ("8.8.8.8", 4000), ("8.8.8.8", 4600), ("9.9.9.9", 4600)
HERE = ("127.0.0.1", 7000)


class Media:
    """Says yes to everything; `sender` is who has sent to the port last, seen only while everybody is let through."""

    def __init__(self, sender):
        self.sender, self.asked, self.shows = sender, [], False

    async def ask(self, command, **words):
        self.asked.append((command, words))
        if command in {"offer", "answer"} and words.get("flags") and "sdp" in words:
            self.shows = "media-handover" in words["flags"] or (
                self.shows and "strict-source" in words["flags"] and words["sdp"] == sdp.plain(sdp.NOWHERE)
            )
        if command == "query":
            host, port = self.sender if self.shows else NAMED
            stream = {"endpoint": {"family": "IPv4", "address": host, "port": port}}
            return {"tags": {"out": {"medias": [{"streams": [stream]}]}}}
        return {"sdp": sdp.plain(("127.0.0.1", 5000)), "duration": 1000}


def said(media):
    """What was asked of the outer side: where it is, and whether nobody else is heard."""
    return [
        (sdp.endpoint(words["sdp"]), "strict-source" in words["flags"])
        for command, words in media.asked
        if command in {"offer", "answer"} and "media-handover" not in words["flags"]
        and sdp.endpoint(words["sdp"]) not in {HERE, sdp.NOWHERE}
    ]  # fmt: skip


@pytest.mark.parametrize("came_in", [True, False])
@pytest.mark.parametrize(("sender", "found"), [(ELSEWHERE, True), (STRANGER, False)])
def test_another_port_of_the_address_that_was_named_is_found_and_no_stranger(
    came_in, sender, found, monkeypatch
):
    monkeypatch.setattr(module, "SEARCH_LOOK_S", 0)

    async def story():
        media, theirs = Media(sender), sdp.plain(NAMED)
        sound = Sound(media, "leg")
        if came_in:
            await sound.take(theirs)
        else:
            await sound.offer()
            await sound.taken(theirs)
        await sound.point(HERE)
        media.asked.clear()
        assert await sound.find_source() == found
        # Who is looked at hears nothing and is not heard: nothing leads anywhere before the place is exact again.
        first_inner = next(
            each for each in media.asked if sdp.endpoint(each[1]["sdp"]) in {HERE, sdp.NOWHERE}
        )
        assert sdp.endpoint(first_inner[1]["sdp"]) == sdp.NOWHERE
        last_inner = [
            each for each in media.asked if each[0] != "query" and sdp.endpoint(each[1]["sdp"]) == HERE
        ]
        assert len(last_inner) == 1
        assert said(media) == [(sender if found else NAMED, True)]
        assert (sound.points_at, sound.is_settled) == (HERE, True)
        # It stays so with the same description, and another one is believed again.
        media.asked.clear()
        await sound.changed(theirs)
        await sound.changed(sdp.plain(("8.8.8.8", 5000)))
        assert said(media) == [(sender if found else NAMED, True), (("8.8.8.8", 5000), True)]

    asyncio.run(story())


def test_keys_are_not_heard_and_nothing_is_played_while_strangers_are_let_through(monkeypatch):
    monkeypatch.setattr(module, "SEARCH_LOOK_S", 0)

    async def story():
        media = Media(STRANGER)
        sound = Sound(media, "leg")
        await sound.take(sdp.plain(NAMED))
        await sound.play("greeting.wav")
        assert sound.hears_keys
        seen = []
        ask = media.ask

        async def asks(command, **words):
            if command == "query":
                seen.append((sound.hears_keys, sound.playing))
            return await ask(command, **words)

        media.ask = asks
        assert not await sound.find_source()
        assert set(seen) == {(False, False)}
        assert sound.playing
        assert not sound.hears_keys, "what was pressed a moment ago is still to be told"
        monkeypatch.setattr(module, "KEY_REPORT_S", 0)
        assert sound.hears_keys

    asyncio.run(story())


def place(signalled_from="", carriers=()):
    made = PhonePlace()
    made.signalled_from = signalled_from
    made.carriers = tuple(ipaddress.ip_network(each) for each in carriers)
    return made


@pytest.mark.parametrize(
    ("named", "signalled_from", "placed"),
    [
        ("10.1.2.3", "8.8.4.4", "8.8.4.4"),
        ("10.1.2.3", "", "10.1.2.3"),
        # A telephone system beside us.
        ("10.1.2.3", "10.1.2.1", "10.1.2.3"),
        ("8.8.8.8", "8.8.4.4", "8.8.8.8"),
        # On hold, as some say it.
        ("0.0.0.0", "8.8.4.4", "0.0.0.0"),
    ],
)
def test_an_inner_address_stands_for_whoever_signals(named, signalled_from, placed):
    made, text = place(signalled_from), sdp.plain((named, 4000)) + "a=rtcp:4001\r\n"
    assert sdp.endpoint(made.placed(text)) == (placed, 4000)
    assert ("a=rtcp" in made.placed(text)) == (named == placed)
    assert made.is_assumed(text) == (named != placed)


def test_a_source_is_taken_where_somebody_has_named_it():
    text = sdp.plain(("10.1.2.3", 4000))
    allowed = place("8.8.4.4", ["198.51.100.0/24"])
    for host in ("10.1.2.3", "8.8.4.4", "198.51.100.77"):
        assert allowed.take(text, (host, 4600)), host
        assert sdp.endpoint(allowed.placed(text)) == (host, 4600)
        assert not allowed.is_assumed(text)
    for stranger in (("9.9.9.9", 4600), ("x", 4600), ("8.8.4.4", 9), None):
        assert not allowed.take(text, stranger)


def test_the_carrier_is_what_is_written_of_it(tmp_path):
    setup = Setup(tmp_path, trunk="198.51.100.7:5080", trunk_sources=("192.0.2.0/28", "sbc.example.org"))
    assert [str(each) for each in carrier_networks(setup)] == ["192.0.2.0/28", "198.51.100.7/32"]


def test_of_two_addresses_that_of_the_sound_counts():
    text = sdp.plain(("8.8.8.8", 4000)) + "c=IN IP4 10.1.2.3\r\n"
    assert sdp.endpoint(text) == ("10.1.2.3", 4000)
    assert not sdp.is_reachable(text)
