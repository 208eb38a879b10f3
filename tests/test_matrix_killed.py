"""A worker is killed after a real homeserver has taken its message: no second copy is in the room."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.servers]

PEOPLE = """
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.messaging.models import ChatLink, Message
from quartier.people.models import Person
person = Person.objects.select_related("organisation").first()
address, now = "{address}", clock.now()
ChatLink.objects.create(
    organisation=person.organisation, person=person, channel="matrix", address=address,
    address_index=blind("chat", "matrix", address), linked_at=now,
)
Message.objects.create(
    organisation=person.organisation, person=person, key="once", template="heard", channel="matrix", language="fr",
    to=str(person.pk), body="une seule fois", not_before=now, created_at=now,
)
"""
HOW = "from quartier.messaging.models import Message; m = Message.objects.get(key='once'); print(m.state, m.losses)"


class Between:
    """Between us and the homeserver: what it has answered to the first message does not reach us any more."""

    def __init__(self, url):
        self.kill, outer = None, self

        class Handler(BaseHTTPRequestHandler):
            def _pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))) or None
                headers = {
                    name: self.headers[name]
                    for name in ("Authorization", "Content-Type")
                    if self.headers[name]
                }
                asked = urllib.request.Request(url + self.path, body, headers, method=self.command)
                with urllib.request.urlopen(asked, timeout=20) as answer:
                    said = answer.read()
                if self.command == "PUT" and outer.kill is not None:
                    outer.kill()
                    outer.kill = None
                    return
                self.send_response(200)
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_POST = do_PUT = _pass_on  # noqa: N815

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()


def test_a_worker_killed_by_signal_9_sends_no_second_copy(synapse, names, tmp_path):
    """A whole installation: its worker is killed after the homeserver has taken the message, and before it says so."""
    bot, reader, between = synapse.user(names("bot")), synapse.user(names("reader")), Between(synapse.url)
    room = bot.do("POST", "createRoom", {"preset": "private_chat", "invite": [reader.name]})["room_id"]
    reader.join(room)
    environ = {
        key: value for key, value in os.environ.items() if not key.startswith(("QUARTIER_", "DJANGO_"))
    }
    environ |= {
        "QUARTIER_HOME": str(tmp_path / "home"),
        "QUARTIER_LEASE_SECONDS": "5",
        "QUARTIER_MATRIX": f"{between.url}?user={bot.name}&token={bot.token}",
        "LANG": "C.UTF-8",
    }

    def quartier(*words):
        done = subprocess.run(
            [sys.executable, "-m", "quartier", *words],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def worker():
        return subprocess.Popen(
            [sys.executable, "-m", "quartier", "worker"], env=environ, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    quartier(
        "init", "--organisation", "Quartier Bruxelles", "--languages", "fr,nl,de,en", "--country", "BE",
        "--phone", "0800 00 020", "--sender", "sara@example.org", "--origin", "http://127.0.0.1:8000",
    )  # fmt: skip
    quartier("manage", "shell", "-c", PEOPLE.format(address=f"{room} {reader.name}"))
    first = worker()
    between.kill = first.kill
    assert first.wait(60) == -signal.SIGKILL
    assert reader.reads(room) == ["une seule fois"]
    assert "sending 0" in quartier("manage", "shell", "-c", HOW)
    second = worker()
    try:
        end = time.monotonic() + 60
        while "sent 1" not in quartier("manage", "shell", "-c", HOW):
            assert time.monotonic() < end
    finally:
        second.terminate()
        second.wait(30)
    assert reader.reads(room) == ["une seule fois"]
