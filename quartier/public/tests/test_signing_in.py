"""Signing in and out."""

import re

import pytest
from django.test import Client

from quartier.messaging.models import Message
from quartier.people.models import SignInCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

TO, CODE = "/fr/sign-in/", "/fr/sign-in/code/"


def newest_code():
    return re.search(r"\d{6}", Message.objects.filter(template="sign_in_code").order_by("-id")[0].body)[0]


def ask(client, to="thomas@example.org", **more):
    return client.post(TO, {"to": to, **more})


def test_with_a_code(client, thomas):
    assert client.get(TO).status_code == 200
    assert ask(client)["Location"] == CODE
    before = client.session.session_key
    answer = client.post(CODE, {"code": newest_code()})
    assert answer["Location"] == "/fr/start/"
    assert client.session.session_key != before
    assert client.session["_auth_user_id"] == str(thomas.id)
    # The code is used up.
    other = Client()
    ask(other)
    assert other.post(CODE, {"code": "000000" if newest_code() != "000000" else "111111"}).status_code == 200


def test_capitals_and_spaces_do_not_matter(client, thomas):
    ask(client, " Thomas@Example.org ")
    code = newest_code()
    assert client.post(CODE, {"code": f" {code[:3]} {code[3:]} "}).status_code == 302


def test_a_stranger_sees_the_same(client, thomas):
    known = Client()
    assert ask(known)["Location"] == ask(client, "tomato@example.org")["Location"]
    pages = [re.sub(r'value="[^"]{64}"', "", each.get(CODE).content.decode()) for each in (known, client)]
    assert pages[0] == pages[1]
    assert SignInCode.objects.count() == 1
    assert 'class="oops"' in client.post(CODE, {"code": "123456"}).content.decode()


def test_five_tries(client, thomas):
    ask(client)
    right = newest_code()
    wrong = "000000" if right != "000000" else "111111"
    for _try in range(5):
        assert client.post(CODE, {"code": wrong}).status_code == 200
    assert client.post(CODE, {"code": right}).status_code == 200


def test_codes_are_not_sent_without_end(client, thomas):
    answers = [ask(client).status_code for _time in range(8)]
    assert answers[:5] == [302] * 5
    assert answers[-1] == 429
    assert SignInCode.objects.count() == 5


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/fr/console/", "/fr/console/"),
        ("https://example.org/", "/fr/start/"),
        ("//example.org/", "/fr/start/"),
        ("/\\example.org", "/fr/start/"),
        ("javascript:alert(1)", "/fr/start/"),
        ("http://testserver/fr/volunteer/", "/fr/volunteer/"),
        ("\x00/", "/"),
    ],
)
def test_next_is_a_page_of_ours(client, thomas, wanted, goes_to):
    ask(client, next=wanted)
    assert client.post(CODE, {"code": newest_code()})["Location"] == goes_to


@pytest.mark.parametrize("typed", ["", "x", "@", "a@b", "02", "\x00@\x00", "é" * 400, "+33 6 12 34 56 78"])
def test_any_text_is_a_sentence(client, organisation, typed):
    answer = ask(client, typed)
    assert answer.status_code in {200, 302}


def test_code_without_asking_goes_back(client, organisation):
    assert client.get(CODE)["Location"] == TO
    assert client.post(CODE, {"code": "123456"})["Location"] == TO


def test_signing_out_by_a_form_alone(client, thomas):
    client.force_login(thomas)
    assert client.get("/fr/sign-out/").status_code == 405
    client.post("/fr/sign-out/")
    assert "_auth_user_id" not in client.session


def test_each_role_has_its_first_page(client, youssef, thomas):
    client.force_login(youssef.person.account)
    assert client.get("/fr/start/")["Location"] == "/fr/volunteer/"
    client.force_login(thomas)
    assert client.get("/fr/start/").status_code == 302


@pytest.mark.parametrize("role", ["coordinator", "operator", "admin", "volunteer"])
def test_ready_made_sign_ins_of_the_demonstration(client, thomas, lotte, sara, youssef, role, settings):
    settings.DEMO = True
    assert client.get("/fr/demo/").status_code == 200
    client.post("/fr/demo/", {"role": role})
    assert "_auth_user_id" in client.session
    assert client.post("/fr/demo/", {"role": "nobody"}).status_code == 404
    settings.DEMO = settings.DEBUG = False
    assert client.post("/fr/demo/", {"role": role}).status_code == 404
