"""The phone line: who waits, who is missed, who is rung back."""

from collections import deque

import pytest

from quartier.sim.line import Call, Line, on_shift


def call(minute, patience=5.0, talks=10.0, **more):
    return Call(minute, patience, talks, **more)


def test_one_operator_answers_one_after_the_other():
    first, second = Line(1, 480, 1200, deque()).play([call(500), call(507)])
    assert first.answered == 500
    assert second.answered == 510


def test_who_waits_too_long_is_missed_and_rung_back():
    missed = deque()
    line = Line(1, 480, 1200, missed)
    answers = line.play([call(500, talks=30), call(502), call(600)])
    assert [each.missed for each in answers] == [False, True, False]
    assert [each.call.minute for each in line.called_back] == [502]
    assert line.called_back[0].answered == 530
    assert not missed


def test_who_does_not_pick_up_is_not_reached():
    line = Line(1, 480, 1200, deque())
    line.play([call(500, talks=30), call(502, picks_up=False), call(700)])
    assert line.called_back[0].answered is None


def test_what_is_left_at_closing_time_is_for_tomorrow():
    missed = deque()
    Line(1, 480, 1200, missed).play([call(1195, talks=30), call(1198, patience=1), call(1210)])
    assert [each.call.minute for each in missed] == [1198, 1210]
    tomorrow = Line(1, 1920, 2640, missed)
    tomorrow.play([])
    assert [each.answered for each in tomorrow.called_back] == [1920, 1930]


def test_more_operators_miss_fewer():
    calls = [call(480 + 2 * n, talks=12) for n in range(100)]
    missed = [sum(each.missed for each in Line(n, 480, 1200, deque()).play(calls)) for n in (1, 3, 6)]
    assert missed[0] > missed[1] > missed[2] == 0


@pytest.mark.parametrize(("recruited", "there"), [(0, 0), (1, 1), (100, 3)])
def test_a_few_of_those_recruited_are_on_shift(recruited, there):
    assert on_shift(recruited) == there
