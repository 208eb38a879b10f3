"""The ladder: how many, how far, when, and the human at its end."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from conftest import TUESDAY
from quartier.cases.models import Request
from quartier.matching import rules
from quartier.matching.policies import FARTHEST_M
from quartier.team.models import Organisation

ORGANISATION = Organisation(name="x", policy="waves", created_at=TUESDAY)


def request(**columns):
    usual = {
        "urgency": "day",
        "radius_m": 5000,
        "window_until": TUESDAY + timedelta(hours=30),
        "waiting_since": TUESDAY,
    }
    return Request(**{**usual, **columns})


def test_a_wave_is_twelve_and_an_urgent_one_twenty_and_sooner():
    usual = rules.next_wave(request(), ORGANISATION, TUESDAY)
    urgent = rules.next_wave(request(urgency="now"), ORGANISATION, TUESDAY)
    assert (usual.size, usual.next_at - TUESDAY) == (12, timedelta(minutes=15))
    assert (urgent.size, urgent.next_at - TUESDAY) == (20, timedelta(minutes=7.5))


def test_two_who_are_needed_mean_twice_as_many_asked():
    assert rules.next_wave(request(needed=2), ORGANISATION, TUESDAY).size == 24
    assert rules.next_wave(request(needed=2, accepted=1), ORGANISATION, TUESDAY).size == 12


def test_a_human_comes_when_waves_or_time_are_used_up():
    assert rules.next_wave(request(wave=6), ORGANISATION, TUESDAY) is None
    assert rules.next_wave(request(window_until=TUESDAY), ORGANISATION, TUESDAY) is None


@given(st.integers(0, 5), st.integers(500, 100_000), st.sampled_from(list(Request.Urgency)))
def test_waves_never_look_less_far_and_offers_live_a_while(wave, radius_m, urgency):
    this = rules.next_wave(request(wave=wave, radius_m=radius_m, urgency=urgency), ORGANISATION, TUESDAY)
    first = rules.next_wave(request(wave=0, radius_m=radius_m, urgency=urgency), ORGANISATION, TUESDAY)
    assert first.radius_m <= this.radius_m <= FARTHEST_M
    assert this.expires_at >= TUESDAY + timedelta(minutes=30)
    assert this.next_at > TUESDAY
