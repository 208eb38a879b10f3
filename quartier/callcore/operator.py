"""One operator: where they stand, and since when."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    OFFLINE = "offline"
    AVAILABLE = "available"
    PAUSED = "paused"
    RINGING = "ringing"
    ACCEPTING = "accepting"
    IN_CALL = "in_call"
    WRAP_UP = "wrap_up"


# Whoever types their notes has at least this time from then on, and no longer than this after the call.
TYPING_EXTENDS_S, MAX_WRAP_UP_S = 60.0, 300.0
# After each ring in a row that reached no phone, the next one waits so long; after one more, there is a pause. A media
# server that has hung is back within a minute, and is no reason to pause everybody.
FAILED_RING_RESTS_S = (2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
# Why somebody is not rung for a while, or paused: their phone could not be rung, or not be connected.
UNREACHABLE_REASON = "unreachable"
# Why somebody on an own phone was taken off the line.
OWN_SPENT = "own_spent"
# Why somebody who has come on counts as paused: their browser is not there yet, or not any more.
CONNECTING_REASON = "connecting"
# They were rung, and did not answer.
MISSED_REASON = "missed"


@dataclass(slots=True)
class Operator:
    """`call`, `leg`: what they are rung for or talk on; `connects`: they have answered, and their sound is being
    connected; `alerted`: the phone has said that it rings; `failed_rings`: so many rings in a row reached no phone;
    `idle_since`: when the last call was over; `until`: when the state ends by itself, and for somebody available, when
    they may be rung again; `pause`: why they paused, until they are back from it, also over a call that they make
    meanwhile; `notes_until`: while they are off, or rung amid their notes, how long there is time for them; `leaves`:
    off as soon as the call is over, `by_hand`: they have said so themselves, and need no time for notes when they are
    back, `own_spent`: because there is no money left for own phones."""

    name: str
    languages: tuple[str, ...] = ()
    area: int = 0
    own_phone: bool = False
    standing: Standing = Standing.OFFLINE
    reason: str = ""
    call: str = ""
    leg: str = ""
    connects: bool = False
    alerted: bool = False
    failed_rings: int = 0
    idle_since: float = 0.0
    until: float | None = None
    pause: str | None = None
    notes_until: float | None = None
    leaves: bool = False
    by_hand: bool = False
    own_spent: bool = False

    @property
    def busy(self) -> bool:
        """On a call, or rung for one."""
        return self.standing in {Standing.RINGING, Standing.ACCEPTING, Standing.IN_CALL}

    def takes(self, call: str, leg: str) -> None:
        """They are on this call now."""
        self.standing, self.call, self.leg, self.until, self.reason = Standing.IN_CALL, call, leg, None, ""
        self.connects, self.failed_rings = False, 0
        self.notes_until = None

    def free(self) -> None:
        """Not rung any more, by no fault of theirs: they were not busy, so their place stays."""
        self._leave_call(Standing.AVAILABLE)
        if self.notes_until is not None and self.standing == Standing.AVAILABLE:
            self.standing, self.until, self.notes_until = Standing.WRAP_UP, self.notes_until, None
        self.back_to_pause()

    def missed(self) -> None:
        """They did not answer. Nobody is rung again who is not there."""
        self._leave_call(Standing.PAUSED)
        self.reason, self.failed_rings, self.notes_until = MISSED_REASON, 0, None

    def not_reached(self, at: float, *, is_final: bool = False) -> None:
        """Their phone could not be rung or connected: they have missed nothing, and are rung again a little later. A
        phone that is never reached, or that does not exist (`is_final`), keeps no caller waiting: its operator is
        paused, and reads why."""
        rests = () if is_final else FAILED_RING_RESTS_S[self.failed_rings :]
        self.failed_rings += 1
        self.free()
        if self.standing != Standing.AVAILABLE:
            return
        self.reason = UNREACHABLE_REASON
        if rests:
            self.until = at + rests[0]
        else:
            self.standing, self.failed_rings = Standing.PAUSED, 0

    def hung_up(self, at: float, wrap_up_s: float, failure: str = "") -> None:
        """A call is over: time for the notes. `failure`: why whom they called did not come."""
        self.idle_since = at
        self.reason = failure
        self._leave_call(Standing.WRAP_UP)
        self.writes_notes(at + wrap_up_s)

    def advised(self, at: float) -> None:
        """They were asked about a colleague's call, and have no notes of it to write."""
        self.idle_since, self.reason = at, ""
        self._leave_call(Standing.AVAILABLE)
        self.back_to_pause()

    def writes_notes(self, until: float) -> None:
        """There is time for the notes until then, also for whoever is off at this moment."""
        if self.standing != Standing.OFFLINE:
            self.standing, self.until = Standing.WRAP_UP, until
        elif not self.by_hand:
            self.notes_until = until

    def goes_off(self) -> None:
        """Off the line, by their own doing or because their browser is gone."""
        if self.standing == Standing.WRAP_UP and not self.by_hand:
            # Their page may be back at once.
            self.notes_until = self.until
        self.standing, self.until = Standing.OFFLINE, None

    def comes_on(self, at: float) -> None:
        """On the line again, whatever pause there was. The time for notes that a page loaded again would have cut goes
        on: the bar counts it down, and one press ends it."""
        self.standing, self.reason, self.pause = Standing.AVAILABLE, "", None
        if self.notes_until is not None and self.notes_until > at:
            self.writes_notes(self.notes_until)
        self.notes_until = None

    def types_notes(self, at: float) -> None:
        """The notes are being typed: the next call does not ring in the middle of a word. A line that leaves more time
        keeps it."""
        if self.standing == Standing.WRAP_UP and self.until is not None:
            self.until = max(self.until, min(at + TYPING_EXTENDS_S, self.idle_since + MAX_WRAP_UP_S))

    def back_to_pause(self) -> None:
        """Whoever could be rung again is not, while their pause lasts."""
        if self.pause is not None and self.standing == Standing.AVAILABLE:
            self.standing, self.reason = Standing.PAUSED, self.pause

    def _leave_call(self, standing: Standing) -> None:
        if self.leaves and self.own_spent:
            self.reason, self.own_spent = OWN_SPENT, False
        self.standing = Standing.OFFLINE if self.leaves else standing
        self.call, self.leg, self.until, self.leaves = "", "", None, False
        self.connects = False


def best(
    operators: list[Operator], language: str, area: int, count: int, *, but_own_phones: bool = False
) -> list[Operator]:
    """Whom to ring: who speaks the language, the longest idle first, then who lives nearby, at most so many, and nobody
    whose phone could not be reached a moment ago.
    `but_own_phones`: only those in a browser, which costs nothing."""
    able = [
        each
        for each in operators
        if each.standing == Standing.AVAILABLE
        and each.until is None
        and language in each.languages
        and not (but_own_phones and each.own_phone)
    ]
    able.sort(key=lambda each: (each.idle_since, each.area != area, each.name))
    return able[:count]
