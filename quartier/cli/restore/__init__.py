"""`quartier restore FILE`: bring a backup back. It is read and compared first, and what is there is kept."""

import argparse
import sqlite3
import sys
from pathlib import Path

from quartier.cli import no_installation, terminal_language

# However the terminal speaks.
YES = {"yes", "oui", "ja"}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("restore", help="bring a backup back; what is there is kept")
    parser.add_argument("file", type=Path, metavar="FILE", help="what quartier backup has written")
    parser.add_argument("--yes", action="store_true", help="do not ask before it replaces what is there")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 1 where nothing was replaced, after saying why."""
    if no_installation():
        return 2
    with terminal_language():
        import psycopg
        from django.utils.translation import gettext as _

        from quartier.cli.backup.archive import Damaged
        from quartier.cli.backup.postgresql import ProgramFailed
        from quartier.cli.restore import steps

        try:
            with steps.nobody_serves():
                return _restore(args)
        except steps.Refused as error:
            print(error, file=sys.stderr)
        except KeyboardInterrupt:
            print()
            return 130
        except (OSError, sqlite3.Error, psycopg.Error, ProgramFailed, Damaged) as error:
            print(
                _("The backup could not be brought back: {error}. The database is the one of before.").format(
                    error=str(error).strip() or type(error).__name__
                ),
                file=sys.stderr,
            )
    return 1


def _restore(args: argparse.Namespace) -> int:
    from django.utils.translation import gettext as _

    from quartier.cli.restore import steps

    manifest = steps.checked(args.file)
    before = steps.what_is_there()
    print(steps.what_it_does(manifest, before))
    if not args.yes and not _agreed():
        print(_("Nothing was changed."), file=sys.stderr)
        return 1
    if kept := steps.keep(before, spare=args.file):
        print(_("What was there until now is kept: {file}.").format(file=kept), flush=True)
    steps.replace(args.file, manifest)
    print(_("The backup of {time} is back: the files, the keys and every count are as they were.").format(
        time=steps.when(manifest)
    ))  # fmt: skip
    print(_("Everyone signs in again. Next: quartier run, then quartier check."))
    return 0


def _agreed() -> bool:
    from django.utils.translation import gettext as _

    if not sys.stdin.isatty():
        print(_("To go on without being asked: quartier restore --yes FILE"), file=sys.stderr)
        return False
    return input(_("Type “yes” to go on: ")).strip().lower() in YES
