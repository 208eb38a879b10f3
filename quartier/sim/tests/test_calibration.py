"""Calibration finds again what a simulated history was made with, says how sure it is, and names nobody."""

import json
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching.likelihood import prior_of
from quartier.people.models import Person
from quartier.sim import behaviour, replay
from quartier.sim.calibration import Fitted, calibrate, written
from quartier.sim.calibration.answers import Answers, fit_answers
from quartier.sim.calibration.maximum import maximum
from quartier.sim.calibration.shares import middle, mixture, share, wilson
from quartier.team.access import system
from quartier.team.models import Organisation

FIGURES = behaviour.read(behaviour.FILE.read_text())


@pytest.fixture(autouse=True)
def _own_behaviour_afterwards():
    yield
    behaviour.use(None)


def history(seed, *, volunteers=1000, each=6, patience=25.0, **figures):
    """Offers as the behaviour file describes them; others say yes after `patience` minutes on average."""
    say = {**FIGURES["answering"], **figures}
    draw = np.random.default_rng(seed)
    who = np.repeat(np.arange(volunteers), each)
    count = len(who)
    ready = draw.beta(say["ready_a"], say["ready_b"], volunteers)[who]
    metres = np.maximum(1000, draw.exponential(2500, count))
    load = (draw.random(count) < 0.2).astype(float)
    before = (draw.random(count) < 0.25).astype(float)
    likely = ready * np.exp(-metres / say["distance_m"])
    likely *= say["load_factor"] ** load * say["fatigue_factor"] ** before
    chance = draw.random(count)
    says = np.where(chance < likely, 1, np.where(chance < likely + (1 - likely) * say["says_no"], -1, 0))
    after = say["reply_median_min"] * np.exp(say["reply_sigma"] * draw.standard_normal(count))
    until = np.minimum(draw.exponential(patience, count) + 1, 480)
    said = np.where(after <= until, says, 0)
    minutes = np.where(said != 0, after, until)
    return Answers(who, metres, load, before, said, minutes, np.zeros(count, bool)), say


@pytest.mark.parametrize(
    ("seed", "figures"),
    [
        (1, {}),
        (2, {"ready_a": 2.0, "ready_b": 4.0, "distance_m": 9000, "load_factor": 0.5, "says_no": 0.15}),
        (3, {"ready_b": 2.4, "reply_median_min": 25.0, "reply_sigma": 0.8, "fatigue_factor": 0.5}),
    ],
)
def test_what_a_history_was_made_with_is_found_again(seed, figures):
    answers, made = history(seed, **figures)
    found = {each.name: each for each in fit_answers(answers, FIGURES["answering"])}
    mean = found["ready_a"].value / (found["ready_a"].value + found["ready_b"].value)
    assert mean == pytest.approx(made["ready_a"] / (made["ready_a"] + made["ready_b"]), rel=0.2)
    assert found["distance_m"].value == pytest.approx(made["distance_m"], rel=0.35)
    assert found["reply_median_min"].value == pytest.approx(made["reply_median_min"], rel=0.15)
    assert found["reply_sigma"].value == pytest.approx(made["reply_sigma"], rel=0.1)
    # Eight intervals of 95%: one of them may miss.
    outside = [name for name, each in found.items() if not each.low <= made[name] <= each.high]
    assert len(outside) <= 1, outside


def test_little_history_changes_nothing():
    answers, _made = history(4, volunteers=20, each=3)
    for each in fit_answers(answers, FIGURES["answering"]):
        assert each.kept
        assert each.value == FIGURES["answering"][each.name]
    empty = Answers(*(np.array([], dtype) for dtype in (int, float, float, float, int, float, bool)))
    assert all(each.kept for each in fit_answers(empty, FIGURES["answering"]))


def test_a_factor_of_which_there_are_no_cases_is_kept():
    answers, _made = history(5)
    bare = Answers(
        answers.who,
        answers.metres,
        answers.load * 0,
        answers.before,
        answers.said,
        answers.minutes,
        answers.night,
    )
    found = {each.name: each for each in fit_answers(bare, FIGURES["answering"])}
    assert found["load_factor"].kept
    assert found["load_factor"].count == 0
    assert not found["distance_m"].kept


def test_the_maximum_of_a_hill_and_its_width():
    at, covariance = maximum(lambda at: -((at[0] - 3) ** 2) / 2 - 2 * (at[1] + at[0]) ** 2, np.zeros(2))
    assert at == pytest.approx([3, -3], abs=1e-4)
    assert covariance.ravel() == pytest.approx([1, -1, -1, 1.25], rel=1e-2)


def test_a_flat_direction_is_not_known():
    _at, covariance = maximum(lambda at: -(at[0] ** 2), np.ones(2))
    assert covariance[1, 1] == np.inf


@given(st.integers(1, 5000), st.floats(0, 1))
def test_an_interval_holds_its_share(count, part):
    low, high = wilson(round(part * count), count)
    assert 0 <= low <= round(part * count) / count + 1e-9
    assert round(part * count) / count - 1e-9 <= high <= 1


