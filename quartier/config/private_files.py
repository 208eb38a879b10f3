"""What in an installation nobody but its owner may read: its home folder, keys, database and copies."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

PRIVATE_UMASK = 0o077


def private_paths() -> Iterator[Path]:
    """Those that are there. A database or copies elsewhere than in the home folder count too."""
    home: Path = settings.INSTALLATION.home
    database = settings.DATABASES["default"]
    stored = Path(database["NAME"]) if "sqlite" in database["ENGINE"] else None
    files = [
        home / "quartier.toml",
        home / "push" / "key.pem",
        *sorted((home / "backups").glob("[!.]*")),
    ]
    if stored is not None:
        files += [stored.with_name(stored.name + end) for end in ("", "-wal", "-shm")]
    return (path for path in (home, home / "backups", *files) if path.exists())


def open_to_others(paths: Iterable[Path]) -> list[Path]:
    """Those of them that somebody else on this machine can read, change or enter."""
    found = []
    for path in paths:
        # The log beside a database goes with whoever closes it last, a copy with the next ones.
        with suppress(FileNotFoundError):
            if path.stat().st_mode & PRIVATE_UMASK:
                found.append(path)
    return found


def close_to_others(paths: Iterable[Path]) -> None:
    """Take every right of others away. What belongs to another user stays as it is; `quartier check` names it."""
    for path in open_to_others(paths):
        with suppress(PermissionError, FileNotFoundError):
            path.chmod(path.stat().st_mode & 0o7777 & ~PRIVATE_UMASK)
