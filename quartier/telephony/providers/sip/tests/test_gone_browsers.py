"""A browser that is gone stays off until it registers again, and one that is back has missed what it had missed."""

import asyncio
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from quartier.callcore import Standing, facts
from quartier.lib import clock
from quartier.telephony.providers.sip import registrations
from quartier.telephony.providers.sip import watch as module
from quartier.telephony.providers.sip.edge import EdgeRefused
from quartier.telephony.providers.sip.tests.test_edge_away import ANNA, WatchedEvening


@pytest.fixture
def evening(monkeypatch, tuesday):
    """Anna has registered ten minutes ago: `evening.registers()` says that she has done so again."""
    evening = WatchedEvening(monkeypatch)
    evening.at = clock.now().timestamp() - 600
    evening.registers = lambda: setattr(evening, "at", clock.now().timestamp())

    async def last_registered_at(_pipe, _account):
        return evening.at

    monkeypatch.setattr(module, "last_registered_at", last_registered_at)
    return evening.looks(2)


def test_who_was_rung_in_vain_is_off_until_they_register_again(evening):
    evening.watch.unreachable("Anna")
    for _ in range(20):
        evening.looks(1)
        clock.advance(timedelta(seconds=1))
        assert evening.standing("Anna") == Standing.OFFLINE
    evening.registers()
    assert evening.looks(1).standing("Anna") == Standing.AVAILABLE


def test_whose_registration_the_edge_has_dropped_comes_back_as_ever(evening):
    evening.watch.unreachable("Anna")
    evening.edge = set()
    evening.looks(1)
    evening.edge = ANNA
    assert evening.looks(1).standing("Anna") == Standing.AVAILABLE


def test_who_was_on_the_way_back_is_not_off(evening):
    evening.registers()
    clock.advance(timedelta(seconds=1))
    evening.watch.unreachable("Anna")
    assert evening.looks(1).standing("Anna") == Standing.AVAILABLE


def loads_page_again(evening):
    evening.edge = set()
    evening.looks(int(module.AWAY_S) + 2)
    assert evening.standing("Anna") == Standing.OFFLINE
    evening.edge = ANNA
    evening.looks(1)


def wish(evening, what):
    words = {"account": "Anna", "number": "", "details": {"languages": ["fr"]}, "organisation": 1}
    state = evening.watch._exchange.lines[1]
    if not evening.watch.wished(state, SimpleNamespace(what=what, **words)):
        evening.board.handle(facts.Resumed(at=100.0, operator="Anna"))


@pytest.mark.parametrize("ends", ["resume", "on"])
def test_a_page_that_is_loaded_again_ends_no_pause_of_who_has_missed_a_call(evening, ends):
    evening.board.operators["Anna"].missed()
    loads_page_again(evening)
    anna = evening.board.operators["Anna"]
    assert (anna.standing, anna.reason) == (Standing.PAUSED, "missed")
    if ends == "on":
        evening.board.handle(facts.WentOff(at=50.0, operator="Anna", by_hand=True))
    wish(evening, ends)
    assert anna.standing == Standing.AVAILABLE
    # It does not come back by itself.
    loads_page_again(evening)
    assert anna.standing == Standing.AVAILABLE


def test_when_a_page_has_registered_last(monkeypatch):
    told = {"Contacts": [{"Contact": {"Last-Modified": at}} for at in (100, 130)] + [{"Contact": {}}]}

    async def ask(_pipe, _method, _table, account):
        if account == "nobody":
            raise EdgeRefused("404")
        return told if account == "anna" else {}

    monkeypatch.setattr(registrations, "ask_edge", ask)
    ask_for = registrations.last_registered_at
    assert [asyncio.run(ask_for(Path(), who)) for who in ("anna", "old", "nobody")] == [130.0, None, None]
