"""What an installation costs while nothing happens: the processor and the memory of each of its processes."""

import argparse
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import memory
from bench.line_parts import worked

DATABASES = ("sqlite", "postgresql")
LINE = ("kamailio", "rtpengine", "espeak-ng")
# Who has the background work and the line: what they cost together, and what the parent and all may weigh.
RESTING_ROLES = ("worker", "callcore")
GOAL_PERCENT, GOAL_PARENT_MB, GOAL_ALL_MB = 1.0, 30.0, 300.0
# What a start brings is over once all processes together have worked less than this for so long.
QUIET_S, QUIET_CPU_S, STARTS_S = 10.0, 0.5, 300.0


@dataclass(frozen=True)
class ProcessSample:
    """One process at one moment. `wakes`: how often its threads have gone to sleep by themselves."""

    role: str
    worked_s: float
    wakes: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to look (default: 60)")
    parser.add_argument("--settle", type=float, default=30.0, help="how long to wait before (default: 30)")
    parser.add_argument("--processes", type=int, help="processes that draw pages (default: as it is run)")
    parser.add_argument("--without-line", action="store_true", help="no Kamailio, rtpengine, call control")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """`idle_process`: one line for each process of a new `quartier run`, by its role: seconds of processor while it was
    looked at, percent of a core, how often a second it wakes, and MB by its share (PSS). `idle`: worker and call
    control together, the parent, and all; `errors` are processes that were not there all the time."""
    with_line = not args.without_line and all(shutil.which(program) for program in LINE)
    with _served(args, with_line=with_line) as parent:
        _settle(parent, args.settle)
        before, began = _seen(parent), time.monotonic()
        time.sleep(args.seconds)
        after, took = _seen(parent), time.monotonic() - began
        lines = [_line(pid, before[pid], after[pid], took) for pid in before if pid in after]
    yield from lines
    errors = len(before.keys() ^ after.keys())
    yield _sum(lines, errors) | {"database": args.database, "seconds": round(took, 1), "with_line": with_line}


@contextmanager
def _served(args: argparse.Namespace, *, with_line: bool) -> Iterator[int]:
    """A new installation without invented people; gives the process of `quartier run`."""
    from tests import site as sites
    from tests.line.site import line_running
    from tests.site import running

    # What is measured is not how soon it is there, and others may be at work on this machine meanwhile.
    sites.PATIENCE = STARTS_S
    words = ("--processes", str(args.processes)) if args.processes else ()
    database = args.server.url if args.server else ""
    with ExitStack() as stack:
        if with_line:
            site = stack.enter_context(line_running(database=database, demo=False, words=words)).site
        else:
            site = stack.enter_context(running(database=database, demo=False, words=words))
        site.close()
        yield int((site.home / "run.lock").read_text())


def _settle(parent: int, least_s: float) -> None:
    """Until what a start brings (engine, prompts) is over. Raises `TimeoutError`."""
    began = time.monotonic()
    while time.monotonic() < began + STARTS_S:
        before = sum(each.worked_s for each in _seen(parent).values())
        time.sleep(QUIET_S)
        cost = sum(each.worked_s for each in _seen(parent).values()) - before
        if cost < QUIET_CPU_S and time.monotonic() >= began + least_s:
            return
    raise TimeoutError("the installation does not come to rest")


def _seen(parent: int) -> dict[int, ProcessSample]:
    """The parent and all that it has started, by their numbers."""
    parents = {pid: above for pid in memory.processes() if (above := memory.parent_of(pid))}
    found, left = {}, [parent]
    while left:
        pid = left.pop()
        left += [each for each, above in parents.items() if above == pid]
        if role := _role(pid, is_parent=pid == parent):
            found[pid] = ProcessSample(role, worked(pid), memory.wakes(pid))
    return found


def _role(pid: int, *, is_parent: bool) -> str:
    """What a process is there for: the word of its command, or the name of its program. "" when it is gone."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return ""
    if is_parent:
        return "parent"
    if "quartier" in words:
        return words[words.index("quartier") + 1]
    return Path(words[0]).name.split(":")[0]


def _line(pid: int, before: ProcessSample, after: ProcessSample, took_s: float) -> dict[str, Any]:
    cpu_s = after.worked_s - before.worked_s
    return {
        "name": "idle_process",
        "role": after.role,
        "cpu_s": round(cpu_s, 2),
        "percent": round(100 * cpu_s / took_s, 2),
        "wakes_per_s": round((after.wakes - before.wakes) / took_s, 1),
        "pss_mb": memory.proportional_mb(pid),
    }


def _sum(lines: list[dict[str, Any]], errors: int) -> dict[str, Any]:
    """Held against the goals. Memory is read while all of them are there, or shares would grow."""
    watched = round(sum(each["percent"] for each in lines if each["role"] in RESTING_ROLES), 2)
    parent_mb = sum(each["pss_mb"] for each in lines if each["role"] == "parent")
    all_mb = round(sum(each["pss_mb"] for each in lines), 1)
    return {
        "name": "idle",
        "worker_and_callcore_percent": watched,
        "all_percent": round(sum(each["percent"] for each in lines), 2),
        "parent_mb": parent_mb,
        "all_mb": all_mb,
        "errors": errors,
        "ok": not errors
        and watched <= GOAL_PERCENT
        and parent_mb <= GOAL_PARENT_MB
        and all_mb <= GOAL_ALL_MB,
    }
