"""What happened in a replay, by policy, as plain columns: what a report draws, and what a file keeps."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from quartier.sim.lasting.facts import Lasting

# Where a request stands at the end. `served`: somebody said yes (whether the visit is over or not); `waiting`:
# neighbours are still being asked; `human`: left to one of the team, referred to a partner, or impossible;
# `withdrawn`: taken back before anybody had said yes.
SERVED, WAITING, HUMAN, WITHDRAWN = STATES = ("served", "waiting", "human", "withdrawn")
# Why one of the team has it: neighbours were asked and nobody said yes, or nobody lives near enough to be asked; a
# human reads it first; the visit failed; somebody asked for a human; a partner helps; nobody can; it was there already.
WHYS = ("", "nobody", "words", "moderation", "failed", "asked", "referred", "impossible", "duplicate")


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of the crisis.

    date        ISO date on the organisation's calendar
    requests    opened that day
    calls       calls that came in: `answered` at once or after waiting, or `missed`
    called_back missed calls that an operator rang back that day, whenever they were missed
    operators   most operators who were on shift at one moment of that day
    volunteers  who could be asked at the end of the day: joined, and not quit
    joined, quit  volunteers who came and who went for good that day
    offers      neighbours asked that day
    served      requests to which somebody said yes for the first time that day, whenever they were opened
    helped      visits done that day
    """

    date: str
    requests: int = 0
    calls: int = 0
    answered: int = 0
    missed: int = 0
    called_back: int = 0
    operators: int = 0
    volunteers: int = 0
    joined: int = 0
    quit: int = 0
    offers: int = 0
    served: int = 0
    helped: int = 0


@dataclass(frozen=True, slots=True)
class PolicyTrace:
    """What one policy did in one run. The columns by request all have one entry a request, in the order of asking.

    policy, seed  what was played
    figures       the figures that `quartier replay --json` prints for it
    asked_min     minutes from the beginning of the scenario (local midnight of its first day) to the request's opening
    accepted_min  minutes from the same moment to the first yes that was confirmed; `None` if there was none
    waited_min    accepted_min - asked_min; `None` likewise
    area          the neighbourhood where help is needed: an H3 cell of resolution 7, as a 64-bit integer
    state         where it stands at the end: one of `STATES`
    kind          code of the help asked for (`quartier.lib.choices.KINDS`)
    language      code of the first language spoken there (`quartier.lib.choices.LANGUAGES`)
    left_min      minutes from the same moment to when it was left to one of the team for good, or was taken back;
                  `None` for those served or waiting
    why           one of `WHYS`; empty unless the state is `human`
    neighbours    how many volunteers were asked for it
    notifications `notifications[n]` volunteers were asked n times in all (index 0: never asked)
    asked_by_area offers by neighbourhood of the volunteer who was asked: pairs (area, offers)
    volunteers_by_area volunteers by neighbourhood at the end, the ones who quit left out: pairs (area, volunteers)
    days          one entry a local day, without gaps
    lasting       help that comes again, money, what people said, listening; `None`: not played (or a file from before)
    """

    policy: str
    seed: int
    figures: dict[str, Any]
    asked_min: list[float]
    accepted_min: list[float | None]
    waited_min: list[float | None]
    area: list[int]
    state: list[str]
    kind: list[str]
    language: list[str]
    left_min: list[float | None]
    why: list[str]
    neighbours: list[int]
    notifications: list[int]
    asked_by_area: list[tuple[int, int]] = field(default_factory=list)
    volunteers_by_area: list[tuple[int, int]] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    lasting: Lasting | None = None

    def __post_init__(self) -> None:
        columns: tuple[Sequence[object], ...] = (
            self.asked_min,
            self.accepted_min,
            self.waited_min,
            self.area,
            self.state,
            self.kind,
            self.language,
            self.left_min,
            self.why,
            self.neighbours,
        )
        if len({len(column) for column in columns}) != 1:
            raise ValueError("the columns of a trace have one entry for each request")
        if strange := set(self.state) - set(STATES):
            raise ValueError(f"no such state of a request: {sorted(strange)}")
        if strange := set(self.why) - set(WHYS):
            raise ValueError(f"no such reason: {sorted(strange)}")


@dataclass(frozen=True, slots=True)
class Trace:
    """One scenario, and what each policy did with it.

    scenario, title  its name and what it is in a few words
    start            ISO moment (with offset) from which the minutes count
    time_zone        IANA name of the zone in which its days are counted
    minutes          how long it was played
    policies         one entry for each policy, in the order asked for
    """

    scenario: str
    title: str
    start: str
    time_zone: str
    minutes: float
    policies: list[PolicyTrace]

    def to_json(self) -> str:
        """One JSON object; `from_json` reads it."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Trace":
        """The trace that `to_json` wrote. Raises `ValueError` or `TypeError` for anything else."""
        found = json.loads(text)
        found["policies"] = [
            PolicyTrace(
                **{
                    **each,
                    "asked_by_area": [(area, count) for area, count in each["asked_by_area"]],
                    "volunteers_by_area": [(area, count) for area, count in each["volunteers_by_area"]],
                    "days": [Day(**day) for day in each["days"]],
                    "lasting": Lasting.from_plain(told) if (told := each.get("lasting")) else None,
                }
            )
            for each in found["policies"]
        ]
        return cls(**found)
