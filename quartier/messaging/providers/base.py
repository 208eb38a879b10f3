"""What every provider has in common: it is given a message and says what came of it, whatever happens.

An adapter makes the call and raises what is named here; timing, logs and the reading of errors are in `deliver`.
"""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import DatabaseError

from quartier.messaging.models import Message
from quartier.messaging.providers import heard
from quartier.messaging.rules import Outcome

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Receipt:
    """What a provider said. `unreachable`: it could not even be asked, so others need not try now. `wait`: how long
    it asks us to leave it alone."""

    outcome: Outcome
    reference: str = ""
    error: str = ""
    unreachable: bool = False
    wait: timedelta | None = None
    # Sent, and on the phone already.
    arrived: bool = False


class NotSent(Exception):
    """Surely not sent; may work later. `unreachable`: the provider itself was not there. `wait`: it says how long
    to wait."""

    def __init__(self, why: str, *, unreachable: bool = False, wait: timedelta | None = None) -> None:
        super().__init__(why)
        self.unreachable = unreachable
        self.wait = wait


class Refused(Exception):
    """Surely not sent, and never will be."""


class Provider(ABC):
    """One way out. `reference` is what the provider knows a message by; we choose it: the message's id."""

    # What `Message.provider` keeps, and what webhooks are addressed to.
    name: str
    channels: frozenset[str] = frozenset({Message.Channel.TEXT})
    # Whether what it takes has arrived by that; else somebody must say so later, or nobody does.
    sent_is_arrived = False
    # Whether it lives in this database, and takes many messages in one transaction, by their ids (`send_many`).
    takes_many = False

    @abstractmethod
    def send(self, message: Message) -> str:
        """Send, and return the reference. Raises `NotSent` or `Refused`; anything else means: perhaps sent."""

    def send_many(self, messages: Sequence[Message]) -> None:
        """Send all of these in the caller's transaction, or none."""
        raise NotImplementedError

    def ask(self, message: Message) -> bool | None:
        """Whether the message has arrived; `None` when the provider cannot tell."""
        return None

    def cost(self, message: Message) -> Decimal:
        """What sending it takes, in euros."""
        return Decimal(0)

    def is_there(self) -> None:  # noqa: B027 (most cannot be asked without sending something)
        """Look, within seconds and without sending anything, whether it could send now. Raises `NotSent`."""

    def look(self) -> Iterable[heard.Report | heard.Incoming]:
        """What has come where somebody must go and look. Each is kept before the next is asked for, and may come again
        if that fails. Raises `NotSent` when one cannot look now."""
        return ()

    def hear(
        self, body: bytes, headers: Mapping[str, str], path: str, now: datetime
    ) -> list[heard.Report | heard.Incoming]:
        """What a webhook says. `path`: with its query, as it was called. Raises `heard.Forged` and `heard.Garbled`."""
        raise heard.Forged("this provider calls nobody")

    def close(self) -> None:  # noqa: B027 (most have nothing to hang up)
        """Hang up. Never raises."""

    def deliver(self, message: Message) -> Receipt:
        """Send, and say what came of it. A database that goes away is not the provider's fault, and is raised."""
        began = time.monotonic()
        try:
            receipt = Receipt(Outcome.SENT, self.send(message), arrived=self.sent_is_arrived)
        except DatabaseError:
            raise
        except Refused as error:
            receipt = Receipt(Outcome.REFUSED, error=without(str(error), message.to))
        except NotSent as error:
            receipt = Receipt(
                Outcome.LATER,
                error=without(str(error), message.to),
                unreachable=error.unreachable,
                wait=error.wait,
            )
        except Exception as error:
            why = without(f"{type(error).__name__}: {error}", message.to)
            receipt = Receipt(Outcome.UNKNOWN, error=why)
        took = time.monotonic() - began
        level = logging.INFO if receipt.outcome == Outcome.SENT else logging.WARNING
        log.log(level, "%s: %s %s in %.2f s %s", self.name, message.pk, receipt.outcome, took, receipt.error)
        return receipt


def without(text: str, address: str) -> str:
    """The words of an error without the address of whom it was for: they are kept unsealed, and logged."""
    clean = " ".join(text.replace(address, "…").split()).encode(errors="replace").decode()
    return "".join(letter for letter in clean if letter.isprintable())[:300]