def test_shares_and_times_need_enough_cases():
    assert share("visiting", "no_show", 3, 99, 0.02) == Fitted("visiting", "no_show", 0.02, 99)
    fit = share("visiting", "no_show", 10, 100, 0.02)
    assert (fit.value, fit.kept) == (0.1, False)
    assert fit.low < 0.1 < fit.high
    assert middle("visiting", "x", [5.0] * 29, 90).kept
    times = [60 * 2 ** (n % 5 - 2) for n in range(100)]
    assert middle("visiting", "x", times, 90).value == pytest.approx(60)


def test_a_mixture_keeps_what_never_came_possible_and_the_order_of_the_file():
    fit = mixture(
        "asking", "kinds", {"dog": 30, "meal": 90, "unheard of": 40}, {"meal": 1, "dog": 1, "talk": 1}
    )
    assert list(fit.value) == ["meal", "dog", "talk"]
    assert 0 < fit.value["talk"] < 1
    assert sum(fit.value.values()) == pytest.approx(100, abs=0.1)
    assert (fit.count, fit.low["talk"]) == (120, 0.0)


def test_the_file_keeps_its_comments_and_what_was_not_fitted():
    base = behaviour.FILE.read_text()
    hours = dict.fromkeys(FIGURES["asking"]["by_hour"], 5.0)
    found = [
        Fitted("answering", "ready_b", 3.5, 800, 3.0, 4.0),
        Fitted("asking", "by_hour", hours, 300, hours, hours),
        Fitted("visiting", "no_show", 0.5, 3),
    ]
    text = written(base, found, "Fitted.")
    figures = behaviour.read(text)
    assert figures["answering"]["ready_b"] == 3.5
    assert figures["asking"]["by_hour"] == hours
    assert figures["visiting"] == FIGURES["visiting"]
    assert text.count("# How ready a volunteer is") == 1
    assert prior_of(figures).no == 3.5
    with pytest.raises(ValueError, match=r"answering\.magic"):
        written(base, [Fitted("answering", "magic", 1.0, 1, 1.0, 1.0)], "")


def test_another_file_is_used_and_one_that_lacks_something_is_refused(tmp_path):
    file = tmp_path / "here.toml"
    file.write_text(
        written(behaviour.FILE.read_text(), [Fitted("visiting", "no_show", 0.4, 1, 0.4, 0.4)], "x")
    )
    behaviour.use(file)
    assert behaviour.behaviour()["visiting"]["no_show"] == 0.4
    behaviour.use(None)
    assert behaviour.behaviour()["visiting"]["no_show"] == FIGURES["visiting"]["no_show"]
    file.write_text("[answering]\nready_a = 1")
    with pytest.raises(ValueError, match=r"missing: answering\.ready_b"):
        behaviour.use(file)
    assert behaviour.behaviour()["visiting"]["no_show"] == FIGURES["visiting"]["no_show"]


@pytest.mark.django_db
def test_who_takes_it_back_is_counted_among_those_who_had_the_time(organisation, asked, tuesday):
    count, taken = 160, 40
    requests = [asked("dog").requests[0] for _ in range(count)]
    for request in requests[:taken]:
        with clock.stopped_at(tuesday + timedelta(hours=3)):
            cases.close_request(
                actor=system(organisation), request=request, closure=Request.Closure.WITHDRAWN
            )
    with clock.stopped_at(tuesday + timedelta(days=9)):
        found = {f"{each.section}.{each.name}": each for each in calibrate(organisation, FIGURES)}
    # Forty had three hours, in which half would have; all others had nine days.
    fit = found["asking.takes_back"]
    assert fit.value == pytest.approx(taken / (count - taken / 2), rel=0.02)
    assert fit.low < fit.value < fit.high
    kinds = found["asking.kinds"].value
    assert kinds["dog"] > 95 > 1 > kinds["groceries"] > 0
    assert found["asking.by_phone"].value == 0.0


@pytest.mark.long
@pytest.mark.either
@pytest.mark.django_db(transaction=True)
def test_a_simulated_day_is_read_back_from_the_database(tmp_path):
    """Played with twice the readiness, and with slower answers."""
    changed = {
        ("answering", "ready_b"): 2.4,
        ("answering", "reply_median_min"): 25.0,
    }
    file = tmp_path / "other.toml"
    found = [Fitted(*name, value, 1, value, value) for name, value in changed.items()]
    file.write_text(written(behaviour.FILE.read_text(), found, "Other people."))
    behaviour.use(file)
    replay.play_day(7, requests=80, volunteers=2000)
    behaviour.use(None)
    organisation = Organisation.objects.get()
    fits = calibrate(organisation, FIGURES)
    at = {f"{each.section}.{each.name}": each for each in fits}
    a, b = at["answering.ready_a"].value, at["answering.ready_b"].value
    # A third says yes at the door, where the file says 15%.
    assert a / (a + b) == pytest.approx(1 / 3, rel=0.3)
    delay = at["answering.reply_median_min"]
    assert FIGURES["answering"]["reply_median_min"] < delay.low < 25 < delay.high
    says_no = at["answering.says_no"]
    assert says_no.low < FIGURES["answering"]["says_no"] < says_no.high
    assert at["asking.kinds"].kept
    words = json.dumps([each.plain() for each in fits])
    for person in Person.objects.all()[:50]:
        assert str(person.pk) not in words
        assert person.name not in words
