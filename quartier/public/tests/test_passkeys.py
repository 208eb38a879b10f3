"""Passkeys: what is no answer of a browser, and one that somebody has copied."""

import json
from types import SimpleNamespace

import pytest

from quartier.lib import clock
from quartier.public.signing_in import own_passkeys, passkeys
from quartier.team import actions
from quartier.team.models import Passkey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]
BEGIN, FINISH = "/fr/sign-in/passkey/begin/", "/fr/sign-in/passkey/finish/"


@pytest.fixture
def finishes(client):
    """Answers what the page asked to be signed."""

    def finish(body):
        assert client.post(BEGIN).status_code == 200
        return client.post(FINISH, body, content_type="application/json")

    return finish


@pytest.mark.parametrize(
    "body",
    [
        "[" * 19_000,
        json.dumps({"id": "\ud800"}),
        json.dumps({"id": "x" * 401}),
        json.dumps({"id": "a b"}),
        json.dumps({"id": ["x"]}),
        json.dumps({}),
    ],
)
def test_what_is_no_answer_is_refused(finishes, body):
    assert finishes(body).status_code == 400


def test_a_counter_that_does_not_go_up_is_of_a_copy(thomas):
    key = actions.add_passkey(account=thomas, credential_id="a", credential="00", sign_count=5)
    assert not actions.use_passkey(passkey=key, sign_count=5)
    assert not actions.use_passkey(passkey=key, sign_count=4)
    assert not actions.use_passkey(passkey=key, sign_count=0)
    assert Passkey.objects.get().used_at is None
    assert actions.use_passkey(passkey=key, sign_count=6)
    assert not actions.use_passkey(passkey=key, sign_count=6)
    # Many do not count at all.
    still = actions.add_passkey(account=thomas, credential_id="b", credential="00", sign_count=0)
    assert actions.use_passkey(passkey=still, sign_count=0)
    assert actions.use_passkey(passkey=still, sign_count=0)


def test_a_copied_passkey_signs_nobody_in(finishes, client, thomas, monkeypatch):
    actions.add_passkey(account=thomas, credential_id="abc", credential="00", sign_count=5)
    signed = SimpleNamespace(
        authenticate_begin=lambda **_named: ({}, {}), authenticate_complete=lambda *_given: None
    )
    given = {"counter": 5}
    monkeypatch.setattr(passkeys, "AttestedCredentialData", lambda data: data)
    monkeypatch.setattr(passkeys, "_count", lambda _answer: given["counter"])
    monkeypatch.setattr(passkeys, "_server", lambda _request: signed)
    assert finishes(json.dumps({"id": "abc"})).status_code == 400
    assert "_auth_user_id" not in client.session
    given["counter"] = 6
    assert finishes(json.dumps({"id": "abc"})).status_code == 200
    assert client.session["_auth_user_id"] == str(thomas.pk)


# ---- guards that stand behind the signature ----


@pytest.fixture
def signed(monkeypatch):
    """Every answer is signed rightly, and counts on."""
    stands = SimpleNamespace(
        authenticate_begin=lambda **_named: ({}, {}),
        authenticate_complete=lambda *_given: None,
        register_begin=lambda *_given, **_named: ({}, {}),
    )
    monkeypatch.setattr(passkeys, "AttestedCredentialData", lambda data: data)
    monkeypatch.setattr(passkeys, "_count", lambda _answer: 0)
    monkeypatch.setattr(passkeys, "_server", lambda _request: stands)


def key_of(account):
    return actions.add_passkey(account=account, credential_id="abc", credential="00", sign_count=0)


def is_in(client):
    return "_auth_user_id" in client.session


ANSWER = json.dumps({"id": "abc"})


def test_a_passkey_of_another_organisation_opens_nothing_here(finishes, client, signed, bram):
    key_of(bram)
    assert finishes(ANSWER).status_code == 400
    assert not is_in(client)


def test_a_passkey_of_an_account_that_is_switched_off_opens_nothing(finishes, client, signed, thomas):
    key_of(thomas)
    thomas.is_active = False
    thomas.save()
    assert finishes(ANSWER).status_code == 400
    assert not is_in(client)


def test_what_was_signed_once_is_signed_anew(finishes, client, signed, thomas):
    key_of(thomas)
    assert client.post(BEGIN).status_code == 200
    assert client.post(FINISH, "[]", content_type="application/json").status_code == 400
    assert client.post(FINISH, ANSWER, content_type="application/json").status_code == 400
    assert not is_in(client)


def test_what_was_to_be_signed_for_one_thing_serves_for_no_other(client, signed, thomas, lotte):
    key_of(thomas)
    client.force_login(lotte)
    session = client.session
    session[own_passkeys.CONFIRMED] = clock.now().isoformat()
    session.save()
    assert client.post("/fr/passkey/begin/").status_code == 200
    assert client.post(FINISH, ANSWER, content_type="application/json").status_code == 400
    assert client.session["_auth_user_id"] == str(lotte.pk)
