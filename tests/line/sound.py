"""What is heard: tones to send, and ears that tell a tone, speech and silence apart. Samples are numpy arrays of
floats between -1 and 1; rates are samples a second."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

RATE = 8000
# Below this (root mean square of full scale) a line is silent; a voice on the phone is 0.03 and more.
SILENCE = 0.003
# Half a tone in music; telephone clocks are far better than that.
CLOSE = 0.03
PART_S = 0.02


def tone(path: Path, hz: float, seconds: float, rate: int = RATE, *, loud: float = 0.3) -> Path:
    """Write a pure tone as a WAV file (mono, 16 bit) and return its path."""
    times = np.arange(int(seconds * rate)) / rate
    return write(path, loud * np.sin(2 * np.pi * hz * times), rate)


def write(path: Path, samples: Samples, rate: int = RATE) -> Path:
    """Write a WAV file (mono, 16 bit) and return its path."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def read(path: Path) -> tuple[Samples, int]:
    """The samples of a WAV file (16 bit; several channels are averaged) and their rate. The header may still say
    that the file is empty: what is being written is read as far as it goes."""
    data = path.read_bytes()
    if len(data) < 44 or data[:4] != b"RIFF":
        return np.zeros(0), RATE
    channels, rate = int.from_bytes(data[22:24], "little"), int.from_bytes(data[24:28], "little")
    begins = data.find(b"data", 12)
    body = data[begins + 8 :] if begins > 0 else b""
    whole = len(body) - len(body) % (2 * channels)
    samples = np.frombuffer(body[:whole], "<i2").astype(np.float64) / 32768
    return samples.reshape(-1, channels).mean(axis=1), rate


def level(samples: Samples) -> float:
    """Root mean square, 0 to 1."""
    return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0


def _spectrum(samples: Samples, rate: int) -> tuple[Samples, Samples]:
    power = np.abs(np.fft.rfft((samples - samples.mean()) * np.hanning(len(samples)))) ** 2
    return power, np.fft.rfftfreq(len(samples), 1 / rate)


def loudest(samples: Samples, rate: int = RATE) -> float:
    """The frequency in Hz that has the most energy; 0 for silence."""
    if len(samples) < rate // 50 or level(samples) < SILENCE:
        return 0.0
    power, hertz = _spectrum(samples, rate)
    return float(hertz[int(np.argmax(power))])


def has_tone(samples: Samples, hz: float, rate: int = RATE, *, seconds: float = 0.2) -> bool:
    """Whether this tone, and little else, sounds somewhere for at least so many seconds."""
    size = int(seconds * rate)
    for start in range(0, len(samples) - size + 1, max(size // 4, 1)):
        part = samples[start : start + size]
        # All the time, not for a moment of it.
        if min(level(piece) for piece in np.array_split(part, 5)) < max(SILENCE, 0.5 * level(part)):
            continue
        power, hertz = _spectrum(part, rate)
        width = max(hz * CLOSE, 2.5 / seconds)
        if power[np.abs(hertz - hz) <= width].sum() > 0.6 * power.sum():
            return True
    return False


def has_speech(samples: Samples, rate: int = RATE) -> bool:
    """Whether somebody speaks: louder and softer within each second as syllables are, and with the energy of a
    voice spread over many frequencies. A tone, music held long, noise and silence are no speech."""
    size = int(PART_S * rate)
    count = len(samples) // size
    if count < 25:
        return False
    parts = samples[: count * size].reshape(count, size)
    levels = np.sqrt((parts**2).mean(axis=1))
    loud = levels > max(SILENCE, 0.2 * float(np.quantile(levels, 0.95)))
    if loud.mean() < 0.15 or levels.max() < 2 * SILENCE:
        return False
    # Syllables: between two and ten times a second the level rises and falls by much.
    swings = np.abs(np.diff(np.log10(levels[: count // 5 * 5].reshape(-1, 5).mean(axis=1) + SILENCE)))
    lively = float((swings > 0.15).mean()) if len(swings) else 0.0
    # A voice is no noise: of each loud part a few frequencies hold most, and they change from part to part.
    spectra = np.abs(np.fft.rfft(parts[loud] * np.hanning(size), axis=1)) ** 2
    shares = spectra / spectra.sum(axis=1, keepdims=True)
    peaked = float(np.sort(shares, axis=1)[:, -size // 20 :].sum(axis=1).mean())
    steady = float(shares.mean(axis=0).max())
    return lively > 0.12 and peaked > 0.5 and steady < 0.25
