"""From preparing to looking after: `quartier run` makes everything ready with Django, and then needs next to nothing of
that, for months. So this process executes itself anew, and hands on what it goes on with: what is to be run, the
listening socket, and the lock of the home folder. It keeps its number, for systemd and for whoever looks for it.
"""

import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from quartier.cli.run import answers
from quartier.cli.run.parent import Child
from quartier.config import logs

# Names the end of a pipe in which the plan waits.
PLAN_VARIABLE = "QUARTIER_RUN_PLAN"
_ASKED: dict[str, Callable[[int], bool]] = {
    "media": answers.media_answers,
    "core": answers.core_answers,
}


@dataclass
class RunPlan:
    """What is to be served. `address`: where this machine reaches the pages; `locks`: open files that hold the home
    folder; `logs`: how the log is written; `level`: what is written there."""

    home: str
    address: str
    logs: str
    level: int
    sock: int
    locks: list[int]
    children: list[Child] = field(default_factory=list)

    def add(self, child: Child) -> None:
        self.children.append(child)

    def listening(self) -> socket.socket:
        return socket.socket(fileno=self.sock)


def is_taken_over() -> bool:
    """Whether this process has prepared everything already, and nothing is to be looked at once more."""
    return PLAN_VARIABLE in os.environ


def hand_on(plan: RunPlan) -> None:
    """Execute this command anew; it finds the plan by `take`. Does not return."""
    reading, writing = os.pipe()
    os.write(writing, _written(plan))
    os.close(writing)
    for handle in (reading, plan.sock, *plan.locks):
        os.set_inheritable(handle, True)
    sys.stdout.flush()
    sys.stderr.flush()
    os.environ[PLAN_VARIABLE] = str(reading)
    # Asked to begin anew before it listens to that, it would be ended.
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606


def take() -> RunPlan:
    """The plan of the process that we have been. Children inherit nothing of it but what they are given."""
    with os.fdopen(int(os.environ.pop(PLAN_VARIABLE)), "rb") as pipe:
        found = json.load(pipe)
    plan = RunPlan(**{**found, "children": [_child(each) for each in found["children"]]})
    for handle in (plan.sock, *plan.locks):
        os.set_inheritable(handle, False)
    return plan


def log_as(plan: RunPlan) -> None:
    """As the settings have it for all others."""
    handler = logging.StreamHandler()
    handler.setFormatter(logs.formatter(plan.logs)())
    logging.basicConfig(handlers=[handler], level=plan.level)


def _written(plan: RunPlan) -> bytes:
    """Short: a pipe takes 64 KB before somebody reads."""
    words: dict[str, Any] = asdict(plan) | {"children": [_words(each) for each in plan.children]}
    return json.dumps(words).encode()


def _words(child: Child) -> dict[str, Any]:
    """What is said of a child that has not begun."""
    asked = child.answers
    return {
        "name": child.name,
        "words": child.words,
        "web": child.web,
        "once": child.once,
        "program": child.program,
        "record": str(child.record) if child.record else None,
        "answers": None if asked is None else _asked(asked),
        "hangs_after_s": child.hangs_after_s,
        "environment": child.environment,
    }


def _asked(answers_now: Callable[[], bool]) -> list[str | int]:
    assert isinstance(answers_now, partial)
    (name,) = [name for name, function in _ASKED.items() if function is answers_now.func]
    return [name, *answers_now.args]


def _child(words: dict[str, Any]) -> Child:
    record, asked = words.pop("record"), words.pop("answers")
    return Child(
        **words,
        record=Path(record) if record else None,
        answers=partial(_ASKED[asked[0]], asked[1]) if asked else None,
    )
