"""Whether anything is heard in a recording."""

import io
import sys
import wave
from array import array

FRAME_S = 0.02
# A voice far from its telephone peaks at ten times this; the noise of a line, and what we fill silence with, below it.
MAX_SILENT_PEAK = 150
# A click is no word.
MIN_HEARD_S = 0.2


def is_silent(sound: bytes) -> bool:
    """Whether nobody speaks in this WAV file (one channel, 16 bits). What can't be read is not silent."""
    try:
        with wave.open(io.BytesIO(sound)) as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                return False
            size = int(file.getframerate() * FRAME_S)
            samples = array("h", file.readframes(file.getnframes())[: file.getnframes() * 2])
    except (wave.Error, EOFError, ValueError):
        return False
    if sys.byteorder == "big":
        samples.byteswap()
    loud = 0
    for start in range(0, len(samples), size or 1):
        part = samples[start : start + size]
        loud += max(max(part), -min(part)) > MAX_SILENT_PEAK
        if loud * FRAME_S >= MIN_HEARD_S:
            return False
    return True
