"""The files in `deploy/` let through what pages take, keep private links out of logs, and ask how it is."""

import re
from pathlib import Path

import pytest

from quartier.console.companions import directory
from quartier.console.line import behaviour
from quartier.expenses import pictures
from quartier.followup.actions import importing
from quartier.incidents.cap import reading

DEPLOY = Path(__file__).parents[3] / "deploy"
CONSOLE_BYTES = max(directory.LARGEST, behaviour.LARGEST, importing.MOST_BYTES, reading.MOST_BYTES)


def text(name):
    return (DEPLOY / name).read_text()


def limits(name, pattern):
    """What each of the limits of this file begins with, and how many bytes it lets through."""
    return {where: int(size) * 1_000_000 for where, size in re.findall(pattern, text(name), re.DOTALL)}


@pytest.mark.parametrize(
    "found",
    [
        limits("Caddyfile", r"request_body @(\w+) \{\s*max_size (\d+)MB"),
        {
            **limits(
                "nginx.conf",
                r"location ~ \^/\[a-z\]\[a-z\]/(?:volunteer/)?(offer|console)/ \{\s*client_max_body_size (\d+)m",
            ),
        },
    ],
    ids=["caddy", "nginx"],
)
def test_what_pages_take_gets_there(found):
    receipts = found.get("receipt") or found["offer"]
    assert receipts >= pictures.MOST_BYTES
    assert found["console"] >= CONSOLE_BYTES


def test_no_web_server_logs_which_page_it_was():
    caddy, nginx = text("Caddyfile"), text("nginx.conf")
    assert "request>uri delete" in caddy
    assert "request>headers delete" in caddy
    written = re.search(r"log_format quartier (.*?);", nginx, re.DOTALL).group(1)
    assert not re.search(r"\$(request|uri|request_uri|document_uri|args|http_referer|remote_addr)\b", written)
    # Each server says where it logs: the default has the whole address in it.
    servers = len(re.findall(r"^server \{", nginx, re.MULTILINE))
    assert len(re.findall(r"^    access_log ", nginx, re.MULTILINE)) == servers
    assert len(re.findall(r"^    error_log \S+ emerg;", nginx, re.MULTILINE)) == servers


def test_the_unit_and_the_container_ask_how_it_is():
    unit, container = text("quartier.service"), text("Containerfile")
    assert "Type=notify" in unit
    assert "WatchdogSec=" in unit
    assert "FileDescriptorStoreMax=1" in unit
    assert "/health" in re.search(r"HEALTHCHECK.*?CMD (.*?)\n", container, re.DOTALL).group(1)


def test_the_container_has_what_commands_need_and_believes_its_gateway_alone():
    container = text("Containerfile")
    assert "postgresql-client" in container
    for extra in ("line", "twilio", "texts", "mail"):
        assert f"--extra {extra}" in container
    assert re.findall(r"^ENV FORWARDED_ALLOW_IPS=(.*)$", container, re.MULTILINE) == ["gateway"]
