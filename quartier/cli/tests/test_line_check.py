"""`quartier line test`: the carrier over TLS, and what is said when no operator was tried."""

import asyncio
import socket
import ssl
from contextlib import suppress
from datetime import timedelta
from threading import Thread

import pytest

from quartier.cli.line.check import _lines, call, every, secure
from quartier.cli.line.check.call import Measured, Trial
from quartier.telephony.providers.sip.setup import Setup
from tests.line.secure import Authority
from tests.ports import free_port

OK = b"SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"


class Carrier:
    """Answers over TLS with this certificate, or over TCP without one."""

    def __init__(self, files=None, says=OK):
        self._socket, self._says = socket.create_server(("127.0.0.1", 0)), says
        self.port = self._socket.getsockname()[1]
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if files else None
        if files:
            self._context.load_cert_chain(*files)

    def __enter__(self):
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error):
        # Closed alone, its number goes to the next socket, and a thread on its way to it would answer there.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._socket.close()

    def _serve(self):
        with suppress(OSError):
            while True:
                came, _from = self._socket.accept()
                with suppress(OSError), came:
                    talk = self._context.wrap_socket(came, server_side=True) if self._context else came
                    talk.recv(4000)
                    talk.sendall(self._says)


def findings(tmp_path, port, **more):
    table = {"trunk": f"127.0.0.1:{port}", "trunk_transport": "tls", "certificate": "own", **more}
    return [(each.level, each.words) for each in secure.carrier(Setup.of(tmp_path, table, "https://x"))]


def test_a_carrier_whose_certificate_is_good_answers(tmp_path):
    signer = Authority(tmp_path / "signer")
    with Carrier(signer.signs("carrier")) as carrier:
        found = findings(tmp_path, carrier.port, trunk_ca=str(signer.file))
        own = findings(tmp_path, carrier.port, trunk_ca=str(signer.file), certificate="")
    assert found == [("good", "The carrier 127.0.0.1 answers over TLS.")]
    assert own[1][0] == "doubt"
    assert "made itself" in own[1][1]


@pytest.mark.parametrize(
    ("signed", "says"),
    [
        ({"trusted": False}, "unable to get local issuer certificate"),
        ({"ends": timedelta(days=-1)}, "certificate has expired"),
        ({"host": "another.example.org"}, "IP address mismatch"),
    ],
    ids=["by somebody else", "too old", "for another name"],
)
def test_what_is_wrong_with_the_certificate_is_said(tmp_path, signed, says):
    signer, other = Authority(tmp_path / "signer"), Authority(tmp_path / "other", "Someone else")
    trusted = signer if signed.pop("trusted", True) else other
    with Carrier(signer.signs("carrier", **signed)) as carrier:
        ((level, words),) = findings(tmp_path, carrier.port, trunk_ca=str(trusted.file))
    assert level == "wrong"
    assert words.startswith("The certificate of the carrier 127.0.0.1 is not accepted, so nothing goes out: ")
    assert says in words


def test_a_certificate_that_ends_soon_and_a_carrier_that_says_nothing(tmp_path):
    signer = Authority(tmp_path / "signer")
    with Carrier(signer.signs("carrier", ends=timedelta(days=3)), says=b"") as carrier:
        found = findings(tmp_path, carrier.port, trunk_ca=str(signer.file))
    assert [level for level, _words in found] == ["doubt", "doubt"]
    assert "ends in 2 days" in found[0][1]
    assert "says nothing" in found[1][1]


def test_no_tls_nobody_there_no_file_and_tcp(tmp_path):
    signer = Authority(tmp_path / "signer")
    with Carrier() as plain:
        ((level, words),) = findings(tmp_path, plain.port, trunk_ca=str(signer.file))
        assert level == "wrong"
        assert "does not speak TLS" in words
        assert findings(tmp_path, plain.port, trunk_transport="tcp") == [
            ("good", "The carrier 127.0.0.1 answers over TCP.")
        ]
        ((level, words),) = findings(tmp_path, plain.port, trunk_ca=str(tmp_path / "nowhere"))
        assert level == "wrong"
        assert "nowhere" in words
    ((level, words),) = findings(tmp_path, free_port(), trunk_ca=str(signer.file))
    assert level == "wrong"
    assert "cannot be reached at TCP port" in words


def test_who_asked_for_an_operator_is_not_told_to_ask_for_one():
    answered = Measured(answered_ms=12.0)
    without = _lines([], answered, browser=False)[-1]
    tried = _lines([call.closed()], answered, browser=True)
    assert without == "The line answers. With --browser an operator is tried too."
    assert "the line is closed, so no operator was tried" in tried[0].lower()
    assert "“The line”" in tried[1]
    assert tried[-1] == "The line answers. No operator was tried; the lines above say why."


@pytest.mark.parametrize(
    ("is_open", "in_use", "anyway", "says", "launched"),
    [
        (True, False, False, [], True),
        (True, True, False, ["in_use"], False),
        (True, True, True, [], True),
        (False, False, False, ["closed"], False),
        (False, True, False, ["in_use"], False),
        (False, True, True, ["closed"], False),
    ],
)
def test_when_an_operator_is_tried(is_open, in_use, anyway, says, launched):
    tries = every.Tries.when(browser=True, anyway=anyway, in_use=in_use, is_open=is_open)
    assert tries.browser is launched
    assert [each.name for each in tries.findings] == says


def test_a_line_that_closes_meanwhile_says_so(tmp_path):
    class Closed(Trial):
        async def _dial(self):
            yield Quiet()

        async def _listen(self, talk):
            return call.good("prompt", "heard")

        async def _state(self):
            return call.CLOSED

    async def called():
        trial = Closed(Setup(home=tmp_path), None, None)
        return [each.name async for each in trial.call(object(), press=True)]

    assert asyncio.run(called()) == ["prompt", "closed"]


class Quiet(call.Talk):
    def __init__(self):
        pass

    async def hang_up(self):
        pass
