"""A Python of an installation that stays: what tests ask it again and again would else begin a new process each time,
more work than all that the installation itself does meanwhile. `python -m tests.shell` is its other side."""

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
import traceback
from typing import Any

from quartier.cli.suite import ROOT


class Failed(RuntimeError):
    """What was to be done failed; says how."""


class Shell:
    """`environ`: of the installation. Its process begins with the first words and ends with `close`."""

    def __init__(self, environ: dict[str, str]) -> None:
        self._environ = environ
        self._process: subprocess.Popen[str] | None = None
        self._one_at_a_time = threading.Lock()

    def run(self, words: str) -> str:
        """Do these lines of Python and give what they print, as `quartier manage shell -c` would. Raises `Failed`."""
        with self._one_at_a_time:
            process = self._process = self._process or self._begun()
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps(words) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        if not answer:
            raise Failed(f"the shell has ended with {process.wait()}")
        said, wrong = json.loads(answer)
        if wrong:
            raise Failed(wrong)
        return str(said)

    def _begun(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tests.shell"],
            cwd=ROOT, env=self._environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def close(self) -> None:
        if self._process is not None:
            # Nothing more to do: it ends by itself.
            self._process.communicate(timeout=30)


def _serve() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartier.config.settings")
    import django

    django.setup()
    from django.db import connections

    for line in sys.stdin:
        said, wrong = io.StringIO(), ""
        names: dict[str, Any] = {"__name__": "__main__"}
        try:
            with contextlib.redirect_stdout(said):
                exec(json.loads(line), names)
        except Exception:
            wrong = traceback.format_exc()
        # It holds nothing while it waits, and sees what was written since.
        connections.close_all()
        print(json.dumps([said.getvalue(), wrong]), flush=True)


if __name__ == "__main__":
    _serve()
