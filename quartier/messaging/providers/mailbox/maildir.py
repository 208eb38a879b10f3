"""An inbox as a folder of files, as mail servers on this machine deliver into it (Maildir++)."""

import time
from collections.abc import Iterator
from pathlib import Path

from quartier.messaging.providers.base import NotSent
from quartier.messaging.providers.mailbox.box import AT_ONCE, DONE, KEEP, LARGEST, YOUNG, Box, Found


class Maildir(Box):
    """`new` and `cur` of one folder; what was handled lies in `.Quartier` below it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        for name in ("new", "cur"):
            try:
                next(iter((path / name).iterdir()), None)
            except OSError as error:
                raise NotSent(f"{type(error).__name__}: {path / name}", unreachable=True) from error

    def letters(self) -> Iterator[Found]:
        count = 0
        for path in self._files("new", "cur"):
            try:
                old = path.stat().st_mtime < time.time() - YOUNG.total_seconds()  # real time: files have it
                with path.open("rb") as file:
                    raw = b"" if old else file.read(LARGEST + 1)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise NotSent(f"{type(error).__name__} in the inbox", unreachable=True) from error
            if not old:
                count += 1
                yield Found(f"{path.parent.name}/{path.name}", raw[:LARGEST], len(raw) > LARGEST)
            if count >= AT_ONCE:
                return

    def move(self, found: Found, folder: str) -> None:
        there = self._path / f".{folder}"
        try:
            for name in ("new", "cur", "tmp"):
                (there / name).mkdir(parents=True, exist_ok=True, mode=0o700)
            before = self._path / found.key
            name = before.name if ":2," in before.name else f"{before.name}:2,S"
            before.rename(there / "cur" / name)
            # The day of its coming no longer counts; from now on it is the day on which it was handled.
            (there / "cur" / name).touch()
        except FileNotFoundError:
            return
        except OSError as error:
            raise NotSent(f"{type(error).__name__} in the inbox", unreachable=True) from error

    def tidy(self) -> None:
        oldest = time.time() - KEEP.total_seconds()  # real time: files have it
        for path in (self._path / f".{DONE}" / "cur").glob("*"):
            try:
                if path.stat().st_mtime < oldest:
                    path.unlink()
            except OSError:
                continue

    def close(self) -> None:
        """Nothing is open."""

    def _files(self, *folders: str) -> list[Path]:
        """Whole letters that nobody has thrown away, the oldest name first."""
        found = []
        for name in folders:
            try:
                paths = list((self._path / name).iterdir())
            except OSError as error:
                raise NotSent(f"{type(error).__name__} in the inbox", unreachable=True) from error
            for path in paths:
                flags = path.name.partition(":2,")[2]
                if (
                    not path.name.startswith(".")
                    and "T" not in flags
                    and path.is_file()
                    and not path.is_symlink()
                ):
                    found.append(path)
        return sorted(found, key=lambda path: path.name)
