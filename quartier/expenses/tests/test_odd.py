"""What stands out: pure, from facts alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from quartier.expenses import rules
from quartier.expenses.rules import Fact, Odd

NOW = datetime(2027, 1, 12, tzinfo=UTC)
YOUSSEF, NADIA = UUID(int=1), UUID(int=2)


def fact(number, person=1, cents=1234, volunteer=YOUSSEF, **given):
    given.setdefault("has_receipt", True)
    given.setdefault("visits", 9)
    return Fact(
        UUID(int=100 + number),
        volunteer,
        UUID(int=1000 + person),
        cents,
        NOW + timedelta(hours=number),
        **given,
    )


def kinds(*facts):
    return [each.kind for each in rules.oddities(facts, 3000)]


def test_nothing_stands_out_among_ordinary_help():
    assert not kinds(*(fact(number, person=number % 4) for number in range(8)))
    assert not kinds()


def test_money_with_many_different_people():
    assert kinds(*(fact(number, person=number) for number in range(5))) == [Odd.MANY_PEOPLE]
    both = [fact(number, person=number, volunteer=(YOUSSEF, NADIA)[number % 2]) for number in range(8)]
    assert not kinds(*both)


def test_the_same_pair_with_money_every_time():
    assert kinds(*(fact(number, visits=3) for number in range(3))) == [Odd.SAME_PAIR]
    # There were visits without money too.
    assert not kinds(*(fact(number, visits=4) for number in range(3)))
    assert not kinds(*(fact(number, visits=2) for number in range(2)))


def test_just_below_the_limit_again_and_again():
    assert kinds(*(fact(number, cents=2990) for number in range(3))) == [Odd.NEAR_CAP]
    assert not kinds(*(fact(number, cents=2849) for number in range(3)))
    assert not kinds(fact(1, cents=3000), fact(2, cents=2990))


def test_round_amounts_without_a_receipt():
    assert kinds(*(fact(number, cents=2000, has_receipt=False) for number in range(2))) == [Odd.ROUND]
    assert not kinds(*(fact(number, cents=2000) for number in range(2)))
    assert not kinds(*(fact(number, cents=2001, has_receipt=False) for number in range(2)))


def test_the_same_picture_twice_whoever_sent_it():
    same = frozenset({"a"})
    found = rules.oddities([fact(1, fingerprints=same), fact(2, volunteer=NADIA, fingerprints=same)], 3000)
    assert [(each.kind, each.volunteer, len(each.expenses)) for each in found] == [
        (Odd.SAME_PICTURE, NADIA, 2)
    ]
    assert not kinds(fact(1, fingerprints=frozenset({"a"})), fact(2, fingerprints=frozenset({"b"})))


def test_what_was_looked_at_comes_back_when_there_is_more():
    before = rules.oddities([fact(number, person=number) for number in range(5)], 3000)
    again = rules.oddities([fact(number, person=number) for number in range(5)], 3000)
    more = rules.oddities([fact(number, person=number) for number in range(6)], 3000)
    assert before[0].key == again[0].key != more[0].key
