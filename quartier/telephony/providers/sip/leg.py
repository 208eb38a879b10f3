"""One phone on a call."""

import time
from dataclasses import dataclass, field

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
