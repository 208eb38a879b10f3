"""An own phone is rung for callers only once a code was heard on it and typed: the code, its limits, and the guard."""

from datetime import timedelta

import pytest
from django.http import Http404

from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.people.models import Person
from quartier.team.access import of_account
from quartier.telephony import actions, queries
from quartier.telephony.actions.wishes import PROVE
from quartier.telephony.desk.desk import _on_before, _wished
from quartier.telephony.models import LineSettings, Operator, OwnPhoneCode, Wish
from quartier.telephony.rules import MayNotDial
from quartier.telephony.tests.room import FRENCH, LANDLINE, MOBILE, PREMIUM, Line

pytestmark = pytest.mark.django_db


def gives(account, number):
    """Their number from now on, as any page writes it down."""
    index = blind("phone", account.organisation_id, number)
    Person.objects.filter(account=account).update(phone_index=index)
    person = Person.objects.get(account=account)
    person.phone = number
    person.save(update_fields=["phone"])


@pytest.fixture
def line(tuesday, organisation, lotte):
    gives(lotte, MOBILE)
    return Line(organisation)


def said(account):
    """What call control gets for the wish that waits: the number, and the code that it says."""
    (wish,) = actions.take_wishes()
    found = _wished(wish)
    assert (found.what, found.account) == (PROVE, str(account.pk))
    actions.answer_wish(wish.pk, found.refused or "done")
    return found


def asks(account):
    actions.ask_for_code(actor=of_account(account))
    return said(account)


def types(account, code):
    return actions.use_code(actor=of_account(account), typed=code)


def wrong(code):
    return "000000" if code != "000000" else "111111"


def is_proven(account):
    return Person.objects.get(account=account).is_phone_proven


def test_a_code_that_was_heard_proves_the_phone(line, lotte, organisation):
    with pytest.raises(MayNotDial, match="unproven"):
        queries.own_phone(organisation, lotte.pk)
    heard = asks(lotte)
    assert (heard.number, heard.language, heard.refused) == (MOBILE, "nl", "")
    assert len(heard.details["code"]) == 6
    assert types(lotte, heard.details["code"])
    assert queries.own_phone(organisation, lotte.pk).number == MOBILE
    entry = Entry.objects.get(verb="person.prove_phone")
    assert (entry.actor_id, entry.details) == (lotte.pk, {"how": "call"})
    assert Entry.objects.filter(verb="own_phone.call", actor_id=lotte.pk).count() == 1


def test_the_code_itself_is_nowhere_in_the_database(line, lotte):
    code = asks(lotte).details["code"]
    row = OwnPhoneCode.objects.get()
    assert code not in repr(row.__dict__)
    assert code not in repr(Wish.objects.get().__dict__)
    # Two rows with the same code have nothing in common.
    assert row.code_hash not in {
        blind("own phone code", "", code),
        blind("own phone code", row.account_id, code),
    }


def test_a_code_is_good_once_and_for_ten_minutes(line, lotte):
    code = asks(lotte).details["code"]
    clock.advance(timedelta(minutes=10, seconds=1))
    assert not types(lotte, code)
    code = asks(lotte).details["code"]
    clock.advance(timedelta(minutes=9))
    assert types(lotte, code)
    Person.objects.filter(account=lotte).update(proven_phone_index="")
    assert not types(lotte, code)


def test_the_fifth_wrong_one_ends_it(line, lotte):
    code = asks(lotte).details["code"]
    for _time in range(4):
        assert not types(lotte, wrong(code))
    assert actions.open_code(of_account(lotte), clock.now())
    assert not types(lotte, wrong(code))
    assert actions.open_code(of_account(lotte), clock.now()) is None
    assert not types(lotte, code)


def test_a_new_code_ends_the_one_before(line, lotte):
    first = asks(lotte).details["code"]
    clock.advance(timedelta(minutes=2))
    second = asks(lotte).details["code"]
    assert first == second or not types(lotte, first)
    assert types(lotte, second)


def test_a_code_is_nobody_else_s(line, lotte, thomas):
    code = asks(lotte).details["code"]
    gives(thomas, LANDLINE)
    assert not types(thomas, code)
    assert not is_proven(thomas)


def test_a_changed_number_is_unproven_again(line, lotte, organisation):
    assert types(lotte, asks(lotte).details["code"])
    gives(lotte, LANDLINE)
    assert not is_proven(lotte)
    with pytest.raises(MayNotDial, match="unproven"):
        queries.own_phone(organisation, lotte.pk)


def test_a_code_for_the_number_before_proves_neither(line, lotte):
    code = asks(lotte).details["code"]
    gives(lotte, LANDLINE)
    assert not types(lotte, code)
    assert not is_proven(lotte)


def test_three_calls_an_hour_and_six_a_day_for_one_operator(line, lotte):
    for last in range(3):
        # Another number each time changes nothing.
        gives(lotte, f"+3247012345{last}")
        asks(lotte)
    gives(lotte, MOBILE)
    with pytest.raises(actions.TooManyCodes):
        actions.ask_for_code(actor=of_account(lotte))
    clock.advance(timedelta(hours=2))
    for _time in range(3):
        asks(lotte)
    clock.advance(timedelta(hours=2))
    with pytest.raises(actions.TooManyCodes):
        actions.ask_for_code(actor=of_account(lotte))
    clock.advance(timedelta(days=2))
    assert asks(lotte).number == MOBILE


