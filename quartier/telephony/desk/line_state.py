"""What the exchange knows of one line while it runs."""

import asyncio
from pathlib import Path
from uuid import UUID

from quartier.callcore import Switchboard
from quartier.telephony.desk.desk import LineNow
from quartier.telephony.desk.durations import PromptDurations
from quartier.telephony.desk.said import Said

# What a talk lasts when nothing is known yet, for the expected wait.
USUAL_TALK_S = 240.0


class LineState:
    """One organisation's line while it runs. `numbers`: whom to dial for a call, by what the machine calls them; of
    operators on an own phone under their account; `places`: from where a caller calls, where that is known; `texts`:
    the file of a message that a call reads. Held in memory alone."""

    def __init__(self, now: LineNow) -> None:
        self.now = now
        self.board = Switchboard(now.line, is_open=now.is_open)
        self.numbers: dict[str, str] = {}
        self.places: dict[str, str] = {}
        self.texts: dict[str, Path] = {}
        self.durations = PromptDurations()
        self.talk_s = USUAL_TALK_S
        self.wishes: dict[str, UUID] = {}
        self.said = Said()
        # Who wants to be on with the browser, whether it is there or not.
        self.awaited: set[str] = set()
        self.warm: asyncio.Future[None] | None = None
