"""How the robots speak: espeak-ng with other voices than the line's own, so that one hears who is who."""

import hashlib
import os
import secrets
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from quartier.telephony.prompts import NoVoice, wav
from quartier.telephony.prompts.voices import ESPEAK
from quartier.telephony.providers.sip import alaw

PATIENCE_S = 60


@dataclass(frozen=True)
class Voice:
    """`variant`: of espeak-ng, such as f4 or m3; `speed`: words a minute; `pitch`: 0 to 99."""

    language: str
    variant: str
    speed: int
    pitch: int


def spoken(words: str, voice: Voice, folder: Path) -> bytes:
    """A-law, as it goes over the line; kept in `folder`. Takes 30 ms a sentence the first time; raises `NoVoice`."""
    name = hashlib.sha256(f"{voice} {words}".encode()).hexdigest()[:24]
    kept = folder / f"{name}.alaw"
    if kept.exists():
        return kept.read_bytes()
    with tempfile.TemporaryDirectory(prefix="quartier-robot-") as made:
        file = Path(made, "said.wav")
        how = [
            "-v",
            f"{ESPEAK[voice.language]}+{voice.variant}",
            "-s",
            str(voice.speed),
            "-p",
            str(voice.pitch),
        ]
        try:
            subprocess.run(
                ["espeak-ng", "-b", "1", *how, "-w", str(file), "--stdin"],
                input=words.encode(),
                capture_output=True,
                timeout=PATIENCE_S,
                check=True,
            )
            sound = wav.read(wav.for_telephone(file.read_bytes()))[0]
        except (OSError, subprocess.SubprocessError, wav.NoSound) as error:
            raise NoVoice(f"espeak-ng does not speak: {error}") from None
    said = alaw.encode((np.clip(sound, -1, 1) * 32767).astype(np.int16))
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}-{secrets.token_hex(4)}"
    draft.write_bytes(said)
    os.replace(draft, kept)
    return said
