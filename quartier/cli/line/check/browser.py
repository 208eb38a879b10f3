"""An operator made for the test: an account, a browser without a window whose microphone says a tone, and nothing left
of both afterwards."""

import asyncio
import os
import secrets
import tempfile
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import ProtectedError
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from quartier.cli.line.check.call import OPERATOR_HZ
from quartier.cli.suite import packages
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.public.signing_in.pages import enter
from quartier.team.access import of_account
from quartier.team.models import Account, Organisation, Role
from quartier.telephony import actions

RATE = 48_000
READY_MS, ANSWERS_MS = 20_000, 12_000
GOES_S = 1.5
PHONE_IS = "state => document.documentElement.dataset.phone === state"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)  # fmt: skip
LOUDEST = """async () => {
  const here = new AudioContext();
  const ear = new AnalyserNode(here, { fftSize: 8192 });
  here.createMediaStreamSource(document.getElementById("line-sound").srcObject).connect(ear);
  await new Promise((done) => setTimeout(done, 700));
  const bins = new Float32Array(ear.frequencyBinCount);
  ear.getFloatFrequencyData(bins);
  const at = bins.reduce((best, value, place) => (value > bins[best] ? place : best), 0);
  return [(at * here.sampleRate) / ear.fftSize, bins[at]];
}"""
# A tone nearer than this is the one; quieter than so many dB it is none.
NEAR_HZ, QUIET_DB = 30, -70
TRIES = 6


class NoBrowser(RuntimeError):
    """There is none, or it does not get on the line; the message says why."""


class Operator:
    """The page of the operator."""

    def __init__(self, page: Any) -> None:
        self._page = page

    async def rings(self, seconds: float) -> bool:
        return await self._phone_is("ringing", seconds * 1000)

    async def call(self) -> str:
        """The name of the call that rings."""
        inner = self._page.frame("quartier-page") or self._page.main_frame
        ringing = inner.locator("#line[data-standing=ringing]")
        return str(await ringing.get_attribute("data-call") or "")

    async def answers(self) -> bool:
        inner = self._page.frame("quartier-page") or self._page.main_frame
        await inner.locator("#line-answer").click()
        return await self._phone_is("talking", ANSWERS_MS)

    async def hears(self, hertz: float) -> bool:
        """Whether it is this tone, within a few seconds."""
        for _try in range(TRIES):
            found, level = await self._page.evaluate(LOUDEST)
            if abs(found - hertz) < NEAR_HZ and level > QUIET_DB:
                return True
        return False

    async def _phone_is(self, state: str, ms: float) -> bool:
        from playwright.async_api import TimeoutError as TooLate

        try:
            await self._page.wait_for_function(PHONE_IS, arg=state, timeout=ms)
        except TooLate:
            return False
        return True


@asynccontextmanager
async def operator(organisation: Organisation) -> AsyncIterator[Operator]:
    """Somebody on the line, gone after the block. Raises `NoBrowser`."""
    try:
        from playwright.async_api import Error, async_playwright
    except ImportError:
        raise NoBrowser(_("Playwright is not installed: no browser can be tried.")) from None
    if not packages.has_chromium():
        raise NoBrowser(_("Chromium is not here: no browser can be tried. On Debian: apt install chromium"))
    account = await asyncio.to_thread(_employ, organisation, _("Test of the line"))
    try:
        cookie = await asyncio.to_thread(_signed_in, account)
        with tempfile.TemporaryDirectory(prefix="quartier-line-test-") as folder:
            voice = _voice(Path(folder))
            async with async_playwright() as play:
                browser = await play.chromium.launch(
                    executable_path=os.environ.get("QUARTIER_CHROMIUM", "/usr/bin/chromium"),
                    args=[*FLAGS, f"--use-file-for-fake-audio-capture={voice}"],
                )
                try:
                    yield Operator(await _on_the_line(browser, cookie, organisation))
                except Error as error:
                    raise NoBrowser(str(error).splitlines()[0]) from None
                finally:
                    await asyncio.to_thread(_off, account)
                    await browser.close()
    finally:
        await asyncio.to_thread(_dismiss, account)


async def _on_the_line(browser: Any, cookie: str, organisation: Organisation) -> Any:
    host = urlsplit(settings.ORIGIN)
    context = await browser.new_context(permissions=["microphone"], viewport={"width": 1366, "height": 900})
    await context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": cookie,
                "domain": host.hostname,
                "path": "/",
                "secure": host.scheme == "https",
                "httpOnly": True,
            }
        ]
    )
    page = await context.new_page()
    page.set_default_timeout(READY_MS)
    await page.goto(f"{settings.ORIGIN}/{organisation.languages[0]}/console/")
    await page.locator("#line[data-standing=offline]").wait_for()
    await page.wait_for_timeout(500)
    await page.locator("#line summary").first.click()
    for language in organisation.languages:
        with suppress(Exception):
            await page.locator(f"#line_{language}").set_checked(True, force=True, timeout=1000)
    await page.locator("#line button[name=what][value=on]").click()
    await page.wait_for_function(PHONE_IS, arg="ready")
    await page.locator("#line[data-standing=available]").wait_for()
    return page


def _voice(folder: Path) -> Path:
    """What the microphone says."""
    times = np.arange(2 * RATE) / RATE
    file = folder / "operator.wav"
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes((0.3 * 32767 * np.sin(2 * np.pi * OPERATOR_HZ * times)).astype("<i2").tobytes())
    return file


def _employ(organisation: Organisation, name: str) -> Account:
    # No mail is ever sent there: nobody asks for a code.
    who = Who(
        name,
        email=f"line-test-{secrets.token_hex(6)}@example.invalid",
        language=str(organisation.languages[0]),
        channel="email",
    )
    return people.create_account(organisation=organisation, who=who, roles=[Role.Name.OPERATOR])


def _signed_in(account: Account) -> str:
    """The key of a session, made here; the audit says that it was for a test."""
    request = HttpRequest()
    store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    request.session = store()
    enter(request, account, "line test")
    request.session.save()
    return str(request.session.session_key)


def _off(account: Account) -> None:
    """No more calls for somebody who is about to be gone."""
    with suppress(ValueError):
        actions.wish(actor=of_account(account), what="off")


def _dismiss(account: Account) -> None:
    """Nothing is left but what the audit says. Where something else refers to it, it is switched off."""
    import time

    # Call control says meanwhile how the operator stood last.
    time.sleep(GOES_S)
    try:
        Person.objects.filter(account=account).delete()
        account.delete()
    except ProtectedError:
        Account.objects.filter(pk=account.pk).update(is_active=False)
