"""Everything that is looked at, in the order in which one would look."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
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


@dataclass(frozen=True)
class Tries:
    """What is tried with the call: a key pressed, an operator's browser; and why not."""

    press: bool
    browser: bool
    findings: list[Finding]

    @classmethod
    def when(cls, *, browser: bool, anyway: bool, in_use: bool, is_open: bool) -> "Tries":
        """Whoever is on the line is not rung for a test, unless `anyway`; a closed line rings nobody."""
        if in_use and not anyway:
            return cls(False, False, [call.skipped()])
        if browser and not is_open:
            return cls(True, False, [call.closed()])
        return cls(True, browser, [])


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
        found += await network.beside(lambda: list(network.browsers(line)))
        found += await network.beside(lambda: list(shift.findings(organisation)))
        trial = Trial(line, organisation, phone)
        if not _lacks(found):
            tries = Tries.when(
                browser=browser,
                anyway=anyway,
                in_use=await asyncio.to_thread(shift.is_in_use, organisation),
                is_open=await asyncio.to_thread(shift.is_open, organisation),
            )
            found += tries.findings
            found += await _called(trial, organisation, browser=tries.browser, press=tries.press)
    finally:
        await phone.close()
    return found, trial.measured


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
