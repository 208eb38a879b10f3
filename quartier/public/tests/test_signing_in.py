"""Signing in and out."""

import re
from datetime import time, timedelta

import pytest
from django.test import Client

from quartier.audit.models import Entry
from quartier.cases.models import Request, Series, StatusLink
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.messaging import resending, stops
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.models import Person, SignInCode
from quartier.team.access import of_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

MOBILE = "+32470123456"
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
    assert other.post(CODE, {"code": "000000" if newest_code() != "000000" else "111111"}).status_code == 302


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
    assert 'class="oops"' in client.post(CODE, {"code": "123456"}, follow=True).content.decode()


def test_five_tries(client, thomas):
    ask(client)
    right = newest_code()
    wrong = "000000" if right != "000000" else "111111"
    for _try in range(5):
        assert client.post(CODE, {"code": wrong}, follow=True).status_code == 200
    assert client.post(CODE, {"code": right}, follow=True).request["PATH_INFO"] == CODE


def test_codes_are_not_sent_without_end(client, thomas):
    for _time in range(8):
        assert ask(client)["Location"] == CODE
    letters = Message.objects.order_by("id").values_list("template", flat=True)
    # The last one tells of the others, and works for a day.
    assert list(letters) == ["sign_in_code"] * 5 + ["many_codes"]
    assert SignInCode.objects.count() == 6


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


def _signs_in(client, account, by="text"):
    """With the code that was sent `by` this way to somebody with a mobile; the person afterwards."""
    person = Person.objects.get(account=account)
    person.phone, person.channel = MOBILE, by
    person.phone_index = blind("phone", person.organisation_id, MOBILE)
    person.save()
    ask(client, "+32470123456" if by == "text" else "thomas@example.org")
    letter = Message.objects.get(template="sign_in_code")
    assert letter.channel == by
    Message.objects.update(state="sent")
    return person


def test_a_code_that_came_as_a_text_proves_the_number(client, thomas):
    _signs_in(client, thomas)
    client.post(CODE, {"code": newest_code()})
    person = Person.objects.get(account=thomas)
    assert person.is_phone_proven
    assert Entry.objects.get(verb="person.prove_phone").details == {"how": "sign_in"}
    # Another number is unproven.
    person.phone_index = blind("phone", person.organisation_id, "+32470123457")
    assert not person.is_phone_proven


def test_a_wrong_code_or_one_that_came_by_mail_proves_nothing(client, thomas):
    _signs_in(client, thomas, by="email")
    client.post(CODE, {"code": newest_code()})
    assert client.session["_auth_user_id"] == str(thomas.id)
    assert not Person.objects.get(account=thomas).is_phone_proven


@pytest.mark.parametrize(
    "other",
    [
        {"tried_by": "email"},
        {"tried_by": "text"},
        {"state": "due"},
        {"state": "failed"},
        {"channel": "email"},
    ],
)
def test_a_code_that_may_have_been_read_elsewhere_proves_nothing(client, thomas, other):
    _signs_in(client, thomas)
    code = newest_code()
    Message.objects.update(**other)
    client.post(CODE, {"code": code})
    assert client.session["_auth_user_id"] == str(thomas.id)
    assert not Person.objects.get(account=thomas).is_phone_proven


@pytest.mark.parametrize("way", ["email", "text"])
def test_a_code_that_was_sent_again_to_a_number_written_down_since_proves_nothing(client, thomas, way):
    person = _signs_in(client, thomas, by=way)
    code = newest_code()
    # It was read where it went first, whatever was said of it afterwards.
    Message.objects.update(state="failed")
    person.phone, person.channel = "+32470123457", "text"
    # (By another way where there is one, and else by the same.)
    person.email = "thomas@example.org" if way == "email" else ""
    person.phone_index = blind("phone", person.organisation_id, person.phone)
    person.save()
    letter = resending.send_again(actor=of_account(thomas), message_id=Message.objects.get().pk)
    assert (letter.channel, letter.to) == ("text", "+32470123457")
    Message.objects.update(state="delivered")
    client.post(CODE, {"code": code})
    assert client.session["_auth_user_id"] == str(thomas.id)
    assert not Person.objects.get(account=thomas).is_phone_proven


def test_a_code_that_was_sent_again_to_the_same_number_proves_it(client, thomas):
    person = _signs_in(client, thomas)
    person.email, code = "", newest_code()
    person.save()
    Message.objects.update(state="failed")
    resending.send_again(actor=of_account(thomas), message_id=Message.objects.get().pk)
    Message.objects.update(state="delivered")
    client.post(CODE, {"code": code})
    assert Person.objects.get(account=thomas).is_phone_proven


def test_a_code_from_the_terminal_proves_nothing(client, thomas):
    person = _signs_in(client, thomas)
    clock.advance(timedelta(minutes=1))
    client.post(CODE, {"code": people.new_long_code(person=person).digits})
    assert client.session["_auth_user_id"] == str(thomas.id)
    assert not Person.objects.get(account=thomas).is_phone_proven


def test_a_number_that_was_changed_meanwhile_is_not_proven(client, thomas):
    person = _signs_in(client, thomas)
    code = newest_code()
    Person.objects.filter(pk=person.pk).update(
        phone_index=blind("phone", person.organisation_id, "+32470123457")
    )
    client.post(CODE, {"code": code})
    assert not Person.objects.get(account=thomas).is_phone_proven


