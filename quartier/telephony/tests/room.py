"""A line with few words, for the tests of this room: `line.rings()`, `line.ends(call)`."""

import io
import struct
import wave
from uuid import uuid4

from quartier.lib import clock
from quartier.telephony import actions
from quartier.telephony.actions import Ended
from quartier.telephony.models import Call, Callback

# Numbers that no carrier has given out, and some that one has.
MARIE, JEAN, ELSE = "+3220001427", "+3220001428", "+3220001429"
SPOKEN_PEAK = 2000
MOBILE, LANDLINE, PREMIUM, FRENCH = "+32470123456", "+3225123456", "+3290012345", "+33612345678"


def wav(seconds=2.0, rate=8000, channels=1, width=2, peak=0):
    """So much silence, or a hum of 16 bits with this peak."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        frames = int(seconds * rate) * channels
        hum = struct.pack("<8h", *[peak] * 4, *[-peak] * 4)
        file.writeframes((hum * (frames // 8 + 1))[: frames * 2] if peak else bytes(frames * width))
    return out.getvalue()


class Line:
    def __init__(self, organisation):
        self.organisation = organisation
        self.version = 0

    def rings(self, number=MARIE, direction="in", call=None):
        call = call or uuid4()
        self.known = actions.call_began(
            organisation=self.organisation,
            call_id=call,
            direction=direction,
            number=number,
            at=clock.now(),
        )
        return call

    def moves(self, call, state, operator=None, language="fr", version=None, tape=None):
        self.version += 1
        actions.call_moved(
            organisation=self.organisation,
            call_id=call,
            state=state,
            version=self.version if version is None else version,
            operator=operator and operator.pk,
            language=language,
            at=clock.now(),
            tape=tape,
        )

    def ends(self, call, outcome="abandoned", ring_back=True, number=MARIE, why="", **more):
        ended = Ended(outcome, number, "fr", ring_back, why=why, **more)
        return actions.call_closed(organisation=self.organisation, call_id=call, ended=ended, at=clock.now())

    def missed(self, number=MARIE, **how):
        """A whole call that nobody answered; its row."""
        return self.ends(self.rings(number), number=number, **how)

    def leaves(self, call, sound=None, seconds=2.0):
        return actions.message_left(
            organisation=self.organisation,
            call_id=call,
            sound=wav(seconds) if sound is None else sound,
            seconds=seconds,
            at=clock.now(),
        )

    def listed(self):
        return list(Callback.objects.filter(ended_at=None).order_by("due_at", "id"))

    def call(self, call):
        return Call.objects.get(pk=call)
