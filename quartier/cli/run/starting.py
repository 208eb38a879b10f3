"""What must be so before anything is served: nobody else serves this home folder, and the tables are not those of a
later version."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = "run.lock"
# Where the pages of this home folder are served now, for `quartier check`.
ADDRESS = "run.address"


class AlreadyRuns(Exception):
    """Another `quartier run` serves this home folder; `args[0]`: its process, or ""."""


class Hold:
    """What says to others that this home folder is in use, until this process ends or lets go."""

    def __init__(self) -> None:
        # Open files: whoever inherits one holds the folder too.
        self.handles: list[int] = []

    def run(self, home: Path) -> None:
        """The one `quartier run` of a home folder. Raises `AlreadyRuns`, and `OSError`."""
        handle = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            whose = os.read(handle, 20).decode(errors="replace").strip()
            os.close(handle)
            raise AlreadyRuns(whose) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self.handles.append(handle)

    def share(self, home: Path) -> None:
        """One of those that read and write here: a process for pages, a worker. A folder that is not there, or a disk
        that knows no locks, keeps nobody from it. Raises `AlreadyRuns` while a backup is brought back."""
        with suppress(OSError):
            handle = os.open(home, os.O_RDONLY)
            self.handles.append(handle)
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise AlreadyRuns("") from error

    def alone(self, home: Path) -> None:
        """Nobody reads or writes here, and nobody begins to. Raises `AlreadyRuns`, and `OSError`."""
        self.run(home)
        handle = os.open(home, os.O_RDONLY)
        self.handles.append(handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRuns("") from error

    def release(self) -> None:
        """Let others have it."""
        while self.handles:
            os.close(self.handles.pop())


# Of this process: the kernel lets go of it at its end, however that comes.
hold = Hold()


@contextmanager
def served_at(address: str, home: Path) -> Iterator[None]:
    """Inside the block a file of the home folder says so."""
    file = home / ADDRESS
    with suppress(OSError):
        file.write_text(address)
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def refuses() -> bool:
    """For a process that reads and writes: say that it is in use here; True, after saying why, where the tables are
    those of a later version. Children of a parent need not look: it has looked."""
    from django.conf import settings

    from quartier.cli import terminal_language

    home = settings.INSTALLATION.home
    if os.environ.get("QUARTIER_PARENT"):
        hold.share(home)
        return False
    with terminal_language():
        from django.db import DatabaseError, connection
        from django.utils.translation import gettext as _

        from quartier.lib import tables

        try:
            hold.share(home)
        except AlreadyRuns:
            words = _("A backup is being brought back in {home}. Nothing was started.")
            print(words.format(home=home), file=sys.stderr)
            return True
        try:
            later = tables.unknown_to_this_version()
        except DatabaseError:
            # Whoever serves without a database says so on every page, and goes on when it is back.
            return False
        finally:
            connection.close()
        if later:
            say_newer(later)
    return bool(later)


def say_newer(later: list[str]) -> None:
    """That a later version has changed the tables, and what to do."""
    from django.utils.translation import gettext as _

    from quartier.lib.version import version

    print(
        _(
            "The database was changed by a later version of the program than this one ({version}): {names}. Nothing "
            "was started or changed. Install that version again, or restore a backup from before it: quartier restore."
        ).format(version=version(), names=", ".join(later[:3]) + (" …" if later[3:] else "")),
        file=sys.stderr,
    )


def knows_proxies() -> bool:
    """Whether `proxies`, or the variable in its place, names addresses; False after saying which word does not. (Of the
    line itself `config.faults` has said it before.)"""
    from django.conf import settings
    from django.utils.translation import gettext as _

    from quartier.config import proxies

    try:
        proxies.named(settings.INSTALLATION.proxies)
    except ValueError as error:
        words = _(
            "The web servers in front cannot be read (FORWARDED_ALLOW_IPS, or the line proxies): {error}. Nothing was "
            "started."
        )
        print(words.format(error=error), file=sys.stderr)
        return False
    return True
