"""What happens to the group in a month, drawn from the seed before anything is played: who asks for what and when, and
the days that are hard on a promise. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from quartier.sim.behaviour import Chance
from quartier.sim.calendar import ZONE

# The change of clocks and Easter are in a month that begins here.
USUAL_BEGINNING = date(2027, 3, 8)
USUAL_DAYS, USUAL_DAYS_LARGE = 30, 2
MAX_SMALL_GROUP_SIZE = 13
MAX_DAYS = 60
# Of the small group; a larger one is asked for as much more as it is larger, up to so many a day.
REQUESTS_A_DAY = 2.2
MAX_REQUESTS_A_DAY = 80
VOLUNTEERS_A_REQUEST_A_DAY = 100
NIGHT_SHARE = 0.3
NIGHT_BEGINS_H, NIGHT_ENDS_H = 22, 8
URGENCY_WEIGHTS = {"now": 3, "day": 4, "week": 2, "any": 1}
KIND_WEIGHTS = {
    "groceries": 6, "pharmacy": 4, "meal": 1, "transport": 2, "dog": 1, "papers": 1, "talk": 2, "other": 1
}  # fmt: skip
PHONE_SHARE, SCRIPT_SHARE = 0.35, 0.9
# Numbers of people who ask once; those who come again have numbers of their own from here.
FIRST_KNOWN_PERSON = 5000
CLOCK_BACK_DAY = 13
# So many ask in one night for what is on no list: more than one of the team is told of at night.
NIGHT_WORDS = 6
# On the first day somebody asks for each of these, to come again each week.
WEEKLY_KINDS = frozenset({"pharmacy", "dog"})


@dataclass(frozen=True)
class HelpAsked:
    """Somebody asks for help: person number so-and-so. `weekly`: each week from this day on; `script`: whether their
    browser runs JavaScript."""

    person: int
    kind: str
    urgency: str
    by_phone: bool
    script: bool = True
    weekly: bool = False


@dataclass(frozen=True)
class MonthEvent:
    """One thing at one moment. `what`: `ask`, or the name of one of the other things (`MonthPlay`)."""

    at: datetime
    what: str
    number: int = 0
    ask: HelpAsked | None = None


@dataclass(frozen=True)
class MonthPlan:
    """The month, from `begins` until `ends`. In `nights_off` (from, until) the worker is away; on `holiday` (first and
    last day) the only coordinator is. In `doubled` the clock shows each moment twice, since it was set back."""

    begins: datetime
    ends: datetime
    happenings: list[MonthEvent]
    nights_off: list[tuple[datetime, datetime]]
    holiday: tuple[date, date]
    doubled: tuple[datetime, datetime]


@dataclass(frozen=True)
class MonthSpec:
    """What to play: the seed, the size of the group, the first day and how many days. Raises `ValueError`."""

    seed: int = 1
    size: int = 13
    begins: date = USUAL_BEGINNING
    days: int = USUAL_DAYS

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise ValueError("a seed is 0 or more")
        if not 1 <= self.days <= MAX_DAYS:
            raise ValueError(f"a month has 1 to {MAX_DAYS} days")
        if not 3 <= self.size <= 20_000:
            raise ValueError("a group has 3 to 20000 volunteers")


def usual_days(size: int) -> int:
    """How many days are lived where nobody says so: fewer of a large group, on whose days more happens."""
    return USUAL_DAYS if size <= MAX_SMALL_GROUP_SIZE else USUAL_DAYS_LARGE


def plan_month(spec: MonthSpec) -> MonthPlan:
    """Draw the month."""
    chance = Chance(spec.seed)
    found = [*_requests(spec, chance), *_hard_days(spec)]
    begins = moment(spec.begins, 0)
    ends = moment(spec.begins + timedelta(days=spec.days), 0)
    return MonthPlan(
        begins,
        ends,
        sorted((each for each in found if begins <= each.at < ends), key=lambda each: (each.at, each.what)),
        [(moment(_day(spec, 8), 21, 30), moment(_day(spec, 9), 7, 40))],
        (_day(spec, 15), _day(spec, 21)),
        (moment(_day(spec, CLOCK_BACK_DAY), 14), moment(_day(spec, CLOCK_BACK_DAY), 15)),
    )


def public_holidays(year: int) -> frozenset[date]:
    """The days on which a line is closed that keeps holidays."""
    import holidays  # A third of a second.

    return frozenset(holidays.country_holidays("BE", years=year))


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of the local clock."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE)


def _day(spec: MonthSpec, number: int) -> date:
    return spec.begins + timedelta(days=number)


def _requests(spec: MonthSpec, chance: Chance) -> list[MonthEvent]:
    a_day = min(max(REQUESTS_A_DAY, spec.size / VOLUNTEERS_A_REQUEST_A_DAY), MAX_REQUESTS_A_DAY)
    found, number, owed = [], 0, 0.0
    for day in range(spec.days):
        owed += a_day * chance.of("crowded", day).uniform(0.5, 1.5)
        while owed >= 1:
            owed -= 1
            found.append(_request(chance, _day(spec, day), number))
            number += 1
    return found


def _request(chance: Chance, day: date, number: int) -> MonthEvent:
    draw = chance.of("asks", number)
    by_night = draw.random() < NIGHT_SHARE
    length = (NIGHT_ENDS_H - NIGHT_BEGINS_H) % 24
    hour = (NIGHT_BEGINS_H + draw.randrange(length)) % 24 if by_night else draw.randrange(8, 22)
    ask = HelpAsked(
        number,
        draw.choices(list(KIND_WEIGHTS), list(KIND_WEIGHTS.values()))[0],
        draw.choices(list(URGENCY_WEIGHTS), list(URGENCY_WEIGHTS.values()))[0],
        # At night nobody takes calls.
        not by_night and draw.random() < PHONE_SHARE,
        draw.random() < SCRIPT_SHARE,
    )
    return MonthEvent(moment(day, hour, draw.randrange(60)), "ask", number, ask)


def _hard_days(spec: MonthSpec) -> list[MonthEvent]:
    """What is hard on a promise, once each, at the same hours in every month."""

    def ask(at: datetime, person: int, kind: str = "groceries", urgency: str = "now") -> MonthEvent:
        number = FIRST_KNOWN_PERSON + person
        return MonthEvent(
            at, "ask", number, HelpAsked(number, kind, urgency, False, weekly=kind in WEEKLY_KINDS)
        )

    def at(day: int, hour: int, minute: int = 0) -> datetime:
        return moment(_day(spec, day), hour, minute)

    days = [_day(spec, day) for day in range(spec.days)]
    # The eve of a public holiday.
    closed = next((day for day in days if day + timedelta(days=1) in public_holidays(day.year)), days[0])
    return [
        ask(at(0, 9), 1, "pharmacy", "week"),
        ask(at(0, 10), 2, "dog", "week"),
        *(ask(at(1, hour, minute), 3) for hour, minute in ((22, 40), (23, 30))),
        ask(at(2, 3, 10), 3),
        # One of the team has to read what each of these asks, in one night.
        *(ask(at(3, 1 + each // 2, 5 + each % 2 * 30), 20 + each, "other") for each in range(NIGHT_WORDS)),
        MonthEvent(at(3, 11), "listening"),
        MonthEvent(at(3, 18, 20), "concern", 0),
        MonthEvent(at(4, 18, 20), "concern", 1),
        MonthEvent(at(4, 18, 30), "campaign"),
        MonthEvent(at(6, 2), "danger"),
        MonthEvent(at(6, 7), "danger_taken"),
        ask(at(8, 20, 15), 4),
        ask(at(8, 23, 50), 5),
        MonthEvent(at(9, 12), "regular_cannot"),
        ask(at(10, 14), 6, "other", "day"),
        MonthEvent(at(10, 18), "death"),
        MonthEvent(at(11, 16), "two_yes"),
        MonthEvent(at(CLOCK_BACK_DAY, 15), "clock_back"),
        MonthEvent(at(14, 9), "holiday"),
        MonthEvent(at(16, 12), "regular_cannot"),
        ask(at(17, 9), 7, "transport", "now"),
        MonthEvent(at(19, 16), "two_yes"),
        ask(moment(closed, 19, 59), 8, "groceries", "now"),
    ]
