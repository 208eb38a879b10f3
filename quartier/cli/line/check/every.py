"""Everything that is looked at, in the order in which one would look."""

import asyncio
from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from quartier.cli.check.finding import Finding, doubt, wrong
from quartier.cli.line.check import call, network, parts, shift
from quartier.cli.line.check.call import Measured, Trial
from quartier.sim.robots.phone import Phone
from quartier.team.models import Organisation
from quartier.telephony.providers.sip.setup import Setup
from quartier.telephony.providers.twiml.setup import carrier

# Without these nothing can be dialled.
NEEDED = {"edge", "sound", "callcore"}
WITHHELD = "anonymous"


async def test(*, browser: bool, anyway: bool) -> tuple[list[Finding], Measured]:
    """What was found, and what was measured."""
    here = settings.INSTALLATION
    try:
        if carrier(here.line) != "sip":
            words = _("The line is at a provider: there is nothing on this machine that could be dialled.")
            return [doubt("provider", words, _("Call the number and listen."))], Measured()
        line = Setup.of(here.home, here.line, here.origin)
    except ValueError as error:
        words = _("The table [line] cannot be read: {error}").format(error=error)
        return [wrong("line", words, _("Correct it in the file."))], Measured()
    organisation = await asyncio.to_thread(Organisation.objects.order_by("created_at").first)
    if organisation is None:
        return [wrong("line", _("There is no such organisation here."), "quartier init")], Measured()
    host = "127.0.0.1" if line.address == "0.0.0.0" else line.address  # noqa: S104
    found = list(network.address(line))
    if any(each.level == "wrong" and each.name == "address" for each in found):
        host = "127.0.0.1"
    phone = await Phone.at(WITHHELD, (host, line.sip_port), host=host)
    phone.reach = {line.public: host}
    try:
        found += [each async for each in parts.findings(line, phone)]
        found += [each async for each in network.trunk(line, phone)]
        found += await _beside(lambda: list(network.browsers(line)))
        found += await _beside(lambda: list(shift.findings(organisation)))
        trial = Trial(line, organisation, phone)
        if not _lacks(found):
            press = anyway or not await asyncio.to_thread(shift.is_in_use, organisation)
            if not press:
                found.append(call.skipped())
            found += await _called(trial, organisation, browser=browser and press, press=press)
    finally:
        await phone.close()
    return found, trial.measured


async def _beside[T](look: Callable[[], T]) -> T:
    """What waits, in a thread; its words in the same language."""
    language = translation.get_language()

    def looked() -> T:
        with translation.override(language):
            return look()

    return await asyncio.to_thread(looked)


def _lacks(found: Iterable[Finding]) -> bool:
    return any(each.level == "wrong" and each.name in NEEDED for each in found)


async def _called(trial: Trial, organisation: Organisation, *, browser: bool, press: bool) -> list[Finding]:
    if not browser:
        return [each async for each in trial.call(None, press=press)]
    from quartier.cli.line.check.browser import NoBrowser, operator

    found: list[Finding] = []
    try:
        async with operator(organisation) as somebody:
            trial.note("operator on the line")
            found += [each async for each in trial.call(somebody, press=press)]
    except NoBrowser as error:
        found.append(doubt("browser", str(error), _("Without a browser, try it by hand: docs/howto/line.md")))
        if trial.measured.answered_ms is None:
            found += [each async for each in trial.call(None, press=press)]
    return found
