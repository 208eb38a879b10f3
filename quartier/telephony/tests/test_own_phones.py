"""Own phones stand under a cap: counted from the moment they are answered, shown, and off when it is reached."""

from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.people.models import Person
from quartier.telephony import actions, queries
from quartier.telephony.models import LineSettings, OwnPhoneUse
from quartier.telephony.rules import MayNotDial
from quartier.telephony.tests.room import LANDLINE, MOBILE, Line

pytestmark = pytest.mark.django_db
PRICES = {"landline": 2.0, "mobile": 10.0, "abroad": 50.0, "free": 0.0}


@pytest.fixture
def line(tuesday, organisation, lotte):
    person = Person.objects.get(account=lotte)
    people_number(person, MOBILE)
    return Line(organisation)


def people_number(person, number):
    from quartier.lib.crypto import blind

    person.phone, person.phone_index = number, blind("phone", person.organisation_id, number)
    person.proven_phone_index = person.phone_index
    person.save()


@pytest.fixture
def stands(line, lotte):
    """Where Lotte stands, on her own phone."""
    versions = iter(range(1, 1000))

    def say(standing, call=None, own=True):
        actions.operator_moved(
            organisation=line.organisation,
            account_id=lotte.pk,
            stands=actions.OperatorStanding(standing),
            call_id=call,
            own_phone=own,
            version=next(versions),
            at=clock.now(),
        )

    return say


def spent(line):
    return queries.own_phone_spent_today(line.organisation, clock.now(), PRICES)


def test_what_rings_and_is_not_answered_costs_nothing(line, stands):
    call = line.rings()
    stands("ringing", call)
    clock.advance(timedelta(seconds=20))
    stands("paused")
    assert spent(line) == 0
    assert not OwnPhoneUse.objects.exists()


def test_it_counts_from_the_answer_to_the_end(line, stands):
    call = line.rings()
    stands("ringing", call)
    stands("accepting", call)
    assert spent(line) == 10
    clock.advance(timedelta(seconds=10))
    stands("in_call", call)
    clock.advance(timedelta(seconds=55))
    assert spent(line) == 20
    stands("wrap_up")
    clock.advance(timedelta(minutes=10))
    assert spent(line) == 20
    use = OwnPhoneUse.objects.get()
    assert (use.call_id, use.destination) == (call, "mobile")
    assert use.ended_at - use.began_at == timedelta(seconds=65)


def test_a_mailbox_that_takes_the_call_is_paid(line, stands):
    call = line.rings()
    stands("accepting", call)
    clock.advance(timedelta(seconds=10))
    stands("paused")
    assert spent(line) == 10


def test_a_browser_costs_nothing(line, stands):
    call = line.rings()
    stands("in_call", call, own=False)
    clock.advance(timedelta(minutes=10))
    stands("wrap_up", own=False)
    assert spent(line) == 0


def test_a_landline_is_cheaper(line, stands, lotte):
    people_number(Person.objects.get(account=lotte), LANDLINE)
    stands("in_call", line.rings())
    assert spent(line) == 2


def test_the_next_call_is_counted_by_itself(line, stands):
    first, second = line.rings(), line.rings()
    stands("in_call", first)
    clock.advance(timedelta(seconds=30))
    stands("in_call", second)
    clock.advance(timedelta(seconds=30))
    stands("available")
    assert [use.call_id for use in OwnPhoneUse.objects.order_by("began_at")] == [first, second]
    assert spent(line) == 20


def test_call_control_that_falls_counts_no_further(line, stands):
    call = line.rings()
    line.moves(call, "bridged")
    stands("in_call", call)
    clock.advance(timedelta(minutes=2, seconds=30))
    actions.sweep(organisation=line.organisation, alive=set(), at=clock.now())
    clock.advance(timedelta(hours=1))
    assert spent(line) == 30


def test_beyond_the_cap_no_own_phone_is_there_until_tomorrow(line, stands, lotte, organisation):
    LineSettings.objects.create(organisation=organisation, own_phone_cents=25)
    call = line.rings()
    stands("in_call", call)
    clock.advance(timedelta(minutes=1))
    assert queries.may_ring_own_phones(organisation, clock.now())
    assert queries.own_phone(organisation, lotte.pk)
    clock.advance(timedelta(minutes=10))
    stands("available")
    assert not queries.may_ring_own_phones(organisation, clock.now())
    with pytest.raises(MayNotDial, match="own_spent"):
        queries.own_phone(organisation, lotte.pk)
    money = queries.money_today(organisation, clock.now())
    assert money.own_spent > money.own_cap == 25
    # What is dialled has money of its own.
    assert money.spent == 0
    clock.advance(timedelta(hours=14))
    assert queries.may_ring_own_phones(organisation, clock.now())
