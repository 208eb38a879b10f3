"""A call for company is asked for only where there is a number to call, whoever asks, and whatever was ticked first."""

import pytest

from quartier.public.tests.conftest import ANSWERS, PERSON

MINE = {
    "for": {"whom": "me"},
    "what": {"kinds": ["talk"]},
    "details": {"talk": ""},
    "where": ANSWERS["where"],
    "when": ANSWERS["when"],
    "languages": ANSWERS["languages"],
}
THEIRS = MINE | {"for": {"whom": "other"}}
BY_MAIL = {"name": "Marie Peeters", "channel": "email", "phone": "", "email": "marie@example.org"}


def posted(client, url, words):
    return client.post(url, words, follow=True).content.decode()


def test_who_is_to_be_called_leaves_a_number_even_when_told_by_mail(answering, client):
    reach = answering(answers=MINE)
    assert "pour que quelqu’un puisse vous appeler et bavarder" in posted(client, reach, BY_MAIL)
    assert "/check/" in client.post(reach, BY_MAIL | {"phone": "02 000 14 27"})["Location"]


@pytest.mark.parametrize("tell", ["me", "them"])
def test_somebody_else_who_is_to_be_called_has_a_number(answering, client, tell):
    person = answering(answers=THEIRS)
    assert "Écrivez son numéro" in posted(client, person, PERSON | {"tell": tell})
    reach = client.post(person, PERSON | {"tell": tell, "phone": "02 000 14 27"})["Location"]
    assert "/check/" in client.post(reach, BY_MAIL)["Location"]


def test_a_call_ticked_afterwards_asks_for_the_number_then(answering, client):
    check = answering(answers=ANSWERS | {"reach": BY_MAIL}, stop="")
    assert "/check/" in check
    client.post(check.replace("check", "what"), {"kinds": ["groceries", "pharmacy", "talk"]})
    assert "/ask/reach/" in client.get(check)["Location"]
