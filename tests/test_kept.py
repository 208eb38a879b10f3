"""Who was signed out midway finds again what they wrote."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from quartier.lib import clock
from quartier.people import actions as people

pytestmark = pytest.mark.django_db


def signed_in_again(client, account):
    page = client.get("/fr/sign-in/?next=/fr/kept/")
    assert page.status_code == 200
    client.post("/fr/sign-in/", {"to": "thomas@example.org", "next": "/fr/kept/"})
    code = people.new_long_code(person=account.person).digits
    answer = client.post("/fr/sign-in/code/", {"code": code})
    assert answer.status_code == 302
    return answer["Location"]


def signed_out_midway(account):
    """A browser in which this one was signed in, and is so no longer."""
    client = Client(headers={"accept-language": "fr"})
    client.force_login(account)
    assert client.get("/fr/console/").status_code == 200
    Client(headers={"cookie": f"sessionid={client.cookies['sessionid'].value}"}).post("/fr/sign-out/")
    assert client.get("/fr/console/").status_code == 302
    return client


def test_what_was_written_is_shown_and_sent_after_signing_in(asked, thomas, tuesday):
    case = asked("groceries").case
    client = signed_out_midway(thomas)
    path = f"/fr/console/cases/{case.id}/do/"
    refused = client.post(path, {"do": "note", "words": "La sonnette « du bas » ne marche pas"})
    assert refused.status_code == 302
    assert "next=%2Ffr%2Fkept%2F" in refused["Location"]
    assert "sonnette" not in str(dict(client.session))
    assert signed_in_again(client, thomas) == "/fr/kept/"
    page = client.get("/fr/kept/").content.decode()
    assert "La sonnette « du bas » ne marche pas" in page
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert re.search(r'<form method="post" action="([^"]+)"', page.split("<main")[1])[1] == path
    client.post(path, fields)
    assert case.notes.get().words == "La sonnette « du bas » ne marche pas"
    assert client.get("/fr/kept/").status_code == 302


def test_whoever_signs_in_next_in_this_browser_reads_nothing_of_it(asked, lotte, thomas, youssef, tuesday):
    path = f"/fr/console/cases/{asked('groceries').case.id}/do/"
    for other in (lotte, youssef.person.account):
        client = signed_out_midway(thomas)
        client.post(path, {"do": "note", "words": "La clé est sous le pot bleu"})
        client.force_login(other)
        assert client.get("/fr/kept/").status_code == 302
        assert "kept_form" not in client.session
        client.force_login(thomas)
        assert client.get("/fr/kept/").status_code == 302


def test_after_half_an_hour_it_is_gone(asked, thomas, tuesday):
    client = signed_out_midway(thomas)
    client.post("/fr/console/search/", {"q": "02 000 14 27"})
    with clock.stopped_at(tuesday + timedelta(minutes=31)):
        client.force_login(thomas)
        assert client.get("/fr/kept/").status_code == 302


def test_nothing_is_kept_of_ten_megabytes(db, organisation):
    client = Client()
    client.post("/fr/console/search/", {"q": "x" * 900_000})
    assert "kept_form" not in client.session
