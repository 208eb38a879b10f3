"""One phone on a call."""

import time
from dataclasses import dataclass, field

from quartier.telephony.providers.sip.sound import Sound

CALLER = ""


@dataclass
class Leg:
    """`sip`: its name in signalling and in rtpengine; `since`: when it was answered, on the clock that only goes on."""

    call: str
    name: str
    sip: str
    sound: Sound
    operator: str = ""
    up: bool = False
    contacts: set[str] = field(default_factory=set)
    since: float = field(default_factory=time.monotonic)
