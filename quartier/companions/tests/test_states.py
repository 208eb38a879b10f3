"""Whatever is done, in whatever order: a pairing goes only where it may, and what goes with its state holds."""

import contextlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quartier.companions import actions, rules, scales
from quartier.companions.actions.pairing import Ending
from quartier.companions.models import CallWish, Pairing, Talk
from quartier.companions.rules import NotPossible, Step
from quartier.companions.tests import scene
from quartier.lib import clock
from quartier.lib.rhythm import Rhythm, Unit
from quartier.team.access import of_account
from quartier.telephony.models import Masked

BRUSSELS = ZoneInfo("Europe/Brussels")
State = Pairing.State
SAID = ("listener_yes", "person_yes", "no", "begin", "pause", "resume", "end", "another", "call")
STEPS = st.sampled_from([*SAID, "spoken", "not_reached", "hours", "days"])


@pytest.mark.either
@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=14))
def test_a_pairing_goes_only_where_it_may(amina, hadija, wish, tuesday, steps):
    from django.db import transaction

    with transaction.atomic():
        clock.set_time(tuesday)
        walk(amina, hadija, wish, steps)
        transaction.set_rollback(True)


def walk(amina, hadija, wish, steps):
    supervisor, listener = of_account(amina), of_account(hadija.account)
    pairing = scene.propose(amina, wish, hadija)
    before = pairing.state
    for step in steps:
        for _again in range(2):  # said twice changes nothing
            with contextlib.suppress(NotPossible):
                take(step, supervisor, listener, pairing)
        pairing.refresh_from_db()
        path = {before, pairing.state}
        assert before == pairing.state or reachable(before, pairing.state), (step, path)
        holds(pairing)
        before = pairing.state


def reachable(start, end):
    """Through any states in between: the two steps of a day that passes, or one that was said twice."""
    seen, ahead = set(), [State(start)]
    while ahead:
        one = ahead.pop()
        for after in rules.MOVES[one] - seen:
            seen.add(after)
            ahead.append(after)
    return State(end) in seen


def take(step, supervisor, listener, pairing):
    talk = pairing.talks.filter(state__in=[Talk.State.PLANNED, Talk.State.MISSED]).order_by("at").first()
    match step:
        case "listener_yes":
            actions.agree_listener(actor=listener, pairing=pairing)
        case "person_yes":
            actions.agree_person(actor=supervisor, pairing=pairing)
        case "no":
            actions.decline(actor=listener, pairing=pairing, by_listener=True)
        case "begin":
            today = clock.now().date()
            actions.begin(
                actor=listener, pairing=pairing, rhythm=Rhythm(Unit.DAY), first_day=today, at=time(15)
            )
        case "pause":
            until = clock.now().date() + timedelta(days=2)
            actions.pause(actor=supervisor, pairing=pairing, until=until)
        case "resume":
            actions.resume(actor=supervisor, pairing=pairing)
        case "end":
            actions.end(actor=supervisor, pairing=pairing, ending=Ending(Pairing.Why.ENOUGH))
        case "another":
            ending = Ending(Pairing.Why.NO_FIT, Pairing.Next.ANOTHER)
            actions.end(actor=supervisor, pairing=pairing, ending=ending)
        case "call" if talk:
            actions.call(actor=listener, talk=talk)
        case "spoken" | "not_reached" if talk:
            actions.mark(actor=listener, talk=talk, state=step)
        case "hours":
            scene.pass_time(hours=5)
        case "days":
            scene.pass_time(days=1)


def holds(pairing):
    planned = pairing.talks.filter(state=Talk.State.PLANNED)
    wish = CallWish.objects.get(pk=pairing.wish_id)
    if pairing.state != State.RUNNING:
        assert not planned.exists()
        assert pairing.plan_at is None
        assert not Masked.objects.filter(ended_at=None).exists()
    if pairing.state in (State.AGREED, State.RUNNING, State.PAUSED):
        assert pairing.listener_yes_at
        assert pairing.person_yes_at
    if pairing.state == State.ENDED:
        assert pairing.why
        assert wish.state == ("open" if pairing.what_next == "another" else "closed")
    else:
        assert wish.state == "paired"
    assert not pairing.talks.filter(watch_at__isnull=False).exclude(state=Talk.State.PLANNED).exists()


@given(
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    st.times(),
    st.integers(1, 4),
    st.sets(st.integers(0, 6), min_size=1),
)
def test_a_call_at_three_is_at_three_on_every_day_also_when_clocks_change(first, at, every, weekdays):
    rhythm = Rhythm(Unit.WEEK, every, tuple(sorted(weekdays)))
    for day in rules.days(rhythm, first, first - timedelta(days=1), first + timedelta(days=60)):
        moment = rules.talk_at(day, at, BRUSSELS)
        local = moment.astimezone(BRUSSELS)
        assert moment.tzinfo == UTC
        assert day.weekday() in weekdays
        gap = local.replace(tzinfo=None) - datetime.combine(day, at)
        # An hour that the clocks leave out is the one after; every other is what was said.
        assert gap in (timedelta(0), timedelta(hours=1))
        if gap:
            assert day.month == 3
            assert at.hour == 2


@given(st.datetimes(timezones=st.just(UTC)), st.timedeltas(timedelta(0), timedelta(days=3)), st.booleans())
def test_first_the_listener_then_the_supervisor(at, passed, reminded):
    step = rules.due(at, at + passed, reminded=reminded) if at.year < 9000 else None
    if at.year >= 9000:
        return
    if passed >= rules.ALARM_AFTER:
        assert step == Step.ALARM
    elif passed >= rules.REMIND_AFTER and not reminded:
        assert step == Step.REMIND
    else:
        assert step is None


@given(st.lists(st.integers(0, 5), min_size=5, max_size=5))
def test_the_who5_goes_from_0_to_100_and_is_low_below_a_sum_of_13(answers):
    score = scales.scored("who5", answers)
    assert score == sum(answers) * 4
    tone = scales.SCALES["who5"].mood([score])
    assert (tone == "fine") == (sum(answers) >= 13)
    assert (tone == "very_low") == (score <= 28)


@pytest.mark.parametrize(
    ("scale", "answers"),
    [
        *(("who5", each) for each in ([], [1] * 4, [6] * 5, [-1] * 5)),
        ("happy", [11]),
        ("happy", []),
        ("x", [1]),
    ],
)
def test_what_is_no_answer_gives_no_score(scale, answers):
    with pytest.raises(ValueError, match="answer"):
        scales.scored(scale, answers)


def test_a_low_score_or_a_fall_asks_for_a_thought():
    who5, happy = scales.SCALES["who5"].mood, scales.SCALES["happy"].mood
    assert [who5([each]) for each in (28, 50, 52)] == ["very_low", "low", "fine"]
    assert (who5([90, 65]), who5([90, 66]), who5([])) == ("low", "fine", "fine")
    assert [happy([each]) for each in (0, 4, 5)] == ["low", "low", "fine"]
    assert happy([10, 6]) == "low"
