"""One request of the fast mode, with what the product keeps of it, and with the same rules."""

from dataclasses import dataclass, field
from datetime import datetime

from quartier.team.models import Organisation

OPEN, HUMAN, COVERED, CLOSED = "open", "human", "covered", "closed"
# What can happen to one.
ASK, STEP, ANSWER, TAKE_BACK, ACT, LEAVE, END, JOIN, MIDNIGHT = range(9)
# How an offer stands: out and not answered, or ended in one of three ways. Who said yes or no is not asked again.
LIVE, WITHDRAWN, ANSWERED = range(3)


@dataclass(slots=True, eq=False)
class File:
    """A request. Minutes count from the beginning of the simulation; `number` is also its row in the columns.

    `since_opened`, `since`: when it was opened, and when it was opened (again) last; `left`: when it was left to one
    of the team, or was over without a yes (-1: not yet); `neighbours`: how many had been asked when it was closed.
    `offers`: for each volunteer asked, (round, how it stands); `live`: for each offer of this round that nobody has
    answered, (likelihood, minute of the offer, minute at which it expires); `lessons`, where answers are learnt from:
    for each volunteer asked, (by how much the circumstances lowered the likelihood, how much of the offer counts).
    """

    number: int
    kind: int
    urgency: str
    window_from: datetime
    window_until: datetime
    organisation: Organisation
    since_opened: float
    since: float
    radius_m: int
    remote: bool
    state: str = OPEN
    closure: str = ""
    why: str = ""
    steps: int = 0
    reopened: int = 0
    tries: int = 0
    planned: bool = False
    unhurried: bool = False
    next_at: float = -1.0
    slots: int = 0
    slots_until: datetime | None = None
    goes: int = -1
    going: int = 0
    first_yes: float = -1.0
    left: float = -1.0
    neighbours: int = 0
    offers: dict[int, tuple[int, int]] = field(default_factory=dict)
    live: dict[int, tuple[float, float, float]] = field(default_factory=dict)
    lessons: dict[int, tuple[float, float]] = field(default_factory=dict)
