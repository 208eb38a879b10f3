"""coturn, for browsers whose network lets no sound through: it leads to the sound of the line, and nowhere else."""

import base64
import hmac
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quartier.cli.suite.packages import program
from quartier.telephony.providers.sip.setup import Setup, secret, write
from tests.line import sound
from tests.line.caller import Caller
from tests.line.conftest import CALLER_HZ, OPERATOR_HZ
from tests.line.desk import Desk, employ
from tests.line.site import LineSite, line_running
from tests.line.stun import TurnClient
from tests.line.test_calls import asks_for_french, hears
from tests.ports import free_port

pytestmark = pytest.mark.servers
FORBIDDEN, UNAUTHORISED = 403, 401
# Chromium then tries no way but the relay.
RELAY_ALONE = """
const Given = RTCPeerConnection;
globalThis.RTCPeerConnection = class extends Given {
  constructor(words = {}) {
    super({ ...words, iceTransportPolicy: "relay" });
    globalThis.relayed = this;
  }
};
"""
CHOSEN_WAY = """async () => {
  const seen = [...(await relayed.getStats()).values()];
  const pair = seen.find((one) => one.type === "candidate-pair" && one.nominated);
  return seen.find((one) => one.id === pair?.localCandidateId)?.candidateType;
}"""


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Setup]:
    """coturn alone, as the line sets it up for an installation at 127.0.0.5."""
    table = {"address": "127.0.0.1", "public": "127.0.0.5", "turn": True, "turn_port": free_port()}
    setup = Setup.of(tmp_path, table, "https://line.example.org")
    process = subprocess.Popen(
        [program("turnserver"), "-c", str(write(setup)["turnserver"])],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield setup
    finally:
        process.terminate()
        process.wait(10)


def client_of(setup: Setup, *, password: str = "") -> TurnClient:
    user = f"{int(time.time()) + 600}:somebody"
    given = base64.b64encode(hmac.digest(secret(setup.home).encode(), user.encode(), "sha1")).decode()
    return TurnClient(setup.turn_port, user, password or given)


def allocated(setup: Setup) -> TurnClient:
    """Once coturn is up."""
    for _attempt in range(50):
        client = client_of(setup)
        try:
            if client.allocate() == 0:
                return client
        except OSError:
            time.sleep(0.1)
        client.close()
    raise TimeoutError


def test_it_leads_to_the_sound_of_the_line_and_nowhere_else(relay: Setup) -> None:
    client = allocated(relay)
    assert client.permit("127.0.0.1") == 0
    assert client.permit("127.0.0.5") == 0
    for elsewhere in ("127.0.0.77", "10.0.0.1", "192.168.1.1", "169.254.169.254", "198.51.100.7"):
        assert client.permit(elsewhere) == FORBIDDEN, elsewhere
    client.close()


def test_nobody_gets_an_address_without_a_password_of_the_line(relay: Setup) -> None:
    allocated(relay).close()
    stranger = client_of(relay, password="guessed")
    assert stranger.allocate() == UNAUTHORISED
    stranger.close()


@pytest.fixture
def line_with_turn() -> Iterator[LineSite]:
    with line_running(
        environ={"QUARTIER_LINE_TURN": "true", "QUARTIER_LINE_TURN_PORT": str(free_port())}
    ) as made:
        employ(made, "Lotte", "operator")
        yield made


@pytest.mark.browser
def test_caller_and_operator_hear_each_other_through_the_relay_alone(
    line_with_turn: LineSite, browser: Any, voices: dict[str, Path], tmp_path: Path
) -> None:
    line = line_with_turn
    lotte = Desk(browser, line, "Lotte")
    lotte.context.add_init_script(RELAY_ALONE)
    with Caller(tmp_path / "marie", proxy=f"127.0.0.1:{line.sip}", speaks=voices["caller"]) as marie:
        lotte.come_on("fr")
        asks_for_french(marie, line)
        lotte.answer()
        hears(marie, OPERATOR_HZ)
        assert lotte.hears(CALLER_HZ)
        assert lotte.page.evaluate(CHOSEN_WAY) == "relay"
        marie.hang_up()
        assert not sound.has_tone(marie.hears(0.3), OPERATOR_HZ)
    lotte.leave()
