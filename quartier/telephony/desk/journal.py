"""What must not be lost when call control falls: an append-only file of sealed lines, synced before anybody is told.

A line is an entry, or says that an entry has arrived in the database. What is left at a start is what the last one
had no time for.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quartier.lib import crypto

# Rewritten when so many lines are there, and most of them of what has arrived.
LONGEST = 5000
_PLACE = "line|journal"


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
        self._rewrite()

    def note(self, what: str, **words: Any) -> Entry:
        """Write an entry. It is on the disk when this returns."""
        entry = Entry(self._next, what, words)
        self._next += 1
        self._waiting[entry.number] = entry
        self._append(_sealed(entry))
        if self._synced:
            os.fsync(self._file.fileno())
        return entry

    def arrived(self, entry: Entry) -> None:
        """The database has it. Not synced: doing it again does no harm."""
        if self._waiting.pop(entry.number, None) is None:
            return
        if self._lines > max(LONGEST, 2 * len(self._waiting)):
            # Also while something waits, which may be for ever: what has arrived is not to be found here for longer.
            before = self._file
            self._rewrite()
            before.close()
            return
        self._append(json.dumps({"arrived": entry.number}))

    def close(self) -> None:
        self._file.close()

    def _append(self, line: str) -> None:
        self._file.write(line + "\n")
        self._file.flush()
        self._lines += 1

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
        except (ValueError, KeyError, TypeError, crypto.CannotOpen):
            continue
    return list(found.values())
