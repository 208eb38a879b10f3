"""Sounds that nobody says: music to wait with, the tone before a message, ringing. Made here, so nobody's rights are
touched; the same each time."""

import numpy as np

from quartier.telephony.prompts.wav import RATE, Samples

# Grows when what is heard changes: files of an older one are not used any more.
VERSION = 1
BEAT_S = 0.75
# C, A minor, F, G and back, twice each; semitones from middle C. Slow, and no surprise in it.
CHORDS = ((0, 4, 7, 12), (-3, 0, 4, 9), (-7, 0, 5, 9), (-5, 2, 7, 11)) * 2 + (
    (0, 4, 7, 12),
    (2, 5, 9, 14),
    (-5, 2, 7, 11),
    (0, 4, 7, 12),
)
# Which note of the chord is plucked on each of its six beats, an octave up.
PATTERN = (0, 2, 1, 3, 2, 1)
MIDDLE_C = 261.63


def waiting() -> Samples:
    """Calm music of 54 seconds, soft enough to speak over; its end goes into its beginning."""
    beats = len(CHORDS) * len(PATTERN)
    whole = int(beats * BEAT_S * RATE)
    sound = np.zeros(whole + 6 * RATE)
    for number, chord in enumerate(CHORDS):
        start = number * len(PATTERN)
        for note in chord[:3]:
            _add(sound, start * BEAT_S, _held(note - 12, len(PATTERN) * BEAT_S), 0.22)
        for beat, which in enumerate(PATTERN):
            _add(sound, (start + beat) * BEAT_S, _plucked(chord[which] + 12), 0.45 if beat == 0 else 0.33)
    # What still sounds at the end sounds at the beginning, for it is played over and over.
    sound[: 6 * RATE] += sound[whole:]
    return np.asarray(sound[:whole] * (0.16 / np.abs(sound).max()))


def ringing() -> Samples:
    """The tone of a phone that rings elsewhere, as in Belgium: 425 Hz, one second of four."""
    return np.concatenate([_tone(425, 1.0), np.zeros(3 * RATE)])


def beep() -> Samples:
    """The tone after which one speaks."""
    return np.concatenate([np.zeros(RATE // 5), _tone(1400, 0.4)])


def _hertz(note: int) -> float:
    return float(MIDDLE_C * 2 ** (note / 12))


def _tone(hz: float, seconds: float) -> Samples:
    times = np.arange(int(seconds * RATE)) / RATE
    edge = np.minimum(1, np.minimum(times, seconds - times) / 0.01)
    return np.asarray(0.15 * edge * np.sin(2 * np.pi * hz * times))


def _held(note: int, seconds: float) -> Samples:
    """A soft string: swells, and is gone after the next one has come."""
    times = np.arange(int((seconds + 1) * RATE)) / RATE
    swell = np.minimum(1, times / 1.2) * np.clip((seconds + 1 - times) / 1.5, 0, 1)
    hz = _hertz(note)
    return np.asarray(swell * sum(np.sin(2 * np.pi * hz * n * times) / n**2 for n in (1, 2, 3)))


def _plucked(note: int) -> Samples:
    times = np.arange(3 * RATE) / RATE
    hz = _hertz(note)
    body = sum(np.sin(2 * np.pi * hz * n * times) * np.exp(-times * (1.6 + n)) / n for n in (1, 2, 3))
    return np.asarray(body * np.minimum(1, times / 0.008))


def _add(sound: Samples, at_s: float, what: Samples, loud: float) -> None:
    start = int(at_s * RATE)
    part = what[: len(sound) - start]
    sound[start : start + len(part)] += loud * part