def test_three_calls_an_hour_to_one_number_whoever_gave_it(line, account):
    victims = [account(name, "operator") for name in ("Ada", "Bea", "Cid", "Dora")]
    for one in victims:
        gives(one, MOBILE)
    for one in victims[:3]:
        asks(one)
    with pytest.raises(actions.TooManyCodes):
        actions.ask_for_code(actor=of_account(victims[3]))
    assert not Wish.objects.filter(account=victims[3]).exists()


def test_pressed_twice_it_is_one_call(line, lotte):
    actions.ask_for_code(actor=of_account(lotte))
    with pytest.raises(actions.AlreadyCalled):
        actions.ask_for_code(actor=of_account(lotte))
    # Taken, its call is about to begin.
    (wish,) = actions.take_wishes()
    with pytest.raises(actions.AlreadyCalled):
        actions.ask_for_code(actor=of_account(lotte))
    actions.answer_wish(wish.pk, "done")
    line.rings(MOBILE, direction="out")
    with pytest.raises(actions.AlreadyCalled):
        actions.ask_for_code(actor=of_account(lotte))


@pytest.mark.parametrize(
    ("number", "settings", "why"),
    [
        (PREMIUM, {}, "costly"),
        (FRENCH, {}, "not_allowed"),
        (MOBILE, {"daily_cents": 0}, "spent"),
        (MOBILE, {"max_calls_out": 0}, "too_many_now"),
        (MOBILE, {"max_calls_out_hour": 0}, "too_many_hour"),
        (MOBILE, {"dialling_stopped_at": "now"}, "stopped"),
    ],
)
def test_it_is_a_call_out_like_any_other(line, lotte, organisation, number, settings, why):
    gives(lotte, number)
    actions.wish(actor=of_account(lotte), what=PROVE)
    if settings.get("dialling_stopped_at"):
        settings = {"dialling_stopped_at": clock.now()}
    LineSettings.objects.create(organisation=organisation, **settings)
    found = said(lotte)
    assert (found.refused, found.number, found.details) == (why, "", {})
    assert not OwnPhoneCode.objects.exists()


def test_nobody_is_called_for_a_code_at_night(line, lotte, organisation):
    """Whose number it is, nobody knows yet."""
    clock.advance(timedelta(hours=11, minutes=30))
    with pytest.raises(MayNotDial, match="quiet"):
        actions.ask_for_code(actor=of_account(lotte))
    actions.wish(actor=of_account(lotte), what=PROVE)
    assert said(lotte).refused == "quiet"
    organisation.quiet_from = organisation.quiet_until
    organisation.save()
    assert asks(lotte).number == MOBILE


def test_what_cannot_be_called_is_said_at_once_and_not_counted(line, lotte):
    gives(lotte, PREMIUM)
    for _time in range(8):
        with pytest.raises(MayNotDial, match="costly"):
            actions.ask_for_code(actor=of_account(lotte))
    gives(lotte, MOBILE)
    assert asks(lotte).number == MOBILE


def test_calls_for_codes_count_for_the_operator_s_hour(line, lotte, organisation):
    LineSettings.objects.create(organisation=organisation, max_calls_out_hour=2)
    asks(lotte), asks(lotte)
    actions.wish(actor=of_account(lotte), what=PROVE)
    assert said(lotte).refused == "too_many_hour"


def test_nothing_to_prove_is_no_call(line, lotte, thomas, account):
    with pytest.raises(ValueError, match="nothing"):
        actions.ask_for_code(actor=of_account(thomas))
    assert types(lotte, asks(lotte).details["code"])
    with pytest.raises(ValueError, match="nothing"):
        actions.ask_for_code(actor=of_account(lotte))
    nadia = account("Nadia", "volunteer")
    gives(nadia, LANDLINE)
    with pytest.raises(Http404):
        actions.ask_for_code(actor=of_account(nadia))


def test_the_line_does_not_ring_it_and_says_why(line, lotte):
    wish = actions.wish(actor=of_account(lotte), what="on", details={"languages": ["fr"], "own_phone": True})
    found = _wished(wish)
    assert (found.number, found.refused) == ("", "unproven")


def test_whoever_was_on_with_it_is_off_after_a_new_beginning_and_reads_why(line, lotte, organisation):
    stands = actions.OperatorStanding("available")
    actions.operator_moved(
        organisation=organisation, account_id=lotte.pk, stands=stands, call_id=None, own_phone=True, version=5,
        at=clock.now(),
    )  # fmt: skip
    assert _on_before() == []
    row = Operator.objects.get()
    assert (row.standing, row.reason, row.own_phone) == ("offline", "unproven", True)


def test_whoever_changes_the_number_while_on_goes_off(line, lotte, organisation):
    assert types(lotte, asks(lotte).details["code"])
    actions.operator_moved(
        organisation=organisation, account_id=lotte.pk, stands=actions.OperatorStanding("available"),
        call_id=None, own_phone=True, version=5, at=clock.now(),
    )  # fmt: skip
    assert queries.operators_on_unproven_phones() == []
    gives(lotte, LANDLINE)
    assert [each.account_id for each in queries.operators_on_unproven_phones()] == [lotte.pk]
    Operator.objects.update(own_phone=False)
    assert queries.operators_on_unproven_phones() == []


def test_codes_are_forgotten(line, lotte):
    asks(lotte)
    assert actions.forget_codes(clock.now() + timedelta(hours=23)) == 0
    assert actions.forget_codes(clock.now() + timedelta(hours=25)) == 1


def test_a_call_whose_end_nobody_saw_keeps_no_code_away_for_ever(line, lotte):
    line.rings(MOBILE)
    with pytest.raises(actions.AlreadyCalled):
        asks(lotte)
    clock.advance(timedelta(hours=5, minutes=1))
    assert asks(lotte).number == MOBILE
