"""Pages offer only ways that lead somewhere, and say nothing is on its way where nothing is."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.models import Volunteer
from quartier.public.ask.forms import Reach
from quartier.public.status import forms as status
from quartier.public.tests.test_join import ANSWERS as JOINING
from quartier.public.tests.test_join import joining as joining
from tests.leaving import ADDRESS, MOBILE, codes
from tests.leaving import has as has

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.mark.parametrize(
    ("ways", "offered"),
    [
        ({"mail": True, "texts": True}, ["call", "text", "email"]),
        ({"mail": True}, ["call", "email"]),
        ({"texts": True}, ["call", "text"]),
        ({}, ["call"]),
    ],
)
def test_whoever_asks_for_help_is_offered_what_there_is(has, answering, client, ways, offered):
    has(**ways)
    reach = answering(stop="reach")
    page = client.get(reach).content.decode()
    assert [code for code in ("call", "text", "email") if f'value="{code}"' in page] == offered
    wrong = {"name": "Marie", "channel": "text", "phone": MOBILE, "email": ""}
    answer = client.post(reach, wrong)
    assert ("text" in offered) is (answer.status_code == 302 and "check" in answer["Location"])


def test_a_call_alone_is_chosen_already(has, organisation):
    has()
    form = Reach(None, organisation=organisation, answers={})
    assert form["channel"].value() == "call"


def test_the_private_page_offers_what_there_is(has, organisation, youssef):
    person = youssef.person
    person.phone, person.email = "+32470123456", ADDRESS
    form = lambda: status.Told(None, organisation=organisation, person=person)  # noqa: E731
    has(mail=True)
    assert codes(form()) == ["email", "call"]
    has(texts=True)
    assert codes(form()) == ["text", "call"]
    person.phone = ""
    assert "channel" not in form().fields


def reach(**given):
    return {**JOINING, "reach": {**JOINING["reach"], **given}}


def refused(joining, client, answers):
    last, _before = joining(answers={name: answers[name] for name in ("where", "what")})
    page = client.post(last, answers["reach"], follow=True).content.decode()
    assert 'class="oops"' in page
    assert not Volunteer.objects.exists()
    return page


def test_who_joins_where_no_text_leaves_is_written_to_by_mail(has, joining, client):
    has(mail=True)
    assert "SMS" in refused(joining, client, reach(phone=MOBILE, email=""))
    done, _last = joining(answers=reach(phone=MOBILE, email=ADDRESS))
    assert Volunteer.objects.get().person.channel == "email"
    assert {each.channel for each in Message.objects.all()} == {"email"}
    assert "par SMS" not in client.get(done).content.decode()


def test_who_joins_where_no_mail_leaves_gives_a_mobile(has, joining, client):
    has(texts=True)
    assert "GSM" in refused(joining, client, reach(phone="", email=ADDRESS))
    joining(answers=reach(phone=MOBILE, email=ADDRESS))
    assert {each.channel for each in Message.objects.all()} == {"text"}


def test_nobody_joins_where_nobody_can_be_written_to(has, joining, client):
    has()
    assert "Appelez-nous" in refused(joining, client, reach(phone=MOBILE, email=ADDRESS))
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("ways", "to", "words"),
    [({"mail": True}, MOBILE, "pas encore de SMS"), ({"texts": True}, ADDRESS, "pas encore d’e-mails")],
)
def test_a_code_that_cannot_come_is_not_promised(has, client, organisation, ways, to, words):
    has(**ways)
    page = client.post("/fr/sign-in/", {"to": to}, follow=True).content.decode()
    assert words in page
    assert "en route" not in page
    assert not Message.objects.exists()


def test_the_code_of_the_machine_opens_also_where_only_texts_leave(has, client, organisation, sara):
    has(texts=True)
    client.post("/fr/sign-in/", {"to": "sara@example.org"})
    code = people.new_long_code(person=sara.person).digits
    assert client.post("/fr/sign-in/code/", {"code": code})["Location"] == "/fr/start/"


def test_before_anything_leaves_one_signs_in_with_the_code_of_the_machine(has, client, organisation, sara):
    has()
    page = client.post("/fr/sign-in/", {"to": "sara@example.org"}, follow=True).content.decode()
    assert "en route" not in page
    assert "La personne qui s’occupe de la machine" in page
    assert not Message.objects.exists()
    code = people.new_long_code(person=sara.person).digits
    assert client.post("/fr/sign-in/code/", {"code": code})["Location"] == "/fr/start/"


def test_a_volunteer_chooses_among_what_there_is(has, client, youssef):
    client.force_login(youssef.person.account)
    has(mail=True, texts=True)
    both = client.get("/fr/volunteer/edit/").content.decode()
    has(mail=True)
    page = client.get("/fr/volunteer/edit/").content.decode()
    box = 'name="channel" value="text"'
    assert ('value="text"' in both, 'value="text"' in page, box in page) == (True, False, False)


def test_with_debug_alone_no_empty_sandbox_is_linked(has, client, organisation, settings):
    settings.DEMO, settings.DEBUG = False, True
    assert _sandbox_of(client) == _sandbox_path()
    has()
    assert not _sandbox_of(client)


def _sandbox_of(client):
    """Where the page of the demonstration leads to, for all phones and mailboxes."""
    page = client.get("/fr/demo/")
    linked = page.context["sandbox"]
    assert bool(linked) is ("Tous les téléphones" in page.content.decode())
    return linked


def _sandbox_path():
    with override("fr"):
        return reverse("sandbox")
