"""One call: where it stands, and who is on it."""

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    MENU = "menu"
    CLOSED = "closed"
    QUEUED = "queued"
    OFFERING = "offering"
    BRIDGED = "bridged"
    HELD = "held"
    CONSULTING = "consulting"
    TRANSFERRING = "transferring"
    VOICEMAIL = "voicemail"
    ENDED = "ended"


# What waits for an operator.
WAITING = {State.QUEUED, State.OFFERING}
# What an operator is on.
TALKING = {State.BRIDGED, State.HELD, State.CONSULTING}


class Outcome(StrEnum):
    """How a call ended: each call has one, and goes by it to one list.

    answered     spoke with an operator
    voicemail    left a message
    callback     asked to be rung back, or was promised it
    abandoned    hung up, or was lost, while waiting
    left         hung up while we were still greeting: wanted something else
    """

    ANSWERED = "answered"
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"
    ABANDONED = "abandoned"
    LEFT = "left"


@dataclass(slots=True)
class Call:
    """`queued_at`: their turn; `waits_since`: since when they have been patient; `front`: before everybody else who
    waits, because an operator was lost. `until`: when the state ends by itself; `news_at`: when their place is said.
    `legs`: those that ring, and who is rung; `operator`, `leg`: who talks; `second`: the leg that is consulted."""

    name: str
    number: str
    language: str
    began: float
    state: State = State.MENU
    chose: bool = False
    area: int = 0
    may_ring_back: bool = True
    queued_at: float = 0.0
    waits_since: float = 0.0
    front: bool = False
    until: float | None = None
    news_at: float | None = None
    legs: dict[str, str] = field(default_factory=dict)
    rung: int = 0
    operator: str = ""
    leg: str = ""
    second: str = ""
    first_answer: float | None = None
    joined_at: float | None = None
    talked_s: float = 0.0

    def next_leg(self) -> str:
        """A name for a new leg."""
        self.rung += 1
        return f"{self.name}.{self.rung}"

    @property
    def can_be_rung_back(self) -> bool:
        return bool(self.number) and self.may_ring_back
