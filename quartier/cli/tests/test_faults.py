"""Whatever somebody types wrongly into `quartier.toml` is named, with its line and with what was probably meant."""

import argparse
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quartier import cli
from quartier.cli.check import machine
from quartier.config import faults, installation

# What runs every command stands above this room.
main = importlib.import_module("quartier.__main__").main
KEY = installation.new_key()
SECRET = "very-secret"
BASE = f"""\
secret_key = "{"s" * 40}"
field_keys = ["k1:{KEY}"]
index_key = "{KEY}"
origin = "https://line.example.org"
mail = "smtp://line:{SECRET}@mail.example.org:587"
mail_sender = "line@example.org"
texts = ["twilio://AC1:{SECRET}@+32460000000"]
"""
NEXT = BASE.count("\n") + 1


def instead(key: str, line: str = "") -> str:
    """The file with another line in place of that of a key."""
    return "".join(
        (f"{line}\n" if line else "") if each.startswith(f"{key} ") else each
        for each in BASE.splitlines(True)
    )


def line_of(key: str) -> int:
    return next(number for number, each in enumerate(BASE.splitlines(), 1) if each.startswith(f"{key} "))


# What is added at the end: the line, what is said of it, and whether nothing can go on.
ADDED = [
    ('orgin = "https://x.be"', "Did you mean origin?", False),
    ('mial = "smtp://x"', "Did you mean mail?", False),
    ('text_provider = "sandbox"', "Did you mean texts?", False),
    ("sms = []", "Did you mean texts?", False),
    ('Mail-Sender = "a@b.be"', "Did you mean mail_sender?", False),
    ('smtp = "smtp://x"', "Did you mean mail?", False),
    ('url = "https://x.be"', "Did you mean origin?", False),
    ("zzz = 1", "remove it", False),
    ("[lines]", "Did you mean line?", False),
    ("demo = True", "small letters", True),
    ('demo = "ture"', "true or false", True),
    ("debug = 7", "true or false", True),
    ('lease_seconds = "abc"', "from 5 to 3600", True),
    ("lease_seconds = 0", "from 5 to 3600", True),
    ("lease_seconds = 99999", "from 5 to 3600", True),
    ("lease_seconds = nan", "from 5 to 3600", True),
    ('geocoder = "photn:https://x.be"', "Did you mean photon:?", True),
    ('geocoder = "nominatim:"', "nominatim:https://", True),
    ('geocoder = "google"', "gazetteer:", True),
    ('behaviour = "/nowhere.toml"', "/nowhere.toml", True),
    ('behaviour = "/etc/hostname"', "/etc/hostname", True),
    ('hosts = "https://line.example.org"', 'hosts = ["line.example.org"]', False),
    ("hosts = 8", "a list of texts", True),
    ('proxies = ["192.0.2.300"]', 'proxies = ["192.0.2.10", "10.0.0.0/24"]', True),
    ('proxies = ["*"]', 'proxies = ["192.0.2.10", "10.0.0.0/24"]', True),
    ("proxy = []", "Did you mean proxies?", False),
    ('logs = "jsno"', "text, json", False),
    ('logging = "json"', "Did you mean logs?", False),
    ('hosts = ["a.be, b.be"]', 'hosts = ["line.example.org"]', False),
    ('cap_hosts = ["https://feeds.example.org/x"]', "without https://", False),
    ('database = "mysql://x"', "sqlite:", True),
    ('database = "postgresq://u@h/n"', "Did you mean postgresql:?", True),
    ('database = "postgresql://u:p@h"', "no database is named", True),
    ('database = "postgresql://u:p@h:many/n"', "the port is not a number", True),
    ('database = "sqlite:////nowhere/at/all.sqlite3"', "/nowhere/at", True),
    ('database = "sqlite:////tmp"', "a folder, not a file", True),
    ('mail_inbox = "imapss://x"', "Did you mean imaps:?", False),
    ("telegram = 5", 'telegram = "…"', True),
    ('line = "sip"', "[line]", True),
    ('origin = "https://x.be"', "a second time", True),
    ('matrix = "https://x.be', "quotation mark is missing", True),
    ("matrix = https://x.be", "no quotation marks", True),
    ("matrix = “https://x.be”", "curly", True),
    ('matrix: "https://x.be"', "no = after the name", True),
    ("// a remark", "begins with #", True),
    ('hosts = ["a.be"', "Close it with ]", True),
    ('behaviour = "C:\\quartier"', "\\\\", True),
    ("[line", "cannot be read", True),
]
# In the table [line]; its line is the one after.
IN_LINE = [
    ('trunk_user_name = "x"', "Did you mean trunk_user?"),
    ('sip_port = "many"', "not a number"),
    ('carrier = "twilio"', "'sip' or 'twiml'"),
    ('trunk_transport = "tsl"', "udp, tcp or tls"),
    ('matrix = "https://x.be"', "Move it above [line]"),
    ("zzz = 1", "remove it"),
]
# Instead of a line that is right.
CHANGED = [
    ("mail", f'mail = "smpt://line:{SECRET}@mail.example.org"', "Did you mean smtp:?", True),
    ("mail", f'mail = "smtp://line:{SECRET}@mail.example.org:mail"', "the port is not a number", True),
    ("mail", f'mail = "smtp://line:{SECRET}#1@mail.example.org"', "# %23", True),
    ("mail", 'mail = "smtp://"', "no server is named", True),
    ("mail", f'mail = "anymail:mailgn?api_key={SECRET}"', "Did you mean mailgun?", True),
    ("mail", 'mail = "mail.example.org"', "smtps:", True),
    ("mail_sender", 'mail_sender = "sara"', "not an email address", True),
    ("mail_sender", 'mail_sender = ["a@b.be"]', 'mail_sender = "…"', True),
    ("origin", 'origin = "line.example.org"', "https://line.example.org", True),
    ("origin", 'origin = "https://line.example.org/somewhere"', "not the address of a website", True),
    ("origin", 'origin = "https://line example.org"', "not the address of a website", True),
    ("origin", 'origin = "https://line.example.org:99999"', "not the address of a website", True),
    ("origin", 'origin = "ftp://line.example.org"', "not the address of a website", True),
    ("texts", f'texts = ["gamu:{SECRET}"]', "Did you mean gammu:?", False),
    ("texts", "texts = 5", "a list of texts", True),
    ("texts", "texts = [5]", "a list of texts", True),
    ("secret_key", 'secret_key = "short"', "too short", False),
    ("field_keys", f'field_keys = ["k1:{KEY[:20]}"]', "cut off", True),
    ("field_keys", f'field_keys = ["{KEY}"]', "cut off", True),
    ("field_keys", f'field_keys = ["k1:{KEY}", "k1:{KEY}"]', "the same id", True),
    ("field_keys", "field_keys = []", "it is missing", True),
    ("index_key", f'index_key = "{KEY[:20]}"', "cut off", True),
]


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("QUARTIER_HOME", str(folder))
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    for name in list(os.environ):
        if name.startswith("QUARTIER_") and name != "QUARTIER_HOME":
            monkeypatch.delenv(name)
    return folder


