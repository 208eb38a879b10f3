"""Nothing is left behind: sessions of the media server that it did not end, and sockets of ours."""

import asyncio
from types import SimpleNamespace

import pytest

from quartier.telephony.providers.sip import last_run, session_end
from quartier.telephony.providers.sip.last_run import LastRun
from quartier.telephony.providers.sip.mixer import Mixer
from quartier.telephony.providers.sip.ng import MediaDown, MediaRefused
from quartier.telephony.providers.sip.sound import Sound
from quartier.telephony.providers.sip.tape import Tap


class Media:
    """Holds `there`; while it `rests` nothing is answered. Names so many at once."""

    def __init__(self, *there):
        self.there, self.rests = set(there), False

    async def ask(self, command, **words):
        if self.rests:
            raise MediaDown(command)
        if command == "list":
            return {"calls": sorted(self.there)[: words.get("limit", 32)]}
        if words["call_id"] not in self.there:
            raise MediaRefused("Unknown call-id")
        self.there.discard(words["call_id"])
        return {}


@pytest.fixture(autouse=True)
def nothing_left(monkeypatch):
    monkeypatch.setattr(session_end, "_unended", {})


def test_a_leg_that_the_media_server_did_not_end_is_ended_later():
    media = Media("a", "b")

    async def story():
        media.rests = True
        for leg in ("a", "b"):
            sound = Sound(media, leg)
            sound.there = True
            await sound.end()
        await session_end.end_left_sessions()
        assert media.there == {"a", "b"}
        media.rests = False
        await session_end.end_left_sessions()
        assert media.there == set()
        media.there.add("a")
        await session_end.end_left_sessions()
        assert media.there == {"a"}, "it was said again"

    asyncio.run(story())


@pytest.mark.parametrize("limit", [500, 40])
def test_all_legs_of_the_last_run_are_ended_and_no_caller_of_it(monkeypatch, limit):
    monkeypatch.setattr(last_run, "LIST_SIZE", limit)
    media = Media("caller", *(f"leg{number}" for number in range(100)))
    store = SimpleNamespace(left=[SimpleNamespace(hears=True, leg="caller")])
    asyncio.run(LastRun(media, None, store, None).begin())
    assert media.there == {"caller"}


def test_a_media_server_that_falls_in_the_middle_is_told_of_the_others_later():
    media = Media("a", "b", "c")
    ask = media.ask

    async def falls(command, **words):
        answer = await ask(command, **words)
        media.rests = command == "delete"
        return answer

    async def story():
        media.ask = falls
        await LastRun(media, None, SimpleNamespace(left=[]), None).begin()
        assert len(media.there) == 2
        media.rests, media.ask = False, ask
        await session_end.end_left_sessions()
        assert media.there == set()

    asyncio.run(story())


@pytest.mark.parametrize("opens", [Tap.open, lambda: Mixer.open(3)])
def test_where_there_is_no_second_socket_the_first_is_given_back(monkeypatch, opens):
    async def story():
        loop, made = asyncio.get_running_loop(), []
        create = loop.create_datagram_endpoint

        async def fails(*words, **more):
            if made:
                raise OSError(24, "Too many open files")
            made.append(await create(*words, **more))
            return made[0]

        monkeypatch.setattr(loop, "create_datagram_endpoint", fails)
        with pytest.raises(OSError, match="Too many"):
            await opens()
        assert made[0][0].is_closing()

    asyncio.run(story())
