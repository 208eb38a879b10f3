"""Nothing that a telephone says while call control starts is lost."""

from quartier.telephony.providers.sip import signalling
from quartier.telephony.providers.sip.early_events import EarlyEvents


def test_what_was_said_before_the_lines_are_known_is_told_in_order_and_once():
    early, told = EarlyEvents(), []
    invited = signalling.Invited("a", "+3220001427", "+3280000020", "v=0")
    for event in (invited, signalling.Over("a")):
        early(event)
    assert told == []
    early.open(told.append)
    early(signalling.Ringing("b"))
    assert told == [invited, signalling.Over("a"), signalling.Ringing("b")]
