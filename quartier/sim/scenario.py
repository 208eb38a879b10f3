"""Scenarios: what happens to a line, read from a file that anybody can read and write. They check themselves."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from quartier.sim.behaviour import behaviour
from quartier.sim.calendar import Calendar
from quartier.sim.population import Wishes

FOLDER = Path(__file__).with_name("scenarios")
# More would not fit the memory of a small machine.
MOST_VOLUNTEERS = 5_000_000
MOST_A_DAY = 100_000
MOST_LISTENERS = 500


class Unreadable(ValueError):
    """A scenario that cannot be played, with the reason in words."""


def _check(well: bool, words: str) -> None:
    if not well:
        raise Unreadable(words)


@dataclass(frozen=True)
class Phase:
    """How many ask, from a day on until the next phase begins.

    first      the first day
    requests   a day, exactly so many, spread over the hours; or, where the line itself is played:
    web        requests a day through the website, on average
    calls      calls a day, on average, and
    operators  people recruited to answer them; 0: the line is not open
    asks_for_help  share of the calls in which a new request is opened; `None`: as the behaviour file says
    by_hour    weights by hour of the day; empty: as the behaviour file says
    """

    first: date
    requests: int = 0
    web: float = 0.0
    calls: float = 0.0
    operators: int = 0
    asks_for_help: float | None = None
    wishes: Wishes = field(default_factory=Wishes)
    by_hour: Mapping[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("requests", "web", "calls", "operators"):
            _check(0 <= getattr(self, name) <= MOST_A_DAY, f"phase {self.first}: {name} is 0 to {MOST_A_DAY}")
        _check(
            not (self.requests and (self.web or self.calls)),
            f"phase {self.first}: either `requests`, or `web` and `calls`",
        )
        _check(not (self.calls and not self.operators), f"phase {self.first}: calls need operators")
        share = self.asks_for_help
        _check(share is None or 0 <= share <= 1, f"phase {self.first}: asks_for_help is 0 to 1")
        _check(
            all(0 <= hour < 24 and weight >= 0 for hour, weight in self.by_hour.items()),
            f"phase {self.first}: by_hour has hours 0 to 23 and weights of 0 or more",
        )
        _check(
            not self.by_hour or sum(self.by_hour.values()) > 0,
            f"phase {self.first}: by_hour needs one weight above 0",
        )

    @property
    def line(self) -> bool:
        """Whether the line itself is played: operators, waiting, missed calls."""
        return bool(self.web or self.calls)


@dataclass(frozen=True)
class Joining:
    """Volunteers who join after an appeal: so many, evenly over so many days from the first."""

    first: date
    volunteers: int
    days: int = 1

    def __post_init__(self) -> None:
        _check(0 < self.volunteers <= MOST_VOLUNTEERS, f"joining {self.first}: at least one volunteer")
        _check(0 < self.days <= 366, f"joining {self.first}: between 1 and 366 days")


@dataclass(frozen=True)
class Blow:
    """A place in which people cannot do as usual for a while.

    postcodes  from and to, both included
    since, hours  when it begins (local time), and how long it lasts
    """

    postcodes: tuple[int, int]
    since: datetime
    hours: float

    def __post_init__(self) -> None:
        _check(0 < self.postcodes[0] <= self.postcodes[1] < 10_000, "postcodes go from 1 to 9999, upwards")
        _check(0 < self.hours <= 24 * 60, "a blow lasts between 0 and 60 days")
        _check(self.since.tzinfo is None, "`since` is a local time, without an offset")

    def minutes(self, calendar: Calendar) -> tuple[float, float]:
        """When it begins and ends, in minutes of this calendar."""
        begins = calendar.minute(self.since.replace(tzinfo=calendar.zone))
        return begins, begins + self.hours * 60.0

    def strikes(self, postcode: str) -> bool:
        """Whether a place with this postcode is struck."""
        return self.postcodes[0] <= int(postcode) <= self.postcodes[1]


@dataclass(frozen=True)
class Listening:
    """The listening programme: so many volunteers are trained for it and call people regularly.

    first, until  its first day, and the day before which it ends; it goes on after everything else is over
    """

    first: date
    until: date
    listeners: int

    def __post_init__(self) -> None:
        _check(0 < self.listeners <= MOST_LISTENERS, f"listening: between 1 and {MOST_LISTENERS} listeners")
        _check(
            0 < (self.until - self.first).days <= 366, "listening: `until` comes after `from`, within a year"
        )


@dataclass(frozen=True)
class Scenario:
    """A whole crisis.

    starts, days    the first day, and how many are played; then `after_hours` more, so that the last who asked
                    have had as long as the others
    volunteers      who are there at the beginning
    by_hand         whether coordinators ask neighbours by hand, look farther, and refer to partners; without, what
                    is left to a human stays there, and what is measured is the policy alone
    own_budget      offers a day that each volunteer agrees to (1 to 10, as the form allows), whatever the policy's cap
    warm_up_days    days before `starts` that are played and not counted: volunteers have a history then
    hit             where volunteers are hit themselves, and seldom say yes
    blackout        where neither calls nor messages come through: both come when it is over

    What lasts, in the true mode alone (`sim/lasting`):
    comes_again     some ask for their groceries every week
    money           volunteers lay out what groceries and medicines cost, and get it back
    asks_afterwards who was helped is asked how it was
    listening       the listening programme
    """

    name: str
    title: str
    starts: date
    days: int
    phases: tuple[Phase, ...]
    volunteers: int
    joining: tuple[Joining, ...] = ()
    after_hours: int = 24
    by_hand: bool = False
    own_budget: int = field(default_factory=lambda: int(behaviour()["volunteers"]["budget"]))
    warm_up_days: int = 0
    hit: Blow | None = None
    blackout: Blow | None = None
    comes_again: bool = False
    money: bool = False
    asks_afterwards: bool = False
    listening: Listening | None = None

    def __post_init__(self) -> None:
        _check(0 < self.days <= 366, "days: between 1 and 366")
        _check(0 <= self.after_hours <= 24 * 30, "after_hours: between 0 and 720")
        _check(1 <= self.own_budget <= 10, "own_budget: between 1 and 10")
        _check(0 <= self.warm_up_days <= 60, "warm_up_days: between 0 and 60")
        _check(0 <= self.volunteers <= MOST_VOLUNTEERS, f"volunteers: between 0 and {MOST_VOLUNTEERS}")
        _check(bool(self.phases), "at least one [[phase]] says how many ask")
        days = [phase.first for phase in self.phases]
        _check(days == sorted(set(days)), "each [[phase]] begins after the one before")
        _check(days[0] <= self.starts, "the first [[phase]] begins on the first day")
        last = self.starts + timedelta(days=self.days)
        if self.listening is not None:
            _check(
                self.starts <= self.listening.first < last,
                "listening: begins outside the days that are played",
            )
        for each in self.joining:
            _check(
                self.starts <= each.first < last, f"joining {each.first}: outside the days that are played"
            )

    @property
    def first_day(self) -> date:
        """The first day that is played, counted or not."""
        return self.starts - timedelta(days=self.warm_up_days)

    @property
    def all_volunteers(self) -> int:
        """Those who are there at the beginning, and all who join."""
        return self.volunteers + sum(each.volunteers for each in self.joining)

    def phase(self, day: date) -> Phase:
        """The phase of a day; the first one also for days before it."""
        return next((each for each in reversed(self.phases) if each.first <= day), self.phases[0])

    def sized(self, *, requests: int | None = None, volunteers: int | None = None) -> "Scenario":
        """The same crisis with exactly so many requests a day, and so many volunteers at the beginning."""
        changes: dict[str, Any] = {} if volunteers is None else {"volunteers": volunteers}
        if requests is not None:
            changes["phases"] = tuple(_sized_phase(each, requests) for each in self.phases)
        return _changed(self, **changes)

    def scaled(self, factor: float) -> "Scenario":
        """The same crisis with so many times the people and the requests. Operators stay as many."""
        _check(factor > 0, "--scale is above 0")
        listening = self.listening
        return _changed(
            self,
            listening=listening
            and _changed(listening, listeners=max(2, round(listening.listeners * factor))),
            volunteers=round(self.volunteers * factor),
            joining=tuple(
                _changed(each, volunteers=max(1, round(each.volunteers * factor))) for each in self.joining
            ),
            phases=tuple(
                _changed(
                    each,
                    requests=round(each.requests * factor),
                    web=each.web * factor,
                    calls=each.calls * factor,
                )
                for each in self.phases
            ),
        )


def _sized_phase(phase: Phase, requests: int) -> Phase:
    return Phase(phase.first, requests, wishes=phase.wishes, by_hour=phase.by_hour)


def _changed[T](row: T, **changes: Any) -> T:
    return type(row)(**{**{each.name: getattr(row, each.name) for each in fields(row)}, **changes})  # type: ignore[arg-type]


def names() -> list[str]:
    """The scenarios that come with the project."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def load(name: str) -> Scenario:
    """The scenario of this name, or from the file at this path. Raises `Unreadable`, with the reason in words."""
    file = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Unreadable(f"there is no scenario {name!r}; there are: {', '.join(names())}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unreadable(f"{file.name}: {error}") from error
    try:
        return parse(file.stem, told)
    except (Unreadable, TypeError, ValueError) as error:
        raise Unreadable(f"{file.name}: {error}") from error


def parse(name: str, told: dict[str, Any]) -> Scenario:
    """The scenario that the tables of a file describe. Raises `Unreadable`."""
    rest = dict(told)
    for table in ("hit", "blackout"):
        if table in rest:
            rest[table] = _row(Blow, table, {**rest[table], "postcodes": tuple(rest[table]["postcodes"])})
    if "listening" in rest:
        rest["listening"] = _row(Listening, "listening", _dated(rest["listening"], told.get("starts")))
    phases = tuple(_phase(each, told.get("starts")) for each in rest.pop("phase", ()))
    joining = tuple(
        _row(Joining, "joining", _dated(each, told.get("starts"))) for each in rest.pop("joining", ())
    )
    return _row(Scenario, "the scenario", {**rest, "name": name, "phases": phases, "joining": joining})


def _phase(told: dict[str, Any], starts: object) -> Phase:
    rest = _dated(told, starts)
    wishes = {key: rest.pop(key) for key in ("kinds", "urgency", "within", "share_within") if key in rest}
    hours = rest.pop("by_hour", {})
    if hours == "line":
        line = behaviour()["line"]
        hours = {
            hour: weight
            for hour, weight in behaviour()["asking"]["by_hour"].items()
            if line["opens"] <= int(hour) < line["closes"]
        }
    _check(isinstance(hours, dict), 'by_hour: weights by hour, or "line" for the hours of the line')
    by_hour = {int(hour): float(weight) for hour, weight in hours.items()}
    return _row(Phase, "phase", {**rest, "wishes": Wishes(**wishes), "by_hour": by_hour})


def _dated(told: dict[str, Any], starts: object) -> dict[str, Any]:
    """`from` is a word of the language; left out, it is the first day."""
    rest = dict(told)
    return {"first": rest.pop("from", starts), **rest}


def _row[T](kind: type[T], what: str, values: dict[str, Any]) -> T:
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    if strange := sorted(set(values) - set(known)):
        raise Unreadable(f"{what}: there is no {strange[0]!r}")
    try:
        return kind(**values)
    except TypeError as error:
        raise Unreadable(f"{what}: {error}") from error
