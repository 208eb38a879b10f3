"""The inbox of the line: what did not arrive, what was unwanted, and what people answer.

Letters are read one after the other, each is written down in one transaction, and then moved out of the inbox. A
worker that dies in between leaves it there, and the next one finds by the letter's own name that it is written down.
What cannot be read is put aside: no letter is tried for ever.
"""

import hashlib
import logging
import time

from django.conf import settings
from django.db import DatabaseError

from quartier.limits import actions as limits
from quartier.messaging.providers.base import NotSent
from quartier.messaging.providers.mailbox import sorting
from quartier.messaging.providers.mailbox.box import ASIDE, DONE, Box, Found
from quartier.messaging.providers.mailbox.imap import Imap
from quartier.messaging.providers.mailbox.letter import Letter
from quartier.messaging.providers.mailbox.maildir import Maildir
from quartier.messaging.providers.mailbox.place import NotAnInbox, Place, parse
from quartier.team.models import Organisation

__all__ = ["NotAnInbox", "Place", "is_there", "opened", "parse", "read"]
log = logging.getLogger(__name__)
# A letter that was begun so often and never ended takes its worker down.
TRIES, TRIES_IN_S = 3, 86_400
# No new letter is begun after this: the next run has its own time.
STRETCH_S = 40.0


def opened(place: Place) -> Box:
    """The inbox, ready. Raises `NotSent`."""
    return Maildir(place.path) if place.scheme == "maildir" else Imap(place)


def is_there() -> None:
    """Look whether the inbox can be opened. Raises `NotAnInbox` and `NotSent`."""
    place = parse(settings.MAIL_INBOX)
    if place is not None:
        opened(place).close()


def read(organisation: Organisation) -> int:
    """Read what is new. `organisation`: to whom a letter belongs that answers none of ours. Returns how many were
    handled; raises `NotAnInbox` and `NotSent`."""
    place = parse(settings.MAIL_INBOX)
    if place is None:
        return 0
    box, end, count = opened(place), time.monotonic() + STRETCH_S, 0
    try:
        for found in box.letters():
            box.move(found, DONE if _take(organisation, found) else ASIDE)
            count += 1
            if time.monotonic() > end:
                return count
        box.tidy()
    except NotSent as error:
        if not count:
            raise
        log.warning("inbox: %s", error)
    finally:
        box.close()
    return count


def _take(organisation: Organisation, found: Found) -> bool:
    """Whether the letter is done with; else a person must look at it. Its words stand in no log."""
    name = hashlib.sha256(found.raw).hexdigest()[:32]
    if not limits.allow(purpose="letter", who=name, limit=TRIES, per_seconds=TRIES_IN_S):
        log.error("inbox: letter %s was begun %s times and never ended: put aside", name, TRIES)
        return False
    try:
        return sorting.take(organisation, Letter.read(found.raw, cut=found.cut), name)
    except DatabaseError:
        raise
    except Exception as error:
        log.error("inbox: letter %s cannot be read, and is put aside: %s", name, type(error).__name__)
        return False
