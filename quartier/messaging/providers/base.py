"""What every provider has in common: it is given a message and says what came of it, whatever happens.

An adapter makes the call and raises what is named here; timing, logs and the reading of errors are in `deliver`.
"""

import logging
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from django.db import DatabaseError

from quartier.messaging.models import Message
from quartier.messaging.rules import Outcome

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Receipt:
    """What a provider said. `unreachable`: it could not even be asked, so others need not try now."""

    outcome: Outcome
    reference: str = ""
    error: str = ""
    unreachable: bool = False


class NotSent(Exception):
    """Surely not sent; may work later. `unreachable`: the provider itself was not there."""

    def __init__(self, why: str, *, unreachable: bool = False) -> None:
        super().__init__(why)
        self.unreachable = unreachable


class Refused(Exception):
    """Surely not sent, and never will be."""


class Provider(ABC):
    """One way out. `reference` is what the provider knows a message by; we choose it: the message's id."""

    name: ClassVar[str]

    @abstractmethod
    def send(self, message: Message) -> str:
        """Send, and return the reference. Raises `NotSent` or `Refused`; anything else means: perhaps sent."""

    def ask(self, message: Message) -> bool | None:
        """Whether the message has arrived; `None` when the provider cannot tell."""
        return None

    def close(self) -> None:  # noqa: B027 (most have nothing to hang up)
        """Hang up. Never raises."""

    def deliver(self, message: Message) -> Receipt:
        """Send, and say what came of it. A database that goes away is not the provider's fault, and is raised."""
        began = time.monotonic()
        try:
            receipt = Receipt(Outcome.SENT, self.send(message))
        except DatabaseError:
            raise
        except Refused as error:
            receipt = Receipt(Outcome.REFUSED, error=without(str(error), message.to))
        except NotSent as error:
            receipt = Receipt(
                Outcome.LATER, error=without(str(error), message.to), unreachable=error.unreachable
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
