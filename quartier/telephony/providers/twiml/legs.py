"""A leg at the provider, and what it is to do now. Pure: no network.

A leg is never told what to do next; it is told to come and ask, and gets what it is to do *now*. So it does not matter
whether an order arrives twice, late, or never: whoever asks next gets the newest.
"""

import asyncio
import secrets
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

CALLER = ""
# Prompts that ask the same question: a key pressed during one is an answer to the others too.
_QUESTIONS = {
    **dict.fromkeys(("wait", "sorry_wait", "place", "nobody_here"), "queue"),
    **dict.fromkeys(("masked_menu", "masked_menu_coming", "busy_other"), "masked_menu"),
    **dict.fromkeys(("busy_line", "forwarded_other", "network_other"), "masked_menu"),
}


@dataclass(frozen=True)
class Hear:
    """A prompt, and keys; `loop`: over and over; `ends`: then hang up; `file`: what is said is for this call alone, and
    stands there. The rest is what is known of the call."""

    prompt: str
    language: str
    loop: bool = False
    place: int = 0
    minutes: int = 0
    ring_back: bool = True
    can_text: bool = False
    first: bool = False
    offered: tuple[tuple[str, str], ...] = ()
    area: str = ""
    ends: bool = False
    file: Path | None = None


@dataclass(frozen=True)
class Meet:
    """Be in a room with others; `unheard`: they do not hear this one; `before`: hear this first."""

    room: str
    unheard: bool = False
    before: Hear | None = None


@dataclass(frozen=True)
class Leave:
    """Leave a message, after the prompt and a tone."""

    longest_s: int
    before: Hear | None = None


@dataclass(frozen=True)
class Quiet:
    """Nothing, until something else is ordered."""


@dataclass(frozen=True)
class Gone:
    """Hang up."""


Wants = Hear | Meet | Leave | Quiet | Gone


def call_name(account: str, sid: str) -> str:
    """Our name of a call that comes in: the same whenever the provider tells of it again."""
    return str(uuid5(NAMESPACE_URL, f"twiml:{account}:{sid}"))


def question(wants: Wants) -> str:
    """What a key would be an answer to."""
    if isinstance(wants, Hear):
        return _QUESTIONS.get(wants.prompt, wants.prompt)
    return type(wants).__name__


@dataclass
class Leg:
    """`sid`: its name at the provider, "" until that is known; `token`: its name in our addresses; `operator`: whose
    phone it is.

    `version` grows with each change of what it is to do, `given` is the one that it was told last, `heard` the one
    whose prompt is over. `topic` is another one when keys mean something else. `asking` of its webhooks are being
    answered now. `sheet` numbers the answers: each of them can be answered once.
    """

    call: str
    name: str
    operator: str = ""
    sid: str = ""
    up: bool = False
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    wants: Wants = field(default_factory=Quiet)
    version: int = 0
    given: int = -1
    heard: int = -1
    topic: int = 0
    asking: int = 0
    sheet: int = 0
    heard_at: float = field(default_factory=time.monotonic)
    known: asyncio.Event = field(default_factory=asyncio.Event)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    # Answers by webhook: a repeated one gets the same.
    answers: dict[str, "asyncio.Future[tuple[int, str]]"] = field(default_factory=dict)

    def want(self, wants: Wants) -> None:
        """From now on."""
        if question(wants) != question(self.wants):
            self.topic += 1
        self.wants = wants
        self.version += 1
        self.told.clear()

    def then_end(self) -> None:
        """Hang up once the prompt is over; at once where there is none."""
        if isinstance(self.wants, Hear) and not self.wants.loop and self.heard != self.version:
            # What it was told is still right: at the end of the prompt it asks again.
            self.wants = replace(self.wants, ends=True)
        else:
            self.want(Gone())
