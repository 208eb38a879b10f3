"""Nobody sees a listener's note who must not: planted, and looked for everywhere as everybody but the two."""

import pytest
from django.apps import apps
from django.db import connection, models

from quartier.companions import access
from quartier.companions import actions as companions
from quartier.companions.models import Entry, Glass, Pairing
from quartier.config.policy import POLICY
from quartier.lib import clock, crypto
from quartier.team.access import of_account
from tests.planted import COLUMNS, WHISPER, address_of, scene, visitor, words_of
from tests.undone import undone

__all__ = ["scene"]
pytestmark = [pytest.mark.django_db, pytest.mark.either]
OTHERS = [column for column in COLUMNS if column not in {"listener", "supervisor"}]


def anywhere(text: str) -> bool:
    return "Quasimodo" in text or WHISPER in text


@pytest.mark.parametrize("column", OTHERS)
def test_no_address_shows_it(scene, column):
    shown, client = [], visitor(scene, column)
    for name in POLICY:
        if name == "live":
            continue
        for method in ("get", "post"):
            with undone(client):
                response = getattr(client, method)(address_of(name, scene, column))
                if not response.streaming and anywhere(words_of(response)):
                    shown.append(f"{method} {name}")
    assert not shown


@pytest.mark.parametrize("column", ["operator", "coordinator", "admin"])
@pytest.mark.parametrize("word", ["Quasimodo", "pleure", "Zénobie"])
def test_no_search_finds_it(scene, column, word):
    for method, given in (("get", {"q": word}), ("post", {"q": word, "text": word, "words": word})):
        response = getattr(visitor(scene, column), method)(address_of("search", scene, column), given)
        assert not anywhere(words_of(response).replace(word, ""))


def test_the_listener_and_her_supervisor_read_it_and_another_supervisor_does_not(scene, account):
    read = visitor(scene, "supervisor").get(address_of("companion", scene, "supervisor"))
    assert anywhere(words_of(read))
    read = visitor(scene, "listener").get(address_of("listen_pairing", scene, "listener"))
    assert anywhere(words_of(read))
    scene["accounts"]["another"] = account("Odile", "supervisor")
    response = visitor(scene, "another").get(address_of("companion", scene, "another"))
    assert response.status_code == 200
    assert not anywhere(words_of(response))
    scene["accounts"]["other listener"] = account("Paul", "listener")
    response = visitor(scene, "other listener").get(address_of("listen_pairing", scene, "other listener"))
    assert response.status_code == 404


def test_the_database_holds_it_nowhere_in_the_clear(scene):
    """Messages, audit, live events, jobs, drafts: every column of every table, as it stands in the database."""
    found = []
    for model in apps.get_models():
        names = [
            field.column
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute(f'SELECT "{name}" FROM "{model._meta.db_table}"')
                found += [(model, name) for (value,) in cursor.fetchall() if anywhere(str(value))]
    assert not found


def test_a_note_opens_in_no_other_row_pairing_or_with_another_key(scene):
    row = Entry.objects.get()
    pairing = Pairing.objects.get(pk=row.pairing_id)
    assert anywhere(access._open(pairing, row).decode())
    other = Entry(organisation=row.organisation, pairing=pairing, sealed=row.sealed)
    with pytest.raises(crypto.CannotOpen):
        access._open(pairing, other)
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(row.sealed, "anywhere")
    pairing.key = crypto.new_key()
    with pytest.raises(crypto.CannotOpen):
        access._open(pairing, row)


def test_broken_glass_needs_a_reason_tells_everybody_and_closes_again(scene, tuesday):
    client, where = visitor(scene, "admin"), address_of("companion_glass", scene, "admin")
    assert client.post(where, {"reason": "hm"}).status_code == 422
    assert not Glass.objects.exists()
    assert client.post(where, {"reason": "La police demande où elle est"}).status_code == 302
    page = address_of("companion", scene, "admin")
    assert anywhere(words_of(client.get(page)))
    assert not anywhere(words_of(visitor(scene, "coordinator").get(page)))
    for column, name in (("supervisor", "companion"), ("listener", "listen_pairing")):
        seen = words_of(visitor(scene, column).get(address_of(name, scene, column)))
        assert "La police demande" in seen
    from quartier.messaging.models import Message

    told = set(Message.objects.filter(template__startswith="companion_").values_list("template", flat=True))
    assert {"companion_glass", "companion_opened"} <= told
    clock.set_time(tuesday + access_lasts())
    assert not anywhere(words_of(client.get(page)))


def access_lasts():
    from quartier.companions.rules import GLASS_OPEN

    return GLASS_OPEN


def test_three_months_after_the_end_nothing_can_be_read(scene, tuesday):
    from datetime import timedelta

    from quartier.companions.actions.pairing import Ending

    amina = of_account(scene["accounts"]["supervisor"])
    pairing = Pairing.objects.get(pk=scene["pairing_id"])
    companions.end(actor=amina, pairing=pairing, ending=Ending(Pairing.Why.ENOUGH))
    assert companions.empty_due(tuesday + timedelta(days=89)) == 0
    assert companions.empty_due(tuesday + timedelta(days=91)) == 1
    pairing.refresh_from_db()
    assert (pairing.key, pairing.entries.count()) == ("", 0)
    response = visitor(scene, "supervisor").get(address_of("companion", scene, "supervisor"))
    assert response.status_code == 200
    assert not anywhere(words_of(response))
