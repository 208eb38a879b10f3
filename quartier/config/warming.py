"""The matching engine made ready behind the pages, so that nobody waits for it.

Compiling takes half a minute on a machine where it was never done. A child of `quartier run` does that at the lowest
priority (`quartier compile --engine`) and leaves a mark; only then do the processes that draw pages load what is
compiled, which takes them a moment.
"""

import threading
import time
from pathlib import Path

from django.conf import settings

# A process that has just started has pages to draw first.
FIRST_S, AGAIN_S = 20.0, 2.0


def mark() -> Path:
    """The file that says: compiled. It is taken away at each start, since a new version compiles anew."""
    home: Path = settings.INSTALLATION.home
    return home / "engine.ready"


def load_when_compiled() -> None:
    """In a thread of its own, wait for the mark, then load the engine."""

    def wait() -> None:
        time.sleep(FIRST_S)
        while not mark().exists():
            time.sleep(AGAIN_S)
        from quartier.engine.compiled import warm

        warm()

    threading.Thread(target=wait, name="engine", daemon=True).start()
