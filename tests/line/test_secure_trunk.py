"""A carrier over TLS with encrypted sound: a real telephone calls in, an operator's own phone is rung out, and who does
not encrypt is refused."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Self

import pytest

from quartier.telephony.providers.sip.own_calls import make_call_id
from quartier.telephony.providers.sip.setup import Setup, secret, write
from tests.line import sound
from tests.line.caller import is_here
from tests.line.conftest import CALLER_HZ, OUTSIDE_HZ
from tests.line.desk import employ
from tests.line.edge import end_edge
from tests.line.phone import RawPhone
from tests.line.secure import Authority, SecureCaller, secure_line
from tests.line.site import NUMBER, LineSite
from tests.line.test_line_test import line_test
from tests.ports import free_port

pytestmark = pytest.mark.servers
PLAIN = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"
ON = """
from quartier.team.access import of_account
from quartier.team.models import Account
from quartier.telephony import actions
actions.wish(actor=of_account(Account.objects.get(pk={account!r})), what="on",
    details={{"languages": ["fr"], "own_phone": True}})
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def outside(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority, voices: dict[str, Path]
) -> Iterator[SecureCaller]:
    if not is_here():
        if os.environ.get("CI"):
            pytest.fail("no baresip")
        pytest.skip("no baresip")
    folder = tmp_path_factory.mktemp("outside")
    with SecureCaller(folder, authority, number="outside", speaks=voices["outside"]) as phone:
        yield phone


@pytest.fixture(scope="module")
def line(authority: Authority, outside: SecureCaller) -> Iterator[LineSite]:
    with secure_line(authority, outside.tls_port) as made:
        yield made


def test_a_caller_over_tls_hears_the_greeting_and_an_operator_is_rung_over_tls(
    line: LineSite, authority: Authority, outside: SecureCaller, voices: dict[str, Path], tmp_path: Path
) -> None:
    account = employ(line, "Lotte", "operator", phone="+32470000001")
    line.site.shell(ON.format(account=account))
    line.wait_until(lambda: line.ask("Operator.objects.filter(standing='available').count()") == 1, 20)
    tls = line.ports["tls_port"]
    with SecureCaller(
        tmp_path / "marie", authority, tls=tls, number="+3220001427", speaks=voices["caller"]
    ) as marie:
        marie.dial(f"sip:{NUMBER}@127.0.0.1:{tls};transport=tls")
        marie.wait_answered()
        marie.wait_heard(sound.has_speech, 8)
        marie.press("1")
        outside.wait_rung(15)
        outside.answer()
        outside.wait_heard(sound.has_speech, 8)
        outside.press("1")
        marie.wait_heard(lambda heard: sound.has_tone(heard, OUTSIDE_HZ), 8)
        outside.wait_heard(lambda heard: sound.has_tone(heard, CALLER_HZ), 8)
        outside.hang_up()
        marie.wait_ended(5)
    line.wait_until(lambda: line.calls()[-1]["outcome"] == "answered", 10)


def test_who_calls_over_udp_or_without_encryption_is_refused(
    line: LineSite, authority: Authority, tmp_path: Path
) -> None:
    before = len(line.calls())
    with RawPhone(line.sip) as plain:
        assert plain.calls(NUMBER, PLAIN) == 403
    tls = line.ports["tls_port"]
    with SecureCaller(tmp_path / "open", authority, tls=tls, open_sound=True) as heard_by_all:
        heard_by_all.dial(f"sip:{NUMBER}@127.0.0.1:{tls};transport=tls")
        assert "488" in heard_by_all.wait_ended()
    assert len(line.calls()) == before


def test_line_test_says_that_the_carrier_is_reached_over_tls(line: LineSite, tmp_path: Path) -> None:
    code, said = line_test(line, language="nl_BE.UTF-8")
    assert code == 0, said
    assert "antwoordt via TLS" in said
    assert "De begroeting is te horen." in said
    else_file = str(Authority(tmp_path, "Someone else").file)
    environ = line.site.environ | {"QUARTIER_LINE_TRUNK_CA": else_file}
    changed = replace(line, site=replace(line.site, environ=environ))
    code, said = line_test(changed, language="nl_BE.UTF-8")
    assert code == 1
    assert "wordt niet aanvaard" in said


