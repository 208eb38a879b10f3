"""Who hears whom in a call of real browsers and a real telephone: the tone of each is looked for at each of them."""

import time
from collections.abc import Mapping

import numpy as np

from tests.line import sound
from tests.line.caller import Caller
from tests.line.desk import Desk

# How often each tone was there in what this page plays, of `LOOKS` looks: loud enough, and far above its neighbours,
# since a sound that stutters has a little of everything.
TONES_HEARD = """async ([tones, looks, heardDb, aboveDb]) => {
  const here = new AudioContext();
  const ear = new AnalyserNode(here, { fftSize: 8192, smoothingTimeConstant: 0 });
  here.createMediaStreamSource(document.getElementById("line-sound").srcObject).connect(ear);
  const bins = new Float32Array(ear.frequencyBinCount);
  const loudest = (from, until) => bins.slice(from, until + 1).reduce((most, level) => Math.max(most, level), -200);
  const found = tones.map(() => 0);
  for (let look = 0; look < looks; look += 1) {
    await new Promise((done) => setTimeout(done, 180));
    ear.getFloatFrequencyData(bins);
    tones.forEach((hz, at) => {
      const middle = Math.round((hz * ear.fftSize) / here.sampleRate);
      const level = loudest(middle - 3, middle + 3);
      const beside = Math.max(loudest(middle - 20, middle - 8), loudest(middle + 8, middle + 20));
      if (level > heardDb && level > beside + aboveDb) found[at] += 1;
    });
  }
  await here.close();
  return found;
}"""
LOOKS, ENOUGH_LOOKS = 5, 2
HEARD_DB, ABOVE_NEIGHBOURS_DB = -75.0, 12.0
PATIENCE_S = 12.0


def tones_in_browser(desk: Desk, tones: Mapping[str, float]) -> set[str]:
    """Whose tone this operator hears now."""
    given = [list(tones.values()), LOOKS, HEARD_DB, ABOVE_NEIGHBOURS_DB]
    found = desk.page.evaluate(TONES_HEARD, given)
    return {name for name, looks in zip(tones, found, strict=True) if looks >= ENOUGH_LOOKS}


def tones_in_phone(phone: Caller, tones: Mapping[str, float]) -> set[str]:
    """Whose tone this telephone hears now, music and prompts aside."""
    samples = phone.hears(0.8)
    if len(samples) < sound.RATE // 4:
        return set()
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) * 4 / len(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / sound.RATE)
    found = set()
    for name, hz in tones.items():
        near = np.abs(hertz - hz) < 12
        around = (np.abs(hertz - hz) < 90) & ~near
        # A tone is thin: music and speech are as loud beside it.
        if power[near].max() > 0.004 and power[near].max() > 8 * power[around].max():
            found.add(name)
    return found


def wait_until_heard(
    expected: Mapping[str, set[str]],
    desks: Mapping[str, Desk],
    phone: Caller | None,
    tones: Mapping[str, float],
) -> None:
    """Until each of `expected` hears exactly these, of all tones but their own. Raises `AssertionError` with who heard
    whom at the last look."""
    end = time.monotonic() + PATIENCE_S
    while True:
        found = {}
        for name in expected:
            others = {each: hz for each, hz in tones.items() if each != name}
            desk = desks.get(name)
            if desk is not None:
                found[name] = tones_in_browser(desk, others)
            elif phone is not None:
                found[name] = tones_in_phone(phone, others)
        if found == expected:
            return
        if time.monotonic() > end:
            raise AssertionError(f"heard {found}, and it should be {dict(expected)}")
