"""The page on which an operator's own phone becomes known to be theirs, and the bar that leads there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from quartier.console.tests.line_scene import Line
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.people.models import Person
from quartier.team.models import Role
from quartier.telephony import actions, queries
from quartier.telephony.desk.desk import _wished
from quartier.telephony.models import LineSettings, Wish

pytestmark = pytest.mark.django_db
MOBILE = "+32470123456"
ASKS = "you have not confirmed that this phone is yours"
IS_YOURS = "This number is confirmed."


@pytest.fixture
def line(organisation, settings, tuesday, lotte):
    settings.LINE_WSS = "wss://line.example.org"
    person = Person.objects.get(account=lotte)
    person.phone, person.phone_index = MOBILE, blind("phone", organisation.pk, MOBILE)
    person.save()
    return Line(organisation)


@pytest.fixture
def lottes(signed_in, lotte):
    return signed_in(lotte)


def shown(client, name="line_own_phone", **more):
    answer = client.get(reverse(name), **more)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ").replace("’", "'")


def press(client, **data):
    return client.post(reverse("line_own_phone"), data)


def call_control(answer="done"):
    """What call control takes, and says, and answers."""
    (wish,) = actions.take_wishes()
    found = _wished(wish)
    actions.answer_wish(wish.pk, found.refused or answer)
    return found


def test_from_coming_on_to_a_phone_that_rings(line, lottes, lotte, organisation):
    # In the list of phones it is said before, and nothing is said aloud.
    bar = shown(lottes, "line_bar")
    assert "not confirmed yet" in bar
    assert "Confirm your own phone" in bar
    assert ASKS not in bar
    # Chosen all the same, it is said calmly, with the call beside it.
    lottes.post(reverse("line_wish"), {"what": "on", "languages": ["fr"], "phone": "own"})
    assert call_control().refused == "unproven"
    bar = shown(lottes, "line_bar")
    assert ASKS in bar
    assert f'action="{reverse("line_own_phone")}"' in bar
    assert "That did not work." not in bar
    assert "notice-stop" not in bar.split("data-trouble")[0]

    assert press(lottes, do="call")["Location"] == reverse("line_own_phone")
    page = shown(lottes)
    # Nobody calls yet; the page looks again by itself.
    assert "One moment" in page
    assert "We are calling you." not in page
    assert "load delay:5s" in page
    assert 'autocomplete="one-time-code"' in page
    code = call_control().details["code"]
    page = shown(lottes)
    assert "We are calling you." in page
    assert "load delay" not in page
    assert code not in shown(lottes)

    wrong = press(lottes, do="code", code="000000" if code != "000000" else "111111")
    assert wrong.status_code == 422
    assert "This code is wrong." in wrong.content.decode()
    assert press(lottes, do="code", code="12").status_code == 422
    right = press(lottes, do="code", code=f" {code[:3]} {code[3:]} ")
    assert right["Location"] == reverse("line_own_phone")
    page = shown(lottes)
    assert IS_YOURS in page
    assert 'name="code"' not in page
    assert queries.own_phone(organisation, lotte.pk).number == MOBILE
    assert ASKS not in shown(lottes, "line_bar")


def test_whoever_was_on_with_it_before_is_told_in_the_bar(line, lottes, lotte):
    line.stands(lotte, "offline", reason="unproven", own=True)
    bar = shown(lottes, "line_bar")
    assert ASKS in bar
    Person.objects.filter(account=lotte).update(
        proven_phone_index=blind("phone", lotte.organisation_id, MOBILE)
    )
    assert ASKS not in shown(lottes, "line_bar")


def test_a_line_that_cannot_call_out_says_what_to_do_instead(line, lottes, settings, monkeypatch):
    monkeypatch.setattr("quartier.telephony.queries.line.calls_out", lambda: False)
    page = shown(lottes)
    assert "This line cannot call out, so it cannot ring a phone: take calls in this browser." in page
    assert 'value="call"' not in page
    press(lottes, do="call")
    assert not Wish.objects.exists()


def test_what_becomes_of_the_call_is_said(line, lottes, lotte):
    press(lottes, do="call")
    clock.advance(timedelta(seconds=8))
    assert "The phone line is not answering at the moment" in shown(lottes)
    clock.advance(timedelta(seconds=60))
    assert actions.take_wishes() == []
    assert "The phone line is not answering at the moment" in shown(lottes)
    press(lottes, do="call")
    call_control()
    assert "We are calling you." in shown(lottes)
    call = uuid4()
    actions.call_began(
        organisation=line.organisation, call_id=call, direction="out", number=MOBILE, at=clock.now()
    )
    assert "We are calling you." in shown(lottes)
    ended = actions.Ended("unreached", MOBILE, "nl", False)
    actions.call_closed(organisation=line.organisation, call_id=call, ended=ended, at=clock.now())
    page = shown(lottes, headers={"HX-Request": "true"})
    assert "no one answered" in page
    assert "If you have the six digits, enter them." in page
    assert "<form" not in page


def test_money_that_is_spent_is_said_and_the_way_without(line, lottes, organisation):
    LineSettings.objects.create(organisation=organisation, daily_cents=0)
    press(lottes, do="call")
    assert not Wish.objects.exists()
    assert "You have reached today's limit for calls." in shown(lottes)


def test_too_many_calls_are_refused_in_words(line, lottes):
    for _time in range(3):
        press(lottes, do="call")
        call_control()
    press(lottes, do="call")
    assert "This was asked for several times already." in shown(lottes)
    assert Wish.objects.count() == 3


def test_nothing_is_said_of_a_call_to_another_number(line, lottes, lotte, organisation):
    press(lottes, do="call")
    call_control()
    assert "We are calling you." in shown(lottes)
    person = Person.objects.get(account=lotte)
    person.phone, person.phone_index = "+32470123457", blind("phone", organisation.pk, "+32470123457")
    person.save()
    page = shown(lottes)
    assert "We are calling you." not in page
    assert "Call me now" in page


def test_at_night_the_page_says_when_instead(line, lottes):
    clock.advance(timedelta(hours=11, minutes=30))
    press(lottes, do="call")
    assert not Wish.objects.exists()
    assert "We do not call anyone at this hour to say a code. Take calls in the browser" in shown(lottes)


def test_a_code_that_is_over_says_so(line, lottes):
    press(lottes, do="call")
    code = call_control().details["code"]
    clock.advance(timedelta(minutes=11))
    said = press(lottes, do="code", code=code)
    assert said.status_code == 422
    assert "This code no longer works." in said.content.decode()


def test_without_a_number_there_is_nothing_to_call(line, signed_in, thomas):
    client = signed_in(thomas)
    assert "We do not have your number" in shown(client)
    press(client, do="call")
    assert not Wish.objects.exists()
    assert press(client, do="nonsense").status_code == 404


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_the_page_is_in_every_language(line, lottes, language):
    from django.utils import translation

    with translation.override(language):
        page = lottes.get(reverse("line_own_phone")).content.decode()
    assert "Your own phone" not in page
    assert "anyone could have entered it" not in page


def test_the_file_says_it_where_the_number_is_given(line, lottes, lotte, organisation, youssef, signed_in):
    account = youssef.person.account
    client = signed_in(account)
    words = "The phone line does not ring this number yet"
    person = youssef.person
    person.phone, person.phone_index = MOBILE, blind("phone", organisation.pk, MOBILE)
    person.save()
    assert words not in shown(client, "volunteer_edit")
    Role.objects.create(organisation=organisation, account=account, name="operator")
    assert words in shown(client, "volunteer_edit")
    Person.objects.filter(pk=youssef.person_id).update(proven_phone_index=youssef.person.phone_index)
    assert words not in shown(client, "volunteer_edit")


def test_an_operator_who_changes_the_number_is_led_there(line, organisation, youssef, signed_in):
    """A volunteer who answers no calls is not."""
    account = youssef.person.account
    client = signed_in(account)

    def change(number):
        form = client.get(reverse("volunteer_edit")).context["form"]
        said = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
        return client.post(reverse("volunteer_edit"), said | {"phone": number})["Location"]

    assert change("+32470000031").endswith("/volunteer/")
    Role.objects.create(organisation=organisation, account=account, name="operator")
    assert change("+32470000031").endswith("/volunteer/")
    assert change("+32470000032").endswith("/line/own-phone/")
