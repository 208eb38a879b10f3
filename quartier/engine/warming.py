"""The matching engine made ready before anybody waits for it, and loaded where it is used.

Compiling takes half a minute on a machine where this version was never compiled. A child of `quartier run` does that at
the lowest priority (`quartier compile --engine`) and leaves a mark. Loading what is compiled takes two seconds and 70
MB, so a process that draws pages does it when somebody comes near a page that plans.
"""

import hashlib
import os
import platform
import threading
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

ENGINE = Path(__file__).parent


@cache
def _mark() -> Path:
    """Beside what was compiled, so that every installation of this machine finds it. Its name differs with everything
    that compiles anew: the engine's sources, its compiler, Python and the machine."""
    digest = hashlib.sha256()
    for part in (version("numba"), platform.python_version(), platform.machine(), platform.node()):
        digest.update(f"{part}\n".encode())
    for source in sorted(ENGINE.glob("*.py")):
        digest.update(source.read_bytes())
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or ENGINE / "__pycache__")
    return folder / f"engine-{digest.hexdigest()[:16]}.ready"


def is_compiled() -> bool:
    """Whether this version was compiled on this machine."""
    return _mark().exists()


def set_mark() -> None:
    """It is compiled now. Where the folder cannot be written, that is found out anew at each start."""
    with suppress(OSError):
        _mark().touch()


_loading = threading.Lock()


def load_soon() -> None:
    """In a thread of its own, once in a process, load the engine if it is compiled."""
    if not is_compiled() or not _loading.acquire(blocking=False):
        return

    def load() -> None:
        from quartier.engine.compiled import warm

        warm()

    threading.Thread(target=load, name="engine", daemon=True).start()
