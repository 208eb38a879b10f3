"""One call: where it stands, and who is on it."""

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """consenting: the caller is asked whether the talk may be recorded, the operator waits. mending: the operator's
    browser is gone and may be back at once. masked, reaching, through: caller and neighbour, each behind the line's
    number. dialling, calling: an operator calls somebody; first the operator is rung, then the other.
    ringing, announcing, reading: the line calls somebody to read a message; asks for a key; says it.
    """

    MENU = "menu"
    CLOSED = "closed"
    QUEUED = "queued"
    OFFERING = "offering"
    BRIDGED = "bridged"
    HELD = "held"
    CONSULTING = "consulting"
    CONSENTING = "consenting"
    TRANSFERRING = "transferring"
    MENDING = "mending"
    MASKED = "masked"
    REACHING = "reaching"
    THROUGH = "through"
    DIALLING = "dialling"
    CALLING = "calling"
    RINGING = "ringing"
    ANNOUNCING = "announcing"
    READING = "reading"
    VOICEMAIL = "voicemail"
    ENDED = "ended"


# What waits for an operator.
WAITING = {State.QUEUED, State.OFFERING}
# What an operator is on.
TALKING = {State.BRIDGED, State.HELD, State.CONSULTING, State.CONSENTING, State.CALLING}
# Where caller and neighbour reach each other.
MASKING = {State.MASKED, State.REACHING, State.THROUGH}
# Where a message is read to somebody.
ALOUD = {State.RINGING, State.ANNOUNCING, State.READING}


class Outcome(StrEnum):
    """How a call ended: each call has one, and goes by it to one list.

    answered     spoke with an operator
    voicemail    left a message
    callback     asked to be rung back, or was promised it
    abandoned    hung up, or was lost, while waiting
    left         hung up while we were still greeting: wanted something else
    written      asked for a text instead, to answer it in writing
    unreached    an operator or a message called, and nobody answered
    blocked      their number is blocked: they heard so
    """

    ANSWERED = "answered"
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"
    ABANDONED = "abandoned"
    LEFT = "left"
    WRITTEN = "written"
    UNREACHED = "unreached"
    BLOCKED = "blocked"


class Why(StrEnum):
    """Why somebody is rung back."""

    ASKED = "asked"
    MISSED = "missed"
    CUT_OFF = "cut_off"
    TROUBLE = "trouble"
    MESSAGE = "message"


class Recording(StrEnum):
    """Of a talk, last heard. on, also while it rests because the caller is on hold; paused by the operator; kept: it
    is over; refused: the caller did not agree."""

    NONE = ""
    ON = "on"
    PAUSED = "paused"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(slots=True)
class Tape:
    """The recording of a call. `part`: its number, since another one may follow; `seconds` of it before `since`, when
    it last went on (`None`: it rests); `talk_until`: when the talk ends by itself, while the caller is asked."""

    state: Recording = Recording.NONE
    part: int = 0
    seconds: float = 0.0
    since: float | None = None
    talk_until: float | None = None

    @property
    def began(self) -> float | None:
        """When it would have begun, had it never rested; `None` while it rests."""
        return None if self.since is None else self.since - self.seconds


@dataclass(slots=True)
class Text:
    """A message that is read to somebody. It takes so many `seconds`; `asks`: a key answers it. `announced`, `times`:
    so often it was said that there is one, and what it is; `reminded`: so often since then which keys there are;
    `is_code`: it is a code that shows whose the phone is; `said_at`: when all of it has been said once. `heard`: by
    somebody who wanted to; `answer`: `yes`, `no` or ""."""

    seconds: float
    asks: bool
    is_code: bool = False
    announced: int = 0
    reminded: int = 0
    times: int = 0
    said_at: float = 0.0
    heard: bool = False
    answer: str = ""


@dataclass(slots=True)
class Call:
    """`queued_at`: their turn; `waits_since`: since when they have been patient; `front`: before everybody else who
    waits, because an operator was lost. `until`: when the state ends by itself; `news_at`: when their place is said.
    `legs`: those that ring, and who is rung; `operator`, `leg`: who talks; `second`: the leg that is consulted,
    `together`: all three are to hear each other; `ear`: the leg of a supervisor who listens. `mends`: whose browser is
    awaited, `on_hold`: to find the caller on hold, as they were. `gave`: who hands the call over, until it is taken.
    `masked`: whom the caller may reach (a name that the shell knows), `far`: the leg to them; `coming_s`: so long
    it takes to say who comes to them (0: nobody), `heard_coming`: they asked for that. `worried`: the caller is
    worried about somebody, and said so with a key. `offered`: key and language in the order in which they are said,
    until the language is known; `warned_in`: the language in which the emergency number was said last; `late_keys`:
    the same as `offered`, which choose a language until `late_until`, although the queue has begun by itself or in
    the language of last time. `nobody_since`: since when nobody on shift speaks the language, while they wait;
    `asked`: so often a neighbour was asked whom they want. `may_text`: a text to the number can be sent.
    `flooding`: many of their block call at this moment, so they are last, and no own phone, which costs money, is
    rung for them. `returns`: they call since we could not reach them, so before those who call anew. `to`: whom an
    operator, or a message (`text`), calls; `failure`: why they, or the other one of a masked call, did not come;
    `tries`: so often that one was rung; `tape`: the recording."""

    name: str
    number: str
    language: str
    began: float
    state: State = State.MENU
    chose: bool = False
    area: int = 0
    may_ring_back: bool = True
    may_text: bool = False
    offered: tuple[tuple[str, str], ...] = ()
    warned_in: str = ""
    late_keys: tuple[tuple[str, str], ...] = ()
    late_until: float = 0.0
    nobody_since: float | None = None
    asked: int = 0
    queued_at: float | None = None
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
    gave: str = ""
    on_hold: bool = False
    masked: str = ""
    far: str = ""
    coming_s: float = 0.0
    heard_coming: bool = False
    worried: bool = False
    flooding: bool = False
    returns: bool = False
    to: str = ""
    failure: str = ""
    tries: int = 0
    tape: Tape = field(default_factory=Tape)
    text: Text | None = None
    first_answer: float | None = None
    joined_at: float | None = None
    talked_s: float = 0.0

    def next_leg(self) -> str:
        """A name for a new leg."""
        self.rung += 1
        return f"{self.name}.{self.rung}"

    def count_talk(self, now: float) -> None:
        """A talk is over, or goes on with somebody else after a wait."""
        if self.joined_at is not None:
            self.talked_s += now - self.joined_at
            self.joined_at = None

    @property
    def turn(self) -> tuple[bool, bool, bool, float]:
        """What puts those who wait in order; the smallest is next."""
        return not self.front, self.flooding, not self.returns, self.queued_at or 0.0

    @property
    def goes_out(self) -> bool:
        """Whether we call, instead of being called."""
        return bool(self.to)

    @property
    def can_be_rung_back(self) -> bool:
        return bool(self.number) and self.may_ring_back

    @property
    def can_be_texted(self) -> bool:
        """Whether they may ask for a text instead. A worry is heard by somebody."""
        return bool(self.number) and self.may_text and not self.worried
