"""What a leg is told, and when: one step after the other."""

import asyncio
from xml.etree import ElementTree

import pytest

from quartier.callcore import facts
from quartier.lib import clock
from quartier.telephony.providers.twiml.api import ApiDown, Refused, Uncertain
from quartier.telephony.providers.twiml.setup import PATH, Setup, carrier
from quartier.telephony.providers.twiml.tests.world import LOTTE, MARIE, NUMBER, PUBLIC, World, hurry


@pytest.fixture
def play(monkeypatch, tmp_path):
    """Runs a story in a world of its own."""
    hurry(monkeypatch)
    return lambda story, **line: asyncio.run(_in(tmp_path, story, line))


async def _in(folder, story, line):
    await story(World(folder, **line))


def tags(text):
    return [verb.tag for verb in ElementTree.fromstring(text).iter()][1:]


async def soon(what):
    for _ in range(200):
        if what():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


def test_a_prompt_with_keys_and_then_silence_with_keys(play):
    async def story(world):
        _status, text = await world.calls()
        assert tags(text) == ["Gather", "Play", "Redirect"]
        assert "welcome" in text
        _status, text = await world.take(world.signed(world.urls["next"][-1], "CAmarie"))
        assert tags(text) == ["Gather", "Redirect"]

    play(story)


def test_music_goes_round_and_is_asked_about_within_a_minute(play):
    async def story(world):
        await world.calls()
        _status, text = await world.presses("1")
        song = ElementTree.fromstring(text).find("Gather/Play")
        assert 50 <= int(song.get("loop")) * 3.0 <= 60

    play(story)


def test_a_key_of_another_question_is_late(play):
    async def story(world):
        await world.calls()
        url = world.urls["key"][-1]
        # The menu is over, and the caller waits: the 1 was a language, not a wish to be rung back.
        world.exchange.tell(world.line, facts.Tick(at=world.line.board.now + 31))
        await world.rest()
        _status, text = await world.take(world.signed(url, "CAmarie", Digits="1"))
        assert not [fact for fact in world.said if isinstance(fact, facts.Pressed)]
        assert "wait" in text

    play(story)


def test_nobody_is_there_and_who_comes_takes_the_call(play):
    async def story(world):
        _status, text = await world.calls()
        assert "nobody_here" in text
        assert tags(text) == ["Gather", "Play", "Redirect"]
        world.comes_on()
        await soon(lambda: world.api.moved)
        _status, text = await world.take(world.signed(world.api.moved[-1][1], "CAmarie"))
        assert "wait" in text
        await soon(lambda: world.api.rung)

    play(story, busy=False)


def test_a_text_instead_is_said_kindly_and_ends_the_call(play):
    async def story(world):
        await world.calls()
        call = next(iter(world.line.board.calls))
        world.exchange.happened(call, facts.Recognised, can_text=True)
        await world.rest()
        _status, text = await world.take(world.signed(world.urls["next"][-1], "CAmarie"))
        world.exchange.tell(world.line, facts.Tick(at=world.line.board.now + 4))
        _status, text = await world.presses("7")
        assert "we_write" in text
        assert tags(text)[-1] == "Hangup"

    play(story, busy=False)


def test_a_key_counts_in_every_prompt_of_the_same_question(play):
    async def story(world):
        await world.calls()
        await world.presses("1")
        url = world.urls["key"][-1]
        world.exchange.tell(world.line, facts.Tick(at=world.line.board.now + 46))
        await world.rest()
        _status, text = await world.take(world.signed(url, "CAmarie", Digits="1"))
        assert "we_call_back" in text
        assert tags(text) == ["Play", "Hangup"]

    play(story)


def test_who_does_not_come_and_ask_is_told_again(play):
    async def story(world):
        await world.calls()
        world.exchange.tell(world.line, facts.Tick(at=world.line.board.now + 31))
        await soon(lambda: len(world.api.moved) >= 2)
        _status, text = await world.take(world.signed(world.api.moved[-1][1], "CAmarie"))
        assert "wait" in text
        told = len(world.api.moved)
        await asyncio.sleep(0.3)
        assert len(world.api.moved) == told

    play(story)


def test_a_repetition_does_not_count_as_told(play, monkeypatch):
    monkeypatch.setattr("quartier.telephony.providers.twiml.phones.TAKES_S", 0.1)

    async def story(world):
        await world.calls()
        world.exchange.tell(world.line, facts.Tick(at=world.line.board.now + 31))
        await world.rest()
        _status, text = await world.take(world.sent[0])
        assert "wait" in text
        assert not world.api.moved
        await soon(lambda: world.api.moved)

    play(story)


def test_the_ones_who_talk_meet_in_a_room_whose_name_says_nothing(play):
    async def story(world):
        world.comes_on()
        await world.calls()
        await world.presses("1")
        await soon(lambda: world.api.rung)
        sid, answered, _status = world.api.rung[0]
        _status, text = await world.take(world.signed(answered, sid, Direction="outbound-api"))
        assert "accept" in text
        _status, text = await world.take(world.signed(world.urls["key"][-1], sid, Digits="1"))
        room = ElementTree.fromstring(text).find("Dial/Conference")
        await soon(lambda: world.api.moved)
        _status, text = await world.take(world.signed(world.api.moved[-1][1], "CAmarie"))
        assert ElementTree.fromstring(text).find("Dial/Conference").text == room.text
        assert (room.get("waitUrl"), room.get("endConferenceOnExit"), room.get("beep")) == (
            "",
            "false",
            "false",
        )
        for secret in (MARIE, LOTTE, NUMBER):
            assert secret not in text
            assert secret[1:] not in answered

    play(story)