@pytest.fixture
def named(home, capsys):
    """Writes the file, and gives what every command says of it; `stops`: none goes on."""

    def name(text: str | bytes, where: str, words: str, stops: bool) -> str:
        raw = text if isinstance(text, bytes) else text.encode()
        (home / faults.FILE).write_bytes(raw)
        return told(where, words, stops)

    def told(where: str, words: str, stops: bool) -> str:
        capsys.readouterr()
        assert cli.is_file_wrong(argparse.Namespace()) is stops
        said = capsys.readouterr().err
        assert where in said
        assert words in said
        assert SECRET not in said
        assert KEY[:20] not in said
        if stops:
            assert main(["team", "list"]) == 2
            assert capsys.readouterr().err == said
            assert main(["check"]) == 1
            in_words = capsys.readouterr().out
            assert (where in in_words, words in in_words) == (True, True)
            assert main(["check", "--json"]) == 1
            found = json.loads(capsys.readouterr().out)
            assert found["ok"] is False
            assert any(words in each["words"] + each["todo"] for each in found["findings"])
        else:
            assert any(words in each.words + each.todo for each in machine.lines())
            assert {each.level for each in machine.lines()} == {"wrong"}
        return said

    name.told = told  # type: ignore[attr-defined]
    return name


def test_nothing_is_said_of_what_is_right(home, capsys):
    (home / faults.FILE).write_text(BASE)
    assert faults.of() == []
    (home / faults.FILE).write_bytes(b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode())
    assert faults.of() == []
    more = (
        'lease_seconds = 20\ndemo = "no"\ndebug = false\ngeocoder = "photon:https://x.be"\nhosts = "x.be"\n'
    )
    (home / faults.FILE).write_text(
        BASE + more + '[line]\ntrunk = "sips:x.be"\nsip_port = 5060\ntrunk_sources = []\n'
    )
    assert faults.of() == []


@pytest.mark.parametrize(("line", "words", "stops"), ADDED, ids=[each[0] for each in ADDED])
def test_a_line_that_is_wrong(named, line, words, stops):
    named(f"{BASE}{line}\n", f"line {NEXT}", words, stops)


