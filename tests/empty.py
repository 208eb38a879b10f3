"""An empty database with all tables, in a file: made once for all the tests that begin with such a database, and again
when what tables are made of has changed."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".tools" / "empty"


def put(file: Path) -> None:
    """Copy it to that place."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_made(), file)


@cache
def _made() -> Path:
    """The file, made if there is none for the tables of this moment. Two who make it at once do not disturb each
    other: the last one's stays."""
    file = KEPT / f"{_digest()}.sqlite3"
    if file.exists():
        return file
    KEPT.mkdir(parents=True, exist_ok=True)
    for older in KEPT.glob("*.sqlite3"):
        if older != file:
            older.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        fresh = Path(folder) / "fresh.sqlite3"
        home = {"QUARTIER_HOME": folder, "QUARTIER_DATABASE": f"sqlite:///{fresh}", "QUARTIER_DEMO": "1"}
        home["DJANGO_SETTINGS_MODULE"] = "quartier.config.settings"
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("QUARTIER_", "DJANGO_"))
        }
        subprocess.run(
            [sys.executable, "-c", "import django; django.setup(); from quartier.lib import tables; tables.make()"],
            cwd=ROOT, env=kept | home, stdin=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        subprocess.run([sys.executable, "-c", LEAVE_NO_LOG, str(fresh)], check=True)
        os.replace(fresh, file)
    return file


# What is copied is the file alone, without the log that SQLite keeps beside it.
LEAVE_NO_LOG = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA journal_mode = DELETE')"


def _digest() -> str:
    rooms = ROOT / "quartier"
    files = [*rooms.glob("*/migrations/*.py"), *rooms.glob("*/models.py"), *rooms.glob("*/models/*.py")]
    files = sorted([*files, *rooms.glob("lib/*.py")])
    words = b"".join(path.name.encode() + path.read_bytes() for path in files)
    return hashlib.sha256(django.__version__.encode() + words).hexdigest()[:16]
