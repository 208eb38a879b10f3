"""Sound as the telephone carries it: 8000 samples a second, one channel, 16 bit; in between, numpy arrays of floats
from -1 to 1."""

import io
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

RATE = 8000
HEADER = 44
# What a telephone lets through.
LOWEST_HZ, HIGHEST_HZ = 120.0, 3500.0
# How loud a voice is while it speaks (root mean square): as loud as people who telephone are.
LOUD = 0.1
LARGEST = 40_000_000


class NoSound(ValueError):
    """This is no WAV file that we can read, or there is nothing in it."""


def read(data: bytes) -> tuple[Samples, int]:
    """Samples and rate of a WAV file, channels averaged. Raises `NoSound`."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            raw = file.readframes(file.getnframes())
    except (wave.Error, EOFError, RuntimeError) as error:
        raise NoSound(str(error)) from None
    if width == 1:
        samples = (np.frombuffer(raw, np.uint8).astype(np.float64) - 128) / 128
    elif width == 2:
        samples = np.frombuffer(raw[: len(raw) // 2 * 2], "<i2").astype(np.float64) / 32768
    else:
        raise NoSound(f"{8 * width} bits a sample: only 8 and 16 are read")
    whole = len(samples) // channels * channels
    if not whole or not 4000 <= rate <= 192_000:
        raise NoSound("no samples, or a rate that no sound has")
    return samples[:whole].reshape(-1, channels).mean(axis=1), rate


def written(samples: Samples) -> bytes:
    """A WAV file for the telephone."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes())
    return out.getvalue()


def seconds(path: Path) -> float:
    """How long a file of ours lasts. Raises `NoSound` where it was cut off, as by a power cut; `OSError`."""
    with path.open("rb") as file:
        head = file.read(HEADER)
        size = file.seek(0, io.SEEK_END)
    if len(head) < HEADER or int.from_bytes(head[40:44], "little") != size - HEADER or size == HEADER:
        raise NoSound(f"{path} is not whole")
    return (size - HEADER) / 2 / RATE


def for_telephone(data: bytes) -> bytes:
    """Any WAV file (8 or 16 bit, any rate, any channels) as the line needs it: what a group has recorded. Raises
    `NoSound`."""
    if len(data) > LARGEST:
        raise NoSound("the file is too large")
    samples, rate = read(data)
    return written(levelled(trimmed(narrowed(samples, rate))))


def narrowed(samples: Samples, rate: int) -> Samples:
    """At our rate, and with only what a telephone lets through."""
    count = max(round(len(samples) * RATE / rate), 1)
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / rate)
    # Soft edges, or each consonant would ring.
    keep = np.clip((hertz - LOWEST_HZ / 2) / (LOWEST_HZ / 2), 0, 1) * np.clip(
        (RATE / 2 - hertz) / (RATE / 2 - HIGHEST_HZ), 0, 1
    )
    kept = np.zeros(count // 2 + 1, dtype=complex)
    most = min(len(spectrum), len(kept))
    kept[:most] = (spectrum * keep)[:most]
    return np.fft.irfft(kept, count) * (count / len(samples))


def _levels(samples: Samples) -> Samples:
    """Root mean square of each 20 ms."""
    size = RATE // 50
    count = max(len(samples) // size, 1)
    padded = np.resize(samples, count * size) if len(samples) < size else samples[: count * size]
    return np.asarray(np.sqrt((padded.reshape(count, size) ** 2).mean(axis=1)))


def trimmed(samples: Samples, *, leave_s: float = 0.04) -> Samples:
    """Without the silence before and after. Raises `NoSound` if there is nothing else."""
    levels = _levels(samples)
    loud = np.flatnonzero(levels > max(0.02 * levels.max(), 1e-4))
    if not len(loud):
        raise NoSound("nothing but silence")
    size, leave = RATE // 50, int(leave_s * RATE)
    return samples[max(loud[0] * size - leave, 0) : (loud[-1] + 1) * size + leave]


def levelled(samples: Samples) -> Samples:
    """As loud as every other prompt, and never distorted."""
    levels = _levels(samples)
    speaking = levels[levels > 0.1 * levels.max()]
    gain = LOUD / max(float(np.sqrt((speaking**2).mean())), 1e-6)
    return samples * min(gain, 0.95 / max(float(np.abs(samples).max()), 1e-6))


def silence(length_s: float) -> Samples:
    return np.zeros(int(length_s * RATE))
