"""The configuration of the servers is made from one table, and Kamailio reads it."""

import re
import shutil
import subprocess

import pytest

from quartier.callcore import Line
from quartier.telephony.providers.sip import sdp
from quartier.telephony.providers.sip.edge import MAX_FOLDER_BYTES
from quartier.telephony.providers.sip.setup import Setup, secret, write

TABLES = {
    "this machine": {},
    "a carrier": {"trunk": "sip.example.org:5080", "trunk_sources": ["192.0.2.7", "192.0.2.8"]},
    "a carrier with a password": {
        "trunk": "sip.example.org", "trunk_user": "32800", "trunk_password": "a secret", "trunk_registers": True,
        "trunk_sources": ["192.0.2.7"],
    },
    "a carrier over TLS": {
        "trunk": "sips:sip.example.org", "trunk_user": "32800", "trunk_password": "a secret", "trunk_registers": True,
        "trunk_sources": ["192.0.2.7"], "public": "192.0.2.1",
    },
    "a carrier over TCP": {
        "trunk": "192.0.2.7:5080", "trunk_transport": "tcp", "trunk_sources": ["192.0.2.7"], "public": "192.0.2.1",
    },
    "behind NAT, behind a web server": {
        "address": "127.0.0.1", "public": "192.0.2.1", "websocket": "wss://line.example.org/line/ws", "turn": True,
    },
}  # fmt: skip


@pytest.mark.parametrize("table", ["sides", "origins"])
def test_the_edge_knows_a_call_until_its_end(tmp_path, table):
    config = write(Setup.of(tmp_path, {}, "https://line.example.org"))["kamailio"].read_text()
    (kept_s,) = re.findall(rf'"{table}=>size=\d+;autoexpire=(\d+);"', config)
    line = Line()
    # It is kept from the invitation on; the talk is counted from its beginning, after every wait before.
    waits_s = 2 * line.longest_s + line.reach_s
    assert float(kept_s) >= waits_s + line.talk_s


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_kamailio_understands_what_is_written(tmp_path, table):
    if shutil.which("kamailio") is None:
        pytest.skip("no kamailio")
    files = write(Setup.of(tmp_path, table, "https://line.example.org"))
    checked = subprocess.run(
        ["kamailio", "-c", "-f", str(files["kamailio"])], capture_output=True, text=True, check=False
    )
    assert "config file ok" in checked.stderr, checked.stderr
    assert "@@" not in "".join(file.read_text() for file in files.values())


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_what_the_configuration_writes_is_in_the_log(tmp_path, table):
    config = write(Setup.of(tmp_path, table, "https://line.example.org"))["kamailio"].read_text()
    assert '["core", "debug", -2]' in config
    assert set(re.findall(r'xlog\("(\w+)"', config)) == {"L_CRIT"}


def test_tls_brings_encrypted_sound_and_nonsense_is_refused(tmp_path):
    def of(**table):
        return Setup.of(tmp_path, table, "x")

    sealed = of(trunk="sips:sip.example.org", trunk_sources=["192.0.2.7"])
    assert (sealed.trunk_transport, sealed.trunk_srtp) == ("tls", True)
    assert sealed.trunk_address == ("sip.example.org", 5061)
    written = write(sealed)["kamailio"].read_text()
    assert '@sip.example.org:5061;transport=tls"' in written
    assert '$proto == "tls" && (src_ip==192.0.2.7)' in written
    assert 'sl_send_reply("488"' in written
    profiles = (sealed.home / "tls.cfg").read_text()
    assert "verify_certificate = yes" in profiles
    assert "server_name = sip.example.org" in profiles
    assert (sealed.home / "own-key.pem").stat().st_mode & 0o077 == 0

    open_sound = of(trunk="sip.example.org:5071", trunk_transport="tls", trunk_srtp=False)
    assert open_sound.trunk_address == ("sip.example.org", 5071)
    assert 'sl_send_reply("488"' not in write(open_sound)["kamailio"].read_text()
    plain = of(trunk="sip:sip.example.org")
    assert (plain.trunk, plain.trunk_transport, plain.trunk_srtp) == ("sip.example.org", "udp", False)
    for wrong in (
        {"trunk": "sips:sip.example.org", "trunk_transport": "udp"},
        {"trunk": "sip.example.org", "trunk_transport": "pigeon"},
        {"trunk": "sip.example.org", "trunk_srtp": True},
    ):
        with pytest.raises(ValueError, match="trunk"):
            of(**wrong)


