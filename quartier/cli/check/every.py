"""Every look at an installation, one after the other. One that fails is a finding itself."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from quartier.cli.check import machine, reach, work
from quartier.cli.check.finding import Finding, wrong

FIRST: tuple[Callable[[], Iterator[Finding]], ...] = (
    machine.file,
    machine.keys,
    machine.switches,
    reach.address,
    reach.mail,
    reach.inbox,
    reach.texts,
    reach.chats,
    machine.disk,
    machine.backups,
)
# These read the database, and make no sense without it.
THEN: tuple[Callable[[], Iterator[Finding]], ...] = (
    machine.clocks,
    work.sealed,
    work.organisation,
    work.trustee,
    work.places,
    work.worker,
    work.outbox,
    work.jobs,
)


def findings() -> list[Finding]:
    """What was found, in the order in which it was looked at."""
    found = [each for look in FIRST for each in _looked(look)]
    database = list(_looked(machine.database))
    found += database
    if all(each.level != "wrong" for each in database):
        found += [each for look in THEN for each in _looked(look)]
    return found


def _looked(look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except Exception as error:
        return [
            wrong(
                look.__name__,
                _("This could not be looked at: {name} ({error}).").format(name=look.__name__, error=error),
                _("Tell whoever looks after the machine, with this line."),
            )
        ]
