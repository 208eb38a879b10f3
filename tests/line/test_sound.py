"""The ears of the tests are tested first, or what they hear would prove nothing."""

import numpy as np
import pytest

from tests.line import sound


def times(seconds):
    return np.arange(int(seconds * sound.RATE)) / sound.RATE


def sine(hz, seconds, loud=0.3):
    return loud * np.sin(2 * np.pi * hz * times(seconds))


def babble(seconds=3.0):
    """Like a voice: a buzz of 120 Hz through the resonances of one vowel after another, four syllables a second."""
    said = np.zeros(int(seconds * sound.RATE))
    for number, start in enumerate(range(0, len(said), sound.RATE // 4)):
        part = times(0.25)[: len(said) - start]
        for resonance in ((700, 1200), (300, 2300), (500, 900))[number % 3]:
            for overtone in range(1, 30):
                hz = 120 * overtone
                share = np.exp(-(((hz - resonance) / 120) ** 2))
                said[start : start + len(part)] += share * np.sin(2 * np.pi * hz * part)
        said[start : start + len(part)] *= np.sin(np.pi * np.minimum(part / 0.18, 1)) ** 2
    return 0.2 * said / np.abs(said).max()


def over_the_phone(samples):
    """Companded with the A law and back, as every call is, and with a little noise."""
    noisy = samples + np.random.default_rng(1).normal(0, 0.001, len(samples))
    size = 1 + np.log(87.6)
    low = np.abs(noisy) < 1 / 87.6
    law = np.where(
        low, 87.6 * np.abs(noisy) / size, (1 + np.log(np.maximum(87.6 * np.abs(noisy), 1e-9))) / size
    )
    law = np.round(law * 128) / 128
    back = np.where(law < 1 / size, law * size / 87.6, np.exp(law * size - 1) / 87.6)
    return np.sign(noisy) * back


@pytest.mark.parametrize("hz", [350, 440, 1000, 2600])
def test_a_tone_is_found_where_it_is(tmp_path, hz):
    samples, rate = sound.read(sound.tone(tmp_path / "tone.wav", hz, 1.5))
    assert (rate, len(samples)) == (8000, 12000)
    heard = over_the_phone(samples)
    assert sound.loudest(heard, rate) == pytest.approx(hz, abs=3)
    assert sound.has_tone(heard, hz)
    assert not sound.has_tone(heard, hz * 1.2)
    assert not sound.has_speech(heard)


def test_a_short_tone_in_a_long_silence_is_found():
    heard = np.concatenate([np.zeros(16000), sine(1000, 0.3), np.zeros(16000)])
    assert sound.has_tone(over_the_phone(heard), 1000)
    assert not sound.has_tone(over_the_phone(heard), 1000, seconds=0.5)


def test_other_rates_are_read_and_channels_mixed(tmp_path):
    samples, rate = sound.read(sound.tone(tmp_path / "tone.wav", 440, 0.5, 48000))
    assert sound.loudest(samples, rate) == pytest.approx(440, abs=3)
    assert rate == 48000


def test_a_file_that_is_being_written_is_read_as_far_as_it_goes(tmp_path):
    whole = sound.tone(tmp_path / "tone.wav", 440, 1).read_bytes()
    half = tmp_path / "half.wav"
    # The header still says that there is nothing.
    half.write_bytes(whole[:40] + bytes(4) + whole[44 : 44 + 8001])
    samples, _ = sound.read(half)
    assert len(samples) == 4000
    half.write_bytes(b"")
    assert len(sound.read(half)[0]) == 0


def test_speech_is_heard():
    assert sound.has_speech(over_the_phone(babble()))


def test_speech_is_heard_among_silence():
    heard = np.concatenate([np.zeros(8000), babble(2), np.zeros(8000)])
    assert sound.has_speech(over_the_phone(heard))
    assert not sound.has_tone(over_the_phone(heard), 440)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(16000),
        np.random.default_rng(1).normal(0, 0.1, 16000),
        sine(350, 2) + sine(440, 2),
        # Ringing: on for a second, off for a second; and keys that are pressed.
        np.concatenate([sine(425, 1), np.zeros(8000)] * 2),
        np.concatenate([np.concatenate([sine(697, 0.2) + sine(1209, 0.2), np.zeros(800)]) for _ in range(8)]),
        np.zeros(100),
    ],
    ids=["silence", "noise", "chord", "ringing", "keys", "nothing"],
)
def test_what_is_no_speech_is_not_taken_for_it(samples):
    assert not sound.has_speech(over_the_phone(samples))
