"""Machine voices: espeak-ng (a Debian package, no data to fetch), or Piper where a group has put a voice of it.

Piper: the program `piper` on the path, and in `<home>/line/voices/` a file that begins with the language, such as
`fr_FR-siwis-medium.onnx`, with its `.onnx.json` beside it.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

PATIENCE_S = 60
# Words a minute; people say 150 to 180. Slower than this a machine is no clearer; its Dutch drags at the same figure.
SPEED_WPM = {"fr": 140, "nl": 150, "de": 140, "en": 140}
# As many times as long as the voice would take by itself.
PIPER_SLOWER = "1.2"
ESPEAK = {"fr": "fr-be", "nl": "nl", "de": "de", "en": "en-gb"}


class NoVoice(RuntimeError):
    """Nothing here can speak; the message says what to install."""


class Voice(Protocol):
    """Says one text. `identity` is another one when the same text would sound otherwise."""

    @property
    def identity(self) -> str: ...

    def speak(self, text: str, path: Path) -> None:
        """Write a WAV file of any rate. Raises `NoVoice`."""
        ...


def _run(words: list[str], text: str) -> None:
    """The text goes in by the standard input: what a group calls itself is never an option of a program."""
    try:
        done = subprocess.run(
            words,
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoVoice(f"{words[0]} does not speak: {error}") from None
    if done.returncode:
        raise NoVoice(f"{words[0]} does not speak: {done.stderr.decode(errors='replace')[-300:]}")


@dataclass(frozen=True)
class Espeak:
    language: str

    @property
    def identity(self) -> str:
        return f"espeak-ng {ESPEAK[self.language]} {SPEED_WPM[self.language]}"

    def speak(self, text: str, path: Path) -> None:
        # Two square brackets would begin phonemes.
        plain = text.replace("[", " ").replace("]", " ")
        _run(
            [
                *("espeak-ng", "-b", "1", "-v", ESPEAK[self.language], "-s", str(SPEED_WPM[self.language])),
                *("-w", str(path), "--stdin"),
            ],
            plain,
        )


@dataclass(frozen=True)
class Piper:
    model: Path

    @property
    def identity(self) -> str:
        return f"piper {self.model.name} {self.model.stat().st_mtime_ns} {PIPER_SLOWER}"

    def speak(self, text: str, path: Path) -> None:
        _run(
            [
                *("piper", "--model", str(self.model), "--output_file", str(path)),
                *("--length_scale", PIPER_SLOWER),
            ],
            text,
        )


def voice(language: str, folder: Path) -> Voice:
    """Who speaks this language; `folder`: of the line, which may hold `voices`. Raises `NoVoice`."""
    models = sorted((folder / "voices").glob(f"{language}*.onnx"))
    if models and shutil.which("piper"):
        return Piper(models[0])
    if shutil.which("espeak-ng") is None:
        raise NoVoice("espeak-ng is not installed; on Debian: apt install espeak-ng")
    return Espeak(language)
