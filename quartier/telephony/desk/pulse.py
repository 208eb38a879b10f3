"""The pulse of call control: a file that it renews while it works, by which the pages know that it is there when it
cannot say so itself. No row of the database: an idle line writes nothing there.

The file holds seconds of the clock that only goes on, which all processes of a machine share.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

FILE_NAME = "callcore.pulse"
INTERVAL_S = 10.0
# Call control that is started again is back before this.
AWAY_S = 60.0


def beat(folder: Path) -> None:
    """It is there now, or is about to be."""
    draft = folder / f".{FILE_NAME}"
    draft.write_text(str(time.monotonic()))
    draft.replace(folder / FILE_NAME)


async def keep_beating(folder: Path, works: Callable[[], bool]) -> None:
    """Until cancelled. In the loop that runs the line: when that stands still, so does the pulse; and where `works`
    says that another part of it does."""
    while True:
        with suppress(OSError):
            if works():
                beat(folder)
        await asyncio.sleep(INTERVAL_S)


def end(folder: Path) -> None:
    """It is not wanted any more."""
    (folder / FILE_NAME).unlink(missing_ok=True)


def is_away(folder: Path) -> bool:
    """Whether call control should be there, and has not been for a minute. False where there never was one."""
    now = time.monotonic()
    try:
        last = float((folder / FILE_NAME).read_text())
    except (OSError, ValueError):
        return False
    # A later one is of before the machine was started.
    return (now - last if last <= now else now) >= AWAY_S
