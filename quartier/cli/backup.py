"""`quartier backup`: a copy of the database while everything goes on. Without the keys, which are kept elsewhere."""

import argparse
import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from quartier.cli import no_installation, terminal_language


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("backup", help="copy the database while everything goes on")
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

        from quartier.lib import clock

        database = settings.DATABASES["default"]
        on_sqlite = "sqlite" in database["ENGINE"]
        folder = args.to or settings.INSTALLATION.home / "backups"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = folder / f"quartier-{clock.now():%Y%m%d-%H%M%S}.{'sqlite3.gz' if on_sqlite else 'dump'}"
        unfinished = file.with_name(f".{file.name}.part")
        try:
            (_sqlite if on_sqlite else _postgresql)(database, unfinished)
            unfinished.chmod(0o600)
            os.replace(unfinished, file)
        except (OSError, sqlite3.Error, subprocess.CalledProcessError) as error:
            print(_("There is no copy: {error}").format(error=error), file=sys.stderr)
            return 1
        finally:
            unfinished.unlink(missing_ok=True)
        for old in sorted(folder.glob("quartier-*"))[: -max(1, args.keep)]:
            old.unlink()
        print(
            _("Copied to {file}. It is of use only with the keys in {keys}: keep those elsewhere.").format(
                file=file, keys=settings.INSTALLATION.home / "quartier.toml"
            )
        )
    return 0


def _sqlite(database: dict[str, Any], file: Path) -> None:
    """SQLite's own online copy: whole, whatever is written meanwhile. Checked before it counts."""
    if not Path(database["NAME"]).is_file():
        raise FileNotFoundError(database["NAME"])
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        plain = Path(folder) / "copy.sqlite3"
        source, target = sqlite3.connect(database["NAME"]), sqlite3.connect(plain)
        try:
            source.backup(target)
            (whole,) = target.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            source.close()
            target.close()
        if whole != "ok":
            raise sqlite3.DatabaseError(whole)
        with plain.open("rb") as read, gzip.open(file, "wb", compresslevel=6) as written:
            shutil.copyfileobj(read, written)


def _postgresql(database: dict[str, Any], file: Path) -> None:
    """pg_dump in its own format, which `pg_restore` reads."""
    names = {
        "HOST": "PGHOST",
        "PORT": "PGPORT",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",
        "NAME": "PGDATABASE",
    }
    given = {variable: str(database[key]) for key, variable in names.items() if database.get(key)}
    subprocess.run(
        ["pg_dump", "--format=custom", f"--file={file}"],
        env={**os.environ, **given},
        stdin=subprocess.DEVNULL,
        check=True,
    )
