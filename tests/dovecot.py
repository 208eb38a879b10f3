"""A real IMAP server of one's own: Debian's Dovecot on a free port, in a folder, ended by its process id."""

import imaplib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from quartier.cli.suite.packages import program
from tests.ports import free_port

CONFIG = """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {inside}
default_internal_group = {inside_group}
default_login_user = {outside}
auth_allow_cleartext = yes
auth_mechanisms = plain login
first_valid_uid = 1
mail_driver = maildir
mail_path = {home}/mail
mail_uid = {uid}
mail_gid = {gid}
mailbox_list_layout = maildir++
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    home = {home}/mail
    uid = {uid}
    gid = {gid}
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {secure_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
imap_capability = {capability}
"""
SECURE = """\
ssl = yes
ssl_server_cert_file = {home}/cert.pem
ssl_server_key_file = {home}/key.pem
"""
PATIENCE_S = 20


class Dovecot:
    """One server with one mailbox: user `line@example.org`, password `pass:word/1`."""

    user, password = "line@example.org", "pass:word/1"

    def __init__(self, *, prefix: str = "", without: str = "") -> None:
        """`prefix`: what folders begin with, as on some servers; `without`: what it cannot do, such as `MOVE`."""
        # Not in pytest's own folder, which each pytest that begins beside closes again to all but one user.
        self.home = Path(tempfile.mkdtemp(prefix="quartier-mail-"))
        self.home.chmod(0o755)
        self._prefix, self._without = prefix, without
        self.port, self.secure_port = free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"imap://line%40example.org:pass%3Aword%2F1@127.0.0.1:{self.port}/INBOX"

    def start(self) -> None:
        root = os.geteuid() == 0
        me = pwd.getpwnam("mail") if root else pwd.getpwuid(os.geteuid())
        for name in ("run", "state", "mail"):
            (self.home / name).mkdir(exist_ok=True)
        if root:
            shutil.chown(self.home / "mail", me.pw_uid, me.pw_gid)
        can = "IMAP4rev1 LITERAL+ SASL-IR ID ENABLE NAMESPACE CHILDREN UIDPLUS UNSELECT MOVE LIST-EXTENDED"
        words = CONFIG.format(
            home=self.home,
            inside="dovecot" if root else me.pw_name,
            inside_group="dovecot" if root else "",
            outside="dovenull" if root else me.pw_name,
            uid=me.pw_uid,
            gid=me.pw_gid,
            port=self.port,
            secure_port=self.secure_port,
            password=self.password,
            prefix=self._prefix,
            separator="." if self._prefix else "/",
            capability=" ".join(word for word in can.split() if word not in self._without.split()),
        )
        secure = (self.home / "cert.pem").exists()
        words += SECURE.format(home=self.home) if secure else "ssl = no\n"
        (self.home / "dovecot.conf").write_text(words)
        log = (self.home / "said").open("ab")
        self._process = subprocess.Popen(
            [program("dovecot"), "-F", "-c", self.home / "dovecot.conf"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        log.close()
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with suppress(OSError, imaplib.IMAP4.error):
                self.client().logout()
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        told = [(self.home / name).read_text() for name in ("said", "log") if (self.home / name).exists()]
        self.stop()
        raise RuntimeError("Dovecot did not start: " + "\n".join(told)[-3000:])

    def stop(self) -> None:
        """End it; its mail is gone."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self._process is not None and self._process.poll() is None:
                self._process.send_signal(sign)
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(10)
        shutil.rmtree(self.home, ignore_errors=True)

    def secured(self) -> Path:
        """Give it a certificate of its own for `localhost`, before it starts. Returns the certificate's file."""
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3",
             "-keyout", self.home / "key.pem", "-out", self.home / "cert.pem", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
            check=True, capture_output=True,
        )  # fmt: skip
        return self.home / "cert.pem"

    def client(self) -> imaplib.IMAP4:
        """Somebody who looks into the mailbox, past the line."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=5)
        client.login(self.user, self.password)
        return client

    def deliver(self, *letters: bytes, at: float | None = None) -> None:
        client = self.client()
        for letter in letters:
            kind, said = client.append("INBOX", "", imaplib.Time2Internaldate(at or time.time()), letter)
            assert kind == "OK", said
        client.logout()

    def count(self, folder: str = "INBOX") -> int:
        client = self.client()
        kind, said = client.select(f'"{folder}"', readonly=True)
        client.logout()
        return int(said[0]) if kind == "OK" else 0
