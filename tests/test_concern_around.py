"""A concern about somebody of the team does not exist for them: on no page, in no count, in no event, in no message.

Every address is walked as the one whom it concerns, before it is raised and after. Each page is the same, byte for byte
but for what changes by itself.
"""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from quartier.alerts import actions as alerts
from quartier.alerts import jobs
from quartier.alerts import rules as alert_rules
from quartier.alerts.models import Alert
from quartier.alerts.queries import trustee_token
from quartier.concerns import actions as concerns
from quartier.config.policy import POLICY
from quartier.conversation import actions as conversation
from quartier.lib import clock
from quartier.live import access as listening
from quartier.live import actions as live
from quartier.messaging import incoming
from quartier.messaging.models import Message
from quartier.messaging.providers.heard import Incoming
from quartier.people.models import Person
from quartier.team.access import of_account, system
from tests.planted import PHONE, address_of, patterns, scene  # noqa: F401
from tests.undone import undone

pytestmark = [pytest.mark.django_db, pytest.mark.either]
PLANTED = "merle-quatorze"
# What differs between two views of the same page: keys against forgery, challenges, ids and keys made anew.
_ANEW = re.compile(
    r'csrfmiddlewaretoken" value="[^"]*"|data-proof="[^"]*"|nonce-[\w+/=-]+|nonce="[^"]*"|"X-CSRFToken": "[^"]*"'
    r'|data-csrf="[^"]*"|"challenge": "[^"]*"|name="(?:once|key)" value="[^"]*"'
)


def walk(there: dict[str, Any], account: Any) -> dict[str, str]:
    """Every page that this account gets, by its name; what it posts is undone."""
    pages, client = {}, Client(headers={"accept-language": "fr"})
    client.force_login(account)
    for name in POLICY:
        if name == "live":
            continue
        for method in ("get", "post"):
            with undone(client):
                with translation.override("fr"):
                    where = address_of(name, there, "coordinator")
                answer = getattr(client, method)(where)
                body = "" if answer.streaming else answer.content.decode(errors="replace")
            pages[f"{method} {name}"] = f"{answer.status_code} {_ANEW.sub('…', body)}"
    # Where one is signed in stands on a page.
    client.logout()
    return pages


def _first_difference(before: dict[str, str], after: dict[str, str], name: str) -> str:
    one, other = before[name], after[name]
    place = next((at for at in range(min(len(one), len(other))) if one[at] != other[at]), 0)
    return f"{name}: {one[max(0, place - 80) : place + 80]!r} | {other[max(0, place - 80) : place + 80]!r}"


def raise_one(organisation: Any, account: Any, **more: Any) -> Any:
    said = concerns.Raised("team", f"Il a dit {PLANTED}", "anybody", account=account, danger=True, **more)
    return concerns.raise_concern(actor=system(organisation), said=said)[0]


@pytest.mark.parametrize(
    ("who", "others"),
    [
        ("coordinator", "stay"),
        ("coordinator", "are gone"),
        ("admin", "stay"),
        ("admin", "are gone"),
        ("operator", "stay"),
    ],
)
def test_no_page_differs_for_whom_it_concerns(scene, organisation, who, others, sara, thomas):  # noqa: F811
    account = scene["accounts"][who]
    if others == "are gone":
        for each in {sara, thomas} - {account}:
            each.is_active = False
            each.save()
    # What was there before goes on by itself: it stands still here.
    Alert.objects.update(state="taken", next_at=None)
    before = walk(scene, account)
    concern = raise_one(organisation, account, named="")
    scene["concern_id"] = concern.pk
    for _round in range(3):
        with clock.stopped_at(clock.now() + alert_rules.PATIENCE):
            jobs.climb()
    after = walk(scene, account)
    # The other concern of the scene was there before.
    ours = {"get concern_page", "get concern_sound", "post concern_act"}
    different = [name for name in before if before[name] != after[name] and name not in ours]
    assert not different, _first_difference(before, after, different[0]) + f" {different}"
    assert not [name for name, page in after.items() if PLANTED in page]
    # (A page that does not exist names the address that was asked for.)
    assert not [name for name, page in after.items() if str(concern.pk) in page and name not in ours]
    for name in ours:
        assert after[name].startswith(("404", "403", "405")), name


