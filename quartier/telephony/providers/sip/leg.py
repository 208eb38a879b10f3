"""One phone on a call."""

import time
from dataclasses import dataclass, field

from quartier.lib import clock
from quartier.telephony.providers.sip.pressed_keys import PressedKeys
from quartier.telephony.providers.sip.sound import Sound

CALLER = ""


@dataclass
class Leg:
    """`sip`: its name in signalling and in rtpengine; `since`: when it was answered, on the clock that only goes on;
    `rests`: its phone has put us on hold, and may be silent."""

    call: str
    name: str
    sip: str
    sound: Sound
    operator: str = ""
    up: bool = False
    rests: bool = False
    keys: PressedKeys = field(default_factory=PressedKeys)
    contacts: set[str] = field(default_factory=set)
    since: float = field(default_factory=time.monotonic)
    _last_packet_at: int = -1
    _heard_at: float = 0.0

    def silent_s(self, last_packet_at: int, now: float) -> float:
        """For how long nothing has come. The media server says when the last packet came by the time of day, which may
        be set meanwhile: only at the first look is it believed, and no longer than the leg has been up."""
        if last_packet_at != self._last_packet_at:
            silent = 0.0
            if self._last_packet_at == -1:
                silent = min(max(0.0, clock.now().timestamp() - last_packet_at), now - self.since)
            self._last_packet_at, self._heard_at = last_packet_at, now - silent
        return now - self._heard_at