# ---- a private link that was lost ----


@pytest.fixture
def page_of(asked):
    """The page of Maria, who has asked for help with a mail address and this mobile."""

    def opened(number=MOBILE, *, shared=False, channel="call"):
        case = asked(name="Maria", channel=channel)
        maria = Person.objects.get(pk=case.case.person_id)
        maria.phone, maria.phone_is_shared = number, shared
        maria.phone_index = blind("phone", maria.organisation_id, number)
        maria.save()
        return case.token

    return opened


def written():
    return list(Message.objects.filter(template="page_again").order_by("id"))


@pytest.mark.parametrize(
    ("typed", "channel"),
    [("0470 12 34 56", "text"), (" Maria@Example.org ", "email")],
    ids=["number", "mail"],
)
def test_who_lost_their_link_gets_it_again_where_they_sign_in(client, page_of, typed, channel):
    token = page_of()
    assert ask(client, typed)["Location"] == CODE
    (letter,) = written()
    assert letter.channel == channel
    assert f"/status/{token}/" in letter.body
    assert client.get(f"/fr/status/{token}/").status_code == 200
    # Nobody is signed in, and no code was made.
    assert not SignInCode.objects.exists()


def test_whether_there_is_a_page_is_not_shown(client, page_of):
    page_of()
    other = Client()
    assert ask(client, "maria@example.org")["Location"] == ask(other, "m2222@example.org")["Location"]
    pages = [re.sub(r'value="[^"]{64}"', "", each.get(CODE).content.decode()) for each in (client, other)]
    assert pages[0] == pages[1]
    assert len(written()) == 1


def test_links_are_not_sent_without_end(client, page_of, tuesday):
    page_of()
    for seconds in range(8):
        with clock.stopped_at(tuesday + timedelta(seconds=seconds)):
            ask(client, MOBILE)
    assert len(written()) == 5


def test_a_phone_that_others_use_gets_no_link(client, page_of):
    page_of(shared=True)
    ask(client, MOBILE)
    assert not written()


def test_who_wants_no_more_messages_gets_no_link(client, page_of, organisation):
    page_of()
    maria = StatusLink.objects.get().person
    stops.stop(organisation=organisation, index="", people=[maria])
    ask(client, MOBILE)
    ask(client, "maria@example.org")
    assert not written()


def test_a_link_is_sent_in_the_night_to_whoever_asks_for_it_then(client, page_of, tuesday):
    page_of()
    with clock.stopped_at(tuesday.replace(hour=2)):
        ask(client, MOBILE)
    (letter,) = written()
    assert letter.not_before <= tuesday.replace(hour=2)


def test_whoever_volunteers_too_signs_in_without_a_link_and_finds_it_on_their_page(
    client, page_of, volunteer
):
    token, helper = page_of(), volunteer("Youssef")
    link = StatusLink.objects.get()
    StatusLink.objects.update(person=helper.person)
    ask(client, helper.person.email)
    assert not written()
    client.post(CODE, {"code": newest_code()})
    assert f'href="/fr/status/{token}/"' in client.get("/fr/volunteer/").content.decode()
    StatusLink.objects.update(person=link.person)
    assert f"/status/{token}/" not in client.get("/fr/volunteer/").content.decode()


def test_whoever_shares_the_mailbox_of_a_volunteer_gets_their_own_link(client, page_of, volunteer):
    page_of()
    helper, maria = volunteer("Youssef"), StatusLink.objects.get().person
    Person.objects.filter(pk=helper.person_id).update(email_index=maria.email_index)
    ask(client, "maria@example.org")
    assert [each.person_id for each in written()] == [maria.pk]


def test_a_page_that_was_closed_stays_closed(client, page_of):
    page_of()
    StatusLink.objects.update(revoked_at=clock.now())
    ask(client, MOBILE)
    assert not written()
    assert StatusLink.objects.count() == 1


def test_what_ended_long_ago_is_not_followed_any_more(client, page_of, tuesday):
    page_of()
    Request.objects.update(state="closed", closure="fulfilled", closed_at=tuesday)
    with clock.stopped_at(tuesday + timedelta(days=29)):
        ask(client, MOBILE)
    assert len(written()) == 1
    with clock.stopped_at(tuesday + timedelta(days=31)):
        ask(client, MOBILE)
    assert len(written()) == 1


def test_what_rests_for_months_is_followed_still(client, page_of, tuesday):
    page_of()
    Request.objects.update(state="closed", closure="withdrawn", closed_at=tuesday)
    case = StatusLink.objects.get().case
    Series.objects.create(
        organisation=case.organisation, case=case, kind="groceries", languages=1, rule="FREQ=WEEKLY;BYDAY=TU",
        first_day=tuesday.date(), starts=time(10), ends=time(11), state="paused", created_at=tuesday,
    )  # fmt: skip
    with clock.stopped_at(tuesday + timedelta(days=60)):
        ask(client, MOBILE)
    assert len(written()) == 1


def test_a_link_that_does_not_work_leads_there(client, organisation):
    assert f'href="{TO}"' in client.get("/fr/status/abc/").content.decode()
