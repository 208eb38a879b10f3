"""A GSM stick by Debian's gammu-smsd: one file for each message, in folders that both of us read.

A message is handed over once its file is in the outbox. Where the file is afterwards says what came of it, so a
worker that was lost in between need not send it again. How to set it up: docs/howto/texts.md.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from quartier.messaging import queries
from quartier.messaging.models import Message
from quartier.messaging.providers import heard
from quartier.messaging.providers.base import Refused
from quartier.messaging.providers.gammu import backup, inbox
from quartier.messaging.providers.gammu.spool import Spool, away, changed, ours
from quartier.messaging.providers.texts import TextProvider

log = logging.getLogger(__name__)


class Gammu(TextProvider):
    """One stick, one smsd; its address names smsd's configuration file."""

    def _spool(self) -> Spool:
        return Spool.of(Path(self.address.rest))

    def send(self, message: Message) -> str:
        spool = self._spool().usable()
        try:
            words = backup.written(message.to, message.body, message.pk.int & 255)
        except ValueError as error:
            raise Refused(str(error)) from error
        before = spool.where(message.pk)
        if before is not None and before.parent != spool.error:
            return str(message.pk)
        if before is not None:
            # It could not be sent once; from here on only what comes of this try counts.
            spool.put_aside(before, "done")
        # smsd sends by the order of names; ids follow time.
        turn = "A" if message.template in queries.FIRST else "M"
        try:
            spool.put(f"OUT{turn}{message.pk.hex}.smsbackup", words)
        except OSError as error:
            raise away(f"{type(error).__name__} in smsd's outbox") from error
        return str(message.pk)

    def ask(self, message: Message) -> bool | None:
        spool = self._spool()
        path = spool.where(message.pk)
        return path is not None and path.parent != spool.error

    def is_there(self) -> None:
        spool = self._spool().usable()
        if spool.inbox_format != "detail":
            raise away(_("smsd’s file must say: inboxformat = detail; otherwise accents are lost"))

    def look(self) -> Iterator[heard.Report | heard.Incoming]:
        spool = self._spool()
        try:
            spool.take_back()
            yield from self._failed(spool)
            yield from inbox.found(spool, self.name)
            spool.tidy()
        except OSError as error:
            raise away(f"{type(error).__name__} in smsd's folders") from error

    def _failed(self, spool: Spool) -> Iterator[heard.Report]:
        for path in sorted(spool.error.glob("OUT*")):
            message = ours(path.name)
            if message is None:
                continue
            event = f"error {message.hex} {changed(path)}"
            yield heard.Report(event, str(message), arrived=False, error="the stick could not send it")
            spool.put_aside(path, "done")
