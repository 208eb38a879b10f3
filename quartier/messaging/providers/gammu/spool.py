"""The folders through which gammu-smsd takes and gives messages, as its own configuration file names them."""

import configparser
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from quartier.messaging.providers.base import NotSent

# A file that waits for so long while nothing at all goes out: the stick is gone, or smsd is.
STUCK_S = 90
# So long nothing more is given to an smsd that took nothing, before it is tried again.
AWAY_S = 600
# What smsd has sent, and what we have read, stays readable on this disk for so long.
KEPT_S = 3 * 24 * 3600
_OURS = re.compile(r"OUT[A-Z]([0-9a-f]{32})\.smsbackup")


def ours(name: str) -> UUID | None:
    """The message whose file this is, if it is one of ours."""
    match = _OURS.fullmatch(name)
    return UUID(match[1]) if match else None


def away(why: str) -> NotSent:
    return NotSent(why, unreachable=True)


@dataclass(frozen=True)
class Spool:
    """`sent` and `error` are where smsd puts what it has taken from the `outbox`."""

    inbox: Path
    outbox: Path
    sent: Path
    error: Path
    inbox_format: str

    @classmethod
    def of(cls, path: Path) -> "Spool":
        """The folders named in smsd's file. Raises `NotSent` when it cannot be read or names none."""
        parser = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True)
        try:
            parser.read_string(path.read_text(errors="replace"))
            found = {key: (value or "").strip() for key, value in parser["smsd"].items()}
        except (OSError, KeyError, configparser.Error) as error:
            why = _("{file} cannot be read as smsd's file").format(file=path)
            raise away(why) from error
        if found.get("service", "").lower() != "files":
            raise away(_("{file} must say: service = files").format(file=path))
        names = ("inboxpath", "outboxpath", "sentsmspath", "errorsmspath")
        for name in names:
            # smsd puts the name of a file right behind the path.
            if not found.get(name, "").endswith("/"):
                raise away(_("{file} must give {name}, with / at the end").format(file=path, name=name))
        if len({found[name] for name in names}) < len(names):
            raise away(_("{file} must name four different folders").format(file=path))
        inbox, outbox, sent, error_path = (Path(found[name]) for name in names)
        return cls(inbox, outbox, sent, error_path, found.get("inboxformat", "standard").lower())

    def usable(self) -> "Spool":
        """Itself. Raises `NotSent` when a folder is not there for us, or nothing goes out."""
        for folder in (self.outbox, self.sent, self.error, self.inbox):
            if not folder.is_dir():
                raise away(_("the folder {folder} does not exist").format(folder=folder))
            if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                raise away(_("we are not allowed to write to the folder {folder}").format(folder=folder))
        if self.is_stuck():
            raise away(_("gammu-smsd is not sending: is it running, and is the stick plugged in?"))
        return self

    def where(self, message: UUID) -> Path | None:
        """Where the message's file is now, if it is anywhere: `outbox`, `sent` or `error`."""
        end = f"{message.hex}.smsbackup"
        # In the order in which smsd moves it, so that it is not missed on its way.
        for folder in (self.outbox, self.sent, self.error):
            for path in folder.glob(f"OUT?{end}"):
                return path
        return None

    def put(self, name: str, words: str) -> None:
        """Into the outbox at once, or not at all: smsd never sees half a file."""
        draft = self.outbox / f".{name}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o660)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            # smsd writes into the file too, and is another user than we; so whatever the umask says.
            os.fchmod(handle, 0o660)
            file.write(words)
            file.flush()
            os.fsync(handle)
        draft.rename(self.outbox / name)

    def is_stuck(self) -> bool:
        """Whether smsd has let something lie for too long and has sent nothing since."""
        now = time.time()  # real time: files have it
        waits = [changed(path) for path in self.outbox.glob("OUT*")]
        waits_long = min((at for at in waits if at), default=now) < now - STUCK_S
        taken_back = changed(self.outbox / ".away")
        if not waits_long and taken_back < now - AWAY_S:
            return False
        sent = max((changed(path) for path in self.sent.glob("OUT*")), default=0.0)
        return (waits_long and sent < now - STUCK_S) or sent < taken_back > now - AWAY_S

    def take_back(self) -> None:
        """What a stuck smsd has not sent goes where it puts what it could not send; it is reported from there."""
        now = time.time()  # real time: files have it
        late = [
            path for path in self.outbox.glob("OUT*") if ours(path.name) and changed(path) < now - STUCK_S
        ]
        if late and self.is_stuck():
            (self.outbox / ".away").touch()
            for path in late:
                with suppress(FileNotFoundError):
                    path.rename(self.error / path.name)

    def put_aside(self, path: Path, where: str) -> None:
        """Into a folder of ours beside it, so that it is not seen again."""
        folder = path.parent / where
        folder.mkdir(exist_ok=True, mode=0o770)
        # Another worker may have been here meanwhile.
        with suppress(FileNotFoundError):
            path.replace(folder / path.name)

    def tidy(self) -> None:
        """Remove what stands here in plain words and is old: nobody needs it any more."""
        before = time.time() - KEPT_S  # real time: files have it
        read = (self.inbox / "done", self.inbox / "broken", self.error / "done")
        for path in [*self.sent.glob("OUT*"), *(path for folder in read for path in folder.glob("*"))]:
            if 0 < changed(path) < before and (path.parent != self.sent or ours(path.name)):
                path.unlink(missing_ok=True)


def changed(path: Path) -> float:
    """When the file was put where it is; 0 when it is gone."""
    try:
        return path.stat().st_ctime
    except FileNotFoundError:
        return 0.0
