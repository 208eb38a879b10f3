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
class Spoken:
    """What somebody wrote in a chat. `address`: where they are answered; `name`: what they are called there;
    `language`: of their program, or ''. `kind`: `words`, `other` (a picture, a voice), or `sealed` (only for the two
    ends of the chat, of which we are none)."""

    event: str
    channel: str
    address: str
    name: str
    body: str
    at: datetime
    language: str = ""
    kind: str = "words"


@dataclass(frozen=True)
class Gone:
    """Nothing more arrives in this chat: we were blocked there, or they have left."""

    channel: str
    address: str


@dataclass(frozen=True)
class Position:
    """So far everything is told: from here it goes on next time."""

    position: str


@dataclass(frozen=True)
class Incoming:
    """What somebody wrote. `sender`: as the provider writes it; `at`: when, by the provider's clock, UTC."""

    event: str
    channel: str
    sender: str
    body: str
    at: datetime
