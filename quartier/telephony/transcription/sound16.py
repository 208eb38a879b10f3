"""Sound of a telephone as programs that write it down want it: 16,000 samples a second instead of 8,000."""

import io
import wave

import numpy as np

RATE = 16_000


def from_8(sound: bytes) -> bytes:
    """A WAV file (mono, 16 bit) with twice the samples, each new one between its neighbours; another rate, and what is
    no WAV file, stays as it is."""
    try:
        with wave.open(io.BytesIO(sound)) as file:
            if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE // 2, 1, 2):
                return sound
            said = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    except (wave.Error, EOFError):
        return sound
    places = np.arange(2 * len(said)) / 2
    doubled = np.interp(places, np.arange(len(said)), said) if len(said) else said
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(doubled.astype("<i2").tobytes())
    return out.getvalue()
