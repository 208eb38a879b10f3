"""Whether what `quartier run` serves from this folder answers, and what it says of itself."""

from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.utils.translation import gettext as _

from quartier.cli.check.finding import Finding, good, wrong
from quartier.cli.run import notify, starting


def pages() -> Iterator[Finding]:
    """Asks `/health`. Where nothing is served from here now, there is nothing to ask: `worker` says whether anybody is
    missed."""
    address = ""
    with suppress(OSError):
        address = (settings.INSTALLATION.home / starting.ADDRESS).read_text().strip()
    if not address:
        return
    found = notify.ask(address)
    if found is None:
        yield wrong(
            "health",
            _("The pages do not answer at {address}.").format(address=address),
            _("Start it again: quartier run. Its last log lines say why it stopped."),
        )
    elif found[0] == 200:
        yield good("health", _("The pages answer at {address}.").format(address=address))
    else:
        yield wrong(
            "health",
            _("The pages answer at {address}, but all is not well: {summary}").format(
                address=address, summary=notify.summary(*found)
            ),
            _("docs/howto/run.md says what each of these words means."),
        )