def test_files_with_secrets_are_ours_alone_and_written_only_when_they_change(tmp_path):
    setup = Setup.of(tmp_path, {}, "http://127.0.0.1:8000")
    files = write(setup)
    assert all(file.stat().st_mode & 0o077 == 0 for file in files.values())
    before = files["kamailio"].stat().st_mtime_ns
    assert write(setup)["kamailio"].stat().st_mtime_ns == before
    assert secret(setup.home) in files["kamailio"].read_text()
    assert secret(setup.home) == secret(setup.home)


def test_the_environment_wins_and_nonsense_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("QUARTIER_LINE_SIP_PORT", "6060")
    monkeypatch.setenv("QUARTIER_LINE_TRUNK_SOURCES", "192.0.2.7,192.0.2.8")
    setup = Setup.of(tmp_path, {"sip_port": 5070}, "http://127.0.0.1:8000")
    assert (setup.sip_port, setup.trunk_sources) == (6060, ("192.0.2.7", "192.0.2.8"))
    with pytest.raises(ValueError, match="invalid literal"):
        Setup.of(tmp_path, {"ws_port": "five"}, "http://127.0.0.1:8000")


def test_a_folder_whose_name_is_too_long_for_the_edge_is_refused(tmp_path):
    with pytest.raises(ValueError, match="too long"):
        write(Setup.of(tmp_path / ("a" * MAX_FOLDER_BYTES), {}, "x"))


def test_what_has_left_is_remembered_for_longer_than_nobody_may_look(tmp_path):
    config = write(Setup.of(tmp_path, {}, "x"))["kamailio"].read_text()
    seconds = {
        table: int(re.findall(rf'"{table}=>size=\d+;autoexpire=(\d+);"', config)[0])
        for table in ("watched", "outgoing")
    }
    # A call leaves at the last moment, and the next look is some seconds later.
    assert seconds["watched"] + 30 <= seconds["outgoing"]


def test_where_browsers_connect_to(tmp_path):
    here = Setup.of(tmp_path, {}, "http://127.0.0.1:8000")
    assert here.websocket_url == "ws://127.0.0.1:5066"
    assert (
        Setup.of(tmp_path, {"certificate": "c", "public": "192.0.2.1"}, "x").websocket_url
        == "wss://192.0.2.1:5067"
    )
    named = Setup.of(tmp_path, {"websocket": "wss://a/line/ws"}, "x")
    assert named.websocket_url == "wss://a/line/ws"


@pytest.mark.parametrize(
    ("body", "good"),
    [
        ("m=audio 4000 RTP/AVP 8\r\n", True),
        ("m=audio 4000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n", True),
        ("m=audio 4000 RTP/AVP 96\r\na=rtpmap:96 WHALE/8000\r\n", False),
        ("m=audio 4000 RTP/SAVP 8\r\n", True),
        ("m=audio 0 RTP/AVP 8\r\n", False),
        ("m=video 4000 RTP/AVP 8\r\n", False),
        ("", False),
    ],
)
def test_an_offer_that_we_understand(body, good):
    if good:
        sdp.check("v=0\r\n" + body)
    else:
        with pytest.raises(sdp.NoSound):
            sdp.check("v=0\r\n" + body)


def test_our_own_description_is_read_back():
    assert sdp.port(sdp.plain(("127.0.0.1", 4004))) == 4004


@pytest.mark.parametrize(
    ("kind", "encrypted"),
    [("RTP/AVP", False), ("RTP/AVPF", False), ("RTP/SAVP", True), ("UDP/TLS/RTP/SAVPF", True)],
)
def test_whether_somebody_on_the_way_could_listen(kind, encrypted):
    assert sdp.is_encrypted(f"v=0\r\nm=audio 4000 {kind} 8\r\n") is encrypted
    with pytest.raises(sdp.NoSound):
        sdp.is_encrypted("v=0\r\n")
