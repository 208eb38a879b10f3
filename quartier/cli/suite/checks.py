"""The fast checks. The type checker takes as long as all others together, so they run beside it."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from quartier.cli.suite import ROOT

BIN = Path(sys.executable).parent
CATALOGUES = (
    "import django; django.setup(); from quartier.lib import catalogues; found = catalogues.problems(); "
    "print('\\n'.join(found)); raise SystemExit(bool(found))"
)
CHECKS: tuple[tuple[str, tuple[str | Path, ...]], ...] = (
    ("types", (sys.executable, "-m", "mypy")),
    ("style", (BIN / "ruff", "check")),
    ("format", (BIN / "ruff", "format", "--check")),
    ("layers", (BIN / "lint-imports", "--no-cache")),
    ("catalogues", (sys.executable, "-c", CATALOGUES)),
)


def run() -> list[bool]:
    """Run every check, and say how it went; what it found is printed when it failed."""
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(_check, *zip(*CHECKS, strict=True)))


def _check(name: str, words: tuple[str | Path, ...]) -> bool:
    from quartier.cli.suite.runs import environment

    began = time.monotonic()
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=environment(DJANGO_SETTINGS_MODULE="quartier.config.settings"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    well = done.returncode == 0
    took = f"{time.monotonic() - began:.0f} s"
    said = f"{name}: {'good' if well else 'FAILED'} ({took})"
    print(said if well else f"{said}\n{done.stdout.strip()}", flush=True)
    return well
