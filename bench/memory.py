"""How much memory this process needs."""

import resource
import sys
from contextlib import suppress
from pathlib import Path


def forget_peak() -> None:
    """Let the peak begin anew from what is in use now, where the system can (Linux)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> int:
    """The most memory that this process has used since `forget_peak`, in MB; elsewhere than on Linux, ever."""
    with suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) // 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (1024 if sys.platform != "darwin" else 1024 * 1024))


def processes() -> list[int]:
    """All processes of this machine."""
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()]


def parent_of(pid: int) -> int:
    """Who has started it; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    except OSError:
        return 0


def proportional_mb(pid: int) -> float:
    """MB of a process; what several share is divided among them (PSS)."""
    with suppress(OSError):
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return round(sum(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024, 1)
    return 0.0


def wakes(pid: int) -> int:
    """How often the threads of a process that are there now have waited for something."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").glob("*/status"):
        with suppress(OSError):
            rows = thread.read_text().splitlines()
            total += sum(int(row.split()[1]) for row in rows if row.startswith("voluntary_ctxt_switches"))
    return total
