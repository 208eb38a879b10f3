"""The parts of the line on this machine: whether each of them answers."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import AsyncIterator

from django.conf import settings
from django.utils.translation import gettext as _

from quartier.cli.check.finding import Finding, good, wrong
from quartier.cli.suite import packages
from quartier.sim.robots.phone import Phone
from quartier.sim.robots.talk import NoAnswer
from quartier.telephony.providers.sip.ng import Media, MediaDown, MediaRefused
from quartier.telephony.providers.sip.setup import Setup

PATIENCE_S = 3.0
PAGES_S = 8.0


async def findings(line: Setup, phone: Phone) -> AsyncIterator[Finding]:
    """Edge, sound, call control, voice, pages."""
    start = _(
        "Start the line: quartier run --with-calls, or its services. What they say at the start says why."
    )
    if await _answers(phone, phone.proxy):
        yield good("edge", _("Kamailio answers at port {port}.").format(port=line.sip_port))
    else:
        yield wrong("edge", _("Kamailio does not answer at port {port}.").format(port=line.sip_port), start)
    if await _sound(line.ng_port):
        yield good("sound", _("rtpengine answers."))
    else:
        yield wrong("sound", _("rtpengine does not answer: no one would hear anything."), start)
    if await _answers(phone, ("127.0.0.1", line.callcore_port)):
        yield good("callcore", _("Call control answers."))
    else:
        yield wrong("callcore", _("Call control does not answer: no one picks up."), start)
    if not packages.has_program("espeak-ng"):
        yield wrong(
            "voice",
            _("Nothing here can speak: callers would hear no greeting."),
            _("On Debian: apt install {packages}").format(packages="espeak-ng"),
        )
    policy = await asyncio.to_thread(_pages)
    if policy is None:
        yield wrong(
            "pages",
            _("The pages do not answer at {origin}.").format(origin=settings.ORIGIN),
            _("Start them (quartier run), and look at the web server in front of them."),
        )
    elif line.websocket_url not in policy.split():
        yield wrong(
            "connect",
            _("The pages do not let browsers connect to {address}: no operator could be rung.").format(
                address=line.websocket_url
            ),
            _("Restart the pages: they read [line] at their start."),
        )
    else:
        yield good("pages", _("The pages answer, and let browsers connect to the line."))


async def _answers(phone: Phone, to: tuple[str, int]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await phone.is_there(to) > 0
    except (NoAnswer, TimeoutError):
        return False


async def _sound(port: int) -> bool:
    media = await Media.at("127.0.0.1", port)
    try:
        await media.ask("ping")
    except (MediaDown, MediaRefused):
        return False
    finally:
        media.close()
    return True


def _pages() -> str | None:
    """Where the pages let a browser connect to; `None` when they do not answer."""
    try:
        with urllib.request.urlopen(settings.ORIGIN, timeout=PAGES_S) as page:  # noqa: S310
            policy = page.headers.get("Content-Security-Policy") or ""
    except (OSError, ValueError, urllib.error.HTTPError):
        return None
    return next((part for part in policy.split(";") if part.strip().startswith("connect-src")), "")
