"""What a caller hears while a message is taken: the faint noise of an open line.

A line on which nothing is sent sounds dead, and carriers hang up on a silent RTP stream, often after a minute.
"""

from pathlib import Path

import numpy as np

from quartier.telephony.prompts import shelf
from quartier.telephony.providers.sip import alaw

NOISE_S = 10
# Standard deviation of 16 bit samples: some 70 dB below full scale, heard as "somebody is there".
NOISE_LEVEL = 12.0
_SEED = 4733


def noise_file(folder: Path) -> Path:
    """A WAV file in A-law, to be played over and over; made once in `folder`."""
    file = folder / "comfort-noise.alaw.wav"
    if not file.exists():
        samples = np.random.default_rng(_SEED).normal(0.0, NOISE_LEVEL, NOISE_S * alaw.RATE)
        shelf.write(file, alaw.wav(alaw.encode(np.round(samples).astype(np.int16))))
    return file
