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
