"""Bits of what people tick."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from quartier.lib import choices

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize("group", [choices.KINDS, choices.LANGUAGES, choices.TRAVEL])
def test_bits_and_codes_are_given_once(group):
    assert len({each.bit for each in group}) == len({each.code for each in group}) == len(group)


@given(st.sets(st.sampled_from([each.code for each in choices.LANGUAGES])))
def test_a_mask_gives_back_what_was_chosen(codes):
    bits = choices.mask(choices.LANGUAGES, list(codes))
    assert {each.code for each in choices.chosen(choices.LANGUAGES, bits)} == codes


def test_an_unknown_code_is_an_error():
    with pytest.raises(KeyError):
        choices.mask(choices.KINDS, ["massage"])


def slots(start, hours):
    begin = datetime.fromisoformat(start).replace(tzinfo=BRUSSELS)
    bits = choices.slots_between(begin, begin + timedelta(hours=hours), BRUSSELS)
    return [(bit // 3, bit % 3) for bit in range(21) if bits >> bit & 1]


def test_slots_of_a_window():
    assert slots("2027-01-12T09:00", 2) == [(1, 0)]  # Tuesday morning
    assert slots("2027-01-12T11:00", 8) == [(1, 0), (1, 1), (1, 2)]
    assert slots("2027-01-12T12:00", 6) == [(1, 1)]
    # In the night: somebody must be asked, so the whole day counts.
    assert slots("2027-01-12T23:00", 0.5) == [(1, 0), (1, 1), (1, 2)]
    assert len(slots("2027-01-12T09:00", 24 * 8)) == 21
    # The clock goes forward on 28 March 2027.
    assert slots("2027-03-28T09:00", 2) == [(6, 0)]


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)),
    st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=9)),
)
def test_a_window_always_touches_a_slot(start, length):
    start = start.replace(tzinfo=UTC)
    assert 0 < choices.slots_between(start, start + length, BRUSSELS) <= choices.ALL_SLOTS


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_masks_in_every_language(language):
    # Names change with the language, and with them the hash of a choice.
    with translation.override(language):
        assert choices.mask(choices.LANGUAGES, ["fr", "nl"]) == 3
