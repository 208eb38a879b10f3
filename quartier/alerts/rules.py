"""Who is told of an alert, and when the next one is; who is woken. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from quartier.alerts.models import Alert
from quartier.lib import hours

# Nobody has taken it after so long: the next one is told.
PATIENCE = timedelta(minutes=2)
# So long whoever pressed by mistake can take it back: until the next one is told.
WITHDRAWABLE_FOR = PATIENCE
# Whoever was told of a danger is told of others after so long, of all of them in one message.
GATHERING_INTERVAL = PATIENCE
# Everybody was told so often at that pace; after as many rounds more, again and again, but not faster than this:
# whoever slept through ten texts is woken by none of the next thirty.
FAST_ROUNDS = 3
SLOWLY, STEADILY = timedelta(minutes=10), timedelta(minutes=30)
# Where it need only be soon: so long for each one, by day; after the rounds once a day.
SOON_PATIENCE, SOON_EVERY = timedelta(hours=1), timedelta(days=1)
# Where nobody is in danger and it can wait.
CALMLY = timedelta(days=1)
# After the first days nobody reads the same once more each day: it is said once a week, with how long it has waited.
FIRST_DAYS, WEEKLY = timedelta(days=3), timedelta(days=7)

# Coordinators hear of the line's money when so much of a day's is spent (percent).
MONEY_LEVELS = (80, 100)

# So long somebody waits before operators at home are woken, so many at once, and nobody again before.
WAITS_S = 15.0
WAKES_AT_ONCE = 3
WAKE_AGAIN = timedelta(minutes=15)
# Nobody needs to come any more after this.
WAKE_LASTS = timedelta(minutes=5)


@dataclass(frozen=True)
class Rung:
    """Somebody who could be told: `on_duty` answers the line at this moment, `head` is an administrator."""

    person: UUID
    on_duty: bool
    head: bool


@dataclass(frozen=True)
class AlertPace:
    """How fast an alert climbs, and the hours in which only danger wakes anybody."""

    degree: str
    quiet_from: time
    quiet_until: time
    zone: ZoneInfo
    # When the first of the ladder was told; `None`: nobody was yet.
    begun_at: datetime | None = None

    def is_old(self, now: datetime) -> bool:
        """Whether nobody has taken it for days, and nobody is in danger."""
        is_danger = self.degree == Alert.Degree.DANGER
        return not is_danger and self.begun_at is not None and now - self.begun_at >= FIRST_DAYS

    def by_day(self, moment: datetime) -> datetime:
        """`moment`, or the next morning; danger knows no night."""
        if self.degree == Alert.Degree.DANGER:
            return moment
        return hours.after_quiet(moment, self.quiet_from, self.quiet_until, self.zone)


def ladder(team: Sequence[Rung]) -> list[UUID]:
    """In which order they are told: who is on duty, then coordinators, then administrators; else as they came."""
    return [each.person for each in sorted(team, key=lambda each: (not each.on_duty, each.head))]


def next_at(told: int, people: int, now: datetime, pace: AlertPace) -> datetime:
    """When the next one is told, after `told` have been, of `people`."""
    rounds_over = told >= FAST_ROUNDS * max(people, 1)
    if pace.degree == Alert.Degree.DANGER:
        if told >= 2 * FAST_ROUNDS * max(people, 1):
            return now + STEADILY
        return now + (SLOWLY if rounds_over else PATIENCE)
    if pace.degree == Alert.Degree.SOON:
        daily = WEEKLY if pace.is_old(now) else SOON_EVERY
        return pace.by_day(now + (daily if rounds_over else SOON_PATIENCE))
    return now + (WEEKLY if pace.is_old(now) else CALMLY)


def is_lasting(told: int, people: int) -> bool:
    """Whether everybody was told at the first pace, and nobody has it."""
    return told > FAST_ROUNDS * max(people, 1)


def money_level(spent: float, cap: float) -> int:
    """The highest of `MONEY_LEVELS` that is reached, or 0."""
    if spent <= 0:
        return 0
    return max((each for each in MONEY_LEVELS if spent * 100 >= cap * each), default=0)
