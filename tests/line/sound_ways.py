"""Ways through a call with real sound, drawn by chance: hold, consult, hand over, a third, a page loaded again,
listening in, recording, a gateway that changes its stream. After each step it is measured who hears whom."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quartier.callcore import State, facts
from quartier.callcore.call import Call, Recording
from quartier.telephony.providers.sip import signalling
from tests.line.sound_world import (
    CALLER,
    OPERATORS,
    TONES_HZ,
    SoundWorld,
    media_at,
    prompts_as_tones,
    rtpengine_running,
)
from tests.line.tone_phone import TonePhone


@dataclass
class Way:
    """One way: its steps as they were drawn, and what was wrong after the last one."""

    seed: int
    steps: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)


async def walk(world: SoundWorld, seed: int, length: int) -> Way:
    """Draw and do so many steps; stops at the first mistake."""
    way, luck = Way(seed), random.Random(seed)
    try:
        await world.begin()
        for _step in range(length):
            if world.call is None:
                break
            step = luck.choice(sorted(_possible(world.call)))
            way.steps.append(step)
            await STEPS[step](world)
            if world.call is not None:
                way.mistakes = await world.mistakes()
            if way.mistakes:
                break
        await world.end()
    except TimeoutError as late:
        way.mistakes.append(f"{way.steps[-1:]}: {late}")
    return way


def _possible(call: Call) -> set[str]:
    """What makes sense now."""
    always = {"new_stream", "other_port", "reinvite"}
    if call.state == State.HELD:
        return always | {"unhold", "consult", "third", "reload"}
    if call.state == State.CONSULTING:
        return always | {"complete", "cancel", "first_leaves", "second_leaves"}
    if call.state == State.BRIDGED and call.ear:
        return always | {"ear_leaves", "hold", "third"}
    found = always | {"hold", "consult", "third", "transfer", "transfer_back", "reload"}
    if call.tape.state == Recording.ON:
        return found | {"pause_record", "stop_record"}
    if call.tape.state == Recording.PAUSED:
        return found | {"resume_record", "stop_record"}
    return found | {"record", "listen"}


def _call(world: SoundWorld) -> Call:
    if world.call is None:
        raise TimeoutError("the call has ended")
    return world.call


def _wishing(what: str, becomes: State) -> Callable[[SoundWorld], Any]:
    async def step(world: SoundWorld) -> None:
        world.wish(_call(world).operator, what)
        await world.until(lambda: _call(world).state == becomes)

    return step


def _with_a_colleague(what: str) -> Callable[[SoundWorld], Any]:
    async def step(world: SoundWorld) -> None:
        world.wish(_call(world).operator, what, world.free_colleague())
        await world.until(lambda: bool(_call(world).second))

    return step


async def _transfer(world: SoundWorld) -> None:
    first, to = _call(world).operator, world.free_colleague()
    world.wish(first, "transfer", to)
    await world.until(lambda: _call(world).state == State.BRIDGED and _call(world).operator == to)


async def _transfer_back(world: SoundWorld) -> None:
    """The colleague declines; the first one, who writes notes, takes the caller again."""
    first, to = _call(world).operator, world.free_colleague()
    world.ring, ring = lambda leg, invitation: None, world.ring  # type: ignore[method-assign]
    world.wish(first, "transfer", to)
    await world.until(lambda: bool(_call(world).legs))
    (leg,) = _call(world).legs
    world.ring = ring  # type: ignore[method-assign]
    for name in OPERATORS:
        if name not in {first, to}:
            world.tell(facts.Paused, operator=name)
    world.tell(facts.Declined, call=_call(world).name, leg=leg)
    world.tell(facts.Resumed, operator=first)
    await world.until(lambda: _call(world).state == State.BRIDGED)


async def _leaves(world: SoundWorld, leg: str) -> None:
    """Whoever is on this leg hangs up."""
    sip = world.control._legs[_call(world).name, leg].sip
    world.control.heard(signalling.Over(sip))
    await world.until(lambda: _call(world).state == State.BRIDGED and leg not in world.on_legs())


async def _reload(world: SoundWorld) -> None:
    """The operator's page is loaded again: the old leg is lost, the new page is rung by itself, and finds the caller as
    they were."""
    call = _call(world)
    operator, leg, state = call.operator, call.leg, call.state
    world.tell(facts.Lost, call=call.name, leg=leg)
    world.tell(facts.CameOn, operator=operator, languages=("fr",))
    await world.until(lambda: _call(world).state == state and _call(world).leg != leg)


async def _listen(world: SoundWorld) -> None:
    world.wish(world.free_colleague(), "listen")
    await world.until(lambda: bool(_call(world).ear))


async def _record(world: SoundWorld) -> None:
    world.wish(_call(world).operator, "record")
    await world.until(lambda: _call(world).state == State.CONSENTING)
    world.press("1")
    await world.until(lambda: _call(world).state == State.BRIDGED)


async def _new_stream(world: SoundWorld) -> None:
    """The caller's gateway changes its stream, which nobody is told; it is seen at the next look."""
    world.phones[CALLER].begin_stream()
    await asyncio.sleep(0.1)
    await world.control.stream_changed(world.control._by_sip[world.leg])


