"""A real homeserver of Matrix of one's own: Synapse with SQLite on a free port, in a folder, ended by its process id.

It speaks with no other server, and lets in whoever knows its secret. `quartier test` puts it into `.tools/`. All tests
share one: to start takes it longer than a test, and nobody meets the users of another one.
"""

import hmac
import json
import os
import secrets
import signal
import subprocess
import time
import urllib.request
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from quartier.cli.suite.packages import SYNAPSE, has_synapse
from tests.ports import free_port

PATIENCE_S = 60
MANY = "{per_second: 1000, burst_count: 1000}"
CONFIG = """\
server_name: localhost
pid_file: {home}/pid
report_stats: false
suppress_key_server_warning: true
trusted_key_servers: []
federation_domain_whitelist: []
registration_shared_secret: {secret}
signing_key_path: {home}/signing.key
media_store_path: {home}/media
macaroon_secret_key: {secret}
form_secret: {secret}
bcrypt_rounds: 4
database: {{name: sqlite3, args: {{database: {home}/homeserver.db}}}}
listeners:
  - {{port: {port}, type: http, bind_addresses: [127.0.0.1], resources: [{{names: [client]}}]}}
rc_message: {many}
rc_invites: {{per_room: {many}, per_user: {many}, per_issuer: {many}}}
rc_joins: {{local: {many}, remote: {many}}}
rc_room_creation: {many}
rc_login: {{address: {many}, account: {many}}}
log_config: {home}/log.yaml
"""
LOG = """\
version: 1
formatters: {{line: {{format: "%(levelname)s %(name)s %(message)s"}}}}
handlers: {{file: {{class: logging.FileHandler, filename: "{home}/log", formatter: line}}}}
root: {{level: WARNING, handlers: [file]}}
"""


class Synapse:
    """One homeserver called `localhost`. `has_synapse()` says whether it can be started here."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.secret = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        assert has_synapse()
        self.home.mkdir(parents=True, exist_ok=True)
        words = {"home": self.home, "port": self.port, "secret": self.secret, "many": MANY}
        (self.home / "homeserver.yaml").write_text(CONFIG.format(**words))
        (self.home / "log.yaml").write_text(LOG.format(**words))
        key = self.home / "signing.key"
        if not key.exists():
            key.write_text(f"ed25519 a_test {b64encode(secrets.token_bytes(32)).decode().rstrip('=')}\n")
        with (self.home / "said").open("ab") as said:
            self._process = subprocess.Popen(
                [SYNAPSE / "bin/python", "-m", "synapse.app.homeserver", "-c", self.home / "homeserver.yaml"],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True, cwd=self.home,
            )  # fmt: skip
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(OSError):
                urllib.request.urlopen(f"{self.url}/_matrix/client/versions", timeout=2).close()
                return
            time.sleep(0.1)
        told = [path.read_text() for name in ("said", "log") if (path := self.home / name).exists()]
        self.stop()
        raise RuntimeError("Synapse did not start: " + "\n".join(told)[-3000:])

    def stop(self) -> None:
        if self._process is None:
            return
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is None:
                self._process.send_signal(sign)
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(20)

    def user(self, name: str) -> "Element":
        """A new user, signed in."""
        nonce = asked(f"{self.url}/_synapse/admin/v1/register")["nonce"]
        password = secrets.token_hex(8)
        words = b"\x00".join(each.encode() for each in (nonce, name, password, "notadmin"))
        mac = hmac.new(self.secret.encode(), words, "sha1").hexdigest()
        given = {"nonce": nonce, "username": name, "password": password, "admin": False, "mac": mac}
        said = asked(f"{self.url}/_synapse/admin/v1/register", "POST", given)
        return Element(self.url, said["user_id"], said["access_token"])


class Element:
    """Somebody with a client: what their program would do."""

    def __init__(self, url: str, user: str, token: str) -> None:
        self.url, self.name, self.token = url, user, token

    def do(self, method: str, path: str, words: dict | None = None) -> dict:
        return asked(f"{self.url}/_matrix/client/v3/{path}", method, words, self.token)

    def invitations(self) -> list[str]:
        """The rooms to which they are invited."""
        return list(self.do("GET", "sync?timeout=0").get("rooms", {}).get("invite", {}))

    def join(self, room: str) -> None:
        self.do("POST", f"rooms/{quote(room)}/join", {})

    def leave(self, room: str) -> None:
        self.do("POST", f"rooms/{quote(room)}/leave", {})

    def write(self, room: str, body: str, **more: object) -> str:
        path = f"rooms/{quote(room)}/send/m.room.message/{secrets.token_hex(8)}"
        return str(self.do("PUT", path, {"msgtype": "m.text", "body": body, **more})["event_id"])

    def events(self, room: str) -> list[dict]:
        """Every message that they see there, the oldest first."""
        found = self.do("GET", f"rooms/{quote(room)}/messages?dir=b&limit=200")["chunk"]
        return [each for each in reversed(found) if each["type"] == "m.room.message"]

    def reads(self, room: str) -> list[str]:
        """The words of the others there."""
        return [each["content"]["body"] for each in self.events(room) if each["sender"] != self.name]


def asked(url: str, method: str = "GET", words: dict | None = None, token: str = "") -> dict:
    """Raises `urllib.error.HTTPError`."""
    body = None if words is None else json.dumps(words).encode()
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, body, headers, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return dict(json.load(answer))


@pytest.fixture(scope="session")
def synapse(tmp_path_factory):
    if not has_synapse():
        if os.environ.get("CI"):
            pytest.fail("no Synapse")
        pytest.skip("no Synapse")
    server = Synapse(tmp_path_factory.mktemp("matrix"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def names(request):
    """A name that nobody has yet on the server that the tests share."""
    return lambda name: f"{name}-{abs(hash(request.node.nodeid)) % 10**9}"
