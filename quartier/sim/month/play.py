"""Lets the month pass: the clock goes from one due moment to the next, the worker does what is due, people act."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from quartier.lib import background, clock
from quartier.sim.behaviour import Chance
from quartier.sim.due import due_times, next_due
from quartier.sim.month import hardships, programme
from quartier.sim.month.askers import MonthAskers
from quartier.sim.month.cast import MonthCast
from quartier.sim.month.neighbours import MonthNeighbours
from quartier.sim.month.plan import MonthPlan
from quartier.sim.month.team import AwakeTeam

# So often the worker looks at everything, also where nothing is known to be due.
ROUND_INTERVAL = timedelta(hours=1)
# What is due within one of these minutes is done at its end, together.
STEP_MINUTES = 2
# What is due and could not be done is looked at again after this long.
RETRY_INTERVAL = timedelta(minutes=1)
MAX_PULLS = 500
# On these rounds of the worker the month depends; the others tidy up, and come once a day.
HOURLY_SCHEDULES = frozenset(
    {
        *("followup.plan", "followup.expire", "followup.overdue", "matching.resume", "companions.checks"),
        *("messaging.digest", "visits.holidays", "people.wake_paused", "duty.letters", "followup.escalate"),
    }
)
# These talk to the network, and there is nobody there.
OUTSIDE_SCHEDULES = frozenset({"incidents.feeds", "messaging.mailbox"})


class MonthPlay:
    """One month of one group. Sets the clock of this process; whoever starts it sets it free again."""

    def __init__(
        self, cast: MonthCast, plan: MonthPlan, chance: Chance, *, awake: bool, everybody: bool
    ) -> None:
        self.cast, self.plan, self.chance = cast, plan, chance
        self.organisation = cast.organisation
        self.askers = MonthAskers(self)
        self.neighbours = MonthNeighbours(self, everybody=everybody)
        self.team = AwakeTeam(self) if awake else None
        self.programme = programme.MonthProgramme(self)
        self._events: list[tuple[datetime, tuple[Any, ...], int, Callable[[], object]]] = []
        self._counter = count()
        self._last_run: dict[str, datetime] = {}
        self._last_round: datetime | None = None
        for each in plan.happenings:
            act = hardships.act_of(self, each)
            self.at(each.at.astimezone(UTC), (each.what, each.number), act)

    def at(self, moment: datetime, what: tuple[Any, ...], act: Callable[[], object]) -> None:
        """Let something happen. `what` orders things of one moment, the same way in each run."""
        key = tuple(map(str, what))
        heapq.heappush(self._events, (max(moment, clock.now()), key, next(self._counter), act))

    def live(self, progress: Callable[[str], None]) -> None:
        """Live the month to its end."""
        end, day = self.plan.ends.astimezone(UTC), None
        while (now := clock.now()) < end:
            self._step(now)
            today = now.astimezone(self.organisation.zone).date()
            if today != day:
                day = today
                progress(f"{day:%a %d %B}")
            clock.set_time(min(self._next_due(), self._next_event(), end))

    def _next_due(self) -> datetime:
        """When the worker has something to do next: its round at the latest."""
        now = clock.now()
        following = _full_hour_after(now)
        due = None if self._is_away(now) else next_due()
        if due is None:
            return following
        if due <= now:
            # A provider that rests, or a call that nobody can make.
            due = now + RETRY_INTERVAL
        return min(_full_minutes(due), following)

    def _next_event(self) -> datetime:
        if not self._events:
            return self.plan.ends
        return max(self._events[0][0], clock.now() + timedelta(seconds=1))

    def _is_away(self, now: datetime) -> bool:
        """Whether the worker is not there."""
        return any(start <= now < end for start, end in self.plan.nights_off)

    def _step(self, now: datetime) -> None:
        while self._events and self._events[0][0] <= now:
            heapq.heappop(self._events)[3]()
        if self._is_away(now):
            return
        if self._last_round is None or not timedelta(0) <= clock.now() - self._last_round < ROUND_INTERVAL:
            self._last_round = clock.now()
            self._run_schedules(clock.now())
            for puller in background.PULLERS.values():
                puller.function()
            self.programme.look()
            if self.team is not None:
                self.team.look()
        self._pull()
        self.neighbours.read_messages()

    def _run_schedules(self, now: datetime) -> None:
        """What the worker does in rounds, when its time has come."""
        for name, schedule in sorted(background.SCHEDULES.items()):
            last = self._last_run.get(name)
            wait = timedelta(0) if name in HOURLY_SCHEDULES else timedelta(days=1)
            if name in OUTSIDE_SCHEDULES or (last is not None and timedelta(0) <= now - last < wait):
                continue
            self._last_run[name] = now
            schedule.function()

    @staticmethod
    def _pull() -> None:
        """What the worker finds due, until there is nothing left that it can do."""
        for _ in range(MAX_PULLS):
            now = clock.now()
            due = [name for name, at in due_times().items() if at <= now]
            if not any([background.PULLERS[name].function() for name in due]):  # noqa: C419 (each has its turn)
                return
        raise RuntimeError("the worker finds no end")


def _full_hour_after(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + ROUND_INTERVAL


def _full_minutes(moment: datetime) -> datetime:
    """The end of the minutes in which this lies."""
    past = timedelta(
        minutes=moment.minute % STEP_MINUTES, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment - past + timedelta(minutes=STEP_MINUTES) if past else moment
