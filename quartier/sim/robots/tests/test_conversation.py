"""What somebody invented does on the telephone, by what happens on the line."""

import asyncio

import pytest

from quartier.sim.robots import conversation
from quartier.sim.robots.conversation import Conversation, Manner
from quartier.sim.robots.people import everybody

MONIQUE = everybody()[0]
STILL = {
    "LISTENS_S": 0.1,
    "AGAIN_S": 1.0,
    "LOOK_S": 0.02,
    "SAYS_NOTHING_S": 0.1,
    "PAUSE_S": 0.05,
    "TONE_S": 0.1,
}


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    """A second is a tenth of one."""
    for name, seconds in STILL.items():
        monkeypatch.setattr(conversation, name, seconds)
    sleep = asyncio.sleep
    monkeypatch.setattr(conversation.asyncio, "sleep", lambda seconds: sleep(min(seconds, 0.1)))
    monkeypatch.setattr(conversation, "spoken", lambda words, voice, folder: words.encode())


class Ear:
    """What is heard and said. `loud_at` moves when the operator speaks."""

    def __init__(self):
        self.said, self.loud_at = [], 0.0

    async def say(self, sound):
        self.said.append(sound.decode())

    def quiet_for(self):
        return asyncio.get_running_loop().time() - self.loud_at


class Call:
    def __init__(self):
        self.sound, self.over, self.keys = Ear(), asyncio.Event(), []

    def press(self, key):
        self.keys.append(key)

    async def hang_up(self):
        self.over.set()


def played(states, *, person=MONIQUE, patience=60.0, asks=False, back=False, answers=True):
    """Let it go on through these states, each until it has been asked for so often."""
    call = Call()

    async def scene():
        left = [state for state, times in states for _ in range(times)]

        async def where():
            state = left.pop(0) if len(left) > 1 else left[0]
            if state == "hangs up":
                call.over.set()
            if state == "bridged" and answers:
                call.sound.loud_at = asyncio.get_running_loop().time()
            return state

        talk = Conversation(call, person, Manner(patience, asks, "2"), where, None)
        await asyncio.wait_for(talk.answer() if back else talk.go(), 10)

    asyncio.run(scene())
    assert call.over.is_set()
    return call


def test_they_choose_their_language_wait_and_say_what_they_need():
    call = played([("menu", 2), ("queued", 5), ("offering", 3), ("bridged", 1)])
    assert call.keys == ["2"]
    said = [each for each in call.sound.said if each != MONIQUE.silence]
    assert said == [*MONIQUE.turns, MONIQUE.bye]


def test_who_is_known_presses_nothing():
    assert played([("queued", 4), ("bridged", 1)]).keys == []


def test_who_hears_nothing_asks_once_whether_anybody_is_there():
    call = played([("bridged", 1)], answers=False)
    assert call.sound.said.count(MONIQUE.silence) == 1
    assert call.sound.said[-1] == MONIQUE.bye


def test_nobody_is_there_and_they_leave_a_message():
    call = played([("menu", 1), ("queued", 3), ("voicemail", 1)])
    assert call.sound.said == [MONIQUE.message]


def test_who_has_waited_long_enough_hangs_up_or_asks_to_be_rung_back():
    assert played([("queued", 1)], patience=0.3).keys == []
    call = played([("queued", 30), ("hangs up", 1)], patience=0.3, asks=True)
    assert call.keys == ["1"]
    assert not call.sound.said


def test_a_closed_line_is_asked_to_ring_back():
    assert played([("closed", 5), ("hangs up", 1)]).keys == ["1"]


def test_an_operator_who_is_lost_is_waited_for():
    call = played([("bridged", 4), ("queued", 5), ("bridged", 1)])
    assert call.sound.said[-1] == MONIQUE.bye


def test_nobody_speaks_to_a_line_that_has_hung_up():
    assert not played([("menu", 1), ("hangs up", 1)]).sound.said


def test_who_is_called_back_says_so_first():
    call = played([("bridged", 1)], back=True)
    assert call.sound.said[0] == MONIQUE.back
    assert MONIQUE.turns[1] in call.sound.said
