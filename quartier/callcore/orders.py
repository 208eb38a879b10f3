"""What the shell is to do. `leg` "" is the caller's own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    call: str


@dataclass(frozen=True, slots=True)
class Answer(Order):
    """Take the call."""


@dataclass(frozen=True, slots=True)
class Play(Order):
    """Play a prompt in a language, instead of what is playing; `loop` until something else is ordered.

    `place`: to be said where the prompt has a place for it (0: none)."""

    prompt: str
    language: str
    loop: bool = False
    place: int = 0
    leg: str = ""


@dataclass(frozen=True, slots=True)
class Ring(Order):
    """Ring an operator on a new leg."""

    leg: str
    operator: str


@dataclass(frozen=True, slots=True)
class Drop(Order):
    """End this leg, whatever it does; "" hangs up on the caller, `said`: once what is playing is over."""

    leg: str = ""
    said: bool = False


@dataclass(frozen=True, slots=True)
class Join(Order):
    """Let these hear each other, and nobody else; "" is the caller."""

    legs: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Record(Order):
    """Take a voicemail: a tone, then what is said, at most so many seconds."""

    longest_s: float


@dataclass(frozen=True, slots=True)
class Tell(Order):
    """Say something in an operator's console: `rings`, `stopped`, `missed`, `joined`, `ended`, `busy` (whom the
    call was to go to)."""

    operator: str
    what: str


@dataclass(frozen=True, slots=True)
class Close(Order):
    """The call is over and counted, once. `ring_back`: it goes to the callback list; `number` may be "".
    Seconds waited until the first operator and talked."""

    outcome: str
    number: str
    language: str
    ring_back: bool
    waited_s: float
    talked_s: float
