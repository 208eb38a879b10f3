"""`quartier backup`: one file with the database, the key of notifications and the line's folder, while everything goes
on. Without the keys, which are kept elsewhere, and without the sessions of those who are signed in."""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from quartier.cli import no_installation, terminal_language

# Who is signed in at the moment is nobody's to bring back.
LEFT_OUT = ("team_browsersession", "django_session")


@dataclass(frozen=True)
class TableState:
    """Which migrations have changed the tables of a database, as `room.name`, and how many rows each table has."""

    migrations: list[str]
    counts: dict[str, int]


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("backup", help="one verified file of everything, while everything goes on")
    parser.add_argument("--to", type=Path, help="folder (default: backups in the home folder)")
    parser.add_argument("--keep", type=int, default=14, help="how many copies are kept there (default: 14)")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when there is no copy; a half one is never left behind."""
    if no_installation():
        return 2
    with terminal_language():
        from django.conf import settings
        from django.utils.translation import gettext as _

        from quartier.cli.backup import making

        try:
            file = making.make(args.to or making.folder(), keep=args.keep)
        except making.NotMade as error:
            print(_("No backup was made: {error}").format(error=error), file=sys.stderr)
            return 1
        print(
            _(
                "Backup written to {file}, and read once more. It signs no one in, and what people told us opens only "
                "with the keys in {keys}: keep those elsewhere."
            ).format(file=file, keys=settings.INSTALLATION.home / "quartier.toml")
        )
    return 0
