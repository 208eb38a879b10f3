"""A new version changes the tables: a backup before it, and a page with the number for whoever comes meanwhile."""

import logging
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

from django.db import DatabaseError, OperationalError, connection
from django.utils.translation import gettext as _

from quartier.cli.backup import making
from quartier.cli.run import maintenance, ready, starting
from quartier.config import organisation
from quartier.lib import tables

log = logging.getLogger(__name__)
# A server that was away when we started is asked so often.
WAIT_S = 1.0
# Names the copy of before a change of tables that has begun and not ended: what is there since is none.
_BEGUN = ".update-begun"


def prepare(sock: socket.socket, *, backup: bool) -> bool:
    """Make everything ready that pages need; False, after saying why, where nothing may be served."""
    try:
        _wait_for_server(sock)
        if not tables.waiting_changes():
            ready.prepare()
            forget()
            organisation.keep()
            return True
        with maintenance.answering(sock):
            if backup and not _keep_a_copy():
                return False
            ready.prepare()
            forget()
            organisation.keep()
    except tables.NewerTables as error:
        starting.say_newer(error.args[0])
        return False
    except (OSError, DatabaseError) as error:
        print(_("The installation cannot be served: {error}").format(error=error), file=sys.stderr)
        return False
    finally:
        connection.close()
    return True


def _wait_for_server(sock: socket.socket) -> None:
    """After a power cut all begin at once, and PostgreSQL is not always the first. Visitors see the page with the
    number until it answers. (A file that cannot be opened does not come back by itself.)"""
    if connection.vendor != "postgresql" or _answers():
        return
    log.error("the database does not answer: the page with the number is shown until it does")
    with maintenance.answering(sock, is_away=True):
        while not _answers():
            time.sleep(WAIT_S)


def _answers() -> bool:
    try:
        connection.ensure_connection()
    except OperationalError:
        return False
    return True


def _keep_a_copy() -> bool:
    if later := tables.unknown_to_this_version():
        raise tables.NewerTables(later)
    if (file := _begun()) is not None:
        # A start that failed half way is tried again every few seconds: its copies would push the only good one out.
        print(
            _("Before the tables are changed, a backup was written to {file}.").format(file=file), flush=True
        )
        return True
    try:
        file = making.make(making.folder(), keep=making.BEFORE_KEPT, name=making.BEFORE_UPDATE)
    except making.NotMade as error:
        print(
            _(
                "This version changes the tables, and before that no backup could be made: {error}. Nothing was "
                "changed. Once you have a backup of your own: quartier run --without-backup"
            ).format(error=error),
            file=sys.stderr,
        )
        return False
    (making.folder() / _BEGUN).write_text(file.name)
    print(_("Before the tables are changed, a backup was written to {file}.").format(file=file), flush=True)
    return True


def _begun() -> Path | None:
    """The copy of before a change of tables that has not ended."""
    folder = making.folder()
    with suppress(OSError):
        name = (folder / _BEGUN).read_text().strip()
        if name.startswith(making.BEFORE_UPDATE) and (folder / name).is_file():
            return folder / name
    return None


def forget() -> None:
    """What is there now is whole: the next change of tables has a copy of its own."""
    with suppress(OSError):
        (making.folder() / _BEGUN).unlink(missing_ok=True)
