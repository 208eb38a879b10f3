"""A page that is loaded again is noticed by its registration: what it had is brought to the new one, and nobody else's
call ends by that."""

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from quartier.callcore import facts
from quartier.telephony.providers.sip import page_watch as module
from quartier.telephony.providers.sip import signalling
from quartier.telephony.providers.sip.dialog import Dialog
from quartier.telephony.providers.sip.leg import Leg
from quartier.telephony.providers.sip.page_watch import MAX_ACCOUNTS_A_LOOK, PageWatch
from quartier.telephony.providers.sip.registrations import BrowserPage, connection_of
from quartier.telephony.providers.sip.tests.world import OFFER, World, play

# Connections, and what is there on them: the laptop's page before and after, and the same account on a mobile.
OLD, NEW, MOBILE, OLD_ANEW = "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:4"
BEFORE, AFTER = BrowserPage("sip:old@a.invalid", "laptop"), BrowserPage("sip:new@b.invalid", "laptop")
OTHER_PAGE = BrowserPage("sip:other@c.invalid", "mobile")


class WatchedPages:
    """Anna's legs, and what the edge says of her pages; while it is asked, `meanwhile` happens."""

    def __init__(self, monkeypatch):
        self.there, self.asked, self.told, self.lost = {OLD: BEFORE}, [], [], []
        self.meanwhile = lambda: None
        self.beside = []
        ring_beside = lambda leg, browser: self.beside.append((leg.name, browser))  # noqa: E731
        self.control = SimpleNamespace(legs=[], ring_beside=ring_beside)
        exchange = SimpleNamespace(happened=lambda call, kind, leg: self.told.append((kind, leg)))
        self.watch = PageWatch(
            exchange, self.control, pipe=Path(), lost=lambda leg: self.lost.append(leg.name)
        )
        monkeypatch.setattr(module, "live_pages", self.live_pages)

    async def live_pages(self, _pipe, account):
        self.asked.append(account)
        there = dict(self.there)
        self.meanwhile()
        return there

    def leg(self, *connections, up=False, web=True, operator="Anna"):
        made = Leg("a", f"a.{len(self.control.legs)}", "", SimpleNamespace(web=web), operator, up=up)
        for connection in connections:
            made.rings_at(connection)
        made.pages_at -= 1.0
        self.control.legs.append(made)
        return made

    def looks(self):
        asyncio.run(self.watch.look())
        return self.told, self.lost


@pytest.fixture
def anna(monkeypatch):
    return WatchedPages(monkeypatch)


def test_what_the_page_before_had_is_brought_to_the_one_that_is_there_now(anna):
    anna.leg(OLD)
    anna.leg(OLD, up=True)
    assert anna.looks() == ([], [])
    anna.there = {NEW: AFTER}
    assert anna.looks() == ([(facts.PageLoaded, "a.0")], ["a.1"])


@pytest.mark.parametrize(
    "there",
    [
        {},
        {MOBILE: OTHER_PAGE},
        {OLD: BEFORE},
        {OLD_ANEW: BEFORE},
        {OLD: BEFORE, NEW: AFTER},
        {OLD_ANEW: BEFORE, MOBILE: OTHER_PAGE},
    ],
)
def test_a_page_whose_connection_is_gone_for_a_moment_is_not_another_one(anna, there):
    anna.leg(OLD)
    anna.leg(OLD, up=True)
    anna.looks()
    anna.there = there
    assert anna.looks() == ([], [])


@pytest.mark.parametrize("browser", ["", "[not set]"])
def test_a_browser_without_a_name_and_a_page_that_nobody_saw_are_not_judged(anna, browser):
    anna.there = {OLD: BrowserPage(BEFORE.contact, browser)}
    anna.leg(OLD)
    anna.leg(OLD, up=True)
    anna.leg("127.0.0.1:9", up=True)
    anna.looks()
    anna.there = {NEW: BrowserPage(AFTER.contact, browser)}
    assert anna.looks() == ([], [])


