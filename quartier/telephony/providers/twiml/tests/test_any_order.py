"""Webhooks come twice, late, forged and in any order: every call is counted once, and no key twice."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quartier.callcore import facts
from quartier.telephony.providers.twiml.setup import PATH
from quartier.telephony.providers.twiml.tests.world import PUBLIC, World, hurry

CALLERS = ["CAmarie", "CAjean"]
WHAT = [
    "voice",
    "key",
    "next",
    "go",
    "end",
    "lost",
    "answered",
    "rings",
    "declines",
    "repeat",
    "forge",
    "tick",
]
events = st.lists(
    st.tuples(st.sampled_from(WHAT), st.integers(0, 30), st.sampled_from("1235#")), min_size=3, max_size=30
)
ours = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _hurry(monkeypatch):
    hurry(monkeypatch)


def in_a_world(story):
    """Run it in a loop and a folder of its own."""

    async def run(folder):
        await story(World(folder, longest_s=5.0))

    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        asyncio.run(run(Path(folder)))


def webhook(world, what, which, digit):
    """One that the provider could send now, or could have sent before; `None` where there is none yet."""
    pick = lambda found: found[which % len(found)] if found else None  # noqa: E731
    caller = CALLERS[which % 2]
    if what == "voice":
        return world.signed(f"{PUBLIC}{PATH}/voice", caller, "ringing")
    if what in {"end", "lost"}:
        status = "completed" if what == "end" else "failed"
        return world.signed(f"{PUBLIC}{PATH}/status", caller, status)
    if what in {"key", "next"}:
        url = pick(world.urls[what])
        leg = url and world.phones.named(url.partition("leg=")[2].partition("&")[0])
        return url and world.signed(url, leg.sid if leg else caller, Digits=digit if what == "key" else "")
    if what == "go":
        moved = pick(world.api.moved)
        return moved and world.signed(moved[1], moved[0])
    rung = pick(world.api.rung)
    if rung is None:
        return None
    sid, answered, status = rung
    if what == "answered":
        return world.signed(answered, sid, Direction="outbound-api")
    return world.signed(status, sid, "ringing" if what == "rings" else "busy", Direction="outbound-api")


async def happens(world, event):
    what, which, digit = event
    if what == "tick":
        world.passes() if which > 25 else world.exchange.tell(
            world.line, facts.Tick(at=world.line.board.now + 5)
        )
    elif what in {"repeat", "forge"} and world.sent:
        path, body, signature = world.sent[which % len(world.sent)]
        before, state = len(world.said), str(world.line.board.calls)
        if what == "forge":
            assert await world.webhooks.take(path, body, signature[::-1]) == (403, "")
        else:
            status, _text = await world.webhooks.take(path, body, signature)
            assert status == 200
        assert world.said[before:] == [], "a repetition was taken for something new"
        assert str(world.line.board.calls) == state
    elif (made := webhook(world, what, which, digit)) is not None:
        status, text = await world.take(made)
        assert status == 200
        assert text.startswith("<?xml")
    await world.rest()


@ours
@given(events)
def test_noise_does_no_harm(story):
    async def play(world):
        world.comes_on()
        for event in story:
            await happens(world, event)
        world.passes()
        await world.rest()
        assert not world.line.board.calls
        counted = world.counted()
        assert set(counted.values()) <= {1}, "counted twice"
        began = {call for what, call in counted if what == "began"}
        assert began == {call for what, call in counted if what == "closed"}
        keys = [fact.key for fact in world.said if isinstance(fact, facts.Pressed)]
        assert len(keys) == len(set(keys)), "a key counted twice"

    in_a_world(play)


@ours
@given(st.permutations(["voice", "key", "key", "next", "end", "end", "forged"]))
def test_in_any_order(order):
    async def play(world):
        world.comes_on()
        await world.calls()
        url_key, url_next = world.urls["key"][0], world.urls["next"][0]
        ready = {
            "voice": world.sent[0],
            "key": world.signed(url_key, "CAmarie", Digits="1"),
            "next": world.signed(url_next, "CAmarie"),
            "end": world.signed(f"{PUBLIC}{PATH}/status", "CAmarie", "completed"),
            "forged": (*world.signed(url_key, "CAmarie", Digits="2")[:2], "bm8="),
        }
        for what in order:
            status, _text = await world.webhooks.take(*ready[what])
            assert status == (403 if what == "forged" else 200)
            await world.rest()
        pressed = [fact for fact in world.said if isinstance(fact, facts.Pressed)]
        assert len(pressed) == (1 if order.index("key") < order.index("end") else 0)
        assert sum(isinstance(fact, facts.Rang) for fact in world.said) == 1
        assert sum(isinstance(fact, facts.HungUp) for fact in world.said) == 1
        assert sorted(world.counted().values()) == [1, 1]

    in_a_world(play)


def test_an_end_that_comes_first_is_counted_with_its_call():
    async def play(world):
        await world.ends()
        _status, text = await world.calls()
        assert "Hangup" in text
        assert sorted(what for what, _call in world.counted()) == ["began", "closed"]

    in_a_world(play)