def test_words_of_danger_that_name_somebody_are_on_no_page(scene, organisation, sara, thomas):  # noqa: F811
    said = f"{thomas.name} me frappe {PLANTED}"
    assert incoming.received(organisation, "one", Incoming("e1", "text", PHONE, said, clock.now()))
    while conversation.take_next():
        pass
    scene["alert_id"] = Alert.objects.get(kind="written").pk
    assert not [name for name, page in walk(scene, thomas).items() if PLANTED in page]
    client = Client()
    client.force_login(sara)
    assert PLANTED in client.get(reverse("written")).content.decode()


def test_somebody_else_does_see_it(scene, organisation, sara, thomas):  # noqa: F811
    concern = raise_one(organisation, thomas)
    scene["concern_id"] = concern.pk
    pages = walk(scene, sara)
    assert PLANTED in pages["get concern_page"]
    assert str(concern.pk) in pages["get concerns"]


def test_its_alert_is_no_page_either(organisation, thomas, sara, tuesday):
    concern = raise_one(organisation, thomas)
    client = Client()
    client.force_login(thomas)
    for name, args in (
        ("alert", [concern.alert_id]),
        ("concern_page", [concern.pk]),
        ("concern_follow", [concerns.token_of(concern)]),
        ("concern_trustee", [trustee_token(concern.alert)]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404, name
    for name, args in (("alert_act", [concern.alert_id]), ("concern_act", [concern.pk])):
        for do in ("take", "give_back", "close", "danger", "name"):
            answer = client.post(reverse(name, args=args), {"do": do, "words": "x", "answer": "y"})
            assert answer.status_code == 404, (name, do)
    concern.alert.refresh_from_db()
    assert concern.alert.state == "open"


def test_no_event_reaches_whom_it_concerns(organisation, thomas, sara, lotte, tuesday, monkeypatch):
    said = []
    monkeypatch.setattr(live, "touch", lambda organisation_id, *topics: said.extend(topics))
    concern = raise_one(organisation, thomas)
    alerts.take(actor=of_account(sara), alert_id=concern.alert_id)
    alerts.give_back(actor=of_account(sara), alert_id=concern.alert_id)
    concerns.close(actor=of_account(sara), concern=concern, words="Fait.", answer="Fait.")
    assert set(said) == {f"own:{sara.pk}"}
    for account in (thomas, lotte):
        with pytest.raises(listening.Refused):
            listening.allowed(of_account(account), organisation.pk, [f"own:{sara.pk}"], "")
    assert listening.allowed(of_account(sara), organisation.pk, [f"own:{sara.pk}"], "")


def test_no_message_goes_to_whom_it_concerns_and_none_says_what_it_is(organisation, thomas, sara, tuesday):
    raise_one(organisation, thomas)
    assert not Message.objects.filter(person=Person.objects.get(account=thomas)).exists()
    message = Message.objects.get(person=Person.objects.get(account=sara))
    for word in (PLANTED, "Thomas"):
        assert word not in message.body + message.subject


def test_a_message_of_it_that_failed_stands_on_no_list(organisation, thomas, sara, tuesday, client):
    raise_one(organisation, thomas)
    Message.objects.update(state="failed")
    for account in (thomas, sara):
        client.force_login(account)
        page = client.get(reverse("post")).content.decode()
        assert str(Message.objects.get().pk) not in page
    client.force_login(thomas)
    answer = client.post(reverse("post_act"), {"do": "again", "message": str(Message.objects.get().pk)})
    assert answer.status_code == 404


def test_every_address_of_the_table_is_walked():
    assert set(patterns()) - {"live"} <= set(POLICY)