@pytest.mark.parametrize("known", [True, False], ids=["signed by whom we trust", "signed by somebody else"])
def test_only_a_carrier_whose_certificate_is_signed_hears_anything(
    authority: Authority, tmp_path: Path, known: bool
) -> None:
    """The edge alone, told by "call control" to ring somebody."""
    if shutil.which("kamailio") is None:
        pytest.skip("no kamailio")
    signer = authority if known else Authority(tmp_path / "else", "Someone else")
    ports = {name: free_port() for name in ("sip_port", "ws_port", "callcore_port", "tls_port")}
    with Listener(signer) as carrier:
        table = {**ports, "trunk": f"sips:127.0.0.1:{carrier.port}", "trunk_ca": str(authority.file)}
        files = write(Setup.of(tmp_path, table, "https://line.example.org"))
        words = [
            "kamailio",
            "-DD",
            "-E",
            "-Y",
            str(tmp_path),
            "-m",
            "64",
            "-M",
            "8",
            "-f",
            str(files["kamailio"]),
        ]
        edge = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            code = rings(ports["sip_port"], ports["callcore_port"], make_call_id(secret(tmp_path / "line")))
        finally:
            end_edge(edge)
    if known:
        assert carrier.heard.startswith(b"INVITE sip:+3220001234@127.0.0.1")
    else:
        assert carrier.heard == b""
        assert code >= 400


def test_the_line_registers_over_tls(authority: Authority, tmp_path: Path) -> None:
    """With a password that holds what separates columns of Kamailio's table."""
    if shutil.which("kamailio") is None:
        pytest.skip("no kamailio")
    with Listener(authority) as carrier:
        user = {"trunk_user": "3280000020", "trunk_password": "a:b\\c", "trunk_registers": True}
        table = {"trunk": f"sips:127.0.0.1:{carrier.port}", "trunk_ca": str(authority.file), **user}
        ports = {name: free_port() for name in ("sip_port", "ws_port", "tls_port")}
        with edge(tmp_path, {**table, **ports}):
            end = time.monotonic() + 40
            while not carrier.heard and time.monotonic() < end:
                time.sleep(0.2)
    heard = carrier.heard.decode()
    assert heard.startswith("REGISTER sip:127.0.0.1 ")
    assert f"@127.0.0.1:{ports['tls_port']};transport=tls>" in heard


@contextmanager
def edge(home: Path, table: dict[str, object]) -> Iterator[None]:
    """Kamailio alone."""
    files = write(Setup.of(home, table, "https://line.example.org"))
    words = ["kamailio", "-DD", "-E", "-Y", str(home), "-m", "64", "-M", "8", "-f", str(files["kamailio"])]
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        end_edge(running)


class Listener:
    """A server over TLS that says nothing. `heard`: the beginning of what it was told."""

    def __init__(self, signer: Authority) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*signer.signs("carrier"))
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.heard = b""

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        # Closed alone, its number goes to the next socket, and a thread on its way to it would answer there.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._socket.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                came, _from = self._socket.accept()
                with suppress(OSError), self._context.wrap_socket(came, server_side=True) as sealed:
                    sealed.settimeout(5)
                    self.heard += sealed.recv(4000)


def rings(edge: int, core: int, call_id: str) -> int:
    """An INVITE from where call control is, until it is heard of; the last answer, 0 without one."""
    invite = (
        f"INVITE sip:+3220001234@quartier.invalid SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{core};branch=z9hG4bKone\r\n"
        "Max-Forwards: 70\r\nFrom: <sip:+3280000020@quartier.invalid>;tag=1\r\nTo: <sip:+3220001234@quartier.invalid>"
        f"\r\nCall-ID: {call_id}\r\nCSeq: 1 INVITE\r\nContact: <sip:core@127.0.0.1:{core}>\r\nContent-Length: 0\r\n\r\n"
    )
    last, end = 0, time.monotonic() + 8
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as call_control:
        call_control.bind(("127.0.0.1", core))
        call_control.settimeout(0.5)
        while last < 200 and time.monotonic() < end:
            call_control.sendto(invite.encode(), ("127.0.0.1", edge))
            with suppress(TimeoutError, ConnectionError):
                last = int(call_control.recv(4000).split()[1])
            time.sleep(0.2)
    return last
