"""A program that reads a sound file and prints what is said in it, such as whisper.cpp."""

import os
import re
import selectors
import shlex
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from quartier.lib.text import clean
from quartier.telephony.transcription import sound16

FILE, LANGUAGE = "{file}", "{language}"
# What is read of what it prints, in bytes, and what is kept, in characters: more than anybody says in an hour.
MOST_BYTES, LONGEST = 1_000_000, 60_000
# It has so much time for each second of sound, and so much for itself. A slow machine needs twice or thrice.
TIMES, AT_LEAST_S = 10.0, 120.0
# In memory where there is such a folder: the sound is never on a disk unsealed.
MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made in it is ours alone
_STAMP = re.compile(r"^[ \t]*\[\d\d:\d\d[^\]\n]*\]\s*", re.MULTILINE)
_UNKNOWN = "\ufffd"


class NotWritten(Exception):
    """It did not work. Says why in words of ours: nothing of what was said, no name of a file."""


@dataclass(frozen=True)
class Command:
    """`words` as a shell would part them; no shell is asked. `times`, `at_least_s`: its time limit."""

    words: tuple[str, ...]
    times: float = TIMES
    at_least_s: float = AT_LEAST_S

    @classmethod
    def of(cls, text: str) -> "Command":
        """From one line. Raises `ValueError` when it has no `{file}`, or quotes that do not end."""
        words = tuple(shlex.split(text))
        if not any(FILE in word for word in words[1:]):
            raise ValueError("transcribe: a program, and {file} where it is told the sound file")
        return cls(words)

    def write_down(self, sound: bytes, language: str, seconds: float) -> str:
        """What it prints, without the times that some programs print at the beginning of a line."""
        limit = max(self.at_least_s, seconds * self.times)
        home = MEMORY if os.access(MEMORY, os.W_OK) else None
        with tempfile.TemporaryDirectory(prefix="quartier-", dir=home) as folder:
            file = Path(folder) / "said.wav"
            file.touch(mode=0o600)
            file.write_bytes(sound16.from_8(sound))
            told = [word.replace(FILE, str(file)).replace(LANGUAGE, language) for word in self.words]
            printed = _printed(told, folder, limit)
        words = printed.decode(errors="replace")
        if words.count(_UNKNOWN) * 20 > len(words) or "\x00" in words:
            raise NotWritten("what it printed is no text")
        return clean(_STAMP.sub("", words), LONGEST)


def _printed(words: list[str], folder: str, limit_s: float) -> bytes:
    """What the program prints, at most so long. It is told nothing of our environment, has the last place on the
    machine, and is ended by `timeout` even if nobody is there any more to end it."""
    guarded = ["nice", "-n", "19", "timeout", "--kill-after=2", f"{limit_s:.3f}", *words]
    environ = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    with subprocess.Popen(
        guarded,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**environ, "HOME": folder, "TMPDIR": folder},
    ) as running:
        try:
            printed = _read(running, time.monotonic() + limit_s + 5)
            code = running.wait(timeout=5)
        except (NotWritten, subprocess.TimeoutExpired) as error:
            running.terminate()
            with suppress(subprocess.TimeoutExpired):
                running.wait(timeout=3)
            running.kill()
            raise NotWritten(str(error) if isinstance(error, NotWritten) else "it did not end") from None
    if code in {124, 137, -9}:
        raise NotWritten("it took too long")
    if code in {126, 127}:
        raise NotWritten("there is no such program")
    if code:
        raise NotWritten(f"it ended with {code}")
    return printed


def _read(running: "subprocess.Popen[bytes]", until: float) -> bytes:
    assert running.stdout is not None
    found = bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(running.stdout, selectors.EVENT_READ)
        while (left := until - time.monotonic()) > 0:
            if not ready.select(left):
                continue
            part = os.read(running.stdout.fileno(), 65_536)
            if not part:
                return bytes(found)
            found += part
            if len(found) > MOST_BYTES:
                raise NotWritten("it printed without end")
    raise NotWritten("it took too long")
