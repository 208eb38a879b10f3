"""What call control was told and had no time to say before it fell is said when it starts again, in its order."""

import asyncio
from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.telephony.desk.exchange import Exchange
from quartier.telephony.desk.journal import Journal
from quartier.telephony.desk.said import Said
from quartier.telephony.models import Call, Callback
from quartier.telephony.tests.room import MARIE

pytestmark = pytest.mark.django_db


async def begin(folder):
    """Call control begins. Gives what its desk is to say."""
    exchange, words = Exchange(Journal(folder / "journal"), folder), []
    exchange.desk.put = lambda do, then=None, **_: words.append(do)
    exchange.desk.start = lambda: None
    exchange.start(None)
    return words


@pytest.fixture
def fallen(tmp_path, organisation, tuesday):
    """Call control noted these of a call, fell, and begins again. The database had what is in `arrived`."""

    def fall(*notes, arrived=()):
        call, journal = uuid7(), Journal(tmp_path / "journal")
        for what in notes:
            words = {"call": str(call), "organisation": str(organisation.pk), "at": tuesday.isoformat()}
            entry = journal.note(what, **words, direction="in", number=MARIE)
            if what in arrived:
                Said.entry(entry)
                journal.arrived(entry)
        journal.close()
        clock.advance(timedelta(seconds=5))
        for word in asyncio.run(begin(tmp_path)):
            word()
        return Call.objects.get(pk=call)

    return fall


@pytest.mark.parametrize("arrived", [(), ("began",), ("began", "worried")])
def test_whoever_had_just_pressed_9_stands_on_no_list(fallen, arrived):
    call = fallen("began", "worried", arrived=arrived)
    assert call.ended_at is not None
    assert call.worried_at is not None
    assert not Callback.objects.exists()


@pytest.mark.parametrize("arrived", [(), ("began",)])
def test_everybody_else_is_rung_back(fallen, arrived):
    call = fallen("began", arrived=arrived)
    assert (call.outcome, call.worried_at) == ("abandoned", None)
    assert [each.why for each in Callback.objects.all()] == ["cut_off"]
