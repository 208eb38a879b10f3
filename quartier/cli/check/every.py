"""Every look at an installation, one after the other. One that fails is a finding itself."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from quartier.cli.check import copies, machine, outside, pages, reach, work
from quartier.cli.check.finding import Finding, wrong

FIRST: tuple[Callable[[], Iterator[Finding]], ...] = (
    machine.lines,
    machine.file,
    machine.owner,
    machine.private,
    machine.keys,
    machine.switches,
    reach.address,
    outside.pages,
    reach.mail,
    reach.inbox,
    reach.texts,
    reach.chats,
    machine.disk,
    copies.backups,
    pages.pages,
)
# These read the database, and make no sense without it.
THEN: tuple[Callable[[], Iterator[Finding]], ...] = (
    machine.clocks,
    outside.clocks,
    work.sealed,
    work.indexed,
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
                _("Could not check: {name} ({error}).").format(name=look.__name__, error=error),
                _("Tell the person who looks after the machine, with this line."),
            )
        ]
