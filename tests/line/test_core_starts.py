"""Who calls while call control starts waits for it, and is not refused."""

import secrets
import time
from pathlib import Path

import pytest

from tests.line.edge import UdpSender, edge_running, needs_kamailio
from tests.line.edge_peers import PlayedCore
from tests.line.sip_text import request
from tests.ports import free_port

pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(needs_kamailio()), reason=needs_kamailio())]
# Longer than an answer is waited for elsewhere at the edge.
START_S = 7.0


def test_a_caller_waits_for_call_control_that_starts(tmp_path: Path) -> None:
    ports = {name: free_port() for name in ("sip_port", "ws_port", "callcore_port")}
    carrier = "127.0.0.6"
    with (
        edge_running(tmp_path, {**ports, "trunk": carrier, "trunk_sources": [carrier]}),
        UdpSender(carrier, ports["sip_port"]) as caller,
    ):
        call = secrets.token_hex(8)
        uri = f"sip:+3280000020@127.0.0.1:{ports['sip_port']}"
        caller.send(request("INVITE", uri, via=caller.via, call_id=call))
        assert caller.receive_until("SIP/2.0", call_id=call).startswith("SIP/2.0 100")
        end = time.monotonic() + START_S
        while (left := end - time.monotonic()) > 0:
            assert not caller.receive(left).startswith("SIP/2.0 4")
        with PlayedCore(ports["sip_port"], ports["callcore_port"]) as core:
            core.wait_asked("INVITE", call, timeout_s=2.0)
