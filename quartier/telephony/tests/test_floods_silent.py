"""A flood that stays on the line instead of hanging up: braked, and one row of the list, unless somebody speaks."""

from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.team.access import of_account
from quartier.telephony import actions, queries
from quartier.telephony.models import Audio
from quartier.telephony.queries import floods
from quartier.telephony.rules.silence import is_silent
from quartier.telephony.tests.room import SPOKEN_PEAK, Line, wav


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def operator(lotte):
    return of_account(lotte)


def shown(line):
    return queries.callback_list(line.organisation, None, clock.now())


def stays(line, number, sound=None):
    """Waits to the tone, and stays until the time for a message is over, by default in silence."""
    call = line.rings(number)
    line.leaves(call, sound=wav(2.0) if sound is None else sound)
    line.ends(call, "voicemail", False, number=number, waited_s=90.0)
    return call


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "count", "is_rush"),
    [
        ("+32200010{:02}", floods.MIN_FOLDED_OF_BLOCK, False),
        ("+32470{:02}3456", floods.MIN_FOLDED_OF_RUSH, True),
    ],
)
def test_who_stays_to_the_end_without_a_word_is_one_row_too(line, operator, number, count, is_rush):
    for place in range(count):
        stays(line, number.format(place))
        clock.advance(timedelta(seconds=5))
    speaks = stays(line, number.format(count), wav(2.0, peak=SPOKEN_PEAK))
    found = shown(line)
    (one,) = found.folds
    assert (one.is_rush, len(one.callbacks)) == (is_rush, count)
    assert [row.callback.call_id for row in found.due] == [speaks]
    # Cleared, their silence is not a list of its own; nothing of it is deleted.
    actions.clear_fold(actor=operator, callbacks=one.callbacks)
    assert (shown(line).voices, Audio.objects.filter(deleted_at=None).count()) == ([], count + 1)
    actions.restore_cleared(actor=operator, batch=shown(line).cleared[0].batch)
    assert len(shown(line).folds) == 1


@pytest.mark.django_db
def test_a_flood_that_stays_on_the_line_is_braked_however_slowly_it_comes(line, organisation):
    for place in range(floods.MAX_CALLS_OF_BLOCK):
        line.rings(f"+32200010{place:02}")
        clock.advance(timedelta(seconds=30))
    assert not floods.is_flooding(organisation, "+3220001099", clock.now())
    last = line.rings("+3220001098")
    assert floods.is_flooding(organisation, "+3220001099", clock.now())
    line.ends(last, number="+3220001098")
    clock.advance(timedelta(minutes=1))
    assert not floods.is_flooding(organisation, "+3220001099", clock.now())


@pytest.mark.parametrize(
    ("sound", "silent"),
    [
        (wav(3.0), True),
        (wav(3.0, peak=100), True),
        (wav(3.0, peak=400), False),
        (wav(0.1, peak=8000), True),
        (wav(3.0, channels=2), False),
        (b"", False),
        (b"RIFF", False),
    ],
)
def test_silence_is_where_nobody_can_be_heard(sound, silent):
    assert is_silent(sound) == silent
