"""What a provider tells us afterwards: how a message went, and what somebody wrote to us."""

from dataclasses import dataclass
from datetime import datetime


class Forged(Exception):
    """It does not come from the provider, or is too old to be believed."""


class Garbled(Exception):
    """It comes from the provider, and cannot be understood."""


@dataclass(frozen=True)
class Report:
    """How a message went. `event`: what this telling is called, unique with its provider; `reference`: the message as
    the provider (or we) called it. `arrived`: on the phone, or never will."""

    event: str
    reference: str
    arrived: bool
    error: str = ""


@dataclass(frozen=True)
class Incoming:
    """What somebody wrote. `sender`: as the provider writes it; `at`: when, by the provider's clock, UTC."""

    event: str
    channel: str
    sender: str
    body: str
    at: datetime