def test_the_same_leg_rung_twice_is_ended_once(play):
    async def story(world):
        world.comes_on()
        await world.calls()
        await world.presses("1")
        await soon(lambda: world.api.rung)
        await world.rest()
        sid, answered, status = world.api.rung[0]
        await world.take(world.signed(status, "CAghost", "ringing"))
        _status, text = await world.take(world.signed(answered, "CAghost"))
        assert tags(text) == ["Hangup"]
        await soon(lambda: "CAghost" in world.api.ended)
        assert sid not in world.api.ended

    play(story)


def test_what_nobody_answers_for_is_ended_when_it_shows_after_all(play, monkeypatch):
    monkeypatch.setattr("quartier.telephony.providers.twiml.control.SHOWS_S", 0.05)

    async def story(world):
        world.comes_on()
        world.api.error = Uncertain()
        await world.calls()
        leg_of = []
        ring = world.api.ring

        async def rings(**words):
            leg_of.append(words["status"])
            return await ring(**words)

        world.api.ring = rings
        await world.presses("1")
        await soon(lambda: not world.line.board.calls)
        world.api.error = None
        await world.take(world.signed(leg_of[0], "CAghost", "ringing"))
        await soon(lambda: "CAghost" in world.api.ended)

    play(story)


def test_nobody_can_be_rung(play):
    async def story(world):
        world.comes_on()
        world.api.error = ApiDown()
        await world.calls()
        await world.presses("1")
        await soon(lambda: not world.line.board.calls)
        _status, text = await world.take(world.signed(world.urls["next"][-1], "CAmarie"))
        assert "trouble" in text
        assert tags(text)[-1] == "Hangup"
        # What was said is owed.
        assert [each.words["why"] for each in world.left() if each.what == "closed"] == ["trouble"]
        assert world.line.board.operators["Lotte"].standing == "available"

    play(story)


def test_a_number_that_cannot_be_rung_pauses_its_operator(play):
    async def story(world):
        world.comes_on()
        world.api.error = Refused("400")
        await world.calls()
        await world.presses("1")
        await soon(lambda: world.line.board.operators["Lotte"].standing == "paused")
        assert world.line.board.operators["Lotte"].reason == "unreachable"
        assert world.line.board.calls

    play(story)


def test_a_caller_of_the_process_before_hears_that_we_ring_back(play):
    async def story(world):
        url = f"{PUBLIC}{PATH}/next?leg=before&topic=1&version=3&sheet=9"
        _status, text = await world.take(world.signed(url, "CAold"))
        assert "trouble" in text
        assert [(each.what, each.words["number"]) for each in world.left()] == [("promised", MARIE)]
        _status, text = await world.take(world.signed(url, "CAold", Direction="outbound-api"))
        assert tags(text) == ["Hangup"]
        assert len(world.left()) == 1

    play(story)


def test_a_recording_is_of_the_call_that_says_so(play):
    async def story(world):
        url = f"{PUBLIC}{PATH}/recording?of={world.line.now.organisation}"
        words = {"RecordingSid": "RE1", "RecordingStatus": "completed"}
        await world.take(world.signed(url, "CAmarie", **words))
        await world.take(world.signed(url, "CAmarie", **{**words, "RecordingStatus": "absent"}))
        status, _text = await world.take(world.signed(url.replace("of=", "of=x"), "CAmarie", **words))
        assert status == 404
        ((call, organisation, recording),) = world.messages.came
        assert (organisation, recording) == (world.line.now.organisation, "RE1")
        assert len(call) == 36

    play(story)


@pytest.mark.parametrize(("at", "counts"), [(-400, False), (-200, True), (200, True), (400, False)])
def test_only_what_was_written_now_is_believed(play, at, counts):
    from datetime import timedelta
    from email.utils import format_datetime

    async def story(world):
        await world.calls()
        url, when = f"{PUBLIC}{PATH}/status", format_datetime(clock.now() + timedelta(seconds=at))
        await world.take(world.signed(url, "CAmarie", "completed", Timestamp=when))
        assert (not world.line.board.calls) == counts

    play(story)


def test_the_table_says_which_carrier(monkeypatch, tmp_path):
    assert carrier({}) == "sip"
    assert carrier({"carrier": "twiml"}) == "twiml"
    with pytest.raises(ValueError, match="'sip' or 'twiml'"):
        carrier({"carrier": "pigeon"})
    written = {"account": "AC1", "token": "t", "api": "https://api.example.org/v1/", "listen_port": "5081"}
    setup = Setup.of(tmp_path, written, "https://quartier.example.org/")
    assert (setup.home, setup.listen_port) == (tmp_path / "line", 5081)
    assert setup.api == "https://api.example.org/v1"
    assert setup.url("voice") == "https://quartier.example.org/line/carrier/voice"
    assert setup.secret == "t"
    monkeypatch.setenv("QUARTIER_LINE_SIGNING_KEY", "other")
    assert Setup.of(tmp_path, written, "https://quartier.example.org").secret == "other"
    with pytest.raises(ValueError, match="'token'"):
        Setup.of(tmp_path, {"account": "AC1"}, "")


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        (["busy"], ("available", "unreachable")),
        (["initiated", "busy"], ("available", "unreachable")),
        (["ringing", "busy"], ("paused", "missed")),
        (["no-answer"], ("paused", "missed")),
    ],
)
def test_a_telephone_that_never_rang_has_missed_nothing(play, said, stands):
    async def story(world):
        world.comes_on()
        await world.calls()
        await world.presses("1")
        await soon(lambda: world.api.rung)
        await world.rest()
        sid, _answered, status = world.api.rung[0]
        for each in said:
            code, _text = await world.take(world.signed(status, sid, each, Direction="outbound-api"))
            assert code == 200
        one = world.line.board.operators["Lotte"]
        assert (one.standing, one.reason) == stands

    play(story)
