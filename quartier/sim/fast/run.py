"""The fast mode's clock: what is due next, one thing after the other, as the workers and the people would do it."""

import heapq
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import numpy as np

from quartier.cases import rules as cases
from quartier.lib import choices
from quartier.matching import queries as matching
from quartier.matching.policies import Policy, Settings
from quartier.sim import conduct
from quartier.sim.behaviour import behaviour
from quartier.sim.fast.asking import Asking
from quartier.sim.fast.crowd import Volunteers
from quartier.sim.fast.files import (
    ACT,
    ANSWER,
    ANSWERED,
    ASK,
    CLOSED,
    COVERED,
    END,
    HUMAN,
    JOIN,
    LEAVE,
    LIVE,
    MIDNIGHT,
    OPEN,
    STEP,
    TAKE_BACK,
    WITHDRAWN,
    File,
)  # fmt: skip
from quartier.sim.population import KINDS, URGENCIES
from quartier.sim.trace import Day
from quartier.sim.world import World
from quartier.team.models import Organisation
from quartier.visits import rules as visits

AN_HOUR = timedelta(hours=1)
AN_HOUR_MIN, A_DAY_MIN = 60.0, 1440.0


class Run:
    """One policy plays one world. `play` once; then read `files`, `people`, `days`."""

    def __init__(self, world: World, policy: Policy, settings: Settings, *, learns: bool = False) -> None:
        self.world, self.policy, self.settings = world, policy, settings
        self.organisation = Organisation()
        self.calendar = world.timeline.calendar
        self.quiet = self.calendar.between(self.organisation.quiet_from, self.organisation.quiet_until)
        self.open = self.calendar.between(self.organisation.opens, self.organisation.closes)
        self.people = Volunteers(world, learns=learns)
        self.files: list[File] = []
        self.messages_on: Counter[int] = Counter()
        self.offers_on: Counter[int] = Counter()
        self.helped: Counter[int] = Counter()
        self.first_yes: Counter[int] = Counter()
        self.joined: Counter[int] = Counter()
        self.quit_on: Counter[int] = Counter()
        self.volunteers_on: dict[int, int] = {}
        self._visits: dict[int, set[File]] = {}
        self._events: list[tuple[float, int, int, Any]] = []
        self._order = count()
        self._asking = Asking(self)
        # The hour, and what was counted in it, as `matching.queries.offers_each` does.
        self._plenty = (-1, 0.0)

    def at(self, minute: float, what: int, about: Any) -> None:
        """Let something happen then."""
        heapq.heappush(self._events, (minute, next(self._order), what, about))

    def play(self) -> "Run":
        """Let the whole timeline pass."""
        timeline = self.world.timeline
        for row, opening in enumerate(timeline.openings):
            self.at(opening.opened, ASK, row)
        for wave in timeline.joins:
            self.at(wave.minute, JOIN, wave.numbers)
        for day, minute in enumerate(self.calendar.midnights):
            if 0 < minute <= timeline.until:
                self.at(minute, MIDNIGHT, day)
        happen: dict[int, Callable[[Any, float], None]] = {
            ASK: self._ask, STEP: self._asking.step, ANSWER: self._answer, TAKE_BACK: self._take_back, ACT: self._act,
            LEAVE: self._leave, END: self._end, JOIN: self._join, MIDNIGHT: self._midnight,
        }  # fmt: skip
        while self._events and self._events[0][0] <= timeline.until:
            minute, _order, what, about = heapq.heappop(self._events)
            happen[what](about, minute)
        return self

    # Who asks

    def _ask(self, row: int, now: float) -> None:
        asked, opening = self.world.requests, self.world.timeline.openings[row]
        kind = choices.kind(KINDS[asked.kind[row]])
        urgency, moment = URGENCIES[asked.urgency[row]], self.calendar.moment(now)
        until = cases.useful_until(moment, urgency, self.organisation)
        state, why = cases.first_state(kind.code, moderated=False)
        file = File(
            row, kind.mask, urgency, moment, until, self.organisation, now, now, cases.reach_m(kind.code), kind.remote,
            state=str(state), why=str(why),
        )  # fmt: skip
        self.files.append(file)
        self.tell(file, now)
        if opening.opened + asked.takes_back[row] <= self.world.timeline.until:
            self.at(now + float(asked.takes_back[row]), TAKE_BACK, file)
        if file.state == OPEN:
            self.look_at(file, now)
        else:
            self.plan(file, now)

    def look_at(self, file: File, minute: float) -> None:
        """The matcher looks at it then (again)."""
        file.next_at = minute
        self.at(minute, STEP, (file, minute))

    def tell(self, file: File, now: float) -> None:
        """Somebody is written to who asked, if that is possible."""
        self.wrote(now, int(self.world.requests.writes[file.number]))

    def wrote(self, now: float, messages: int = 1) -> None:
        """Count messages."""
        self.messages_on[self.calendar.day(now)] += messages

    def number(self, file: File) -> int:
        """The number by which chance is drawn."""
        return self.world.timeline.openings[file.number].number

    def _take_back(self, file: File, now: float) -> None:
        if file.state in {OPEN, HUMAN}:
            self.close(file, "withdrawn", now)
            self.tell(file, now)

    def close(self, file: File, closure: str, now: float) -> None:
        """It is over; offers that are out are withdrawn."""
        file.state, file.closure, file.next_at = CLOSED, closure, -1.0
        if file.left < 0 or closure == "withdrawn":
            file.left = now
        self.withdraw(file, now)
        file.neighbours = len(file.offers)
        file.offers.clear()

    def withdraw(self, file: File, now: float) -> None:
        """Nobody is needed any more."""
        file.offers.update(dict.fromkeys(file.live, (file.reopened, WITHDRAWN)))
        if self.people.learns:
            for who, (_likely, at, ends) in file.live.items():
                self.people.learn_partly(file.lessons, who, min(now, ends) - at)
        file.live.clear()

    def ended(self, file: File, who: int) -> None:
        """An offer was answered, or has expired."""
        file.live.pop(who, None)
        if self.people.learns:
            self.people.learn(file.lessons, who, 1.0)

    # Volunteers

    def offers_each(self, now: float) -> float:
        """How many offers there can be in a day for each request."""
        hour = int(now // AN_HOUR_MIN)
        if self._plenty[0] != hour:
            budgets = self.people.rows["budget"][self.people.active]
            offers = int(np.minimum(budgets, self.settings.daily_budget).sum())
            came = len(self.files) - bisect_right(
                self.files, now - A_DAY_MIN, key=lambda file: file.since_opened
            )
            self._plenty = hour, matching.each_of(offers, came)
        return self._plenty[1]

    def _answer(self, about: tuple[File, int, int, int], now: float) -> None:
        file, who, again, says = about
        people = self.people
        if says == conduct.QUITS:
            self._quit(who, now)
            return
        if says == conduct.NO:
            if file.offers.get(who, (again, WITHDRAWN))[1] == LIVE:
                file.offers[who] = (again, ANSWERED)
                self.ended(file, who)
                if not file.live and file.state == OPEN and file.next_at > now:
                    self.look_at(file, now)
            return
        if self.people.learns:
            self.people.learn(file.lessons, who, 1.0, yes=True)
        if file.state not in {OPEN, HUMAN} or not people.active[who]:
            return
        if people.carries[who] >= people.capacity[who]:
            return
        people.carries[who] += 1
        file.offers[who] = (again, ANSWERED)
        file.live.pop(who, None)
        file.state, file.why, file.next_at, file.goes = COVERED, "", -1.0, who
        file.going += 1
        self._visits.setdefault(who, set()).add(file)
        if file.first_yes < 0:
            file.first_yes = now
            self.first_yes[self.calendar.day(now)] += 1
        self.withdraw(file, now)
        self.tell(file, now)
        self.wrote(now)
        self._plan_visit(file, who, now)

    def _quit(self, who: int, now: float) -> None:
        people = self.people
        if not people.active[who]:
            return
        people.active[who] = False
        self.people.quit[who] = True
        self.quit_on[self.calendar.day(now)] += 1
        for file in sorted(self._visits.get(who, ()), key=lambda each: each.number):
            self._fail(file, "cannot_go", now)

    def _join(self, numbers: range, now: float) -> None:
        self.people.active[numbers.start : numbers.stop] = True
        self.joined[self.calendar.day(now)] += len(numbers)

    def _midnight(self, day: int, _now: float) -> None:
        self.volunteers_on[day - 1] = int(self.people.active.sum())
        self.people.midnight()

    # Visits

    def _plan_visit(self, file: File, who: int, now: float) -> None:
        moment, number = self.calendar.moment(now), self.number(file)
        kind = choices.KINDS[file.kind.bit_length() - 1].code
        times = visits.times_to_choose(file, moment, kind)  # type: ignore[arg-type]
        if times:
            start, end = times[conduct.which_time(self.world.seed, who, number, file.reopened, len(times))]
        else:
            start = max(file.window_from, moment)
            end = visits.until_at_least(file.window_until, start)
        begins = max(0.0, self.calendar.minute(start) - now)
        course = conduct.visit(self.world.seed, who, number, file.reopened, begins)
        over = self.calendar.minute(end)
        remind = over + visits.REMIND_AFTER.total_seconds() / 60
        key = file.going
        if course.ends is None:
            self.wrote(remind)
            self.at(over + visits.NO_SHOW_AFTER.total_seconds() / 60, END, (file, key, "no_show"))
            return
        if course.leaves is not None and not file.remote:
            self.at(now + course.leaves, LEAVE, (file, key))
        if now + course.ends > remind:
            self.wrote(remind)
        self.at(now + course.ends, END, (file, key, course.failure))

    def _leave(self, about: tuple[File, int], now: float) -> None:
        file, key = about
        if file.state == COVERED and file.going == key:
            self.tell(file, now)

    def _end(self, about: tuple[File, int, str], now: float) -> None:
        file, key, failure = about
        if file.state != COVERED or file.going != key:
            return
        if failure:
            self._fail(file, failure, now)
            return
        self._give_back(file)
        self.tell(file, now)
        self.helped[self.calendar.day(now)] += 1
        self.close(file, "fulfilled", now)

    def _give_back(self, file: File) -> None:
        who, file.goes = file.goes, -1
        self.people.carries[who] -= 1
        self._visits[who].discard(file)

    def _fail(self, file: File, failure: str, now: float) -> None:
        self._give_back(file)
        before = file.window_until
        file.reopened += 1
        file.steps, file.since = 0, now
        self.renew(file, now)
        file.window_from = self.calendar.moment(now) if file.window_until is not before else file.window_from
        if failure in {"nobody_home", "wrong_place"}:
            file.state, file.why = HUMAN, "failed"
            self.plan(file, now)
        else:
            file.state = OPEN
            self.look_at(file, now)
        self.tell(file, now)

    def renew(self, file: File, now: float) -> None:
        """Another time, when the one that was asked for is nearly over."""
        moment = self.calendar.moment(now)
        if file.window_until <= moment + AN_HOUR:
            file.window_until = cases.useful_until(moment, file.urgency, self.organisation)

    # The team

    def to_human(self, file: File, now: float) -> None:
        """Every automatic step is used up."""
        file.state, file.why, file.next_at, file.left = HUMAN, "nobody", -1.0, now
        self.tell(file, now)
        if self.world.scenario.by_hand:
            self.plan(file, now)

    def plan(self, file: File, now: float) -> None:
        """Somebody of the team looks at it after a while, within opening hours."""
        if file.planned:
            return
        file.planned = True
        minute = now + conduct.act(self.world.seed, self.number(file), file.tries).minutes
        if not self.open.hold(minute):
            minute = self.open.next_start(minute) + 5.0
        self.at(minute, ACT, file)

    def _act(self, file: File, now: float) -> None:
        file.planned = False
        if file.state != HUMAN:
            return
        act = conduct.act(self.world.seed, self.number(file), file.tries)
        file.tries += 1
        figures = behaviour()["team"]
        if file.why == "words" or (file.why == "failed" and act.still_wanted):
            file.state, file.why, file.steps = OPEN, "", 0
            self.renew(file, now)
            self.look_at(file, now)
        elif file.why == "failed":
            self.close(file, "withdrawn", now)
            self.tell(file, now)
        elif file.tries > figures["tries_by_hand"] or not self._asking.by_hand(file, now):
            self.close(file, "referred" if act.referred else "impossible", now)

    def days(self) -> list[Day]:
        """The days that count, with what happened on them."""
        warm_up, found = self.world.scenario.warm_up_days, []
        opened = Counter(self.calendar.day(opening.opened) for opening in self.world.timeline.openings)
        last = self.calendar.day(self.world.timeline.until - 0.001)
        known = dict(enumerate(self.world.timeline.days))
        for day in range(warm_up, last + 1):
            outside = known.get(day, Day(self.calendar.dates[day].isoformat()))
            found.append(
                Day(
                    outside.date, opened[day], outside.calls, outside.answered, outside.missed, outside.called_back,
                    outside.operators, self.volunteers_on.get(day, int(self.people.active.sum())),
                    self.joined[day], self.quit_on[day], self.offers_on[day], self.first_yes[day], self.helped[day],
                )
            )  # fmt: skip
        return found

    def asked(self, file: File, who: np.ndarray, now: float) -> None:
        """Count offers."""
        self.offers_on[self.calendar.day(now)] += len(who)
        self.wrote(now, len(who))
