"""An operator in Firefox: comes on, answers a real call, hears and is heard, sends a key."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.line import sound
from tests.line.caller import Caller
from tests.line.conftest import CALLER_HZ, OPERATOR_HZ
from tests.line.desk import employ
from tests.line.firefox import PROGRAM, Firefox, is_here
from tests.line.site import LineSite
from tests.line.test_calls import asks_for_french, hears

pytestmark = [pytest.mark.browser, pytest.mark.servers]
# What comes out of the call, half a second and more of it, without the sound card that this machine has not.
HEARD = """(async () => {
  const recorder = new MediaRecorder(document.getElementById("line-sound").srcObject);
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const ended = new Promise((done) => recorder.addEventListener("stop", done));
  recorder.start();
  await new Promise((done) => setTimeout(done, 1500));
  recorder.stop();
  await ended;
  const context = new OfflineAudioContext(1, 1, 8000);
  const heard = await context.decodeAudioData(await new Blob(parts, { type: recorder.mimeType }).arrayBuffer());
  return [...heard.getChannelData(0).slice(-4000)];
})()"""
PHONE = "document.documentElement.dataset.phone"
# The page that one sees: a frame, once a call has opened its page.
SEEN = "(document.querySelector('iframe[name=quartier-page]')?.contentDocument ?? document)"


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    if not is_here():
        if os.environ.get("CI"):
            pytest.fail(f"no {PROGRAM}")
        pytest.skip(f"no {PROGRAM}")
    with Firefox(tmp_path / "firefox", speaks_hz=OPERATOR_HZ) as made:
        yield made


def signs_in(firefox: Firefox, line: LineSite, name: str) -> None:
    """With a code, as one would."""
    address = f"{name.lower()}@example.org"
    firefox.goes_to(f"{line.site.address}/fr/sign-in/")
    fills(firefox, "to", address)
    firefox.waits_for("document.querySelector('main [name=code]') !== null")
    fills(firefox, "code", line.site.quartier("code", address).split()[0])
    firefox.waits_for("location.pathname.includes('/console/')")


def fills(firefox: Firefox, field: str, value: str) -> None:
    firefox.says(
        f"""(() => {{
          document.querySelector("main [name={field}]").value = "{value}";
          setTimeout(() => document.querySelector("main form button.btn:not(.btn-2)").click());
        }})()"""
    )


def press(firefox: Firefox, selector: str) -> None:
    """Press what is there, as soon as it is."""
    firefox.waits_for(f"{SEEN}.querySelector({selector!r})?.checkVisibility() ?? false")
    firefox.says(f"{SEEN}.querySelector({selector!r}).click()")


def comes_on(firefox: Firefox, line: LineSite) -> None:
    firefox.goes_to(f"{line.site.address}/fr/console/")
    press(firefox, "#line summary")
    firefox.says(
        "document.querySelectorAll('#line [name=languages]').forEach((one) => (one.checked = one.value === 'fr'))"
    )
    press(firefox, "#line button[name=what][value=on]")
    firefox.waits_for(f"{PHONE} === 'ready'")
    firefox.waits_for("document.querySelector('#line[data-standing=available]') !== null")


def hears_the_caller(firefox: Firefox) -> bool:
    """Whether the caller's tone is what comes out of the call, within a few seconds."""
    for _ in range(6):
        samples: Any = np.array(firefox.says(HEARD))
        if sound.has_tone(samples, CALLER_HZ):
            return True
    return False


def test_an_operator_in_firefox_hears_and_is_heard(firefox: Firefox, line: LineSite, marie: Caller) -> None:
    employ(line, "Femke", "operator")
    signs_in(firefox, line, "Femke")
    comes_on(firefox, line)
    asks_for_french(marie, line)
    firefox.waits_for(f"{PHONE} === 'ringing'")
    press(firefox, "#line-answer:enabled")
    firefox.waits_for(f"{PHONE} === 'talking'")
    hears(marie, OPERATOR_HZ)
    assert hears_the_caller(firefox)
    # The page of the call has opened by itself, in a frame, and the call goes on in it.
    press(firefox, "#line-keys:enabled")
    press(firefox, "#line-keypad [data-key='7']")
    end = time.monotonic() + 10
    while not marie.keys_received() and time.monotonic() < end:
        time.sleep(0.1)
    assert marie.keys_received() == "7"
    firefox.waits_for(f"{SEEN}.querySelector('#line-quality button')?.checkVisibility() ?? false")
    press(firefox, "#line-keypad [command=close]")
    press(firefox, "#line button[name=what][value=end]")
    marie.wait_ended(5)
    firefox.waits_for(f"{SEEN}.querySelector('#line[data-standing=wrap_up]') !== null")
