"""The backups: whether there is one, young, whole, and of this installation."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from quartier.cli.backup import archive, making
from quartier.cli.check.finding import Finding, doubt, good, wrong
from quartier.lib import clock

BACKUP_AGE = timedelta(hours=26)
# A file of this size is read whole; of a larger one only its first part, or a check would take minutes.
MAX_READ_BYTES = 500_000_000


def backups() -> Iterator[Finding]:
    """The newest in `backups` of the home folder, where `quartier backup` puts it."""
    folder = making.folder()
    copies = sorted(folder.glob(f"{making.NIGHTLY}*"), key=lambda path: path.stat().st_mtime)
    todo = _("Run quartier backup every night, and keep its backups on another machine.")
    if not copies:
        yield doubt(
            "backups", _("There is no backup of the database in {folder}.").format(folder=folder), todo
        )
        return
    last = copies[-1]
    if words := _what_is_wrong(last):
        yield wrong("backups", words, _("Make one now: quartier backup. It says what hinders it."))
        return
    hours = int((clock.now().timestamp() - last.stat().st_mtime) // 3600)
    words = _("The last backup of the database is {hours} hours old.").format(hours=hours)
    yield (
        doubt("backups", words, todo) if hours * 3600 > BACKUP_AGE.total_seconds() else good("backups", words)
    )


def _what_is_wrong(file: Path) -> str:
    if not file.stat().st_size:
        return _("The last backup is empty: {file}.").format(file=file)
    if file.suffix != archive.SUFFIX:
        # An earlier version made it: only its age is known.
        return ""
    try:
        if file.stat().st_size > MAX_READ_BYTES:
            archive.read_manifest(file)
        else:
            archive.verify(file)
    except archive.OtherKeys as error:
        return _("The last backup opens with other keys than these: {file} ({names}).").format(
            file=file, names=error
        )
    except archive.Damaged as error:
        return _("The last backup is cut off or was altered: {file} ({error}).").format(
            file=file, error=error
        )
    return ""
