"""What `quartier check` finds."""

import base64
import json
import os
import socket
from datetime import timedelta

import pytest
from django.test import override_settings

from quartier.alerts.models import Trustee
from quartier.cli.backup import archive
from quartier.cli.check import copies, every, machine, reach, work
from quartier.config import installation
from quartier.jobs.models import Tick
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.messaging.tests.telegram_api import TOKEN, BotApi
from quartier.people.models import Person, Volunteer
from quartier.places.models import Place
from tests.ports import free_port


def levels(look):
    return {finding.name: finding.level for finding in look()}


def test_a_fresh_installation_lacks_only_a_worker(quartier, installed):
    said = quartier("check", "--json")
    found = json.loads(said.stdout)
    assert said.returncode == 1
    assert found["ok"] is False
    assert {each["name"] for each in found["findings"] if each["level"] == "wrong"} == {"worker"}
    assert all(each["words"] for each in found["findings"])
    assert all(each["todo"] for each in found["findings"] if each["level"] != "good")
    os.chmod(installed / "quartier.toml", 0o644)
    in_words = quartier("check")
    assert "chmod 600" in in_words.stdout
    french = quartier("check", LANG="fr_BE.UTF-8")
    assert french.stdout != in_words.stdout


def test_keys_of_another_installation_are_noticed(quartier, installed):
    other = installation.new_key()
    found = json.loads(quartier("check", "--json", QUARTIER_FIELD_KEYS=f"k1:{other}").stdout)
    assert {each["name"]: each["level"] for each in found["findings"]}["sealed"] == "wrong"


@pytest.mark.parametrize(
    ("origin", "hosts", "level", "hosts_level"),
    [
        ("https://line.example.org", ["line.example.org"], "good", "good"),
        ("https://line.example.org", [".example.org"], "good", "good"),
        ("http://127.0.0.1:8000", ["127.0.0.1"], "doubt", "good"),
        ("http://[::1]:8000", ["[::1]"], "doubt", "good"),
        ("http://line.example.org", ["*"], "wrong", "wrong"),
        ("https://line.example.org", ["other.example.org"], "good", "wrong"),
    ],
)
def test_the_address_that_people_are_given(origin, hosts, level, hosts_level):
    with override_settings(ORIGIN=origin, ALLOWED_HOSTS=hosts):
        assert levels(reach.address) == {"origin": level, "hosts": hosts_level}


@pytest.mark.parametrize(
    "origin", ["line.example.org", "https://line.example.org/somewhere", "ftp://a.example"]
)
def test_what_is_no_address(origin):
    with override_settings(ORIGIN=origin):
        assert levels(reach.address) == {"origin": "wrong"}


def test_keys_that_are_cut_off():
    assert levels(machine.keys) == {"keys": "good"}
    short = base64.b64encode(b"x" * 16).decode()
    with override_settings(FIELD_KEYS=(f"k1:{short}",), INDEX_KEY="?", SECRET_KEY="short"):
        (finding,) = machine.keys()
    assert finding.level == "wrong"
    assert all(name in finding.words for name in ("field_keys", "index_key", "secret_key"))


def test_switches():
    with override_settings(DEBUG=True, DEMO=True):
        assert levels(machine.switches) == {"debug": "wrong", "demo": "doubt"}
    with override_settings(DEBUG=False, DEMO=False):
        assert levels(machine.switches) == {"debug": "good"}


def test_a_mail_server_that_is_not_there(settings):
    url = f"smtp://sara:very-secret@127.0.0.1:{free_port()}"
    settings.INSTALLATION = installation.load({"QUARTIER_MAIL": url})
    settings.MAILERS = {"default": installation.mailer(url)}
    (finding,) = reach.mail()
    assert finding.level == "wrong"
    assert "very-secret" not in finding.words + finding.todo


def test_texts(settings, tmp_path):
    assert levels(reach.texts) == {"texts": "doubt"}
    gone = free_port()
    with socket.create_server(("127.0.0.1", 0)) as there:
        good = f"http://127.0.0.1:{there.getsockname()[1]}/?token=very-secret#good"
        settings.TEXTS = [
            good, f"https://sara:very-secret@127.0.0.1:{gone}/#gone", "gammu:/nowhere#stick", "nothing:very-secret",
            "sandbox:",
        ]  # fmt: skip
        found = list(reach.texts())
    assert [each.level for each in found] == ["wrong", "wrong", "good", "wrong", "wrong"]
    words = [each.words for each in found]
    assert "4" in words[0]
    assert "sandbox:" in words[1]
    assert [name in line for name, line in zip(("good", "gone", "stick"), words[2:], strict=True)] == [
        True
    ] * 3
    assert not any("very-secret" in each.words + each.todo for each in found)
    assert all(each.todo for each in found if each.level != "good")
    # No form offers a way that the installation does not have: it can do without.
    settings.TEXTS = []
    assert levels(reach.texts) == {"texts": "doubt"}


def test_chats(settings):
    assert list(reach.chats()) == []
    api = BotApi()
    settings.TELEGRAM = api.url
    settings.MATRIX = "http://127.0.0.1:9?user=@line:example.org&token=very-secret"
    found = list(reach.chats())
    assert [each.level for each in found] == ["good", "wrong"]
    assert "quartier_bot" in found[0].words
    assert "matrix" in found[1].words
    settings.TELEGRAM, settings.MATRIX = TOKEN[:-9], "matrix.example.org?token=very-secret"
    found += list(reach.chats())
    api.close()
    assert [each.level for each in found] == ["good", "wrong", "wrong", "wrong"]
    assert not any("very-secret" in each.words + each.todo or TOKEN[:20] in each.words for each in found)
    assert all("chat.md" in each.todo for each in found[1:])