def test_while_another_browser_rings_the_page_that_is_there_now_is_rung_beside_it(anna):
    anna.there = {OLD: BEFORE, MOBILE: OTHER_PAGE}
    anna.leg(OLD, MOBILE)
    anna.looks()
    anna.there = {NEW: AFTER, MOBILE: OTHER_PAGE}
    for _once in range(2):
        assert anna.looks() == ([], [])
        assert anna.beside == [("a.0", "laptop")]
    # Both are loaded again at last: then all of it is rung anew.
    anna.control.legs[0].rings_at(NEW)
    anna.control.legs[0].pages_at -= 1.0
    anna.looks()
    anna.there = {
        OLD_ANEW: BrowserPage("sip:newest@d.invalid", "laptop"),
        MOBILE: BrowserPage("sip:fourth@e.invalid", "mobile"),
    }
    assert anna.looks() == ([(facts.PageLoaded, "a.0")], [])


def test_whoever_answered_while_the_edge_was_asked_is_not_judged_by_its_answer(anna):
    leg = anna.leg(OLD)
    anna.looks()
    # The edge knew another page, and no more.
    anna.there = {MOBILE: BrowserPage("sip:third@d.invalid", "laptop")}
    anna.meanwhile = lambda: leg.answered_at(OLD)
    assert anna.looks() == ([], [])
    assert leg.pages == {OLD: BEFORE}


def test_a_call_that_the_new_page_has_just_got_goes_on(anna):
    anna.leg(OLD, up=True)
    anna.looks()
    anna.there = {NEW: AFTER}
    anna.looks()
    anna.control.legs.clear()
    again = anna.leg(NEW, up=True)
    assert anna.looks() == ([], ["a.0"])
    assert again.pages == {NEW: AFTER}


def test_only_operators_in_browsers_are_asked_about_and_not_all_at_once(anna):
    anna.leg(OLD, web=False, operator="Bert")
    anna.leg(OLD, operator="")
    anna.leg(operator="Carla")
    anna.looks()
    assert anna.asked == []
    for number in range(MAX_ACCOUNTS_A_LOOK + 10):
        anna.leg(OLD, operator=f"one{number}")
    anna.looks()
    assert len(anna.asked) == MAX_ACCOUNTS_A_LOOK
    anna.looks()
    assert len(set(anna.asked)) == MAX_ACCOUNTS_A_LOOK + 10


@pytest.mark.parametrize(
    ("written", "connection"),
    [
        ("<sip:01a2@quartier.invalid;gr=urn:uuid:842e;alias=127.0.0.1~57834~5>;ob", "127.0.0.1:57834"),
        ("sip:01a2@quartier.invalid;alias=[::1]~57834~6;transport=ws", "[::1]:57834"),
        ("<sip:+3220001427@carrier.example:5060;transport=udp>", ""),
        ("", ""),
    ],
)
def test_the_edge_writes_the_connection_into_the_contact(written, connection):
    assert connection_of(written) == connection


def test_a_leg_knows_where_it_rings_and_who_has_answered(spoken):
    async def story():
        world = World(spoken)
        await world.on("Lotte")
        await world.rings()
        (name, _invitation) = world.sip.rung[0]
        began = time.monotonic()
        for port in (1, 3):
            world.control.heard(
                signalling.Ringing(name, f"<sip:l@quartier.invalid;alias=127.0.0.1~{port}~5>")
            )
        world.control.heard(signalling.Ringing(name, ""))
        (leg,) = [leg for leg in world.control.legs if leg.sip == name]
        assert leg.pages == {OLD: None, MOBILE: None}
        assert leg.pages_at >= began
        leg.knows_pages({MOBILE: OTHER_PAGE})
        target = "sip:l@quartier.invalid;alias=127.0.0.1~3~5"
        dialog = Dialog("call", "<sip:a@b>;tag=1", "<sip:c@d>;tag=2", target, (), 3)
        world.control.heard(signalling.Established(name, dialog))
        world.control.heard(signalling.Taken(name, OFFER))
        await world.settle()
        assert leg.up
        assert leg.pages == {MOBILE: OTHER_PAGE}

    play(story())
