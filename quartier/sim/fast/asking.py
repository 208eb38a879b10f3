"""The matcher of the fast mode: the ladder of `matching.actions.send_wave`, step by step, with the same policies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

import numpy as np

from quartier.lib import choices
from quartier.matching import rules
from quartier.matching.policies import FARTHEST_M, Standing, Step, fewest, share_of_group
from quartier.sim import conduct
from quartier.sim.behaviour import behaviour
from quartier.sim.calendar import Hours
from quartier.sim.fast.files import ANSWER, ANSWERED, LIVE, OPEN, File
from quartier.sim.fast.neighbours import Wanted, by_phone, nearest

if TYPE_CHECKING:
    from quartier.sim.fast.run import Run

# Of a wave with more than so many, those who say no are not followed.
MANY = 100


class Pending(Sequence[tuple[float, float]]):
    """Offers nobody has answered: (likelihood, waking minutes ago), worked out only for policies that look."""

    def __init__(self, file: File, quiet: Hours, now: float) -> None:
        self._file, self._quiet, self._now = file, quiet, quiet.outside(now)

    def __len__(self) -> int:
        return len(self._file.live)

    @overload
    def __getitem__(self, place: int) -> tuple[float, float]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[tuple[float, float]]: ...
    def __getitem__(self, place: int | slice) -> tuple[float, float] | Sequence[tuple[float, float]]:
        return self._all()[place]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._all())

    def _all(self) -> list[tuple[float, float]]:
        return [
            (likelihood, self._now - self._quiet.outside(at))
            for likelihood, at, _end in self._file.live.values()
        ]


class Asking:
    """Asks neighbours for the files of a run."""

    def __init__(self, run: "Run") -> None:
        self._run = run

    def step(self, about: tuple[File, float], now: float) -> None:
        """What the worker does for a request whose time has come."""
        file, due = about
        run = self._run
        if file.state != OPEN or file.next_at != due:
            return
        wakes = run.quiet.after(now)
        if wakes > now:
            run.look_at(file, wakes)
            return
        self._expire(file, now)
        self._keep_pace(file, now)
        while True:
            step = self.next_step(file, now)
            if step is None:
                self._wait_or_give_up(file, now)
                return
            who, likelihoods = self._choose(file, step, now)
            file.steps += 1
            if len(who):
                self.offer(file, who, likelihoods, now)
                break
            if not step.size:
                break
            if step.widest or file.remote:
                if not file.live:
                    self._wait_or_give_up(file, now)
                    return
                break
        run.look_at(file, now + step.wait_min)

    def _keep_pace(self, file: File, now: float) -> None:
        """As `matching.actions.pace.keep`: what has come near is asked for once more."""
        away = rules.is_days_away(file, self._run.calendar.moment(now))  # type: ignore[arg-type]
        if file.unhurried and not away:
            file.steps, file.reopened = 0, file.reopened + 1
        file.unhurried = away

    def _wait_or_give_up(self, file: File, now: float) -> None:
        """As `matching.actions.waves`: what is days away begins again in the morning, else a human takes it. That the
        team has it from the day on which nobody is left to ask changes nothing in who is asked, and is left out."""
        run = self._run
        if not file.unhurried or not file.offers:
            run.to_human(file, now)
            return
        file.steps = 0
        moment = run.calendar.moment(now)
        again = rules.begins_again_at(file, run.organisation, moment)  # type: ignore[arg-type]
        run.look_at(file, run.calendar.minute(again))

    def next_step(self, file: File, now: float) -> Step | None:
        """What the policy wants."""
        run = self._run
        moment = run.calendar.moment(now)
        if file.window_until <= moment:
            return None
        waited = run.quiet.outside(now) - run.quiet.outside(file.since)
        pending: Sequence[tuple[float, float]] = ()
        plenty = run.offers_each(now)
        if run.policy.counts_pending:
            pending = Pending(file, run.quiet, now)
        standing = Standing(
            urgent=file.urgency == "now",
            steps=file.steps,
            places=1,
            radius_m=file.radius_m,
            waited_min=waited,
            pending=pending,
            offers_each=plenty,
            days_away=rules.is_days_away(file, moment),  # type: ignore[arg-type]
            evening=rules.is_evening(run.organisation, moment),
        )
        return run.policy.next_step(standing, run.settings)

    def _expire(self, file: File, now: float) -> None:
        for who in [who for who, offer in file.live.items() if offer[2] <= now]:
            self._run.ended(file, who)

    def _choose(self, file: File, step: Step, now: float) -> tuple[np.ndarray, np.ndarray]:
        """Whom to ask, and how likely each says yes."""
        if not step.size:
            return np.empty(0, np.int32), np.empty(0)
        budget = rules.NO_CAP if step.budget is None else step.budget
        sought = step.size if step.enough is not None or not step.spares_small_groups else 2 * step.size
        who = self.candidates(file, sought, step.radius_m, budget, now)
        most = step.size
        if step.spares_small_groups and len(who) < sought:
            most = min(most, share_of_group(len(who), urgent=file.urgency == "now", places=1))
        if step.enough is None:
            who = who[:most]
        if step.enough is None and not self._run.policy.counts_pending:
            return who, np.zeros(len(who))
        likelihoods = self._likely(file, who, now)
        if step.enough is None:
            return who, likelihoods
        # The readiest first, as `matching.actions.offering.reserve` does.
        ranked = np.argsort(-likelihoods, kind="stable")
        ranked = ranked[: min(most, fewest(likelihoods[ranked].tolist(), step.enough))]
        return who[ranked], likelihoods[ranked]

    def _likely(self, file: File, who: np.ndarray, now: float) -> np.ndarray:
        return self._run.people.likelihood(who, self._where(file), self._run.calendar.day(now))

    def _where(self, file: File) -> tuple[float, float] | None:
        """The middle of the neighbourhood; `None` for help by phone."""
        if file.remote:
            return None
        homes = self._run.world.requests.homes
        return float(homes.area_lat[file.number]), float(homes.area_lon[file.number])

    def candidates(self, file: File, most: int, radius_m: int, budget: int, now: float) -> np.ndarray:
        """At most so many who may be asked, best first. `budget`: negative leaves budgets out."""
        run, people = self._run, self._run.people
        if people.squares is None:
            return np.empty(0, np.int32)
        homes = run.world.requests.homes
        if file.slots_until is not file.window_until:
            file.slots = choices.slots_between(file.window_from, file.window_until, run.organisation.zone)
            file.slots_until = file.window_until
        wanted = Wanted(
            float(homes.lat[file.number]),
            float(homes.lon[file.number]),
            file.kind,
            int(run.world.requests.languages[file.number]),
            file.slots,
            float(radius_m),
            run.calendar.day(now),
            budget,
        )
        # Who was asked in an earlier round and did not answer can be asked again.
        left_out = [
            who
            for who, (again, stands) in file.offers.items()
            if again >= file.reopened or stands == ANSWERED or (stands == LIVE and who in file.live)
        ]
        people.left_out[left_out] = True
        if file.remote:
            who = by_phone(people.rows, wanted, most, 0)
        else:
            who = nearest(people.rows, people.squares, wanted, most)
        people.left_out[left_out] = False
        return np.asarray(who)

    def offer(
        self, file: File, who: np.ndarray, likelihoods: np.ndarray, now: float, *, by_hand: bool = False
    ) -> None:
        """Ask these; what they say comes later."""
        run = self._run
        number, moment = run.number(file), run.calendar.moment(now)
        ends = run.calendar.minute(rules.expires_at(file, moment))  # type: ignore[arg-type]
        today, where = run.calendar.day(now), self._where(file)
        if run.people.learns:
            factors = run.people.circumstances(who, where, today)
            file.lessons.update((int(one), (factors[place], 0.0)) for place, one in enumerate(who))
        says, minutes = run.people.ask(who, (number, file.reopened), where, now, today=today, by_hand=by_hand)
        run.asked(file, who, now)
        if len(who) > MANY:
            self._offer_many(file, who, (says, minutes), (now, ends))
            return
        for place, one in enumerate(who.tolist()):
            file.offers[one] = (file.reopened, LIVE)
            file.live[one] = (float(likelihoods[place]), now, ends)
            if says[place] != conduct.NOTHING:
                minute = self._awake(now + float(minutes[place]), one, number, file.reopened)
                run.at(minute, ANSWER, (file, one, file.reopened, int(says[place])))

    def _offer_many(
        self, file: File, who: np.ndarray, answers: tuple[np.ndarray, np.ndarray], times: tuple[float, float]
    ) -> None:
        """So many are asked that only the first who say yes matter, and those who go for good."""
        run, (says, minutes), (now, ends) = self._run, answers, times
        number = run.number(file)
        file.offers.update(dict.fromkeys(who.tolist(), (file.reopened, LIVE)))
        file.live.update(dict.fromkeys(who.tolist(), (0.0, now, ends)))
        yes = np.flatnonzero(says == conduct.YES)
        first = yes[np.argsort(minutes[yes], kind="stable")][:MANY]
        for place in [*first.tolist(), *np.flatnonzero(says == conduct.QUITS).tolist()]:
            one = int(who[place])
            minute = self._awake(now + float(minutes[place]), one, number, file.reopened)
            run.at(minute, ANSWER, (file, one, file.reopened, int(says[place])))

    def _awake(self, minute: float, who: int, what: int, again: int) -> float:
        wakes = self._run.quiet.after(minute)
        if wakes == minute:
            return minute
        return wakes + conduct.wakes_after(self._run.world.seed, who, what, again)

    def by_hand(self, file: File, now: float) -> bool:
        """A coordinator asks the next best, whatever their budget and however far. False: there is nobody."""
        run = self._run
        run.renew(file, now)
        self._expire(file, now)
        who = self.candidates(file, behaviour()["team"]["asks_by_hand"], FARTHEST_M, -1, now)
        if not len(who):
            return False
        file.state, file.why = OPEN, ""
        self.offer(file, who, self._likely(file, who, now), now, by_hand=True)
        step = self.next_step(file, now)
        if step is None:
            ends = rules.expires_at(file, run.calendar.moment(now))  # type: ignore[arg-type]
            run.look_at(file, run.calendar.minute(ends))
        else:
            run.look_at(file, now + step.wait_min)
        return True