async def _other_port(world: SoundWorld) -> None:
    await world.phones[CALLER].speak_from_another_port()
    # What the watch does once it has seen it (providers/sip/tests/test_watch.py).
    (leg,) = (each for each in world.control.legs if not each.sound.web)
    await world.control.find_source(leg)


async def _reinvite(world: SoundWorld) -> None:
    """The caller's phone wants its sound elsewhere."""
    before = world.phones[CALLER]
    phone = world.phones[CALLER] = await TonePhone.open(TONES_HZ[CALLER])
    world.control.heard(signalling.Wants(world.leg, phone.description))
    await world.until(lambda: phone.peer is not None)
    before.close()


STEPS: dict[str, Callable[[SoundWorld], Any]] = {
    "hold": _wishing("hold", State.HELD),
    "unhold": _wishing("resume", State.BRIDGED),
    "consult": _with_a_colleague("consult"),
    "third": _with_a_colleague("third"),
    "complete": _wishing("complete", State.BRIDGED),
    "cancel": _wishing("cancel", State.BRIDGED),
    "first_leaves": lambda world: _leaves(world, _call(world).leg),
    "second_leaves": lambda world: _leaves(world, _call(world).second),
    "ear_leaves": lambda world: _leaves(world, _call(world).ear),
    "transfer": _transfer,
    "transfer_back": _transfer_back,
    "reload": _reload,
    "listen": _listen,
    "record": _record,
    "pause_record": _wishing("pause_record", State.BRIDGED),
    "resume_record": _wishing("resume_record", State.BRIDGED),
    "stop_record": _wishing("stop_record", State.BRIDGED),
    "new_stream": _new_stream,
    "other_port": _other_port,
    "reinvite": _reinvite,
}


def walk_ways(folder: Path, seeds: range, *, length: int, at_once: int) -> list[Way]:
    """All of these ways with a media server of their own, some at once."""
    with rtpengine_running(folder) as ng_port, prompts_as_tones(folder):
        return asyncio.run(_walk_at_once(folder, ng_port, seeds, length, at_once))


async def _walk_at_once(folder: Path, ng_port: int, seeds: range, length: int, at_once: int) -> list[Way]:
    media = await media_at(ng_port)
    gate = asyncio.Semaphore(at_once)

    async def one(seed: int) -> Way:
        async with gate:
            own = folder / str(seed)
            own.mkdir()
            return await walk(SoundWorld(own, media), seed, length)

    try:
        return list(await asyncio.gather(*(one(seed) for seed in seeds)))
    finally:
        media.close()
