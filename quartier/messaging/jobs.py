"""What the worker does by itself: it sends messages whose time has come, and looks for what has come in."""

import logging
import time

from django.db import DatabaseError

from quartier.jobs.pull import puller
from quartier.lib import clock
from quartier.lib.background import every
from quartier.messaging import chatting, delivery, digest, incoming, reports
from quartier.messaging.providers import Post, bots, heard, mailbox
from quartier.messaging.providers.base import NotSent
from quartier.team.queries import organisation_for

log = logging.getLogger(__name__)


@puller("messaging.outbox", looks_elsewhere=True)
def outbox() -> bool:
    """Send some of what is due. True when there was something."""
    return delivery.deliver()


@every(60, "messaging.digest", atomic=False)
def gather() -> int:
    """Write the mails in which several messages stand together. Returns how many people get one."""
    return digest.gather(clock.now())


# So often each worker looks.
LOOK_S = 5.0
_look_again = 0.0


@puller("messaging.look", looks_elsewhere=True)
def look() -> bool:
    """Fetch what lies with the providers that do not call us; true when there was something. It belongs to the
    organisation that has no host of its own, else to the first one."""
    global _look_again
    if time.monotonic() < _look_again:
        return False
    _look_again = time.monotonic() + LOOK_S
    post = Post()
    found = False
    for provider in post.for_texts():
        try:
            for told in provider.look():
                found = True
                _keep(provider.name, told)
        except NotSent as error:
            log.warning("%s: nothing could be fetched: %s", provider.name, error)
        except DatabaseError:
            raise
        except Exception as error:
            # Its words may hold somebody's; the next one is looked at all the same.
            log.error("%s: nothing could be fetched: %s", provider.name, type(error).__name__)
    post.close()
    return found


# So often each worker asks whether it is the one who listens to the chats, and listens.
LISTEN_S = 2.0
_listen_again = 0.0


@puller("messaging.chats", looks_elsewhere=True)
def listen() -> bool:
    """Hear what was written in chats; true when there was something."""
    global _listen_again
    if time.monotonic() < _listen_again:
        return False
    _listen_again = time.monotonic() + LISTEN_S
    found = False
    for provider in bots():
        found |= chatting.listen(provider)
    return found


def _keep(provider: str, told: heard.Report | heard.Incoming) -> None:
    if isinstance(told, heard.Report):
        reports.reported(provider, told)
        return
    organisation = organisation_for("")
    if organisation is None:
        raise LookupError("nobody is there to read it yet")
    incoming.received(organisation, provider, told)


@every(60, "messaging.mailbox", atomic=False)
def read_mailbox() -> int:
    """Read what has come into the inbox, if there is one. Returns how many letters were handled."""
    organisation = organisation_for("")
    if organisation is None:
        return 0
    try:
        return mailbox.read(organisation)
    except (NotSent, mailbox.NotAnInbox) as error:
        log.warning("the inbox could not be read: %s", error)
        return 0
