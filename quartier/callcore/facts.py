"""What happens on the line, as the shell (SIP, media, console) reports it. `at`: seconds of a clock that
only goes on, whatever is done to the time of day.

A fact may come late, twice, out of order or never: `Switchboard` bears all of it. `key` names a fact; the same key
twice is one fact.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    at: float
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(Fact):
    """Time has passed."""


# The caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang(Fact):
    """Somebody calls the line. `number` in E.164, or "" when it is withheld; `ring_back`: the line may dial it, as far
    as that is known without the app."""

    call: str
    number: str = ""
    ring_back: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised(Fact):
    """The app knows the number: the language spoken last, the neighbourhood (cell), whether a callback may be promised
    (not where the phone is shared, or the line may not dial it), whether a text to it can be sent (`can_text`), and
    whom it may reach behind the line's number (`masked`, a name of the shell's). `coming_s`: so long it takes to say
    who comes to them, and when; 0: nobody does. `blocked`: nobody speaks with them; `flooding`: many numbers of their
    block call at this moment. `returns`: we had tried to call them back, and did not reach them. `not_put_through`: why
    they may not reach somebody whom they could reach otherwise ("spent", "not_allowed", ...)."""

    call: str
    language: str = ""
    area: int = 0
    ring_back: bool = True
    can_text: bool = False
    masked: str = ""
    coming_s: float = 0.0
    blocked: bool = False
    flooding: bool = False
    returns: bool = False
    not_put_through: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Fact):
    """A key, of the caller (`leg` is "") or on an operator's own phone."""

    call: str
    digit: str
    leg: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HungUp(Fact):
    """The caller (`leg` is "") or whoever is on this leg has hung up."""

    call: str
    leg: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost(Fact):
    """The connection is gone without a goodbye: of the caller (`leg` is "") or of this leg. `promised`: the caller is
    let go by our side, and hears that we ring back."""

    call: str
    leg: str = ""
    promised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaServerFailed(Fact):
    """A caller who could not be answered, by a fault of ours: they have heard nothing."""

    call: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedOver(Fact):
    """The caller may not reach the other one of their visit any more: it is over (`reason`: "over"), or why that number
    may not be dialled now ("spent", ...)."""

    call: str
    reason: str


# Legs: phones and browsers that we rang

# Of `Declined`: no phone was rung, or it was not connected; there is no such phone.
NETWORK_REASON, NO_SUCH_NUMBER_REASON = "network", "no_such_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedUp(Fact):
    """Somebody whom the line rang has said yes; `Answered` follows once their sound is connected, or else
    `Declined`."""

    call: str
    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted(Fact):
    """The phone of this leg says that it rings: somebody may hear it."""

    call: str
    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Fact):
    call: str
    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(Fact):
    """Somebody whom the line rang does not come. `reason`: "busy", "no_such_number", "forwarded", "no_answer",
    "refused", "network", or "" where nobody says."""

    call: str
    leg: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLoaded(Fact):
    """The page that this leg rings is gone, and the browser is there with another one, which does not ring yet."""

    call: str
    leg: str


# Operators, by their own doing in the console


@dataclass(frozen=True, slots=True, kw_only=True)
class CameOn(Fact):
    """An operator is there. `own_phone`: on an own number, where a key accepts a call; else in the browser."""

    operator: str
    languages: tuple[str, ...]
    area: int = 0
    own_phone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WentOff(Fact):
    """The shift is over (`by_hand`: the operator has said so), or the browser is gone."""

    operator: str
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Fact):
    operator: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Fact):
    """Available again: after a pause, or done with the notes."""

    operator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesBegun(Fact):
    """An operator has had time for their notes since then, and has it until then: said of somebody who is not on yet,
    by call control that was started anew."""

    operator: str
    since: float
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesTyped(Fact):
    """The operator types the notes of the call that is over."""

    operator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Fact):
    """The operator of a call wants something: `hold`, `resume`, `transfer`, `consult` or `third` (to the operator `to`;
    a third one speaks with both), `complete` or `cancel` a consultation, `record`, `pause_record`, `resume_record` or
    `stop_record`, `end`. A supervisor wants to `listen`, or
    to `end` it."""

    operator: str
    call: str
    wish: str
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial(Fact):
    """An operator wants to call somebody: `to`, a name that the shell knows. `call` is the name of the new call."""

    call: str
    operator: str
    to: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Fact):
    """A message is to be read to somebody: `to`, a name that the shell knows. `call` is the name of the new call;
    `text_s`: so long the message takes; `asks`: it is answered by a key; `is_code`: it is the code
    that shows whose a phone is, and whoever picks up is told so."""

    call: str
    to: str
    language: str = ""
    text_s: float = 0.0
    asks: bool = False
    is_code: bool = False


# The world around


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours(Fact):
    """The line opens or closes."""

    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPhones(Fact):
    """Whether operators' own phones may be rung for callers: there is money left for them today."""

    may_ring: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge(Fact):
    """Whether phones and browsers can be rung: the edge, by which all of them are reached, answers, or does not."""

    up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class App(Fact):
    """The web app answers, or does not."""

    up: bool
