"""Whoever calls hears something, or it ends; whatever they do, and whatever they leave undone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartier.callcore import State, facts, languages
from quartier.callcore.tests.ear import Ear
from quartier.callcore.tests.test_the_way import talking
from quartier.callcore.tests.test_whatever_happens import stories

KEYS = "0123456789*#"
MOBILE, WITHHELD = "+32470000000", ""


def a_call(ear, number, *, call="c", at=1000.0, known=None):
    ear.happens(facts.Rang(at=at, call=call, number=number))
    if known is not None:
        ear.happens(facts.Recognised(at=at + 0.05, call=call, **known))


def shift(ear, on, at=900.0):
    """`on`: whether somebody is there who may be rung, has a pause, or does not speak the language."""
    if on == "nobody":
        return
    spoken = ("en",) if on == "another language" else ("fr", "nl", "de", "en")
    ear.happens(facts.CameOn(at=at, operator="Anna", languages=spoken))
    if on == "busy":
        ear.happens(facts.Paused(at=at, operator="Anna"))


shifts = st.sampled_from(["nobody", "busy", "free", "another language"])
numbers = st.sampled_from([MOBILE, WITHHELD, "+3292000000", "+4930123456"])
known = st.none() | st.fixed_dictionaries(
    {
        "language": st.sampled_from(["", "nl", "de"]),
        "ring_back": st.booleans(),
        "can_text": st.booleans(),
        "masked": st.sampled_from(["", "", "visit"]),
        "coming_s": st.sampled_from([0.0, 9.0]),
    }
)


@given(stories)
@settings(max_examples=150, deadline=None)
def test_noise_leaves_nobody_in_silence(story):
    ear = Ear()
    for fact in story:
        ear.happens(fact)
    ear.ends()
    assert not ear.board.calls


@given(shifts, numbers, known, st.booleans())
@settings(max_examples=200, deadline=None)
def test_who_says_nothing_and_presses_nothing_is_on_one_list_within_an_hour(on, number, told, is_open):
    ear = Ear(is_open=is_open)
    shift(ear, on)
    a_call(ear, number, known=told)
    ear.ends()
    assert set(ear.closed) == {"c"}
    assert ear.board.now < 1000.0 + 3600.0
    assert ear.closed["c"].outcome != "left"


@given(
    shifts,
    numbers,
    known,
    st.booleans(),
    st.lists(
        st.tuples(st.sampled_from([0.0, 0.05, 0.3, 2.0, 5.0, 14.0, 70.0]), st.sampled_from(KEYS)), max_size=60
    ),
    st.sampled_from([facts.HungUp, facts.Lost, None]),
)
@settings(max_examples=300, deadline=None)
def test_who_presses_keys_wildly_is_on_one_list(on, number, told, is_open, keys, end):
    ear = Ear(is_open=is_open)
    shift(ear, on)
    a_call(ear, number, known=told)
    at = 1000.1
    for after, digit in keys:
        at += after
        ear.happens(facts.Pressed(at=at, call="c", digit=digit))
    if end is not None:
        ear.happens(end(at=at + 1.0, call="c"))
    ear.ends()
    assert set(ear.closed) == {"c"}


@given(
    shifts,
    st.booleans(),
    st.lists(st.sampled_from([0.2, 3.0, 11.0, 13.0, 40.0, 400.0]), min_size=1, max_size=8),
)
@settings(max_examples=150, deadline=None)
def test_a_lift_cuts_off_and_each_call_is_on_one_list(on, is_open, lasts):
    ear, at = Ear(is_open=is_open), 1000.0
    shift(ear, on)
    for number, seconds in enumerate(lasts):
        a_call(ear, MOBILE, call=f"c{number}", at=at, known={})
        at += seconds
        ear.happens(facts.Lost(at=at, call=f"c{number}"))
        at += 1.0
    ear.ends()
    assert set(ear.closed) == {f"c{number}" for number in range(len(lasts))}
    # Nobody is cut off on purpose: rung back, unless there is a message.
    assert all(close.ring_back for close in ear.closed.values())


@given(shifts, known, st.lists(st.sampled_from(["come", "go", 1.0, 5.0, 9.0, 30.0]), max_size=20))
@settings(max_examples=200, deadline=None)
def test_operators_come_and_go_and_nobody_waits_in_silence(on, told, story):
    ear, at = Ear(), 1000.2
    shift(ear, on)
    a_call(ear, MOBILE, known=told)
    for step in story:
        if step == "come":
            ear.happens(facts.CameOn(at=at, operator="Bert", languages=("fr", "nl", "de", "en")))
        elif step == "go":
            ear.happens(facts.WentOff(at=at, operator="Bert"))
            ear.happens(facts.WentOff(at=at, operator="Anna"))
        else:
            at += step
            ear.happens(facts.Tick(at=at))
    ear.ends()
    assert set(ear.closed) == {"c"}


def test_what_a_number_says_of_the_language():
    said = {
        "+3292000000": ("nl",), "+3242000000": ("fr",), "+3287000000": ("fr", "de"), "+4930123456": ("de",),
        "+33612345678": ("fr",), "+31612345678": ("nl",), "+447700900000": ("en",), "+352621000000": ("fr", "de"),
    }  # fmt: skip
    for number, spoken in said.items():
        assert languages.languages_of_number(number) == spoken, number
    # Brussels, a mobile, a withheld number, toll-free, a country of which nothing is known.
    for number in ("+322000", "+32470000000", "", "+32800123", "+8613800000000", "+"):
        assert languages.languages_of_number(number) == (), number


@given(numbers, st.permutations(["fr", "nl", "de", "en"]), st.sets(st.sampled_from(["fr", "nl", "de", "en"])))
def test_every_language_is_offered_once_with_its_own_key(number, ours, spoken):
    offered = languages.offer_languages(number, ours, spoken)
    assert sorted(offered) == [(str(key), each) for key, each in enumerate(ours, 1)]
    by_number = languages.languages_of_number(number)
    first = [each for _key, each in offered][: len(by_number)]
    assert tuple(first) == by_number[: len(first)]


@pytest.mark.parametrize("how", ["refused", "time"])
def test_a_transfer_that_nobody_takes_is_called_no_fault_of_the_line(how):
    evening = talking().asks("Anna", "transfer", "Bert")
    if how == "refused":
        evening.tell(facts.Declined, call="a", leg="a.2")
    else:
        evening.passes(60.0)
    assert [each for each in evening.played() if each != "place"][:1] == ["wait"]
    # Somebody whom the line has lost is another matter.
    lost = talking().tell(facts.Lost, call="a", leg="a.1").tell(facts.WentOff, operator="Bert").on("Carla")
    assert "sorry_wait" in lost.passes(10.0).played()


def stands(evening, name):
    return str(evening.board.operators[name].standing)


@pytest.mark.parametrize("how", ["refused", "time", "paused"])
def test_whoever_gave_a_call_away_is_rung_at_once_when_nobody_takes_it(how):
    evening = talking().on("Carla").asks("Anna", "transfer", "Bert")
    assert stands(evening, "Anna") == "wrap_up"
    if how == "refused":
        evening.tell(facts.Declined, call="a", leg="a.2")
    elif how == "paused":
        evening.tell(facts.Paused, operator="Bert", reason="declined")
    else:
        evening.passes(evening.board.line.ring_s)
    assert stands(evening, "Anna") == "ringing"
    # Somebody who has not spoken with them is not rung beside whoever has.
    assert stands(evening, "Carla") == "available"
    evening.tell(facts.Answered, call="a", leg="a.3")
    assert (evening.board.calls["a"].operator, evening.board.calls["a"].state) == ("Anna", State.BRIDGED)


def test_the_time_for_notes_goes_on_when_the_caller_hangs_up_while_it_rings_again():
    evening = talking().asks("Anna", "transfer", "Bert")
    until = evening.board.operators["Anna"].until
    evening.tell(facts.Declined, call="a", leg="a.2").tell(facts.HungUp, call="a")
    anna = evening.board.operators["Anna"]
    assert (str(anna.standing), anna.until, anna.notes_until) == ("wrap_up", until, None)


def test_whoever_gave_a_call_away_and_does_not_want_it_back_leaves_it_to_the_next_one():
    evening = talking().on("Carla").asks("Anna", "transfer", "Bert")
    evening.tell(facts.Declined, call="a", leg="a.2").tell(facts.Paused, operator="Anna", reason="declined")
    assert [stands(evening, name) for name in ("Anna", "Carla")] == ["paused", "ringing"]


def test_whoever_gave_a_call_away_and_has_gone_is_not_rung():
    evening = talking().asks("Anna", "transfer", "Bert").tell(facts.WentOff, operator="Anna", by_hand=True)
    evening.tell(facts.Declined, call="a", leg="a.2")
    assert stands(evening, "Anna") == "offline"
