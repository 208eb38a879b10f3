"""Call control's signalling alone, as a program: it dials one number by the edge, and hangs up when it is answered.

`python -m tests.line.dialling_core HOME TABLE NUMBER`: the folder of the line, its table as JSON, and whom to dial. It
prints what happens."""

import json
import sys
import threading
from pathlib import Path
from typing import Any

from quartier.telephony.providers.sip.outside import CarrierIdentity
from quartier.telephony.providers.sip.own_calls import make_call_id
from quartier.telephony.providers.sip.setup import Setup, secret
from quartier.telephony.providers.sip.signalling import Invitation, Signalling, Taken

LINE = "+3280000020"
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"
# What is under way when everything is said may still go out.
LAST_WORDS_S, TIMEOUT_S = 1.0, 15.0


def dial(home: Path, table: dict[str, Any], number: str) -> None:
    """Until it was answered and hung up, or the time is over."""
    setup = Setup.of(home, table, "https://line.example.org")

    def heard(event: Any) -> None:
        # What sippy prints is caught.
        print(type(event).__name__, file=sys.__stdout__, flush=True)
        if isinstance(event, Taken):
            line.hang_up("leg")
            threading.Timer(LAST_WORDS_S, line.stop).start()

    line = Signalling(
        at=("127.0.0.1", setup.callcore_port),
        proxy=("127.0.0.1", setup.sip_port),
        outside=CarrierIdentity.of(setup),
        heard=heard,
        new_call_id=lambda: make_call_id(secret(setup.home)),
    )
    line.ring("leg", Invitation(number, LINE, SDP))
    end = threading.Timer(TIMEOUT_S, line.stop)
    end.daemon = True
    end.start()
    line.loop()


if __name__ == "__main__":
    dial(Path(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3])
