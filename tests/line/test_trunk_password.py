"""A carrier that asks for the password: its realm is its own affair, and the password may hold any character."""

import hashlib
import json
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quartier.telephony.providers.sip import setup
from tests.line.dialling_core import LINE
from tests.line.edge import Edge, UdpSender, edge_running, needs_kamailio
from tests.line.sip_text import answer_to, header
from tests.ports import free_port

pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(needs_kamailio()), reason=needs_kamailio())]
USER, PASSWORD, REALM = "3280000020", 'a:b\\c"d$e', "an inner name of the carrier"
REGISTERS_WITHIN_S = 40.0
PUBLIC, DIALLED = "192.0.2.1", "+3220001235"
ROOT = Path(__file__).resolve().parent.parent.parent


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
    """A carrier that lets nobody in without the password. Raises `TimeoutError` when nobody asks. `asked`: whatever it
    was asked, in its order."""

    def __init__(self, address: str, sip: int) -> None:
        super().__init__(address, sip)
        self.asked: list[str] = []

    def let_in(self, method: str, timeout_s: float) -> list[bool]:
        """Challenge each request of this method until one proves the password; at most three."""
        found: list[bool] = []
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            asked = self.receive(0.5)
            if not asked.startswith(f"{method} "):
                continue
            self.asked.append(asked)
            challenge, proof, code = "WWW-Authenticate", "Authorization", 401
            if method == "INVITE":
                challenge, proof, code = "Proxy-Authenticate", "Proxy-Authorization", 407
            found.append(proves_password(asked, proof))
            if found[-1]:
                contact = f"{header(asked, 'Contact')};expires=600"
                if method == "INVITE":
                    contact = f"<sip:desk@{self.address}:{self.port}>"
                self.send(answer_to(asked, 200, f"Contact: {contact}"))
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
def table(sip_port: int, carrier: AskingCarrier) -> dict[str, Any]:
    return {
        **{name: free_port() for name in ("ws_port", "callcore_port")},
        "sip_port": sip_port,
        "public": PUBLIC,
        "trunk_user": USER,
        "trunk_password": PASSWORD,
        "trunk_registers": True,
        "trunk_identity": True,
        "trunk": f"127.0.0.1:{carrier.port}",
        "trunk_sources": ["127.0.0.1"],
    }


@pytest.fixture
def edge(tmp_path: Path, table: dict[str, Any]) -> Iterator[Edge]:
    with edge_running(tmp_path, table) as running:
        yield running


def test_the_line_registers_whatever_the_carrier_calls_its_realm(edge: Edge, carrier: AskingCarrier) -> None:
    assert carrier.let_in("REGISTER", REGISTERS_WITHIN_S) == [False, True]


def test_whatever_the_carrier_says_no_with_is_in_the_log_and_it_is_asked_again(
    tmp_path: Path, table: dict[str, Any], carrier: AskingCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "REGISTRATION_LOOK_S", 1)
    monkeypatch.setattr(setup, "REGISTRATION_RETRY_S", 2)
    challenge = f'WWW-Authenticate: Digest realm="{REALM}", nonce="{secrets.token_hex(8)}"'
    with edge_running(tmp_path, table) as edge:
        carrier.send(answer_to(carrier.receive_until("REGISTER "), 403))
        carrier.send(answer_to(carrier.receive_until("REGISTER "), 401, challenge))
        proof = carrier.receive_until("REGISTER ")
        written = edge.log.read_text()
        assert "got sip response 403 while registering" in written
        assert "got sip response 401" not in written, "that is how a carrier begins"
        carrier.send(answer_to(proof, 401, challenge))
        # An answer to nothing that was asked is nothing.
        carrier.send(answer_to(re.sub(r"branch=\S+", "branch=z9hG4bKnone", proof), 500))
        assert carrier.receive_until("REGISTER ")
        written = edge.log.read_text()
    assert written.count("got sip response 401 while registering") == 1
    assert "got sip response 500" not in written


def test_a_call_out_answers_the_carriers_challenge_with_a_request_of_its_own(
    edge: Edge, carrier: AskingCarrier, table: dict[str, Any], tmp_path: Path
) -> None:
    words = [sys.executable, "-m", "tests.line.dialling_core", str(tmp_path), json.dumps(table), DIALLED]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as core:
        try:
            assert carrier.let_in("INVITE", 15) == [False, True]
            # By the edge, though it is known here as the outside sees it.
            taken = carrier.receive_until("ACK ")
            ended = carrier.receive_until("BYE ")
            carrier.send(answer_to(ended, 200))
            said, _nothing = core.communicate(timeout=20)
        finally:
            core.kill()
    assert "Taken" in said
    first, second = carrier.asked
    # RFC 3261, 22.2: the same call, and the next number. What is proved is the address that the carrier sees.
    for name in ("Call-ID", "From", "To"):
        assert header(first, name) == header(second, name)
    numbers = [int(header(each, "CSeq").split()[0]) for each in (first, second, taken, ended)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 1, numbers[0] + 2]
    assert f'uri="{second.split()[1]}"' in header(second, "Proxy-Authorization")
    for each in (first, second):
        # Nothing leads to the ports of this machine alone.
        assert f"@{PUBLIC}:{edge.setup.sip_port}>" in header(each, "Contact")
        assert header(each, "P-Asserted-Identity") == f"<sip:{LINE}@127.0.0.1>"
