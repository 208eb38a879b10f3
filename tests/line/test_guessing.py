"""Who guesses passwords at the edge is banned like a flood, by the address that a web server in front has seen; who
has the right one is let in beside them."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from quartier.telephony.providers.sip import setup
from quartier.telephony.providers.sip.setup import MAX_PASSWORD_GUESSES
from tests.line.edge import PATIENCE_S, Edge, WebSocketSender, edge_running, needs_kamailio
from tests.ports import free_port

pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(needs_kamailio()), reason=needs_kamailio())]
NONCE_TTL_S = 1


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    names = ("sip_port", "ws_port", "callcore_port")
    with edge_running(tmp_path, {name: free_port() for name in names}) as running:
        yield running


def guesses(edge: Edge, address: str, *, forwarded: str = "") -> int:
    """How many wrong passwords are answered with a challenge, until the edge has enough of them."""
    with WebSocketSender(address, edge.setup.ws_port, forwarded=forwarded) as guesser:
        for number in range(2 * MAX_PASSWORD_GUESSES):
            code = guesser.register(edge.setup, str(uuid4()), password="wrong")
            if code == 403:
                return number
            assert code == 401
            if number % 10 == 9:
                time.sleep(1)  # Slower than what counts as a flood: it is about the passwords.
    return 2 * MAX_PASSWORD_GUESSES


def is_let_in(edge: Edge, address: str, *, forwarded: str = "") -> bool:
    try:
        with WebSocketSender(address, edge.setup.ws_port, forwarded=forwarded) as browser:
            return browser.register(edge.setup, str(uuid4())) == 200
    except (ConnectionError, TimeoutError):
        return False


def test_who_guesses_is_banned_and_whoever_has_the_password_is_not(edge: Edge) -> None:
    assert guesses(edge, "127.0.0.9") == MAX_PASSWORD_GUESSES - 1
    assert guesses(edge, "127.0.0.9") == 0
    assert is_let_in(edge, "127.0.0.9")
    assert is_let_in(edge, "127.0.0.8")
    assert "wrong passwords: an address was banned" in edge.log.read_text()


def test_behind_a_web_server_the_visitor_is_banned_and_not_the_server(edge: Edge) -> None:
    there = "192.0.2.77"
    assert guesses(edge, "127.0.0.1", forwarded=f"198.51.100.1, {there}") == MAX_PASSWORD_GUESSES - 1
    # What a visitor has written before it is not believed.
    assert guesses(edge, "127.0.0.1", forwarded=there) == 0
    assert guesses(edge, "127.0.0.1", forwarded=f"{there}, 192.0.2.78") > 0
    assert is_let_in(edge, "127.0.0.1", forwarded=there)
    assert is_let_in(edge, "127.0.0.1", forwarded="198.51.100.1")


def test_a_web_server_that_does_not_say_who_comes_is_not_banned(edge: Edge) -> None:
    assert guesses(edge, "127.0.0.1") == 2 * MAX_PASSWORD_GUESSES
    assert is_let_in(edge, "127.0.0.1")


class SlowBrowser(WebSocketSender):
    """Answers a challenge when it is too old."""

    def receive_until(self, beginning: str, timeout_s: float = PATIENCE_S) -> str:
        told = super().receive_until(beginning, timeout_s)
        time.sleep(NONCE_TTL_S + 1.1)
        return told


def test_who_answers_an_old_challenge_guesses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(setup.TEMPLATES, tmp_path / "config")
    config = tmp_path / "config" / "kamailio.cfg"
    kept = f'modparam("auth", "nonce_expire", {NONCE_TTL_S})\n\nrequest_route {{'
    config.write_text(config.read_text().replace("\nrequest_route {", kept, 1))
    monkeypatch.setattr(setup, "TEMPLATES", config.parent)
    monkeypatch.setattr(setup, "MAX_PASSWORD_GUESSES", 1)
    ports = {name: free_port() for name in ("sip_port", "ws_port", "callcore_port")}
    with edge_running(tmp_path, ports) as edge:
        with SlowBrowser("127.0.0.9", edge.setup.ws_port) as browser:
            assert browser.register(edge.setup, str(uuid4())) == 401
        assert "wrong passwords" not in edge.log.read_text()
        assert guesses(edge, "127.0.0.8") == 0
        assert "wrong passwords" in edge.log.read_text()


def test_a_name_that_is_not_ones_own_is_refused(edge: Edge) -> None:
    account, other = str(uuid4()), str(uuid4())
    with WebSocketSender("127.0.0.9", edge.setup.ws_port) as browser:
        assert browser.register(edge.setup, account, to=other) == 403