def test_texts_of_an_installation(tmp_path):
    def read(text, **env):
        (tmp_path / "quartier.toml").write_text(text)
        return installation.load({"QUARTIER_HOME": str(tmp_path), **env}).texts

    assert read("") == ("sandbox:",)
    assert read('text_provider = "sandbox"') == ("sandbox:",)
    assert read('texts = "gammu:/x"') == ("gammu:/x",)
    assert read('texts = ["gammu:/x", "https://a/"]') == ("gammu:/x", "https://a/")
    assert read('texts = ["gammu:/x"]', QUARTIER_TEXTS="https://a/,https://b/#b") == (
        "https://a/",
        "https://b/#b",
    )


@pytest.mark.django_db
def test_the_worker_is_seen_by_its_trace():
    assert levels(work.worker) == {"worker": "wrong"}
    Tick.objects.create(name="audit.seal", number=1, at=clock.now())
    assert levels(work.worker) == {"worker": "good"}
    Tick.objects.update(at=clock.now() - timedelta(hours=1))
    assert levels(work.worker) == {"worker": "wrong"}


def test_messages_that_wait_and_messages_that_were_given_up(asked):
    asked("groceries")
    assert levels(work.outbox) == {"outbox": "good"}
    Message.objects.update(not_before=clock.now() - timedelta(hours=1))
    assert levels(work.outbox) == {"outbox": "wrong"}
    Message.objects.update(state=Message.State.FAILED, created_at=clock.now())
    assert levels(work.outbox) == {"failed_messages": "doubt"}


def test_organisation_and_places(organisation):
    assert levels(work.organisation) == {"organisation": "wrong"}
    assert levels(work.places) == {"places": "wrong" if not Place.objects.exists() else "good"}


def test_an_administrator_makes_it_good(organisation, sara):
    assert levels(work.organisation) == {"organisation": "good"}
    organisation.phone = ""
    organisation.save()
    assert levels(work.organisation) == {"organisation": "doubt"}


def test_an_administrator_who_is_suspended_heads_nothing(organisation, youssef):
    youssef.person.account.roles.create(organisation=organisation, name="admin")
    assert levels(work.organisation) == {"organisation": "good"}
    Volunteer.objects.update(state="suspended")
    (found,) = work.organisation()
    assert (found.level, "quartier team add" in found.todo) == ("wrong", True)


def test_nobody_outside_of_the_team_is_named(organisation, sara):
    (found,) = list(work.trustee())
    assert (found.level, found.name) == ("doubt", "trustee")
    assert organisation.name in found.words
    person = Person.objects.create(organisation=organisation, name="Ida", created_at=clock.now())
    Trustee.objects.create(organisation=organisation, person=person, since=clock.now())
    assert levels(work.trustee) == {"trustee": "good"}


def test_copies(settings, tmp_path):
    settings.INSTALLATION = installation.load({"QUARTIER_HOME": str(tmp_path)})
    assert levels(copies.backups) == {"backups": "doubt"}
    copy = tmp_path / "backups" / "quartier-20270112.sqlite3.gz"
    copy.parent.mkdir()
    copy.write_bytes(b"x")
    assert levels(copies.backups) == {"backups": "good"}
    two_days = clock.now().timestamp() - 2 * 86400
    os.utime(copy, (two_days, two_days))
    assert levels(copies.backups) == {"backups": "doubt"}
    # The newest counts: what is empty, or no backup at all, is none.
    for content, words in ((b"", "is empty"), (b"no backup", "is cut off or was altered")):
        newest = copy.with_name("quartier-20270113.tar")
        newest.write_bytes(content)
        (found,) = copies.backups()
        assert (found.level, words in found.words) == ("wrong", True)


def test_a_copy_with_other_keys(settings, tmp_path):
    settings.INSTALLATION = installation.load({"QUARTIER_HOME": str(tmp_path)})
    file = tmp_path / "backups" / "quartier-20270113.tar"
    file.parent.mkdir()
    manifest = archive.Manifest(1, "0.1.0", "2027-01-13", "sqlite", [], archive.key_marks(), {}, {})
    archive.write(file, manifest, {}, tmp_path)
    assert levels(copies.backups) == {"backups": "good"}
    settings.INDEX_KEY = installation.new_key()
    (found,) = copies.backups()
    assert (found.level, "index_key" in found.words) == ("wrong", True)


def test_another_index_key(settings, sara):
    assert levels(work.indexed) == {"indexed": "good"}
    settings.INDEX_KEY = installation.new_key()
    assert levels(work.indexed) == {"indexed": "wrong"}


def test_a_look_that_fails_is_a_finding(monkeypatch):
    def broken():
        raise OSError("no such device")

    monkeypatch.setattr(every, "FIRST", (broken,))
    monkeypatch.setattr(every, "THEN", ())
    monkeypatch.setattr(machine, "database", lambda: iter(()))
    (finding,) = every.findings()
    assert (finding.name, finding.level) == ("broken", "wrong")
    assert "no such device" in finding.words
