"""A code opens where it was asked for; whoever asks in somebody's name, or guesses, keeps nobody out."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.people.models import SignInCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

TO, CODE = "/fr/sign-in/", "/fr/sign-in/code/"
WRONG = "000000"


class Browser(Client):
    """One visitor, at an address of their own."""

    def __init__(self, address):
        super().__init__(REMOTE_ADDR=address)

    def asks(self, to="thomas@example.org"):
        return self.post(TO, {"to": to})

    def types(self, code):
        self.post(CODE, {"code": code})
        return "_auth_user_id" in self.session

    def page(self):
        return self.get(CODE).content.decode()


@pytest.fixture
def thomas_here(thomas):
    return Browser("192.0.2.1")


@pytest.fixture
def stranger(organisation):
    return Browser("192.0.2.2")


def codes():
    letters = Message.objects.filter(template="sign_in_code").order_by("id")
    return [re.search(r"\d{6}", letter.body)[0] for letter in letters]


def long_code():
    return re.search(r"\d{4} \d{4} \d{4}", Message.objects.get(template="many_codes").body)[0]


def test_a_code_opens_nothing_in_another_browser(thomas_here, stranger):
    thomas_here.asks()
    (code,) = codes()
    assert not stranger.types(code)
    stranger.asks()
    if codes()[1] != code:
        assert not stranger.types(code)
    assert thomas_here.types(code)


def test_who_asks_meanwhile_and_guesses_ends_nobody_elses_code(thomas_here, stranger):
    thomas_here.asks()
    for _time in range(5):
        stranger.asks()
        for _guess in range(6):
            stranger.types(WRONG)
    assert thomas_here.types(codes()[0])


def test_several_are_open_where_they_were_asked_for(thomas_here):
    for _time in range(3):
        thomas_here.asks()
    first, second, _third = codes()
    assert thomas_here.types(second)
    thomas_here.post("/fr/sign-out/")
    assert not thomas_here.types(first)


def test_who_asks_often_from_elsewhere_uses_up_nothing_of_theirs(thomas_here, stranger):
    for _time in range(7):
        stranger.asks()
    thomas_here.asks()
    assert thomas_here.types(codes()[-1])


def test_after_many_in_a_day_a_long_code_opens_and_is_told_of_once(thomas_here, organisation):
    for number in range(40):
        Browser(f"198.51.100.{number}").asks()
    assert len(codes()) == 10
    assert thomas_here.asks()["Location"] == CODE
    page = thomas_here.page()
    assert "douze chiffres" in page
    assert "douze chiffres" in thomas_here.post(CODE, {"code": "12"}, follow=True).content.decode()
    assert Message.objects.exclude(template="sign_in_code").count() == 1
    # Who signs in with it can do so again on the same day: another one comes.
    assert thomas_here.types(long_code())
    Browser("203.0.113.9").asks()
    assert Message.objects.filter(template="many_codes").count() == 2


def test_a_long_code_that_she_never_saw_keeps_her_out_for_an_hour_at_most(thomas_here, organisation):
    at = clock.now()
    for minute in range(0, 10 * 60, 5):
        with clock.stopped_at(at + timedelta(minutes=minute)):
            for number in range(3):
                Browser(f"198.51.{minute // 5}.{number}").asks()
    # Not more than one an hour, whoever goes on asking.
    many = Message.objects.filter(template="many_codes").count()
    assert 8 <= many <= 12
    with clock.stopped_at(at + timedelta(hours=11)):
        thomas_here.asks()
        assert Message.objects.filter(template="many_codes").count() == many + 1
        page = thomas_here.page()
        assert "Redemandez-le dans une heure" in page
        body = Message.objects.filter(template="many_codes").order_by("-pk").first().body
        assert thomas_here.types(re.search(r"\d{4} \d{4} \d{4}", body)[0])


def test_after_one_long_code_the_next_comes_within_minutes(thomas_here, organisation):
    for number in range(11):
        Browser(f"198.51.100.{number}").asks()
    long = Message.objects.filter(template="many_codes")
    assert long.count() == 1
    first = long_code()
    thomas_here.asks()
    assert long.count() == 1
    with clock.stopped_at(clock.now() + timedelta(minutes=16)):
        thomas_here.asks()
        assert long.count() == 2
        # The one that came first opens as well.
        assert thomas_here.types(first)


def test_guessing_has_fifty_tries_a_day(thomas, organisation):
    for number in range(30):
        each = Browser(f"198.51.100.{number}")
        each.asks()
        for _guess in range(8):
            each.types(WRONG)
    short = SignInCode.objects.exclude(code_hash__startswith="long.")
    assert sum(row.tries for row in short) <= 50
    assert SignInCode.objects.filter(code_hash__startswith="long.").count() == 1


def test_a_stranger_who_is_asked_for_often_sees_the_same(thomas, organisation):
    seen = []
    for to in ("thomas@example.org", "tomato@example.org"):
        for number in range(12):
            browser = Browser(f"198.51.100.{number}")
            browser.asks(to)
        seen.append(re.sub(r'value="[^"]{64}"', "", browser.page()))
    assert seen[0] == seen[1]
    assert {letter.person.account for letter in Message.objects.all()} == {thomas}


def test_one_network_of_ipv6_counts_once(thomas, organisation):
    for number in range(8):
        Browser(f"2001:db8:1:2::{number:x}").asks()
    assert len(codes()) == 5
    Browser("2001:db8:1:3::1").asks()
    assert len(codes()) == 6


def test_a_code_of_an_account_that_was_switched_off_since_opens_nothing(thomas_here, thomas):
    thomas_here.asks()
    thomas.is_active = False
    thomas.save()
    assert not thomas_here.types(codes()[0])
