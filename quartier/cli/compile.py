"""`quartier compile`: the texts and the matching engine of this version, made ready.

Every command does so at its start; this one is for where the program's own folder is closed to the service.
`--engine` alone is a child of `quartier run`: it gives way to everything else on the machine.
"""

import argparse
import os
import stat
import sysconfig
from contextlib import suppress
from pathlib import Path

from quartier.cli.run.parent import end_with_parent

LAST_OF_ALL = 19


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "compile", help="make the texts ready, where the program's folder is read-only"
    )
    parser.add_argument(
        "--engine", action="store_true", help="only the matching engine, behind everything else"
    )
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from quartier.engine import warming
    from quartier.engine.compiled import warm
    from quartier.lib import catalogues

    if args.engine:
        end_with_parent(lambda: os._exit(0))
        os.nice(LAST_OF_ALL)
        warm()
    else:
        catalogues.compile_all()
        warm()
    warming.set_mark()
    open_to_readers(catalogues.HOUSE)
    # The libraries too: this process has compiled those that it needs.
    open_to_readers(Path(sysconfig.get_path("purelib")))
    return 0


def open_to_readers(folder: Path) -> None:
    """Let everybody read what Python and Numba have compiled here, where everybody may read what it was made of: it is
    often root that compiles, under a umask that closes all to others, and another user that runs it."""
    for place, _names, files in folder.walk():
        if place.name != "__pycache__" or not place.parent.stat().st_mode & stat.S_IROTH:
            continue
        # What belongs to somebody else stays as it is.
        with suppress(PermissionError, FileNotFoundError):
            place.chmod(stat.S_IMODE(place.stat().st_mode) | 0o055)
            for name in files:
                (place / name).chmod(stat.S_IMODE((place / name).stat().st_mode) | 0o044)
