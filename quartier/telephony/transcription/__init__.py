"""What was said, written down by a machine: a program on this machine, where the installation names one. Nothing of
it leaves the machine, no word of it is logged, and what it writes is sealed like the sound (docs/howto/line.md)."""

import os
from collections.abc import Mapping
from typing import Any, Protocol

from quartier.telephony.transcription.command import Command, NotWritten

__all__ = ["Command", "NotWritten", "Transcriber", "named_in"]


class Transcriber(Protocol):
    """Writes down what is said."""

    def write_down(self, sound: bytes, language: str, seconds: float) -> str:
        """The words of a WAV file (8 kHz, mono, 16 bit), "" for none. `language`: two letters. Takes minutes. Raises
        `NotWritten`."""
        ...


def named_in(line: Mapping[str, Any]) -> Transcriber | None:
    """The one that the table `[line]` names as `transcribe`, or `QUARTIER_LINE_TRANSCRIBE`; `None` without.

    Raises `ValueError` for a command that cannot be one.
    """
    words = os.environ.get("QUARTIER_LINE_TRANSCRIBE", str(line.get("transcribe") or ""))
    return Command.of(words) if words.strip() else None
