"""Nothing that a telephone says while call control starts is lost."""

import asyncio
import threading
from types import SimpleNamespace

from quartier.telephony.providers.sip import main, signalling
from quartier.telephony.providers.sip.early_events import EarlyEvents


def test_what_was_said_before_the_lines_are_known_is_told_in_order_and_once():
    early, told = EarlyEvents(), []
    invited = signalling.Invited("a", "+3220001427", "+3280000020", "v=0")
    for event in (invited, signalling.Over("a")):
        early(event)
    assert told == []
    early.open(told.append)
    early(signalling.Ringing("b"))
    assert told == [invited, signalling.Over("a"), signalling.Ringing("b")]


def test_where_the_lines_are_long_unknown_whoever_calls_is_refused_and_nothing_is_told_of_them():
    early, told, refused = EarlyEvents(), [], []
    waits, gone, later, at_last = (
        signalling.Invited(leg, "+3220001427", "+3280000020", "v=0") for leg in ("a", "b", "c", "d")
    )
    for event in (waits, gone, signalling.Over("b")):
        early(event)
    early.refuse(refused.append)
    assert refused == ["a"]
    early(later)
    # They hang up, as their carrier confirms.
    for leg in ("a", "c"):
        early(signalling.Over(leg))
    early.open(told.append)
    early(at_last)
    early(signalling.Over("c"))
    assert refused == ["a", "c"]
    assert told == [gone, signalling.Over("b"), at_last]


def test_started_without_a_database_call_control_refuses_and_can_be_stopped(monkeypatch):
    monkeypatch.setattr(main, "LINES_TIMEOUT_S", 0.0)
    refused, core = [], object.__new__(main.CallCore)
    core._stop = threading.Event()
    core._sip = SimpleNamespace(refuse=lambda *words: refused.append(words))
    early = EarlyEvents()
    early(signalling.Invited("a", "+3220001427", "+3280000020", "v=0"))

    async def story():
        waiting = asyncio.create_task(core._lines_known(SimpleNamespace(ready=asyncio.Event()), early))
        await asyncio.sleep(0.01)
        assert refused == [("a", 503, "Service Unavailable")]
        core._stop.set()
        await asyncio.wait_for(waiting, 5)

    asyncio.run(story())
