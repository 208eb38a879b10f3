"""What smsd has put into its inbox: texts in one file or several, and what the network says of those that we sent.

A file is moved away only when whoever asked for the next thing has kept this one; so it may come twice, under the
same name, and is not lost. The names of these files hold numbers: no log line does.
"""

import hashlib
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from quartier.lib import clock
from quartier.messaging.providers import heard
from quartier.messaging.providers.gammu import backup
from quartier.messaging.providers.gammu.spool import Spool, changed, ours

log = logging.getLogger(__name__)
# smsd writes into the file where it lies: younger ones may be half a file.
SETTLED_S = 2.0
# Parts of one text are written in one go. A part whose first one does not come is read alone.
TOGETHER_S, ALONE_S = 5.0, 60.0
LARGEST = 256 * 1024
_NAME = re.compile(r"IN(\d{8})_(\d{6})_(\d{2,3})_(.*)_(\d{2,3})\.(txt|bin|smsbackup)", re.DOTALL)


@dataclass(frozen=True)
class File:
    """One file of the inbox. `at`: when it was last written, seconds since 1970."""

    path: Path
    data: bytes
    at: float

    @property
    def fields(self) -> tuple[str, str, int]:
        """What the name says: serial, sender, part from 0. Raises `ValueError`."""
        match = _NAME.fullmatch(self.path.name)
        if match is None:
            raise ValueError("a name that smsd does not give")
        return match[3], match[4], int(match[5])


def found(spool: Spool, provider: str) -> Iterator[heard.Report | heard.Incoming]:
    """Everything that is there and whole, oldest name first."""
    now = time.time()  # real time: files have it
    files = [
        file for file in map(_file, sorted(spool.inbox.glob("IN*"))) if file and file.at < now - SETTLED_S
    ]
    used: set[Path] = set()
    for file in files:
        if file.path in used:
            continue
        group = [file]
        try:
            if backup.is_backup(file.data):
                told = _of_backup(spool, file)
            else:
                group = _parts(file, files, now)
                told = _of_texts(group) if group else None
        except ValueError as error:
            log.error("%s: a file in smsd's inbox was put aside (%s): %s", provider, event_of([file]), error)
            spool.put_aside(file.path, "broken")
            continue
        if told is not None:
            yield told
        for each in group:
            used.add(each.path)
            spool.put_aside(each.path, "done")


def event_of(files: list[File]) -> str:
    """What this telling is called: the same file again is the same event; its name would show a number."""
    words = b"\x00".join(part for file in files for part in (file.path.name.encode(), file.data))
    return hashlib.sha256(words).hexdigest()[:32]


def _file(path: Path) -> File | None:
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        return File(path, data, path.stat().st_mtime)
    except FileNotFoundError:
        return None


def _of_backup(spool: Spool, file: File) -> heard.Report | heard.Incoming | None:
    if len(file.data) > LARGEST:
        raise ValueError("too large")
    parts = backup.read(file.data)
    if parts[0].pdu == "Status_Report":
        return _report(spool, file, parts[0])
    body = "".join(part.text for part in parts)
    if not body:
        return None  # a picture or a setting for telephones: nothing that anybody has written
    return heard.Incoming(event_of([file]), "text", parts[0].number, body, _at(parts[0].at, file))


def _report(spool: Spool, file: File, part: backup.Part) -> heard.Report | None:
    """What became of one that we sent. It is known by its number and by what the network called it (0 to 255)."""
    word = part.text.strip().lower()
    if word not in {"delivered", "failed"}:
        return None
    sent = sorted(spool.sent.glob("OUT*.smsbackup"), key=changed, reverse=True)
    for path in sent:
        message = ours(path.name)
        if message is None:
            continue
        first = backup.read(path.read_bytes())[0]
        # Of several parts the last one counts: it comes after the others.
        known = first.references[:1] if word == "delivered" else first.references
        if first.number == part.number and set(part.references) & set(known):
            error = "" if word == "delivered" else "the network could not deliver it"
            return heard.Report(event_of([file]), str(message), arrived=not error, error=error)
    return None


def _parts(file: File, files: list[File], now: float) -> list[File]:
    """The files of one text, this one first. Empty: its first part may still come. Raises `ValueError`."""
    serial, sender, number = file.fields
    if number:
        return [file] if file.at < now - ALONE_S else []
    near = [each for each in files if abs(each.at - file.at) < TOGETHER_S and _NAME.fullmatch(each.path.name)]
    others = {each.fields: each for each in near if each.path.suffix == file.path.suffix}
    group = [file]
    while (serial, sender, len(group)) in others:
        group.append(others[serial, sender, len(group)])
    return group


def _of_texts(files: list[File]) -> heard.Incoming | None:
    """A text as smsd writes it with `inboxformat` `unicode` or `standard`."""
    if any(file.path.suffix == ".bin" for file in files):
        return None
    body = "".join(map(_letters, files))
    if not body.strip():
        raise ValueError("empty")
    return heard.Incoming(event_of(files), "text", files[0].fields[1], body, _at(None, files[0]))


def _letters(file: File) -> str:
    if len(file.data) > LARGEST:
        raise ValueError("too large")
    for mark, name in ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le")):
        if file.data.startswith(mark):
            # smsd 1.42 counts bytes for letters, and writes what lies behind the text as well.
            return file.data[2:].decode(name, "replace").partition("\x00")[0]
    try:
        return file.data.decode()
    except UnicodeDecodeError:
        return file.data.decode("latin-1")


def _at(written: datetime | None, file: File) -> datetime:
    return min(written or datetime.fromtimestamp(file.at, UTC), clock.now())
