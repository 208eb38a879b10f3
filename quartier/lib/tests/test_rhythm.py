"""Help that comes again: on the right day, at the right hour, said as one would say it."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from quartier.lib import rhythm
from quartier.lib.rhythm import LAST, Rhythm, Unit, parse, simple

BRUSSELS = ZoneInfo("Europe/Brussels")
FIRST = date(2027, 1, 12)  # a Tuesday
SIMPLE = st.sampled_from(["day", "week", "weeks2", "month", "month_day", "year"])
DATES = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def some(code, first, count=5):
    return list(islice(simple(code, first).after(first), count))


def test_simple_rhythms_begin_on_their_first_day():
    assert some("week", FIRST, 3) == [date(2027, 1, 12), date(2027, 1, 19), date(2027, 1, 26)]
    assert some("weeks2", FIRST, 3) == [date(2027, 1, 12), date(2027, 1, 26), date(2027, 2, 9)]
    assert some("month_day", FIRST, 3) == [date(2027, 1, 12), date(2027, 2, 9), date(2027, 3, 9)]


def test_a_day_that_a_month_has_not_is_its_last_one():
    assert some("month", date(2027, 1, 31), 4) == [
        date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)
    ]  # fmt: skip
    assert some("year", date(2028, 2, 29), 5) == [
        date(2028, 2, 29), date(2029, 2, 28), date(2030, 2, 28), date(2031, 2, 28), date(2032, 2, 29)
    ]  # fmt: skip
    # The fifth Friday of a month is meant as its last one.
    assert some("month_day", date(2027, 1, 29), 3) == [
        date(2027, 1, 29), date(2027, 2, 26), date(2027, 3, 26)
    ]  # fmt: skip


@given(SIMPLE, DATES)
def test_every_rhythm_is_read_back_as_it_was_written_and_begins_at_once(code, first):
    one = simple(code, first)
    assert parse(one.rule) == one
    days = list(islice(one.after(first), 6))
    assert days[0] == first
    assert days == sorted(set(days))
    assert next(one.after(first, days[2])) == days[3]
    assert list(one.after(first, days[1], until=days[3])) == days[2:4]


@given(
    st.builds(
        lambda every, days: Rhythm(Unit.WEEK, every, tuple(days)),
        st.integers(1, 12),
        st.sets(st.integers(0, 6), min_size=1),
    ),
    DATES,
)
def test_weekdays_are_the_ones_that_were_ticked(one, first):
    assert {day.weekday() for day in islice(one.after(first), 20)} == set(one.days)


@pytest.mark.parametrize(
    "rule",
    [
        "", "x", "FREQ=SECONDLY", "FREQ=DAILY;COUNT=3", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYDAY=5MO", "FREQ=YEARLY;BYMONTHDAY=1", "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=99999999999999999999", "freq=daily;rrule=", "FREQ=WEEKLY;BYDAY=MO\nDTSTART:1",
    ],
)  # fmt: skip
def test_what_is_none_of_our_rhythms_is_refused(rule):
    with pytest.raises(ValueError, match="rhythm"):
        parse(rule)


def test_ten_stays_ten_when_clocks_change():
    spring = [
        rhythm.times(day, time(10), time(11), BRUSSELS)[0] for day in (date(2027, 3, 27), date(2027, 3, 28))
    ]
    assert spring == [datetime(2027, 3, 27, 9, tzinfo=UTC), datetime(2027, 3, 28, 8, tzinfo=UTC)]


def test_an_hour_that_came_twice_is_on_other_days_what_it_was():
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC).astimezone(BRUSSELS).time()
    assert (second.hour, second.fold) == (2, 1)
    for day in (date(2027, 3, 28), date(2027, 10, 31), date(2027, 11, 1)):
        assert rhythm.times(day, second, time(4), BRUSSELS) == rhythm.times(
            day, time(2, 30), time(4), BRUSSELS
        )


@given(DATES, st.times(), st.times())
def test_a_visit_never_ends_before_it_begins(day, starts, ends):
    start, end = rhythm.times(day, starts, ends, BRUSSELS)
    assert end - start >= timedelta(minutes=30)
    assert abs(start.astimezone(BRUSSELS).replace(tzinfo=None) - datetime.combine(day, starts)) <= timedelta(
        hours=1
    )


@pytest.mark.parametrize(
    ("one", "fr", "nl", "de", "en"),
    [
        (simple("week", FIRST), "chaque mardi", "elke dinsdag", "jeden Dienstag", "every Tuesday"),
        (
            Rhythm(Unit.WEEK, 2, (0, 3)),
            "toutes les 2 semaines (lundi et jeudi)",
            "om de 2 weken op maandag en donderdag",
            "alle 2 Wochen am Montag und Donnerstag",
            "every 2 weeks on Monday and Thursday",
        ),
        (
            Rhythm(Unit.MONTH, days=(4,), which=LAST),
            "le dernier vendredi du mois",
            "de laatste vrijdag van de maand",
            "am letzten Freitag im Monat",
            "the last Friday of the month",
        ),
        (
            simple("month", date(2027, 1, 31)),
            "le 31 de chaque mois, sinon le dernier jour",
            "elke maand op de 31e, of anders de laatste dag",
            "jeden Monat am 31., sonst am letzten Tag",
            "every month on day 31, or on the last day",
        ),
    ],
)
def test_it_is_said_as_one_would_say_it(one, fr, nl, de, en):
    for language, words in zip(("fr", "nl", "de", "en"), (fr, nl, de, en), strict=True):
        with translation.override(language):
            assert str(one) == words
