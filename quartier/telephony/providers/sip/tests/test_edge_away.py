"""The edge is away, and back: nobody is rung meanwhile, nobody has missed a call, and browsers are awaited."""

import asyncio
import socket
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from quartier.callcore import Line, Standing, Switchboard, facts
from quartier.telephony.providers.sip import edge_report
from quartier.telephony.providers.sip import watch as module
from quartier.telephony.providers.sip.edge import EdgeAddress
from quartier.telephony.providers.sip.registrations import EdgeDown
from quartier.telephony.providers.sip.watch import Watch

ANNA = {"Anna"}


class WatchedEvening:
    """Anna is on by her browser, Bert by a phone of his own; `edge` is what Kamailio says, `None`: it is away."""

    def __init__(self, monkeypatch, sip_port=1):
        self.edge, self.now = ANNA, 1000.0
        monkeypatch.setattr(module, "registered", self.registered)
        time = SimpleNamespace(monotonic=lambda: self.now)
        monkeypatch.setattr(module, "time", time)
        monkeypatch.setattr(edge_report, "time", time)
        self.board = Switchboard(Line())
        state = SimpleNamespace(
            board=self.board, numbers={}, awaited=set(), now=SimpleNamespace(line=Line(), organisation=1)
        )
        # What the database is told, and what comes back once it stands there.
        self.told, self.then = [], []
        exchange = SimpleNamespace(
            lines={1: state},
            desk=self,
            tell=lambda line, fact: line.board.handle(fact),
            speak=lambda line: None,
        )
        self.watch = Watch(
            exchange,
            SimpleNamespace(legs=[]),
            edge=EdgeAddress("127.0.0.1", sip_port, Path("unused")),
            pages="",
            secret="secret",
        )
        self.watch.own_calls = SimpleNamespace(look=self.nothing, is_blind=False)
        for name, number in (("Anna", ""), ("Bert", "+32470000001")):
            wish = SimpleNamespace(
                what="on", account=name, number=number, details={"languages": ["fr"]}, organisation=1
            )
            self.watch.wished(state, wish)

    def put(self, do, then):
        self.told.append(do.args[0])
        self.then.append(then)

    async def registered(self, _port):
        if self.edge is None:
            raise EdgeDown
        return self.edge

    async def nothing(self):
        return None

    def looks(self, seconds):
        for _ in range(seconds):
            self.now += 1.0
            asyncio.run(self.watch._look())
        return self

    def standing(self, name):
        return self.board.operators[name].standing


def test_an_edge_that_was_started_again_has_not_sent_anybody_away(monkeypatch):
    evening = WatchedEvening(monkeypatch).looks(2)
    assert evening.standing("Anna") == Standing.AVAILABLE
    evening.edge = None
    evening.looks(30)
    assert not evening.board.edge_is_up
    evening.edge = set()
    evening.looks(9)
    assert evening.board.edge_is_up
    assert evening.standing("Anna") == Standing.AVAILABLE
    evening.edge = ANNA
    evening.looks(20)
    assert evening.standing("Anna") == Standing.AVAILABLE


def test_whoever_does_not_come_back_is_gone_and_is_on_again_when_they_do(monkeypatch):
    evening = WatchedEvening(monkeypatch).looks(2)
    evening.edge = None
    evening.looks(30)
    evening.edge = set()
    evening.looks(int(module.BACK_S) + 2)
    assert evening.standing("Anna") == Standing.OFFLINE
    evening.edge = ANNA
    evening.looks(1)
    assert evening.standing("Anna") == Standing.AVAILABLE


def test_who_was_rung_has_missed_nothing_and_is_rung_again(monkeypatch):
    evening = WatchedEvening(monkeypatch).looks(2)
    evening.board.handle(facts.Rang(at=1.0, call="a", number="+3220001427"))
    evening.board.handle(facts.Pressed(at=1.0, call="a", digit="1"))
    assert evening.standing("Anna") == evening.standing("Bert") == Standing.RINGING
    evening.edge = None
    evening.looks(8)
    assert evening.standing("Anna") == evening.standing("Bert") == Standing.AVAILABLE
    evening.edge = ANNA
    evening.looks(1)
    assert evening.standing("Anna") == evening.standing("Bert") == Standing.RINGING


@pytest.mark.parametrize("lost", [1, 3])
def test_a_question_that_is_lost_changes_nothing(monkeypatch, lost):
    evening = WatchedEvening(monkeypatch).looks(2)
    evening.edge = None
    evening.looks(lost)
    assert evening.board.edge_is_up


@pytest.fixture
def edge_port():
    """An edge that answers by UDP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here:
        here.bind(("127.0.0.1", 0))
        here.settimeout(5)

        def answer():
            while True:
                try:
                    asked, who = here.recvfrom(4096)
                except OSError:
                    return
                if not asked.startswith(b"OPTIONS"):
                    return
                here.sendto(b"SIP/2.0 200 OK\r\n\r\n", who)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        port = here.getsockname()[1]
        yield port
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", port))
        thread.join(6)


def test_who_fills_up_its_connections_ends_no_ringing(monkeypatch, edge_port):
    evening = WatchedEvening(monkeypatch, sip_port=edge_port).looks(2)
    evening.edge = None
    evening.looks(20)
    assert evening.board.edge_is_up
    evening.board.handle(facts.Rang(at=1.0, call="a", number="+3220001427"))
    evening.board.handle(facts.Pressed(at=1.0, call="a", digit="1"))
    assert evening.standing("Bert") == Standing.RINGING


def test_who_changes_to_a_browser_that_is_not_there_yet_is_not_rung(monkeypatch):
    evening = WatchedEvening(monkeypatch).looks(2)
    state = evening.watch._on["Bert"][0]
    wish = SimpleNamespace(
        what="on", account="Bert", number="", details={"languages": ["fr"]}, organisation=1
    )
    evening.watch.wished(state, wish)
    assert evening.standing("Bert") == Standing.OFFLINE
    evening.edge = {*ANNA, "Bert"}
    evening.looks(1)
    assert evening.standing("Bert") == Standing.AVAILABLE


def test_an_edge_that_is_away_for_long_is_told_and_that_it_is_back(monkeypatch):
    evening = WatchedEvening(monkeypatch).looks(2)
    evening.then.pop()(None)
    assert evening.told == [""], "what an earlier run has said is over"
    evening.edge = None
    evening.looks(int(edge_report.EDGE_AWAY_S) - 1)
    assert evening.told == [""]
    evening.looks(2)
    assert evening.told == ["", "away"]
    evening.then.pop()(None)
    evening.looks(60)
    assert evening.told == ["", "away"]
    evening.edge = ANNA
    evening.looks(1)
    assert evening.told == ["", "away", ""]


def test_what_the_database_has_not_taken_is_said_again(monkeypatch):
    evening = WatchedEvening(monkeypatch)
    evening.edge = None
    evening.looks(59)
    assert evening.told == [], "nothing was seen yet, and what an earlier run has said stays"
    evening.looks(int(edge_report.REPORT_TIMEOUT_S) + 2)
    assert evening.told == ["away", "away"]


def test_a_watch_that_sees_no_calls_is_told(monkeypatch, edge_port):
    evening = WatchedEvening(monkeypatch, sip_port=edge_port).looks(2)
    evening.then.pop()(None)
    evening.edge, evening.watch.own_calls.is_blind = None, True
    evening.looks(70)
    assert evening.told[1:2] == ["blind"]
    assert evening.watch._exchange.is_blind
    assert evening.board.edge_is_up
