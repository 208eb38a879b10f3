"""The phone line as it was played: operators on shift, calls that wait, calls that are missed and rung back. Pure."""

import heapq
from collections import deque
from dataclasses import dataclass

from quartier.sim.behaviour import behaviour

# Whom nobody could answer is rung back at the earliest after so many minutes.
BREATH_MIN = 5.0


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody calls at `minute`, waits at most `patience` minutes, and then talks for `talks`; `picks_up` when
    rung back. `number`: that of the request that is opened, or -1."""

    minute: float
    patience: float
    talks: float
    picks_up: bool = True
    number: int = -1


@dataclass(slots=True)
class Answered:
    """What came of a call: the minute at which an operator answered, or rang back; `None`: never reached."""

    call: Call
    answered: float | None = None
    missed: bool = False


class Line:
    """One day of the line. `operators` are on shift from `opens` to `closes` (minutes); `missed` are the calls that
    nobody has rung back since the days before."""

    def __init__(self, operators: int, opens: float, closes: float, missed: deque[Answered]) -> None:
        self._free = [opens] * operators
        heapq.heapify(self._free)
        self._closes = closes
        self.missed = missed
        self.called_back: list[Answered] = []

    def play(self, calls: list[Call]) -> list[Answered]:
        """What comes of the calls of the day, which are given in the order of time. A call that comes in while the
        line is open is answered, even if it is talked over closing time; one after it is missed. Calls go before
        calling back."""
        found = []
        for call in calls:
            self._ring_back(min(call.minute, self._closes))
            each = Answered(call)
            starts = max(call.minute, self._free[0])
            if starts - call.minute > call.patience or call.minute >= self._closes:
                each.missed = True
                self.missed.append(each)
            else:
                each.answered = starts
                heapq.heapreplace(self._free, starts + call.talks)
            found.append(each)
        self._ring_back(self._closes)
        return found

    def _ring_back(self, until: float) -> None:
        """Ring back whom there is time for until then."""
        while self.missed:
            each = self.missed[0]
            starts = max(self._free[0], each.call.minute + BREATH_MIN)
            if starts >= until:
                return
            self.missed.popleft()
            self.called_back.append(each)
            if each.call.picks_up:
                each.answered = starts
            heapq.heapreplace(self._free, starts + (each.call.talks if each.call.picks_up else 1.0))


def on_shift(operators: int) -> int:
    """How many of those recruited answer at one time; at least one, if there is one."""
    return max(1, round(operators * float(behaviour()["line"]["on_shift"]))) if operators else 0
