"""An installation starts with what it has: nothing that only engineers install, nor what an extra brings, is needed."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NOT_THERE = (
    *("aiohttp", "sippy", "twilio", "apprise", "anymail", "requests"),
    *("pytest", "hypothesis", "playwright", "polib", "ortools", "scipy", "aiosmtpd"),
)
START = f"""
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {NOT_THERE!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
sys.argv = ["quartier", *sys.argv[1:]]
from quartier.__main__ import main
sys.exit(main())
"""


def started(tmp_path, *words):
    return subprocess.run(
        [sys.executable, "-c", START, *words],
        cwd=ROOT,
        env={"QUARTIER_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_command_is_there(tmp_path):
    done = started(tmp_path, "--help")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "bench" in done.stdout


def test_every_address_can_be_resolved(tmp_path):
    """The pages are imported with their addresses."""
    done = started(tmp_path, "manage", "check")
    assert done.returncode == 0, done.stderr[-2000:]
