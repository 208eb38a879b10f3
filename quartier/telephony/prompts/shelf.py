"""Files that are made once: by one caller, while others who want the same wait for it; and never seen half made."""

import hashlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from quartier.telephony.prompts import wav

_guard = threading.Lock()
_busy: dict[Path, threading.Lock] = {}

# A prompt with music has 1 MB, and there is one for each place and each wait that was ever told.
KEPT = 150
# Longer than any prompt is played.
IN_USE_S = 3600.0


def name_for(*parts: str) -> str:
    """A file name that is another one when anything is different."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def made(path: Path, make: Callable[[], bytes]) -> float:
    """The seconds of the WAV file at `path`, which is made if it is missing or was cut off. What `make` raises comes
    through, and the next one tries again."""
    try:
        return wav.seconds(path)
    except (OSError, wav.NoSound):
        pass
    with _guard:
        lock = _busy.setdefault(path, threading.Lock())
    with lock:
        try:
            # Somebody else made it meanwhile.
            return wav.seconds(path)
        except (OSError, wav.NoSound):
            write(path, make())
        finally:
            with _guard:
                _busy.pop(path, None)
    return wav.seconds(path)


def write(path: Path, data: bytes) -> None:
    """A file appears whole or not at all, also for another process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        beside.write_bytes(data)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def clear(folder: Path) -> None:
    """Keep the files used last; what may be playing now stays in any case."""
    by_use = sorted(folder.glob("*.wav"), key=lambda path: -path.stat().st_atime)
    before = time.time() - IN_USE_S  # real time: files have no other
    for path in by_use[KEPT:]:
        if path.stat().st_atime < before:
            path.unlink(missing_ok=True)
