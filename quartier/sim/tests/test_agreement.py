"""The fast and the true mode play the same crisis: bounds of how far their figures may lie apart."""

import pytest

from quartier.sim import playing, replay

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.either]


@pytest.mark.long
@pytest.mark.parametrize("policy", ["waves", "adaptive"])
def test_the_two_modes_agree(policy):
    world = playing.Asked("day", policy, 12, requests=12, volunteers=1500).world()
    fast, true = playing.fast(world, policy), replay.play(world, policy)
    one, other = fast.figures, true.figures
    assert one["created"] == other["created"] == 12
    assert abs(one["served_24h"] - other["served_24h"]) <= 0.09
    assert other["median_min"] == pytest.approx(one["median_min"], rel=0.25)
    assert other["messages_per_served"] == pytest.approx(one["messages_per_served"], rel=0.15)
    assert true.asked_min == pytest.approx(fast.asked_min, abs=0.02)
    assert (true.area, true.kind, true.language) == (fast.area, fast.kind, fast.language)
    same = sum(a == b for a, b in zip(fast.state, true.state, strict=True))
    assert same >= 11
