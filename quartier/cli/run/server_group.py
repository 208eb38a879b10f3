"""The processes of one server as a group: a main process that is killed leaves children that keep its ports, and a
parent that is killed leaves all of them. Both are ended before the server starts again.

A record in the home folder says which group a server was started as. Only a process that was started then, with those
words, and whose parent is gone, is taken for an orphan: numbers of processes are given again.
"""

import json
import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

# Asked to end, a server's processes have this long before they are killed.
GROUP_GRACE_S = 3.0
_POLL_INTERVAL_S = 0.05
_PROCESSES = Path("/proc")


@dataclass(frozen=True)
class RunningProcess:
    """One process as the kernel has it. `started`: in ticks since the machine started."""

    pid: int
    group: int
    started: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class ServerRecord:
    """Which group a server was started as, and by whom. `boot`: of which start of the machine the ticks count."""

    group: int
    started: int
    words: list[str]
    parent: int
    parent_started: int
    boot: str


def end_group(group: int) -> None:
    """End every process of this group: asked first, then killed. Returns when none is left."""
    _end(lambda: [each.pid for each in _processes() if each.group == group])


def write_record(file: Path, group: int) -> None:
    """Say which group was started just now; without `/proc` there is nothing to say."""
    main, parent = _process(group), _process(os.getpid())
    if main is None or parent is None:
        return
    # What is executed may change once more (`setpriv` becomes the program): the last words are the program's own.
    record = ServerRecord(group, main.started, list(main.words), parent.pid, parent.started, _boot())
    draft = file.with_name(f".{file.name}")
    draft.write_text(json.dumps(asdict(record)))
    draft.replace(file)


def end_orphans(file: Path) -> int:
    """End what is left of the server that this record tells of, when its parent is gone; gives how many there were."""
    record = _read(file)
    if record is None or record.boot != _boot():
        return 0
    parent = _process(record.parent)
    if parent is not None and parent.started == record.parent_started and record.parent != os.getpid():
        return 0
    found = _orphans(record)
    if found:
        _end(lambda: [each.pid for each in _orphans(record)])
    file.unlink(missing_ok=True)
    return len(found)


def _orphans(record: ServerRecord) -> list[RunningProcess]:
    return [
        each
        for each in _processes()
        if each.group == record.group
        and each.started >= record.started
        and each.words
        and each.words == tuple(record.words[-len(each.words) :])
    ]


def _end(alive: Callable[[], list[int]]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        _send(alive(), number)
        end = time.monotonic() + GROUP_GRACE_S
        while alive() and time.monotonic() < end:
            time.sleep(_POLL_INTERVAL_S)
            if number == signal.SIGKILL:
                _send(alive(), number)


def _send(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _read(file: Path) -> ServerRecord | None:
    try:
        return ServerRecord(**json.loads(file.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _processes() -> list[RunningProcess]:
    """All that run; those that are dead and not yet collected are none."""
    if not _PROCESSES.is_dir():
        return []
    names = (each.name for each in _PROCESSES.iterdir() if each.name.isdecimal())
    return [found for name in names if (found := _process(int(name))) is not None]


def _process(pid: int) -> RunningProcess | None:
    try:
        # The name stands in brackets, and may hold anything.
        fields = (_PROCESSES / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        words = (_PROCESSES / str(pid) / "cmdline").read_bytes().decode(errors="replace").rstrip("\0")
    except OSError:
        return None
    if fields[0] in {"Z", "X"}:
        return None
    return RunningProcess(pid, int(fields[2]), int(fields[19]), tuple(words.split("\0")) if words else ())


def _boot() -> str:
    try:
        return (_PROCESSES / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
