"""One call after the other with a real telephone and a real browser: how soon a key rings an operator, and how soon
both have sound once the operator has answered."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench import protocol

TALKS = 20
KEY_GOAL_MS, SOUND_GOAL_MS = 150.0, 300.0
# The telephone holds a key for nine packets of 20 ms; a key counts when it is let go.
KEY_HELD_MS = 180.0
GREETED_S = 10.0
CALLER_HZ, OPERATOR_HZ = 1000.0, 620.0
# What the page notes of itself, in milliseconds since 1970: when it rang, when somebody pressed, when sound came.
WATCH = """() => {
  const page = document.documentElement;
  const seen = (globalThis.seen = {});
  new MutationObserver(() => {
    if (page.dataset.phone === "ringing") seen.rang ??= Date.now();
  }).observe(page, { attributes: true, attributeFilter: ["data-phone"] });
}"""
ANSWER = """async () => {
  const here = new AudioContext();
  await here.resume();
  const ear = new AnalyserNode(here, { fftSize: 256 });
  const frame = document.querySelector("iframe[name=quartier-page]");
  const button = (frame ? frame.contentDocument : document).querySelector("#line-answer");
  const began = Date.now();
  button.click();
  const samples = new Float32Array(ear.fftSize);
  let joined = null;
  for (;;) {
    await new Promise((done) => setTimeout(done, 2));
    const sound = document.getElementById("line-sound").srcObject;
    if (sound && sound !== joined && sound.getAudioTracks().length) {
      here.createMediaStreamSource(sound).connect(ear);
      joined = sound;
    }
    ear.getFloatTimeDomainData(samples);
    if (samples.some((each) => Math.abs(each) > 0.01)) return Date.now() - began;
    if (Date.now() - began > 10000) return -1;
  }
}"""


def talks(database: str) -> Iterator[dict[str, Any]]:
    """`line_key_to_ring`: from when a telephone's key is let go (RFC 4733) to when the operator's page rings.
    `line_ring_to_sound`: from the operator's press to the caller's voice in that browser, with encryption and the
    search for a way in it. `errors`: calls that did not ring, or were not heard."""
    from tests.line import sound
    from tests.line.caller import Caller
    from tests.line.desk import Desk, chromium, employ
    from tests.line.site import line_running

    keys: list[float] = []
    sounds: list[float] = []
    with tempfile.TemporaryDirectory() as made, line_running() as line:
        folder = Path(made)
        employ(line, "Lotte", "operator")
        voice = sound.tone(folder / "operator.wav", OPERATOR_HZ, 2, 48_000)
        says = sound.tone(folder / "caller.wav", CALLER_HZ, 2)
        with chromium(voice) as browser:
            desk = Desk(browser, line, "Lotte")
            desk.come_on("fr")
            for number in range(1000, 1000 + TALKS):
                proxy = f"127.0.0.1:{line.sip}"
                phone = Caller(folder / str(number), number=f"+322000{number}", proxy=proxy, speaks=says)
                with phone as caller, suppress(TimeoutError):
                    desk.page.evaluate(WATCH)
                    caller.dial(line.uri)
                    caller.wait_answered(5)
                    caller.wait_heard(sound.has_speech, GREETED_S)
                    pressed = time.time() * 1000
                    caller.press("1", apart_s=0)
                    desk.phone_is("ringing")
                    keys.append(desk.page.evaluate("globalThis.seen.rang") - pressed - KEY_HELD_MS)
                    desk.inner.locator("#line-answer").wait_for()
                    took = desk.page.evaluate(ANSWER)
                    if took >= 0:
                        sounds.append(took)
                    caller.hang_up()
                    desk.stands("wrap_up")
                    desk.wish("resume")
                    desk.stands("available")
            desk.leave()
    yield _line("line_key_to_ring", database, keys, KEY_GOAL_MS)
    yield _line("line_ring_to_sound", database, sounds, SOUND_GOAL_MS)


def _line(name: str, database: str, took: list[float], goal_ms: float) -> dict[str, Any]:
    ranked = sorted(took) or [0.0]
    lost = TALKS - len(took)
    well = not lost and protocol.percentile(ranked, 0.5) <= goal_ms
    return protocol.line(name, database, TALKS, ranked, errors=lost, ok=well)
