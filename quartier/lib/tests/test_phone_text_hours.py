"""Numbers as people write them, text from outside, hours of a line."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from quartier.lib import emergency, hours, ids, phone, text

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("02 000 14 27", "+3220001427"),
        ("0400/00.14.27", "+32400001427"),
        ("0032 2 511 00 00", "+3225110000"),
        ("+33 1 42 68 53 00", "+33142685300"),
        (" 0800 00 020 ", "+3280000020"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, stored):
    assert phone.parse(typed, "BE") == stored


@pytest.mark.parametrize("typed", ["", "12", "0", "abc", "0488", "+32", "1" * 60, "+999 12 34 56", "112x"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(phone.NotANumber):
        phone.parse(typed, "BE")


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_a_clear_error(typed):
    with suppress(phone.NotANumber):
        assert phone.parse(typed, "BE").startswith("+")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("02 000 14 27", ""),
        ("0400 00 14 27", ""),
        ("02 511 00 00", ""),
        ("+33 6 12 34 56 78", ""),
        ("0800 00 020", "line"),
        ("0800 12 345", "companies"),
        ("0900 12 345", "companies"),
        ("0903 12 345", "companies"),
        ("078 15 15 15", "companies"),
        ("+33 899 12 34 56", "companies"),
    ],
)
def test_a_number_that_is_no_ones_own_is_told_by_why(typed, said):
    why = str(phone.why_not_own(phone.parse(typed, "BE"), "+3280000020"))
    assert (said in why) if said else why == ""
    assert phone.why_not_own("", "") == ""


def test_a_group_whose_number_is_someones_own_mobile_says_what_they_enter_instead():
    why = str(phone.why_not_own("+32400001427", "+32400001427"))
    assert "If it is your own mobile too" in why
    assert "email address" in why
    assert phone.why_not_own("+32400001428", "+32400001427") == ""


@pytest.mark.parametrize(
    ("reader", "said", "unsaid"),
    [
        (phone.Reader.IS_HELPED, "your email address instead", "sign in"),
        (phone.Reader.FOR_ANOTHER, "Enter another number", "your own mobile"),
    ],
)
def test_whoever_is_helped_or_noted_by_others_does_not_read_of_signing_in(reader, said, unsaid):
    why = str(phone.why_not_own("+32400001427", "+32400001427", reader))
    assert said in why
    assert unsaid not in why


def test_numbers_are_shown_as_at_home():
    assert phone.display("+3220001427") == "02 000 14 27"
    assert phone.display("+32400001427") == "0400 00 14 27"
    assert phone.display("+3280000020") == "0800 00 020"
    assert phone.display("+33142685300") == "+33 1 42 68 53 00"
    assert phone.is_fictitious("+3220001427")
    assert not phone.is_fictitious("+3225110000")


@given(st.text(max_size=300))
def test_cleaned_text_can_always_be_stored(value):
    cleaned = text.clean(value, 100)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert len(cleaned) <= 100
    assert text.clean(cleaned, 100) == cleaned


def test_words_survive_cleaning():
    assert text.clean("  Élise\r\nvan 't Hof\x00  ") == "Élise\nvan 't Hof"
    assert text.one_line("Rue\n du   Page") == "Rue du Page"
    assert text.clean("e\u0301") == "é"


def test_quiet_hours_pass_over_midnight():
    def after(moment):
        start = datetime.fromisoformat(moment).replace(tzinfo=BRUSSELS)
        return hours.after_quiet(start, time(22), time(8), BRUSSELS).astimezone(BRUSSELS)

    assert after("2027-01-12T21:59").hour == 21
    assert after("2027-01-12T22:00") == datetime(2027, 1, 13, 8, tzinfo=BRUSSELS)
    assert after("2027-01-12T03:00") == datetime(2027, 1, 12, 8, tzinfo=BRUSSELS)
    # The night in which the clock goes forward.
    assert after("2027-03-27T23:00") == datetime(2027, 3, 28, 8, tzinfo=BRUSSELS)


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)), st.times())
def test_next_time_is_within_a_day_and_not_in_the_past(moment, at):
    moment = moment.replace(tzinfo=UTC)
    found = hours.next_time(moment, at.replace(second=0, microsecond=0), BRUSSELS)
    assert moment - timedelta(minutes=1) <= found <= moment + timedelta(hours=25)


def test_ids_are_in_order_of_time():
    made = [ids.uuid7() for _ in range(50)]
    assert all(each.version == 7 for each in made)
    assert made[0].int >> 80 <= made[-1].int >> 80
    assert len({ids.spoken() for _ in range(500)}) > 490


def test_numbers_for_emergencies_speak_the_readers_language():
    assert [number.written for number in emergency.numbers("BE", "fr", short=True)] == [
        "112",
        "101",
        "0800 32 123",
        "107",
    ]
    assert "1813" in [number.written for number in emergency.numbers("BE", "nl", short=True)]
    assert len(emergency.numbers("BE", "en")) == 9
    with translation.override("en"):
        assert "someone to listen, day and night (in Dutch)" in [
            str(number.meaning) for number in emergency.numbers("BE", "en")
        ]
        assert str(emergency.numbers("BE", "nl")[-1].meaning) == "violence and abuse"
    assert emergency.numbers("XX", "en")[0].tel == "112"
    number = emergency.numbers("BE", "fr")[0]
    assert number.is_stale(number.checked_on + timedelta(days=91))
    assert not number.is_stale(date(2026, 12, 1))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)), st.integers(0, 6 * 24 * 60))
def test_time_outside_the_quiet_hours_is_counted_minute_by_minute(start, minutes):
    start = start.replace(second=0, microsecond=0, tzinfo=UTC)
    quiet = (time(22), time(8))
    by_looking = sum(
        not hours.is_within(start + timedelta(minutes=passed), *quiet, BRUSSELS) for passed in range(minutes)
    )
    outside = hours.outside(start, start + timedelta(minutes=minutes), *quiet, BRUSSELS)
    assert outside == timedelta(minutes=by_looking)
    ends = hours.after_awake(start, timedelta(minutes=minutes), *quiet, BRUSSELS)
    assert hours.outside(start, ends, *quiet, BRUSSELS) == timedelta(minutes=minutes)
    assert not hours.is_within(ends - timedelta(microseconds=minutes > 0), *quiet, BRUSSELS) or not minutes


def test_time_outside_quiet_hours_that_there_are_not():
    start = datetime(2027, 1, 12, tzinfo=UTC)
    day = timedelta(days=1)
    assert hours.outside(start, start + day, time(0), time(0), BRUSSELS) == day
    assert hours.outside(start, start - day, time(22), time(8), BRUSSELS) == timedelta()
    assert hours.outside(start, start - day, time(0), time(0), BRUSSELS) == timedelta()
