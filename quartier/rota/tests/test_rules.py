"""Who is on duty at which hour, over the change of clocks, at midnight, with stand-ins and absences."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from quartier.rota.models import DutyAbsence, DutyShift
from quartier.rota.rules import Rota, gaps

BRUSSELS = ZoneInfo("Europe/Brussels")
ANNA, BEN, CEM = (UUID(int=number) for number in (1, 2, 3))
TUESDAY = date(2027, 1, 12)


def shift(weekday, begins, ends, account=ANNA, **given):
    return DutyShift(weekday=weekday, from_hour=begins, until_hour=ends, account_id=account, **given)


def at(hour, minute=0, day=TUESDAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BRUSSELS).astimezone(UTC)


def rota(*shifts, away=(), able=(ANNA, BEN, CEM)):
    absences = [DutyAbsence(account_id=who, starts_on=start, ends_on=end) for who, start, end in away]
    return Rota(BRUSSELS, list(shifts), absences, able)


def test_from_its_hour_up_to_its_end():
    week = rota(shift(1, 9, 13))
    assert [week.on_duty(at(*each)) for each in [(8, 59), (9, 0), (12, 59), (13, 0)]] == [
        [],
        [ANNA],
        [ANNA],
        [],
    ]


def test_a_night_ends_on_the_next_day():
    week = rota(shift(1, 20, 2), shift(2, 8, 24, BEN))
    wednesday = TUESDAY + timedelta(days=1)
    assert week.on_duty(at(1, 30, wednesday)) == [ANNA]
    assert week.on_duty(at(2, 0, wednesday)) == []
    assert week.on_duty(at(23, 59, wednesday)) == [BEN]


@pytest.mark.parametrize(
    ("able", "away", "there"),
    [
        ((ANNA, BEN), [], [ANNA]),
        ((ANNA, BEN), [(ANNA, TUESDAY, TUESDAY)], [BEN]),
        ((BEN,), [], [BEN]),
        ((ANNA, BEN), [(each, TUESDAY, TUESDAY) for each in (ANNA, BEN)], []),
    ],
)
def test_the_stand_in_is_there_for_who_is_not(able, away, there):
    week = rota(shift(1, 9, 13, stand_in_id=BEN), able=able, away=away)
    assert week.on_duty(at(10)) == there
    assert week.is_staffed(at(10)) == bool(there)


def test_whose_sector_it_is_comes_first():
    week = rota(
        shift(1, 9, 13, BEN, postcodes="1000 1030"), shift(1, 9, 13, CEM), shift(1, 9, 13, postcodes="1050")
    )
    assert week.on_duty(at(10), "1050") == [ANNA, CEM, BEN]
    assert week.on_duty(at(10), "1030") == [BEN, CEM, ANNA]


def test_a_single_day_is_that_day_alone():
    week = rota(DutyShift(day=TUESDAY, from_hour=9, until_hour=13, account_id=ANNA))
    assert week.is_staffed(at(10))
    assert week.next_staffed(at(14)) is None


def test_stretches_without_anybody_are_joined():
    week = rota(shift(1, 9, 13), shift(1, 11, 15, BEN))
    edges = [moment for span in week.spans_of(TUESDAY) for moment in (span.starts_at, span.ends_at)]
    found = gaps(at(8), at(20), edges, lambda moment: not week.is_staffed(moment))
    assert found == [(at(8), at(9)), (at(15), at(20))]
