"""The gates, and the keys of an operator's browser."""

import base64
import hashlib
import hmac
import threading
from dataclasses import replace

import pytest
from django.http import Http404

from quartier.audit.models import Entry
from quartier.team.access import of_account, system
from quartier.telephony import access
from quartier.telephony.tests.room import Line


@pytest.fixture
def home(tmp_path, settings):
    settings.INSTALLATION = replace(settings.INSTALLATION, home=tmp_path)
    return tmp_path


@pytest.mark.django_db
def test_credentials_that_the_servers_compute_too(tuesday, lotte, home, settings):
    given = access.sip_credentials(of_account(lotte))
    expiry, account = given.user.split(":")
    assert (int(expiry), account) == (int(tuesday.timestamp()) + 3600, str(lotte.pk))
    secret = (home / "line" / "secret").read_text()
    digest = hmac.new(secret.encode(), given.user.encode(), hashlib.sha1).digest()
    assert given.password == base64.b64encode(digest).decode()
    assert given.uri == f"sip:{lotte.pk}@quartier.invalid"
    assert given.wss_url == "ws://127.0.0.1:5066"
    assert given.ice_servers == []


@pytest.mark.django_db
def test_where_the_line_is_reached_is_the_installation_s_choice(tuesday, lotte, home, settings):
    line = {"websocket": "wss://line.example.org/ws", "turn": True, "public": "192.0.2.7", "turn_port": 443}
    settings.INSTALLATION = replace(settings.INSTALLATION, line=line)
    given = access.sip_credentials(of_account(lotte))
    assert given.wss_url == "wss://line.example.org/ws"
    stun, turn = given.ice_servers
    assert stun == {"urls": "stun:192.0.2.7:443"}
    assert turn["urls"] == ["turn:192.0.2.7:443?transport=udp", "turn:192.0.2.7:443?transport=tcp"]
    assert (turn["username"], turn["credential"]) == (given.user, given.password)


def test_the_secret_is_made_once_and_read_by_us_alone(home):
    found, gate = [], threading.Barrier(8)

    def read():
        gate.wait()
        found.append(access.line_secret())

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(found[0]) >= 40
    file = home / "line" / "secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["secret"]


@pytest.mark.django_db
def test_only_operators_get_credentials(tuesday, home, volunteer, account, organisation):
    for actor in (
        of_account(volunteer("Youssef").person.account),
        of_account(account("Lena", "listener")),
        system(organisation),
    ):
        with pytest.raises(Http404):
            access.sip_credentials(actor)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["call", "callback"])
def test_calls_and_callbacks_are_for_the_team_and_each_look_is_written_down(
    tuesday, organisation, lotte, bram, volunteer, kind
):
    line = Line(organisation)
    call = line.missed()
    subject = {"call": call, "callback": line.listed()[0]}[kind]
    gate = {"call": access.call_for, "callback": access.callback_for}[kind]
    assert gate(of_account(lotte), subject.pk) == subject
    assert Entry.objects.filter(verb=f"{kind}.look", actor_id=lotte.pk, subject_id=subject.pk).count() == 1
    for actor in (of_account(bram), of_account(volunteer("Youssef").person.account), system(organisation)):
        with pytest.raises(Http404):
            gate(actor, subject.pk)
    assert Entry.objects.filter(verb=f"{kind}.look").count() == 1
