"""A call back that one of the team promised, and another one moved."""

from datetime import timedelta

import pytest

from quartier.console.tests.test_call_notes import line, page, talked, types
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.telephony.models import Callback

__all__ = ["line", "page", "types"]
pytestmark = pytest.mark.django_db


def test_a_colleague_who_had_promised_hears_that_the_hour_was_moved(
    types, line, lotte, thomas, tuesday, page
):
    first = talked(line, lotte, "+3220001433")
    types(lotte, first, came="callback", at="15.30")
    with clock.stopped_at(tuesday + timedelta(minutes=10)):
        again = line.calls("+3220001433")
        line.talks(again, thomas)
        said = page(thomas, "line_call", again)
        assert "Lotte has promised to call back" in said
        assert "Lotte is told then." in said
        waiting = Message.objects.filter(template="callback_moved", state="due")
        # An hour that is being typed is told once it stands.
        for at in ("16", "16.4", "16.45"):
            types(thomas, again, came="callback", at=at)
            clock.advance(timedelta(seconds=2))
        (told,) = waiting
        assert told.person.account == lotte
        assert told.not_before > clock.now() + timedelta(minutes=1)
        # In Lotte's own language.
        assert "16.45" in told.body
        assert "15.30" in told.body
        # A word that is added moves nothing, and the hour as it was is no news.
        types(thomas, again, came="callback", at="16.45", note="la voisine")
        assert waiting.all().get() == told
        types(thomas, again, came="callback", at="15.30", note="la voisine")
        assert not waiting.all().exists()
        # Whoever moves their own promise is not told of it.
        types(lotte, first, 409, came="callback", at="17")
    assert Callback.objects.get(ended_at=None).note == "la voisine"
