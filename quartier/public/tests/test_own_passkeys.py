"""One's own passkeys: shown, added and removed after a fresh code alone, told of; and demanded by a group."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.public.signing_in import passkeys
from quartier.team import actions
from quartier.team.models import Passkey
from quartier.team.sessions import BY_PASSKEY, HOW_KEY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
PAGE, CONFIRM, REMOVE = "/fr/sign-out/everywhere/", "/fr/passkey/code/", "/fr/passkey/remove/"
ADD_BEGIN, ADD_FINISH = "/fr/passkey/begin/", "/fr/passkey/finish/"
BOARD, GROUP = "/fr/console/", "/fr/console/group/"


def newest_code():
    return re.search(r"\d{6}", Message.objects.filter(template="sign_in_code").order_by("-id")[0].body)[0]


def confirms(client):
    assert client.post(CONFIRM, {"send": "1"})["Location"] == CONFIRM
    return client.post(CONFIRM, {"code": newest_code()})


def given(account, name="a"):
    return actions.add_passkey(account=account, credential_id=name, credential="00", sign_count=0)


def signed_in(account, how="code"):
    client = Client()
    client.force_login(account)
    session = client.session
    session[HOW_KEY] = how
    session.save()
    return client


@pytest.fixture
def device(monkeypatch):
    """An authenticator that signs whatever it is asked to."""

    class Server:
        def register_begin(self, *_given, **_named):
            return {}, {}

        def register_complete(self, _state, _answer):
            data = type("Data", (), {"credential_id": b"new", "__bytes__": lambda _self: b"key"})()
            return type("Made", (), {"credential_data": data, "counter": 0})()

    monkeypatch.setattr(passkeys, "AttestedCredentialData", lambda data: data)
    monkeypatch.setattr(passkeys, "_server", lambda _request: Server())


def test_they_are_listed_and_nobody_elses(thomas, lotte):
    given(lotte)
    client = signed_in(thomas)
    assert "Vous n’en avez pas encore" in client.get(PAGE).content.decode()
    given(thomas, "b")
    page = client.get(PAGE).content.decode()
    assert page.count("Ajoutée le") == 1
    assert "jamais utilisée" in page


def test_without_a_fresh_code_none_is_added_or_removed(thomas, device):
    key, client = given(thomas), signed_in(thomas)
    assert client.post(ADD_BEGIN).status_code == 409
    assert client.post(ADD_FINISH, "{}", content_type="application/json").status_code == 409
    client.post(REMOVE, {"passkey": key.pk})
    client.post(CONFIRM, {"send": "1"})
    client.post(CONFIRM, {"code": "000000" if newest_code() != "000000" else "111111"})
    assert client.post(ADD_BEGIN).status_code == 409
    assert Passkey.objects.count() == 1


def test_one_more_is_told_of(thomas, device):
    client = signed_in(thomas)
    assert confirms(client)["Location"] == PAGE
    assert "Ajouter une clé d’accès sur cet appareil" in client.get(PAGE).content.decode()
    for _twice in range(2):
        assert client.post(ADD_BEGIN).status_code == 200
        assert client.post(ADD_FINISH, "{}", content_type="application/json").status_code == 200
    assert Passkey.objects.get().account == thomas
    letter = Message.objects.get(template="passkey_added")
    assert letter.person.account == thomas
    assert PAGE.removeprefix("/fr") in letter.body
    clock.advance(timedelta(minutes=11))
    assert client.post(ADD_BEGIN).status_code == 409


def test_between_the_two_steps_the_ten_minutes_may_pass(thomas, device):
    client = signed_in(thomas)
    confirms(client)
    assert client.post(ADD_BEGIN).status_code == 200
    clock.advance(timedelta(minutes=11))
    assert client.post(ADD_FINISH, "{}", content_type="application/json").status_code == 409


def test_one_less_is_told_of(thomas, lotte):
    mine, hers, client = given(thomas), given(lotte, "b"), signed_in(thomas)
    confirms(client)
    for key in (hers.pk, "x", "", mine.pk, mine.pk):
        assert client.post(REMOVE, {"passkey": key})["Location"] == PAGE
    assert Passkey.objects.get() == hers
    assert Message.objects.filter(template="passkey_removed").count() == 1
    assert Entry.objects.filter(verb="account.remove_passkey").count() == 1


def test_a_code_that_was_asked_for_elsewhere_confirms_nothing(thomas):
    here, there = signed_in(thomas), signed_in(thomas)
    here.post(CONFIRM, {"send": "1"})
    there.post(CONFIRM, {"code": newest_code()})
    assert there.post(ADD_BEGIN).status_code == 409


def demanded(head):
    given(head, "head")
    client = signed_in(head, BY_PASSKEY)
    assert client.post(GROUP, {"demands_passkeys": "on"})["Location"] == GROUP
    return client


def test_a_head_without_one_demands_none(sara):
    answer = signed_in(sara).post(GROUP, {"demands_passkeys": "on"})
    assert answer.status_code == 422
    sara.organisation.refresh_from_db()
    assert not sara.organisation.demands_passkeys


def test_a_head_who_came_in_by_a_code_demands_none_yet(sara):
    given(sara, "head")
    assert signed_in(sara).post(GROUP, {"demands_passkeys": "on"}).status_code == 422
    sara.organisation.refresh_from_db()
    assert not sara.organisation.demands_passkeys


def test_what_was_being_written_when_they_were_demanded_waits(sara, thomas, asked):
    coordinator = signed_in(thomas)
    assert coordinator.get(BOARD).status_code == 200
    demanded(sara)
    path = f"/fr/console/cases/{asked('groceries').case.pk}/do/"
    assert coordinator.post(path, {"do": "note", "words": "La sonnette du bas"})["Location"] == PAGE
    session = coordinator.session
    session[HOW_KEY] = BY_PASSKEY
    session.save()
    assert "La sonnette du bas" in coordinator.get("/fr/kept/").content.decode()


def test_where_they_are_demanded_a_code_alone_opens_nothing(sara, thomas, lotte, device):
    head, coordinator, operator = demanded(sara), signed_in(thomas), signed_in(lotte)
    assert head.get(BOARD).status_code == 200
    # Of those who answer the line none is demanded.
    assert operator.get(BOARD).status_code == 200
    assert coordinator.get(BOARD)["Location"] == PAGE
    page = coordinator.get(PAGE).content.decode()
    assert "Votre groupe demande une clé d’accès" in page
    confirms(coordinator)
    coordinator.post(ADD_BEGIN)
    assert coordinator.post(ADD_FINISH, "{}", content_type="application/json").status_code == 200
    assert coordinator.get(BOARD).status_code == 200


def test_where_they_are_demanded_a_code_replaces_no_passkey(sara, thomas, device):
    demanded(sara)
    key, thief = given(thomas), signed_in(thomas)
    thief.post(CONFIRM, {"send": "1"})
    assert not Message.objects.filter(template="sign_in_code").exists()
    thief.post(REMOVE, {"passkey": key.pk})
    assert thief.post(ADD_BEGIN).status_code == 409
    assert Passkey.objects.filter(account=thomas).get() == key
    assert "Ajouter ou supprimer" not in thief.get(PAGE).content.decode()
    assert thief.get(BOARD)["Location"] == PAGE


def test_where_they_are_demanded_the_device_asks_who_holds_it(sara, client):
    begin = "/fr/sign-in/passkey/begin/"
    assert client.post(begin).json()["publicKey"]["userVerification"] == "preferred"
    demanded(sara)
    assert client.post(begin).json()["publicKey"]["userVerification"] == "required"
