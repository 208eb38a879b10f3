"""The demonstration with its phone line, and the configuration of a line: `demo --with-calls`, `line config`."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from quartier.cli.demo import line
from quartier.cli.run import calls
from quartier.cli.tests.conftest import environment
from quartier.cli.tests.test_run import children, get, lives, until_ready, wait_for
from quartier.sim.robots.phone import Phone

NO_LINE = pytest.mark.skipif(bool(calls.lacking()), reason="the programs of the line are not installed")


@pytest.mark.servers
@NO_LINE
def test_the_line_of_a_demonstration_answers_and_is_called(started, port, tmp_path):
    process = started("demo", "--with-calls", PORT=str(port), QUARTIER_LINE_TRUNK="sip.carrier.invalid")
    assert until_ready(process) == f"Ready: http://127.0.0.1:{port}/"
    words = children(process.pid)
    assert {"callcore", "callers"} <= {each for command in words.values() for each in command.split()}
    (core,) = [pid for pid, command in words.items() if "callcore" in command]
    told = dict(
        pair.split("=", 1)
        for pair in Path(f"/proc/{core}/environ").read_text().split("\0")
        if pair.startswith("QUARTIER_LINE_")
    )
    # Nobody outside is called, whatever the shell says.
    assert told["QUARTIER_LINE_TRUNK"].startswith("127.0.0.1:")
    _status, headers, _page = get(port, "/fr/")
    assert f"ws://127.0.0.1:{told['QUARTIER_LINE_WS_PORT']}" in headers["Content-Security-Policy"]

    async def call():
        phone = await Phone.at("anonymous", ("127.0.0.1", int(told["QUARTIER_LINE_SIP_PORT"])))
        talk = await phone.dial("+3280000020")
        async with asyncio.timeout(20):
            while talk.sound.loud_at == 0:
                await asyncio.sleep(0.1)
        await phone.close()

    asyncio.run(call())
    mine = children(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    wait_for(lambda: not [pid for pid in mine if lives(pid)], "the end of the servers")


def test_without_its_programs_it_says_which_to_install(tmp_path):
    said = subprocess.run(
        [sys.executable, "-m", "quartier", "demo", "--with-calls", "--port", "9"],
        capture_output=True,
        text=True,
        env=environment(tmp_path, PATH="/nowhere", LANG="fr_BE.UTF-8"),
        cwd=tmp_path,
        check=False,
    )
    assert said.returncode == 1
    assert "apt install" in said.stderr
    assert "rtpengine-daemon espeak-ng" in said.stderr
    assert "ne sont pas là" in said.stderr
    assert not os.listdir(tmp_path)


def test_ports_that_are_taken_are_left_alone():
    settings = line.choose()
    ports = [int(value) for name, value in settings.items() if name.endswith("_PORT")]
    assert len(set(ports)) == len(line.PORTS)
    assert settings["QUARTIER_LINE_TRUNK_SOURCES"] == "127.0.0.1"

    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", int(settings["QUARTIER_LINE_SIP_PORT"])))
        assert line.choose()["QUARTIER_LINE_SIP_PORT"] != settings["QUARTIER_LINE_SIP_PORT"]


def test_the_configuration_is_written_for_whoever_starts_the_servers(quartier, installed):
    with (installed / "quartier.toml").open("a") as file:
        file.write(
            '\n[line]\naddress = "192.0.2.10"\nwebsocket = "wss://line.example.org/line/ws"\nturn = true\n'
        )
    said = quartier("line", "config", LANG="fr_BE.UTF-8")
    assert said.returncode == 0, said.stderr
    for name in ("kamailio.cfg", "rtpengine.conf", "turnserver.conf"):
        file = installed / "line" / name
        assert str(file) in said.stdout
        assert file.stat().st_mode & 0o077 == 0
        assert "@@" not in file.read_text()
    assert "listen=udp:192.0.2.10:5060" in (installed / "line" / "kamailio.cfg").read_text()
    assert "wss://line.example.org/line/ws" in said.stdout
    assert "redémarrez les trois" in said.stdout


def test_a_line_that_makes_no_sense_is_said(quartier, installed):
    said = quartier("line", "config", QUARTIER_LINE_SIP_PORT="five")
    assert said.returncode == 1
    assert "[line]" in said.stderr


def test_a_line_at_a_provider_is_not_dialled(quartier, installed):
    with (installed / "quartier.toml").open("a") as file:
        file.write('\n[line]\ncarrier = "twiml"\n')
    said = quartier("line", "test", LANG="de_DE.UTF-8")
    assert said.returncode == 0, said.stderr
    assert "Rufen Sie die Nummer an" in said.stdout
