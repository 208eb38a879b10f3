"""A carrier that asks for the password: its realm is its own affair, and the password may hold any character."""

import hashlib
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from quartier.telephony.providers.sip.own_calls import make_call_id
from quartier.telephony.providers.sip.setup import secret
from tests.line.edge import Edge, PlayedCore, UdpSender, edge_running, needs_kamailio
from tests.line.sip_text import answer_to, header, request
from tests.ports import free_port

pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(needs_kamailio()), reason=needs_kamailio())]
USER, PASSWORD, REALM = "3280000020", 'a:b\\c"d$e', "an inner name of the carrier"
REGISTERS_WITHIN_S = 40.0


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def proves_password(asked: str, name: str) -> bool:
    """Whether this header of a request (RFC 2617, without qop) was made with the password."""
    given = dict(re.findall(r'(\w+)="(.*?)"', header(asked, name)))
    if given.get("username") != USER:
        return False
    once = md5(f"{asked.split()[0]}:{given['uri']}")
    return bool(given["response"] == md5(f"{md5(f'{USER}:{REALM}:{PASSWORD}')}:{given['nonce']}:{once}"))


class AskingCarrier(UdpSender):
    """A carrier that lets nobody in without the password. Raises `TimeoutError` when nobody asks."""

    def let_in(self, method: str, timeout_s: float) -> list[bool]:
        """Challenge each request of this method until one proves the password; at most three."""
        found: list[bool] = []
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            asked = self.receive(0.5)
            if not asked.startswith(f"{method} "):
                continue
            challenge, proof, code = "WWW-Authenticate", "Authorization", 401
            if method == "INVITE":
                challenge, proof, code = "Proxy-Authenticate", "Proxy-Authorization", 407
            found.append(proves_password(asked, proof))
            if found[-1]:
                self.send(answer_to(asked, 200, f"Contact: {header(asked, 'Contact')};expires=600"))
                return found
            if len(found) == 3:
                return found
            words = f'{challenge}: Digest realm="{REALM}", nonce="{secrets.token_hex(8)}"'
            self.send(answer_to(asked, code, words))
        raise TimeoutError(f"{method}: {found}")


@pytest.fixture
def sip_port() -> int:
    return free_port()


@pytest.fixture
def carrier(sip_port: int) -> Iterator[AskingCarrier]:
    with AskingCarrier("127.0.0.1", sip_port) as made:
        yield made


@pytest.fixture
def edge(tmp_path: Path, sip_port: int, carrier: AskingCarrier) -> Iterator[Edge]:
    ports = {name: free_port() for name in ("ws_port", "callcore_port")}
    user = {"trunk_user": USER, "trunk_password": PASSWORD, "trunk_registers": True}
    trunk = {"trunk": f"127.0.0.1:{carrier.port}", "trunk_sources": ["127.0.0.1"]}
    with edge_running(tmp_path, {"sip_port": sip_port, **ports, **trunk, **user}) as running:
        yield running


def test_the_line_registers_whatever_the_carrier_calls_its_realm(edge: Edge, carrier: AskingCarrier) -> None:
    assert carrier.let_in("REGISTER", REGISTERS_WITHIN_S) == [False, True]


def test_a_call_out_answers_the_carriers_challenge(edge: Edge, carrier: AskingCarrier) -> None:
    setup = edge.setup
    with PlayedCore(setup.sip_port, setup.callcore_port) as core:
        call_id = make_call_id(secret(setup.home))
        target = "sip:+3220001235@quartier.invalid"
        core.send(request("INVITE", target, via=core.via, call_id=call_id, contact="sip:core@127.0.0.1"))
        assert carrier.let_in("INVITE", 10) == [False, True]
        assert core.wait_answered(200, call_id)
