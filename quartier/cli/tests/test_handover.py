"""What `quartier run` hands on to itself, and how little of it stays."""

import logging
import os
import signal
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from quartier.cli.run import answers, handover, starting
from quartier.cli.run.parent import Child
from quartier.cli.tests.test_run import served  # noqa: F401


def test_everything_arrives(monkeypatch, tmp_path):
    hold = starting.Hold()
    hold.run(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as sock:
        children = [
            Child("web 1", ["web"], web=True),
            Child("engine", ["compile", "--engine"], once=True),
            Child(
                "rtpengine",
                ["-f"],
                program="/bin/x",
                record=tmp_path / "r",
                answers=partial(answers.media_answers, 7),
            ),
            Child("callcore", ["callcore"], answers=partial(answers.core_answers, 9), hangs_after_s=20.0),
        ]
        plan = handover.RunPlan(
            str(tmp_path),
            "http://127.0.0.1:8000/",
            "json",
            logging.INFO,
            sock.fileno(),
            hold.handles,
            children,
        )
        executed = []
        monkeypatch.setattr(handover.os, "execv", lambda *words: executed.append(words))
        monkeypatch.setattr(handover.signal, "signal", lambda *_: None)
        handover.hand_on(plan)
        assert len(executed) == 1
        assert handover.is_taken_over()
        assert os.get_inheritable(sock.fileno())
        found = handover.take()
        assert not handover.is_taken_over()
        assert (found.home, found.address, found.logs, found.level) == (
            str(tmp_path), "http://127.0.0.1:8000/", "json", logging.INFO,
        )  # fmt: skip
        for old, new in zip(children, found.children, strict=True):
            assert (new.name, new.words, new.web, new.once) == (old.name, old.words, old.web, old.once)
            assert (new.program, new.record, new.hangs_after_s) == (
                old.program,
                old.record,
                old.hangs_after_s,
            )
            assert (new.answers and (new.answers.func, new.answers.args)) == (
                old.answers and (old.answers.func, old.answers.args)
            )
        # No child of ours keeps the home folder or the pages from whoever comes after us.
        assert not any(map(os.get_inheritable, (found.sock, *found.locks)))
    hold.release()


@pytest.mark.servers
@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="as Linux counts")
def test_the_parent_holds_no_django(served, installed, quartier, port):  # noqa: F811
    mapped = Path(f"/proc/{served.pid}/smaps_rollup").read_text().splitlines()
    (kilobytes,) = [int(line.split()[1]) for line in mapped if line.startswith("Pss:")]
    assert kilobytes < 30_000
    # It goes on holding the home folder, and lets go of it at its end.
    assert "runs already" in quartier("run", "--port", str(port)).stderr
    served.send_signal(signal.SIGTERM)
    assert served.wait(30) == 0
    hold = starting.Hold()
    hold.run(installed)
    hold.release()


def test_what_the_parent_needs_needs_no_django():
    words = "import sys; import quartier.cli.run; sys.exit(any(m.startswith('django') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0
