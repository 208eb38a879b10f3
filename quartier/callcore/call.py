"""One call: where it stands, and who is on it."""

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """mending: the operator's browser is gone and may be back at once. masked, reaching, through: caller and neighbour,
    each behind the line's number. dialling, calling: an operator calls somebody; first the operator is rung, then
    the other.
    """

    MENU = "menu"
    CLOSED = "closed"
    QUEUED = "queued"
    OFFERING = "offering"
    BRIDGED = "bridged"
    HELD = "held"
    CONSULTING = "consulting"
    TRANSFERRING = "transferring"
    MENDING = "mending"
    MASKED = "masked"
    REACHING = "reaching"
    THROUGH = "through"
    DIALLING = "dialling"
    CALLING = "calling"
    VOICEMAIL = "voicemail"
    ENDED = "ended"


# What waits for an operator.
WAITING = {State.QUEUED, State.OFFERING}
# What an operator is on.
TALKING = {State.BRIDGED, State.HELD, State.CONSULTING, State.CALLING}
# Where caller and neighbour reach each other.
MASKING = {State.MASKED, State.REACHING, State.THROUGH}


class Outcome(StrEnum):
    """How a call ended: each call has one, and goes by it to one list.

    answered     spoke with an operator
    voicemail    left a message
    callback     asked to be rung back, or was promised it
    abandoned    hung up, or was lost, while waiting
    left         hung up while we were still greeting: wanted something else
    unreached    an operator called, and nobody answered
    """

    ANSWERED = "answered"
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"
    ABANDONED = "abandoned"
    LEFT = "left"
    UNREACHED = "unreached"


class Why(StrEnum):
    """Why somebody is rung back."""

    ASKED = "asked"
    MISSED = "missed"
    CUT_OFF = "cut_off"
    TROUBLE = "trouble"
    MESSAGE = "message"


@dataclass(slots=True)
class Call:
    """`queued_at`: their turn; `waits_since`: since when they have been patient; `front`: before everybody else who
    waits, because an operator was lost. `until`: when the state ends by itself; `news_at`: when their place is said.
    `legs`: those that ring, and who is rung; `operator`, `leg`: who talks; `second`: the leg that is consulted,
    `together`: all three are to hear each other; `ear`: the leg of a supervisor who listens. `mends`: whose
    browser is awaited. `masked`: whom the caller may reach (a name that the shell knows), `far`: the leg to them.
    `to`: whom an operator calls."""

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
    together: bool = False
    ear: str = ""
    mends: str = ""
    masked: str = ""
    far: str = ""
    to: str = ""
    first_answer: float | None = None
    joined_at: float | None = None
    talked_s: float = 0.0

    def next_leg(self) -> str:
        """A name for a new leg."""
        self.rung += 1
        return f"{self.name}.{self.rung}"

    @property
    def goes_out(self) -> bool:
        """Whether an operator calls, instead of being called."""
        return bool(self.to)

    @property
    def can_be_rung_back(self) -> bool:
        return bool(self.number) and self.may_ring_back