@pytest.mark.parametrize(("line", "words"), IN_LINE, ids=[each[0] for each in IN_LINE])
def test_a_line_that_is_wrong_in_the_table_of_the_line(named, line, words):
    # Messages and pages go on without a line.
    named(f"{BASE}\n[line]\n{line}\n", f"line {NEXT + 2}", words, False)


@pytest.mark.parametrize(("key", "line", "words", "stops"), CHANGED, ids=[each[1][:40] for each in CHANGED])
def test_a_value_that_is_wrong(named, key, line, words, stops):
    named(instead(key, line), f"line {line_of(key)} ({key})", words, stops)


@pytest.mark.parametrize("key", faults.WITHOUT_THESE_NOTHING_OPENS)
def test_a_key_that_is_missing(named, key):
    """A new one would be made at every start, and nothing that was sealed before could be opened."""
    named(instead(key), f"quartier.toml ({key})", "from your backup", True)


def test_an_empty_file(named):
    said = named("", "quartier.toml", "from your backup", True)
    assert all(key in said for key in faults.WITHOUT_THESE_NOTHING_OPENS)


def test_letters_that_no_program_can_read(named):
    named(BASE.encode() + b'matrix = "caf\xe9"\n', f"line {NEXT}", "UTF-8", True)
    named(BASE.encode("utf-16"), "line 1", "UTF-8", True)


def test_what_the_environment_says(home, named, monkeypatch):
    (home / faults.FILE).write_text(BASE)
    monkeypatch.setenv("QUARTIER_ORGIN", "https://x.be")
    named.told("QUARTIER_ORGIN", "Did you mean QUARTIER_ORIGIN?", False)
    monkeypatch.setenv("QUARTIER_LEASE_SECONDS", "abc")
    named.told("QUARTIER_LEASE_SECONDS", "from 5 to 3600", True)
    monkeypatch.setenv("QUARTIER_LEASE_SECONDS", "30")
    monkeypatch.setenv("QUARTIER_DATABASE", "")
    named.told("QUARTIER_DATABASE", "no database is named", True)
    monkeypatch.delenv("QUARTIER_DATABASE")
    # Of a list, an empty variable says nothing: the file counts.
    monkeypatch.setenv("QUARTIER_FIELD_KEYS", "")
    assert all(each.name != "QUARTIER_FIELD_KEYS" for each in faults.of())
    monkeypatch.delenv("QUARTIER_FIELD_KEYS")
    monkeypatch.setenv("QUARTIER_MAIL", f"smpt://a:{SECRET}@b")
    named.told("QUARTIER_MAIL", "Did you mean smtp:?", True)


def test_a_home_that_is_none(home, named, monkeypatch, tmp_path):
    (home / faults.FILE).mkdir()
    named.told(faults.FILE, "a folder, not a file", True)
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setenv("QUARTIER_HOME", str(file))
    named.told("QUARTIER_HOME", "this is a file", True)


def test_a_home_of_somebody_else(home, named, monkeypatch):
    (home / faults.FILE).write_text(BASE)
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != home)
    monkeypatch.setattr(faults, "owner_of", lambda _path: "quartier")
    named.told(str(home), "sudo -u quartier env QUARTIER_HOME=", True)
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) == home)
    named.told(str(home / faults.FILE), "sudo -u quartier env QUARTIER_HOME=", True)


def test_the_home_of_another_user_is_named(home, settings, monkeypatch):
    settings.INSTALLATION = installation.load()
    assert list(machine.owner()) == []
    monkeypatch.setattr(os, "geteuid", lambda: home.stat().st_uid + 1)
    (found,) = machine.owner()
    assert (found.level, "sudo -u" in found.todo) == ("wrong", True)


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_it_is_said_in_the_language_of_the_terminal(home, monkeypatch, language):
    (home / faults.FILE).write_text(BASE + 'orgin = "x"\n')
    (found,) = faults.of()
    english = found.said(str) + found.to_do(str)
    monkeypatch.setenv("LANG", f"{language}_BE.UTF-8")
    translate = cli.terminal_words()
    said = found.said(translate) + found.to_do(translate)
    assert said != english
    assert "origin" in said
    assert str(NEXT) in said


def test_to_look_at_the_file_reads_no_settings(home):
    """`quartier init` says with which keys, and other commands in which home, before they are read."""
    (home / faults.FILE).write_text(BASE + 'orgin = "x"\n[line]\nzzz = 1\n')
    words = (
        "import argparse; from quartier import cli; cli.is_file_wrong(argparse.Namespace());"
        "from django.conf import settings; assert not settings.configured"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "quartier.config.settings"}
    done = subprocess.run([sys.executable, "-c", words], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert done.stderr.count("→") == 2
