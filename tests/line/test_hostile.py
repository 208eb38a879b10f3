"""Two thousand hostile messages of all kinds: nothing is relayed, nothing ends, and whoever calls then is answered. How
soon pages come meanwhile is measured by `quartier bench hostile`."""

import pytest

from bench import hostile
from tests.line.edge import needs_kamailio

pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(needs_kamailio()), reason=needs_kamailio())]


def test_hostile_messages_go_nowhere_and_end_nothing() -> None:
    told = hostile.attack(2_000, seed=13)
    assert sum(told["kinds"].values()) == 2_000
    assert set(told["kinds"]) == set(hostile.KIND_NAMES)
    assert (told["relayed"], told["crashes"], told["answers"]) == (0, 0, True), told
