"""What must not be lost when call control falls: an append-only file of sealed lines, synced before anybody is told.

A line is an entry, or says that an entry has arrived in the database. What is left at a start is what the last one
had no time for. A disk that is full ends no call: what cannot be written is kept in memory, goes to the database as
ever, and is written as soon as there is room.
"""

import asyncio
import json
import logging
import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quartier.lib import crypto

# Rewritten when so many lines are there, and most of them of what has arrived.
LONGEST = 5000
# How soon a disk that took nothing is tried again at the earliest. What waits is sealed anew for each try, in the loop
# that all calls need, so after a long one it is left alone for so many times as long.
AGAIN_S, REST_TIMES = 1.0, 20
_PLACE = "line|journal"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """`what` happened, in words that JSON knows."""

    number: int
    what: str
    words: dict[str, Any]


class Journal:
    """One writer. `left` are the entries that had not arrived when the file was opened. `synced`: what is noted
    outlasts the machine, and not only this process."""

    def __init__(self, file: Path, *, synced: bool = True) -> None:
        self._path, self._synced = file, synced
        file.parent.mkdir(parents=True, exist_ok=True)
        self.left = _read(file)
        self._next = max((entry.number for entry in self.left), default=0) + 1
        self._waiting = {entry.number: entry for entry in self.left}
        self._lines = 0
        # What is being sealed beside the loop: whoever is stopped meanwhile has written none of it.
        self._sealing: set[int] = set()
        # From when on a disk that took nothing is tried again; 0 where all is written.
        self._behind_until = 0.0
        file.touch(mode=0o600)
        self._file = file.open("a")
        self._renew()

    def note(self, what: str, **words: Any) -> Entry:
        """Write an entry. It is on the disk when this returns, unless the disk takes nothing."""
        entry = self._new(what, words)
        if self._append(_sealed(entry)) and self._synced:
            self._sync(self._file.fileno())
        return entry

    async def note_long(self, what: str, **words: Any) -> Entry:
        """The same for an hour of sound: sealed and synced beside the loop, which other calls need meanwhile."""
        entry = self._new(what, words)
        self._sealing.add(entry.number)
        line = await asyncio.to_thread(_sealed, entry)
        is_written = self._append(line)
        self._sealing.discard(entry.number)
        if is_written and self._synced:
            try:
                descriptor = os.dup(self._file.fileno())
            except OSError as error:
                self._is_behind(error)
            else:
                await asyncio.to_thread(self._sync, descriptor, closes=True)
        return entry

    def arrived(self, entry: Entry) -> None:
        """The database has it. Not synced: doing it again does no harm."""
        if self._waiting.pop(entry.number, None) is None:
            return
        if self._lines > max(LONGEST, 2 * len(self._waiting)):
            # Also while something waits, which may be for ever: what has arrived is not to be found here for longer.
            self._renew()
            return
        self._append(json.dumps({"arrived": entry.number}))

    def close(self) -> None:
        """The last moment for what is in memory alone."""
        if self._behind_until or self._sealing:
            self._renew()
        with suppress(OSError):
            self._file.close()

    def _new(self, what: str, words: dict[str, Any]) -> Entry:
        entry = Entry(self._next, what, words)
        self._next += 1
        self._waiting[entry.number] = entry
        return entry

    def _append(self, line: str) -> bool:
        """Whether it is written, and nothing else is missing."""
        if self._behind_until:
            return time.monotonic() >= self._behind_until and self._renew()
        try:
            self._file.write(line + "\n")
            self._file.flush()
        except OSError as error:
            return self._is_behind(error)
        self._lines += 1
        return True

    def _sync(self, descriptor: int, *, closes: bool = False) -> None:
        try:
            os.fsync(descriptor)
        except OSError as error:
            self._is_behind(error)
        finally:
            if closes:
                os.close(descriptor)

    def _is_behind(self, error: OSError, took_s: float = 0.0) -> bool:
        if not self._behind_until:
            log.error("the journal cannot be written, and what happens is in memory alone: %s", error)
        self._behind_until = time.monotonic() + max(AGAIN_S, REST_TIMES * took_s)
        return False

    def _renew(self) -> bool:
        """Go on in a new file with what still waits alone. Whether the disk took it."""
        before, since = self._file, time.monotonic()
        try:
            self._rewrite()
        except OSError as error:
            return self._is_behind(error, time.monotonic() - since)
        self._behind_until = 0.0
        # What it could not write before it would try to write once more.
        with suppress(OSError):
            before.close()
        return True

    def _rewrite(self) -> None:
        """Only what still waits, in a new file that takes the old one's place."""
        draft = self._path.with_suffix(".new")
        draft.touch(mode=0o600)
        with draft.open("w") as file:
            for entry in self._waiting.values():
                file.write(_sealed(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        self._file = self._path.open("a")
        self._lines = len(self._waiting)


def _sealed(entry: Entry) -> str:
    words = json.dumps({"what": entry.what, "words": entry.words}, ensure_ascii=False)
    return json.dumps({"number": entry.number, "sealed": crypto.seal(words.encode(), _PLACE)})


def _read(file: Path) -> list[Entry]:
    """Entries that have not arrived. A last line that was cut off by a fall is nothing that anybody was told."""
    found: dict[int, Entry] = {}
    is_readable = True
    if not file.exists():
        return []
    for line in file.read_text(errors="replace").splitlines():
        try:
            told = json.loads(line)
            if "arrived" in told:
                found.pop(told["arrived"], None)
            else:
                inside = json.loads(crypto.unseal(told["sealed"], _PLACE))
                found[told["number"]] = Entry(told["number"], inside["what"], inside["words"])
        except crypto.CannotOpen:
            is_readable = False
        except (ValueError, KeyError, TypeError):
            continue
    if not is_readable:
        _put_aside(file)
    return list(found.values())


def _put_aside(file: Path) -> None:
    """It was sealed with a key that is not here, perhaps by mistake: with the right one it can be read again, and goes
    on from here without it. Several are kept beside each other."""
    aside, number = file.with_suffix(".unread"), 1
    while aside.exists():
        number += 1
        aside = file.with_suffix(f".unread{number}")
    log.error(
        "what call control had still to say cannot be opened with the keys that are here: see %s", aside
    )
    try:
        shutil.copy2(file, aside)
    except OSError as error:
        log.error("and it cannot be kept: %s", error)
