"""When the line is open, when somebody is rung back, what may be dialled, and for how much."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartier.telephony import rules
from quartier.telephony.rules import BadSound, Ended, Hours, MayNotDial
from quartier.telephony.tests.room import FRENCH, LANDLINE, MARIE, MOBILE, PREMIUM, wav

BRUSSELS = ZoneInfo("Europe/Brussels")
MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
USUAL = Hours(time(8), time(20), time(22), time(8), BRUSSELS)


def at(day, hour, minute=0, month=1, year=2027):
    return datetime(year, month, day, hour, minute, tzinfo=BRUSSELS)


def test_open_by_local_clocks_until_the_last_minute():
    assert USUAL.is_open(at(12, 8))
    assert USUAL.is_open(at(12, 19, 59))
    assert not USUAL.is_open(at(12, 20))
    assert not USUAL.is_open(at(12, 7, 59))


def test_opening_and_closing_alike_is_day_and_night_but_nobody_is_woken():
    always = Hours(time(0), time(0), time(22), time(8), BRUSSELS)
    assert always.is_open(at(12, 3))
    assert not always.may_ring(at(12, 3))
    assert always.next_time(at(12, 23)) == at(13, 8)


def test_open_over_midnight():
    night = Hours(time(18), time(2), time(3), time(4), BRUSSELS)
    assert night.is_open(at(12, 1))
    assert not night.is_open(at(12, 2))
    assert night.next_time(at(12, 12)) == at(12, 18)


def test_public_holidays_of_the_country_only_when_the_group_keeps_them():
    keeps = Hours(time(8), time(20), time(22), time(8), BRUSSELS, country="BE")
    assert not keeps.is_open(at(21, 11, month=7))
    assert keeps.next_time(at(21, 11, month=7)) == at(22, 8, month=7)
    assert USUAL.is_open(at(21, 11, month=7))
    assert Hours(time(8), time(20), time(22), time(8), BRUSSELS, country="XX").is_open(at(21, 11, month=7))


def test_closed_by_hand_until_a_moment():
    closed = Hours(time(8), time(20), time(22), time(8), BRUSSELS, closed_until=at(14, 12))
    assert not closed.is_open(at(13, 12))
    assert closed.next_time(at(13, 12)) == at(14, 12)


def test_the_next_opening_counts_hours_holidays_and_what_was_closed_by_hand():
    # The line opens an hour before anybody may be rung back.
    early = Hours(time(7), time(20), time(22), time(8), BRUSSELS, country="BE", closed_until=at(13, 12))
    assert early.next_opening(at(15, 10)) == at(15, 10)
    assert early.next_opening(at(15, 21)) == at(16, 7)
    assert early.next_opening(at(12, 10)) == at(13, 12)
    assert early.next_opening(at(20, 21, month=7)) == at(22, 7, month=7)
    assert Hours(time(9), time(9), time(22), time(8), BRUSSELS).next_opening(at(15, 3)) == at(15, 3)


def test_hours_that_leave_no_time_end_all_the_same():
    never = Hours(time(23), time(5), time(22), time(8), BRUSSELS)
    assert never.next_time(at(12, 23)) == at(13, 8)


@settings(deadline=None)  # the first one reads the holidays
@given(
    opens=MINUTES, closes=MINUTES, quiet_from=MINUTES, quiet_until=MINUTES,
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
)  # fmt: skip
def test_the_next_time_is_later_and_one_at_which_one_may_ring(opens, closes, quiet_from, quiet_until, moment):
    hours = Hours(opens, closes, quiet_from, quiet_until, BRUSSELS, country="BE")
    found = hours.next_time(moment)
    assert found >= moment
    assert hours.may_ring(found) or not any(
        hours.may_ring(moment + timedelta(minutes=each)) for each in range(0, 3 * 24 * 60, 7)
    )


def test_tries_come_after_a_quarter_an_hour_and_the_next_day():
    now = at(12, 11)
    assert rules.next_try(1, now, USUAL) == at(12, 11, 15)
    assert rules.next_try(2, now, USUAL) == at(12, 12)
    assert rules.next_try(3, now, USUAL) == at(13, 8)
    assert rules.next_try(9, now, USUAL) == at(13, 8)


def test_no_try_when_the_line_is_closed_or_people_sleep():
    assert rules.next_try(1, at(12, 19, 50), USUAL) == at(13, 8)
    early = Hours(time(7), time(23), time(21), time(9), BRUSSELS)
    assert rules.next_try(1, at(12, 20, 50), early) == at(13, 9)


@pytest.mark.parametrize(
    ("why", "number", "shared", "listed"),
    [
        ("missed", MARIE, False, True),
        ("missed", "", False, False),
        ("asked", "", False, False),
        ("missed", MARIE, True, False),
        ("cut_off", MARIE, True, False),
        ("trouble", MARIE, True, True),
        ("asked", MARIE, True, True),
        ("message", MARIE, True, True),
        ("promised", MARIE, True, True),
    ],
)
def test_a_shared_phone_is_rung_only_where_they_know_of_it(why, number, shared, listed):
    assert rules.is_rung_back(why, number=number, is_shared=shared) == listed


def test_why_comes_from_the_outcome_where_nobody_says_it():
    assert rules.why_of(Ended("callback")) == "asked"
    assert rules.why_of(Ended("abandoned")) == "missed"
    assert rules.why_of(Ended("answered")) == "cut_off"
    assert rules.why_of(Ended("voicemail")) == "cut_off"
    assert rules.why_of(Ended("callback", why="trouble")) == "trouble"
    assert rules.why_of(Ended("abandoned", why="whatever")) == "missed"


@pytest.mark.parametrize(
    "number", [MOBILE, LANDLINE, "+3280012345"]
)  # fmt: skip
def test_ordinary_phones_of_the_country_may_be_dialled(number):
    rules.check_may_dial(number, country="BE", may_dial=[])


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (PREMIUM, "costly"),
        ("+3278151515", "costly"),
        ("+32456", "costly"),
        (FRENCH, "not_allowed"),
        (MARIE, "demonstration"),
        ("", "no_number"),
        ("112", "no_number"),
        ("32470123456", "no_number"),
        ("+3225550000", "own_number"),
    ],
)
def test_what_may_not_be_dialled(number, reason):
    with pytest.raises(MayNotDial) as refused:
        rules.check_may_dial(number, country="BE", may_dial=[], own="+3225550000")
    assert refused.value.reason == reason
    assert not number or number not in str(refused.value)


@pytest.mark.parametrize("number", ["+870773111632", "+881612345678", "+882161234567", "+80012345678"])
def test_satellites_and_networks_of_no_country_are_never_dialled(number):
    with pytest.raises(rules.MayNotDial, match="costly"):
        rules.check_may_dial(number, country="BE", may_dial=["+8"])


@pytest.mark.parametrize(
    ("begin", "main", "other", "area"),
    [
        ("+1", "+12125551234", "+18765551234", "+1876"),
        ("+1", "+12125551234", "+18095551234", "+1809"),
        ("+1", "+12125551234", "+15145551234", "+1514"),
        ("+44", "+447400123456", "+447797712345", "+447797"),
        ("+44", "+447400123456", "+447624123456", "+447624"),
        ("+7", "+79161234567", "+77012345678", "+7701"),
    ],
)
def test_a_shared_country_code_opens_the_country_that_it_is_known_by(begin, main, other, area):
    rules.check_may_dial(main, country="BE", may_dial=["+32", begin])
    with pytest.raises(MayNotDial, match="not_allowed"):
        rules.check_may_dial(other, country="BE", may_dial=["+32", begin])
    assert (rules.country_prefix(main, "BE"), rules.country_prefix(other, "BE")) == (begin, area)
    rules.check_may_dial(other, country="BE", may_dial=["+32", area])


def test_a_shared_country_code_opens_the_own_country_of_a_line_there():
    montreal, new_york, jersey = "+15145551234", "+12125551234", "+447797712345"
    rules.check_may_dial(montreal, country="CA", may_dial=[])
    rules.check_may_dial(jersey, country="JE", may_dial=[])
    for number, home in ((new_york, "CA"), (montreal, "US"), (jersey, "GB")):
        with pytest.raises(MayNotDial, match="not_allowed"):
            rules.check_may_dial(number, country=home, may_dial=[])
    assert (rules.country_prefix(montreal, "CA"), rules.country_prefix(new_york, "CA")) == ("+1", "+1212")


def test_a_list_says_more_but_never_what_is_costly():
    allowed = ["+32", "+33"]
    rules.check_may_dial(FRENCH, country="BE", may_dial=allowed)
    rules.check_may_dial(MARIE, country="BE", may_dial=[], is_demo=True)
    for number, list_ in ((PREMIUM, allowed), ("+33899123456", allowed), ("+19005550123", ["+"])):
        with pytest.raises(MayNotDial):
            rules.check_may_dial(number, country="BE", may_dial=list_)


def test_begun_minutes_cost_and_what_nobody_priced_costs_most():
    prices = {"landline": 2.0, "mobile": 10.0}
    assert rules.cents(0, "mobile", prices) == 0
    assert rules.cents(1, "mobile", prices) == 10
    assert rules.cents(61, "landline", prices) == 4
    assert rules.cents(30, "abroad", prices) == 10
    assert rules.cents(-5, "mobile", prices) == 0


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (MOBILE, "mobile"),
        (LANDLINE, "landline"),
        (FRENCH, "FR.m"),
        ("+33140000000", "FR.l"),
        ("+99912345678", "abroad"),
        ("+3280012345", "free"),
        (MARIE, "landline"),
        ("+3240000", "mobile"),
    ],
)
def test_classes_of_numbers(number, kind):
    assert rules.destination(number, "BE") == kind


@pytest.mark.parametrize(
    "text", ["", "anonymous", "+999", "12", "'; DROP", "0" * 400, "+32 2 5", "١٢٣", "\x00"]
)
def test_what_is_no_number_is_withheld(text):
    assert rules.clean_number(text, "BE") == ""


def test_sound_is_8_khz_one_channel_16_bits():
    assert rules.seconds_of(wav(1.5)) == 1.5
    for bad in (b"", b"RIFF", wav()[:20], wav(rate=16000), wav(channels=2), wav(width=1), b"x" * 1000):
        with pytest.raises(BadSound):
            rules.seconds_of(bad)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 0.0])
def test_seconds_make_sense(value):
    assert rules.seconds(value) == 0.0
