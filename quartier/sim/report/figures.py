"""What a report counts, worked out from a trace. Pure; shares are between 0 and 1, waits are minutes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quartier.sim.trace import HUMAN, SERVED, WAITING, WITHDRAWN, PolicyTrace

HOUR, DAY = 60.0, 24 * 60.0
# How it ended for somebody who asked, from the best to the worst.
ENDS = ("hour", "day", "later", "taken", "partner", "waiting", "left")
# Volunteers by how often they were asked: from and to, both included; the last group has no end.
TIMES = ((0, 0), (1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 49), (50, None))
# The reason of a trace for whom another service helps: no neighbour came, and yet they are not alone.
PARTNER = "referred"
# Nobody has lived near enough to be asked: the reason that a trace calls "nobody", without a neighbour asked.
NONE_NEAR = "none_near"


def ends(trace: PolicyTrace) -> dict[str, int]:
    """How many ended each way (`ENDS`): a yes within the hour, the day or later; taken back; handed on to a partner;
    waiting; left."""
    found = dict.fromkeys(ENDS, 0)
    other = {WAITING: "waiting", HUMAN: "left", WITHDRAWN: "taken"}
    for state, waited, why in zip(trace.state, trace.waited_min, trace.why, strict=True):
        if why == PARTNER:
            found["partner"] += 1
        elif state != SERVED or waited is None:
            found[other.get(state, "waiting")] += 1
        else:
            found["hour" if waited <= HOUR else "day" if waited <= DAY else "later"] += 1
    return found


def of_hundred(counts: dict[str, int]) -> dict[str, int]:
    """The same as whole numbers that sum to 100 (largest remainders); all 0 if there is nothing."""
    total = sum(counts.values())
    if not total:
        return dict.fromkeys(counts, 0)
    exact = {name: 100 * count / total for name, count in counts.items()}
    found = {name: int(share) for name, share in exact.items()}
    short = 100 - sum(found.values())
    for name in sorted(exact, key=lambda each: found[each] - exact[each])[:short]:
        found[name] += 1
    return found


def waits(trace: PolicyTrace) -> np.ndarray:
    """Minutes until a yes for everybody who asked, sorted; infinite for those who had none."""
    return np.sort(np.array([np.inf if each is None else each for each in trace.waited_min], dtype=float))


def within(sorted_waits: np.ndarray, minutes: float) -> float:
    """The share of everybody who asked who had a yes within so many minutes."""
    if not len(sorted_waits):
        return 0.0
    return float(np.searchsorted(sorted_waits, minutes, side="right")) / len(sorted_waits)


def wait_of(sorted_waits: np.ndarray, share: float) -> float | None:
    """The wait within which this share of everybody who asked had a yes; `None` if so many never had one."""
    if not len(sorted_waits):
        return None
    value = float(sorted_waits[max(0, int(np.ceil(share * len(sorted_waits))) - 1)])
    return value if np.isfinite(value) else None


@dataclass(frozen=True)
class Load:
    """How the asking weighs on volunteers.

    volunteers  how many there were
    groups      volunteers in each group of `TIMES`
    messages    asked in all
    median      half were asked so often or less
    most        the one who was asked most
    top_tenth   the share of all messages that the tenth asked most got
    gini        0: all were asked as often; near 1: a few were asked for all
    """

    volunteers: int
    groups: tuple[int, ...]
    messages: int
    median: int
    most: int
    top_tenth: float
    gini: float


def load(notifications: Sequence[int]) -> Load:
    """From `notifications[n]`: how many volunteers were asked n times."""
    people = np.array(notifications, dtype=np.int64)
    times = np.arange(len(people))
    volunteers, messages = int(people.sum()), int(people @ times)
    groups = tuple(int(people[first : None if last is None else last + 1].sum()) for first, last in TIMES)
    if not volunteers:
        return Load(0, groups, 0, 0, 0, 0.0, 0.0)
    upto = np.cumsum(people)
    median = int(np.searchsorted(upto, (volunteers + 1) // 2))
    most = int(times[people > 0].max())
    if not messages:
        return Load(volunteers, groups, 0, median, most, 0.0, 0.0)
    # The tenth asked most, from the top down; the last group taken from may be split.
    rest, top = max(1, volunteers // 10), 0
    for count, n in zip(people[::-1], times[::-1], strict=True):
        taken = min(rest, int(count))
        top, rest = top + taken * int(n), rest - taken
    # Of people in order of n, those before a group and half of the group itself stand before its members.
    ranks = 2 * (upto - people) + people - volunteers
    gini = float(ranks @ (people * times)) / (volunteers * messages)
    return Load(volunteers, groups, messages, median, most, top / messages, gini)


@dataclass(frozen=True)
class Part:
    """Some of those who asked: `asked` in all, `left` of them with nobody."""

    name: str
    asked: int
    left: int

    @property
    def share(self) -> float:
        """The share that was left."""
        return self.left / self.asked if self.asked else 0.0


def without_anybody(trace: PolicyTrace) -> list[bool]:
    """For each request, whether it was left to the team or waits still. Taken back, or with a partner: no."""
    return [
        state in {HUMAN, WAITING} and why != PARTNER
        for state, why in zip(trace.state, trace.why, strict=True)
    ]


def left_by(trace: PolicyTrace, column: Sequence[str]) -> list[Part]:
    """Who was left, by a column of the trace (or any column as long): the most asked first."""
    asked = Counter(column)
    left = Counter(name for name, alone in zip(column, without_anybody(trace), strict=True) if alone)
    return [
        Part(name, count, left[name]) for name, count in sorted(asked.items(), key=lambda i: (-i[1], i[0]))
    ]


def few(parts: list[Part], most: int, rest: str) -> list[Part]:
    """At most so many parts: those behind are put together under the name `rest`."""
    if len(parts) <= most:
        return parts
    behind = parts[most - 1 :]
    return [
        *parts[: most - 1],
        Part(rest, sum(each.asked for each in behind), sum(each.left for each in behind)),
    ]


def reasons(trace: PolicyTrace) -> list[tuple[str, int]]:
    """Why people were left (`trace.WHYS` but `PARTNER`, `NONE_NEAR`, or "waiting"), the most frequent first."""
    found: Counter[str] = Counter()
    for state, why, neighbours in zip(trace.state, trace.why, trace.neighbours, strict=True):
        if state == WAITING:
            found["waiting"] += 1
        elif state == HUMAN and why != PARTNER:
            found[NONE_NEAR if why == "nobody" and not neighbours else why] += 1
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def asked_in_vain(trace: PolicyTrace) -> int | None:
    """Of those left after neighbours had been asked: how many were asked for half of them or more."""
    counts = sorted(n for why, n in zip(trace.why, trace.neighbours, strict=True) if why == "nobody" and n)
    return counts[len(counts) // 2] if counts else None
