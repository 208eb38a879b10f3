"""How many wait, drawn as bars: only where it differs from place to place."""

import pytest

from quartier.appeals.queries import Gap
from quartier.console.appeals import overview
from quartier.lib import choices


def bars(monkeypatch, *waiting):
    monkeypatch.setattr(overview.saying, "address_for", lambda gap: "")
    gaps = [Gap(number, choices.kind("groceries"), 0, count, 0) for number, count in enumerate(waiting)]
    return [each["width"] for each in overview._bars(gaps, {})]


@pytest.mark.parametrize(
    ("waiting", "widths"), [((1, 1, 1), [None] * 3), ((4, 1), [100.0, 25.0]), ((3,), [None]), ((), [])]
)
def test_bars_that_are_all_alike_are_not_drawn(monkeypatch, waiting, widths):
    assert bars(monkeypatch, *waiting) == widths
