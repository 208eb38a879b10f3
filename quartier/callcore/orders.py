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

    `place`: to be said where the prompt has a place for it (0: none). `ring_back`, `can_text`: a callback, a text may
    be offered; `first`: nothing was said in this language before, so the emergency number is; `offered`: key and
    language of all that are to be said, in this order (none: `language` alone)."""

    prompt: str
    language: str
    loop: bool = False
    place: int = 0
    leg: str = ""
    ring_back: bool = True
    can_text: bool = False
    first: bool = False
    offered: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ring(Order):
    """Ring an operator on a new leg. `auto`: the browser takes it by itself, since it was asked for there."""

    leg: str
    operator: str
    auto: bool = False


@dataclass(frozen=True, slots=True)
class RingOut(Order):
    """Ring somebody outside, `to` by the shell's name, with the line's number. `leg` "" is whom an operator or a
    message calls."""

    leg: str
    to: str


@dataclass(frozen=True, slots=True)
class Drop(Order):
    """End this leg, whatever it does; "" hangs up on the caller, `said`: once what is playing is over."""

    leg: str = ""
    said: bool = False


@dataclass(frozen=True, slots=True)
class Join(Order):
    """Let these hear each other, and nobody else; "" is the caller. `part`: what these two say is recorded, as this
    part or more of it, until another order says who hears whom (0: it is not)."""

    legs: tuple[str, ...]
    part: int = 0


@dataclass(frozen=True, slots=True)
class Keep(Order):
    """The recording of a talk is over: keep this part."""

    part: int


@dataclass(frozen=True, slots=True)
class Listen(Order):
    """Let `ear` hear both of these, who do not hear it; the operator, on the second one, hears it said."""

    legs: tuple[str, str]
    ear: str


@dataclass(frozen=True, slots=True)
class Record(Order):
    """Take a voicemail: a tone, then what is said, at most so many seconds."""

    longest_s: float


@dataclass(frozen=True, slots=True)
class Tell(Order):
    """Say something in an operator's console: `rings`, `stopped`, `missed`, `joined`, `ended`, `busy` (whom the
    call was to go to), `edge` (no phone can be rung at this moment), `no_recording` (this line records nothing),
    `recorded`, `private` (nobody listens to a talk that is recorded, or to a worry), `not_there_yet` (whom we call
    has not answered), `not_yours` (somebody else has the call, or nobody yet), `gone` (it is over)."""

    operator: str
    what: str


@dataclass(frozen=True, slots=True)
class Close(Order):
    """The call is over and counted, once. `ring_back`: it goes to the callback list, and `why`; `number` may be "".
    Seconds waited until the first operator and talked. `heard`: whether a message that was to be read was (`None`:
    there was none), and the key that answered it: `yes`, `no` or "". `worried`: a concern is made of it, wherever else
    it goes. `failure`: why whom we called did not come, see `facts.Declined`."""

    outcome: str
    number: str
    language: str
    ring_back: bool
    waited_s: float
    talked_s: float
    why: str = ""
    heard: bool | None = None
    answer: str = ""
    worried: bool = False
    failure: str = ""
