"""Proofs of work: true ones once, and nothing else ever."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quartier.lib import clock
from quartier.limits import proof
from quartier.limits.jobs import prune
from quartier.limits.models import Spent

pytestmark = pytest.mark.django_db


def easy(purpose="ask"):
    return proof.challenge(purpose, difficulty=50)


def test_a_true_answer_is_good_once():
    answer = proof.solve(easy())
    assert proof.verify("ask", answer)
    assert not proof.verify("ask", answer), "a replay"


def test_an_answer_is_good_for_its_own_purpose():
    answer = proof.solve(easy())
    assert not proof.verify("join", answer)
    assert proof.verify("ask", answer), "asking elsewhere did not use it up"


def test_an_answer_that_comes_too_late():
    with clock.stopped_at(clock.now()):
        answer = proof.solve(easy())
        clock.advance(proof.VALID)
        assert not proof.verify("ask", answer)


def test_a_used_challenge_is_remembered_until_it_expires():
    with clock.stopped_at(clock.now()):
        answer = proof.solve(easy())
        assert proof.verify("ask", answer)
        clock.advance(proof.VALID - timedelta(seconds=2))
        prune()
        assert not proof.verify("ask", answer)
        clock.advance(timedelta(seconds=3))
        prune()
        assert not Spent.objects.exists()
        assert not proof.verify("ask", answer)


def test_a_number_written_in_another_way_is_no_second_answer():
    answer = proof.solve(easy())
    head, _, number = answer.rpartition(".")
    assert proof.verify("ask", f"{head}.0{number}")
    assert not proof.verify("ask", answer)


@pytest.mark.parametrize("part", range(6))
def test_a_forged_challenge(part):
    parts = proof.solve(easy()).split(".")
    other = "y" if parts[part].endswith("x") else "x"
    parts[part] = {0: "ask2", 1: "99999999999", 3: "1"}.get(part, parts[part][:-1] + other)
    assert not proof.verify(parts[0], ".".join(parts))


def test_a_challenge_that_anybody_could_have_made():
    import hashlib

    salt, number = "salt", 5
    target = hashlib.sha256(f"{salt}.{number}".encode()).hexdigest()
    signed = f"ask.99999999999.{salt}.10.{target}"
    for signature in ("", hashlib.sha256(signed.encode()).hexdigest()):
        assert not proof.verify("ask", f"{signed}.{signature}.{number}")


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(st.text(), st.lists(st.text(max_size=12), min_size=7, max_size=7))
def test_no_text_is_an_answer(text, parts):
    for answer in (text, ".".join(parts), "ask." + ".".join(parts[1:])):
        assert not proof.verify("ask", answer)


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=30)
@given(st.integers(-5, 70), st.sampled_from(["", "x", "٣", "1e1", " 1"]))
def test_only_the_right_number(number, odd):
    answer = proof.solve(easy())
    head, _, right = answer.rpartition(".")
    if str(number) != right:
        assert not proof.verify("ask", f"{head}.{number}")
    assert not proof.verify("ask", f"{head}.{odd}")
    assert proof.verify("ask", answer)


@pytest.mark.parametrize("purpose", ["", "a.b", "a b"])
def test_a_purpose_is_a_word(purpose):
    with pytest.raises(ValueError, match="purpose"):
        proof.challenge(purpose)
