"""Calling out: whose number, only to ordinary phones on the list, and only as long as there is money."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import of_account
from quartier.telephony import actions, prices, queries, rules
from quartier.telephony.models import Call, LineSettings, Wish
from quartier.telephony.rules import MayNotDial
from quartier.telephony.tests.room import FRENCH, JEAN, LANDLINE, MARIE, MOBILE, PREMIUM, Line

pytestmark = pytest.mark.django_db
PRICES = {"landline": 2.0, "mobile": 10.0, "abroad": 50.0, "free": 0.0}


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def dials(line, lotte):
    def dial(to):
        wish = Wish(organisation=line.organisation, account=lotte, what="dial", to=to, at=clock.now())
        return queries.number_to_dial(wish, cents_per_minute=PRICES)

    return dial


def person(organisation, number, name="Marie", **who):
    return people.record_person(organisation=organisation, who=Who(name, phone=number, **who))


def test_a_person_and_a_callback(line, dials, organisation):
    marie = person(organisation, MOBILE, language="nl")
    found = dials(marie.pk)
    assert (found.number, found.shows, found.language, found.person) == (
        MOBILE,
        organisation.phone,
        "nl",
        marie.pk,
    )
    line.missed(LANDLINE)
    assert dials(line.listed()[0].pk).number == LANDLINE


def test_nobody_there(line, dials, elsewhere, lotte):
    theirs = person(elsewhere, MOBILE)
    assert dials(uuid4()) is None
    assert dials(None) is None
    assert dials(theirs.pk) is None


@pytest.mark.parametrize(
    ("number", "reason"), [(PREMIUM, "costly"), (FRENCH, "not_allowed"), ("", "no_number")]
)
def test_not_everything_may_be_dialled(line, dials, organisation, number, reason):
    jean = person(organisation, number, "Jean", email="jean@example.org")
    with pytest.raises(MayNotDial) as refused:
        dials(jean.pk)
    assert refused.value.reason == reason


def test_numbers_of_the_demonstration_only_there(line, dials, organisation, settings):
    marie = person(organisation, MARIE)
    assert dials(marie.pk).number == MARIE
    settings.DEMO = False
    with pytest.raises(MayNotDial, match="demonstration"):
        dials(marie.pk)


def test_the_group_says_what_may_be_dialled(line, dials, organisation, thomas):
    jean = person(organisation, FRENCH, "Jean")
    actions.change_line(actor=of_account(thomas), may_dial=["+32", "+33 6"])
    assert dials(jean.pk).number == FRENCH


def test_the_money_of_a_day(line, dials, organisation):
    LineSettings.objects.create(organisation=organisation, daily_cents=30)
    marie = person(organisation, MOBILE)
    for number, seconds in ((MOBILE, 61), (LANDLINE, 200)):
        line.ends(line.rings(number, "out"), "answered", False, number=number, talked_s=seconds)
    # Somebody who called us costs nothing.
    line.ends(line.rings(MOBILE), "answered", False, talked_s=3600)
    assert queries.spent_today(organisation, clock.now(), PRICES) == 2 * 10 + 4 * 2
    assert dials(marie.pk)
    line.ends(line.rings(LANDLINE, "out"), "answered", False, number=LANDLINE, talked_s=1)
    with pytest.raises(MayNotDial, match="spent"):
        dials(marie.pk)
    clock.advance(timedelta(hours=13))  # past midnight in Brussels
    assert dials(marie.pk)


def test_what_is_under_way_counts_and_what_rings(line, organisation, lotte):
    call = line.rings(MOBILE, "out")
    assert queries.spent_today(organisation, clock.now(), PRICES) == 10
    line.moves(call, "bridged", lotte)
    clock.advance(timedelta(minutes=3))
    assert queries.spent_today(organisation, clock.now(), PRICES) == 30
    line.ends(call, "answered", False, talked_s=0)
    assert queries.spent_today(organisation, clock.now(), PRICES) == 0


def test_a_masked_call_costs_as_a_mobile(line, organisation):
    line.ends(line.rings(LANDLINE, "masked"), "answered", False, talked_s=60)
    assert queries.spent_today(organisation, clock.now(), PRICES) == 10


@pytest.mark.parametrize(("number", "cents"), [(LANDLINE, 2), (MOBILE, 10), (FRENCH, 70)])
def test_a_masked_call_costs_as_what_it_rings(line, organisation, number, cents):
    call = line.rings(LANDLINE, "masked")
    actions.masked_rings(call_id=call, number=number)
    line.ends(call, "answered", False, talked_s=60)
    assert queries.spent_today(organisation, clock.now(), {**PRICES, "FR.m": 70}) == cents


def test_the_price_file_of_the_group_counts(line, organisation, tmp_path, settings):
    settings.INSTALLATION = replace(settings.INSTALLATION, home=tmp_path)
    line.ends(line.rings(MOBILE, "out"), "answered", False, talked_s=60)
    mobile = prices.by_kind("BE")["mobile"]
    assert queries.spent_today(organisation, clock.now()) == mobile
    own = tmp_path / "line" / "prices.toml"
    own.parent.mkdir()
    own.write_text(prices.SHIPPED.read_text().replace('mobile = "4"', 'mobile = "7"'))
    assert queries.spent_today(organisation, clock.now()) == 7
    own.write_text("broken")
    assert queries.spent_today(organisation, clock.now()) == rules.CENTS_PER_MINUTE["mobile"]


def test_an_operator_on_an_own_phone(line, organisation, lotte, thomas):
    lotte.person.phone, lotte.person.phone_index = MOBILE, blind("phone", organisation.pk, MOBILE)
    lotte.person.proven_phone_index = lotte.person.phone_index
    lotte.person.save()
    assert queries.own_phone(organisation, lotte.pk).number == MOBILE
    assert queries.own_phone(organisation, thomas.pk) is None
    thomas.person.phone = PREMIUM
    thomas.person.save()
    with pytest.raises(MayNotDial):
        queries.own_phone(organisation, thomas.pk)


@pytest.fixture
def visit(line, organisation):
    helper, helped = person(organisation, MARIE, "Youssef"), person(organisation, JEAN, "Jean", language="nl")

    def make(about=None, helper=helper, helped=helped, hours=4):
        about = about or uuid4()
        actions.open_masked(
            organisation=organisation,
            helper=helper,
            helped=helped,
            about=about,
            at=clock.now(),
            until=clock.now() + timedelta(hours=hours),
        )
        return about

    return make


def test_both_reach_each_other_while_the_visit_goes_on(line, visit, organisation):
    about = visit()
    for caller, other in ((MARIE, JEAN), (JEAN, MARIE)):
        line.rings(caller)
        masked = line.known.masked
        assert queries.masked_to_dial(organisation, masked, caller).number == other
        assert queries.masked_to_dial(organisation, masked, "+3220001499") is None
        assert queries.masked_to_dial(organisation, masked, "") is None
    actions.close_masked(about=about, at=clock.now())
    line.rings(MARIE)
    assert line.known.masked is None
    assert queries.masked_to_dial(organisation, masked, MARIE) is None
    # Once closed it stays so.
    visit(about)
    assert queries.masked_to_dial(organisation, masked, MARIE) is None


def test_over_when_its_time_is(line, visit, organisation):
    about = visit()
    line.rings(MARIE)
    masked = line.known.masked
    clock.advance(timedelta(hours=3))
    visit(about)
    clock.advance(timedelta(hours=3))
    assert queries.masked_to_dial(organisation, masked, MARIE)
    clock.advance(timedelta(hours=1))
    assert queries.masked_to_dial(organisation, masked, MARIE) is None
    line.rings(MARIE)
    assert line.known.masked is None


def test_of_several_the_newest(line, visit, organisation):
    visit()
    clock.advance(timedelta(minutes=1))
    visit(helped=person(organisation, "+3220001430", "Anne"))
    line.rings(MARIE)
    assert queries.masked_to_dial(organisation, line.known.masked, MARIE).number == "+3220001430"


def test_nobody_reaches_themselves_nor_who_has_no_phone(line, visit, organisation):
    visit(helped=person(organisation, MARIE, "Anne"))
    visit(helped=person(organisation, "", "Paul", email="paul@example.org"))
    line.rings(MARIE)
    assert line.known.masked is None


def test_a_masked_call_is_bound_by_the_money_too(line, visit, organisation):
    LineSettings.objects.create(organisation=organisation, daily_cents=0)
    visit()
    line.rings(MARIE)
    with pytest.raises(MayNotDial, match="spent"):
        queries.masked_to_dial(organisation, line.known.masked, MARIE)
    assert Call.objects.count() == 1


def test_one_operator_makes_so_many_calls_in_an_hour(line, dials, organisation, lotte, thomas):
    LineSettings.objects.create(organisation=organisation, max_calls_out_hour=3)
    marie = person(organisation, MOBILE)

    def wished(account, answer="done"):
        wish = actions.wish(actor=of_account(account), what="dial", to=marie.pk)
        actions.take_wishes()
        actions.answer_wish(wish.pk, answer)

    for _time in range(2):
        wished(lotte)
    # What was refused dialled nobody; what others dial is theirs.
    wished(lotte, "spent")
    for _time in range(5):
        wished(thomas)
    assert dials(marie.pk)
    wished(lotte)
    with pytest.raises(MayNotDial, match="too_many_hour"):
        dials(marie.pk)
    clock.advance(timedelta(minutes=61))
    assert dials(marie.pk)


def test_so_many_calls_go_out_at_the_same_time(line, dials, organisation):
    LineSettings.objects.create(organisation=organisation, max_calls_out=2)
    marie = person(organisation, MOBILE)
    calls = [
        line.rings(f"+3247000000{number}", direction) for number, direction in enumerate(["out", "masked"])
    ]
    line.rings("+32470000009")
    with pytest.raises(MayNotDial, match="too_many_now"):
        dials(marie.pk)
    line.ends(calls[0], "answered", False, number="+32470000000", talked_s=10)
    assert dials(marie.pk)


def test_a_call_that_was_lost_does_not_count_for_ever(line, dials, organisation):
    LineSettings.objects.create(organisation=organisation, max_calls_out=1, daily_cents=100_000)
    marie = person(organisation, MOBILE)
    line.rings("+32470000000", "out")
    with pytest.raises(MayNotDial, match="too_many_now"):
        dials(marie.pk)
    clock.advance(timedelta(hours=5))
    assert dials(marie.pk)
