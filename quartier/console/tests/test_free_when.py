"""When somebody is free, as a reason: the next such time, never one that is over."""

from datetime import timedelta

import pytest

from quartier.console.queries.request import ranked
from quartier.lib import choices, clock

pytestmark = pytest.mark.django_db


def free(request, now):
    (row,) = ranked(request, now)
    return next(divmod(int(value), len(choices.PARTS)) for code, value in row.why if code == "slot")


def test_on_tuesday_nobody_is_free_on_monday(asked, tuesday, youssef):
    monday, tuesday_, wednesday = range(3)
    # At any time but late on Sundays, they said.
    type(youssef).objects.filter(pk=youssef.pk).update(slots=choices.ALL_SLOTS >> 1)
    with clock.stopped_at(tuesday - timedelta(hours=2)):
        request = asked("groceries", urgency="day").requests[0]
        assert free(request, clock.now())[0] == tuesday_
        request = asked("groceries", urgency="week", name="Omer").requests[0]
        assert free(request, clock.now())[0] == tuesday_
        # Begun on Monday night, and still looked for: Monday is over.
        request.window_from -= timedelta(hours=10)
        assert free(request, clock.now())[0] == tuesday_
    with clock.stopped_at(tuesday + timedelta(hours=12)):
        assert free(request, clock.now())[0] in {tuesday_, wednesday}
    assert monday == 0


def test_nobody_is_free_then_who_never_said_when(asked, tuesday, youssef):
    type(youssef).objects.filter(pk=youssef.pk).update(slots=choices.ALL_SLOTS)
    (row,) = ranked(asked("groceries", urgency="day").requests[0], tuesday)
    assert "slot" not in [code for code, _value in row.why]
