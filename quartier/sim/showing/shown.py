"""The crisis of a demonstration: whoever asks for shopping writes a list, whoever shops ticks it off and has paid."""

import heapq
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.companions.models import Service
from quartier.expenses import rules
from quartier.followup import actions as followup
from quartier.followup.models import HelperSays
from quartier.lib import background, clock
from quartier.shopping import actions as shopping
from quartier.shopping import queries as lists
from quartier.shopping.models import Item
from quartier.shopping.rules import Wishes as List
from quartier.sim.crisis import MOST_PULLS, Crisis
from quartier.sim.due import due_times, next_due
from quartier.sim.population import AS_ALWAYS, Wishes
from quartier.sim.showing import words
from quartier.sim.showing.money import Money
from quartier.team.access import Actor, of_account
from quartier.team.models import Account, Role
from quartier.visits.models import Assignment

WRITES_A_LIST, HELPER_SAYS = 0.7, 0.35
# So often, in minutes, the worker of an invented past looks at what is due; and in its last hours, which are still on
# the board when somebody looks at it.
PAST_WORKER_MINUTES, RECENT_WORKER_MINUTES = 15, 5
RECENT = timedelta(hours=6)


def _next_look(moment: datetime, minutes: int) -> datetime:
    """The first full so many minutes after this moment."""
    past = timedelta(minutes=moment.minute % minutes, seconds=moment.second, microseconds=moment.microsecond)
    return moment - past + timedelta(minutes=minutes)


class Shown(Crisis):
    """A crisis that shows everything. `ends`: the present, up to which it is played."""

    def __init__(self, *given: Any, ends: datetime, **more: Any) -> None:
        super().__init__(*given, **more)
        self.ends = ends
        self.money = Money(self)
        self.admin = of_account(
            Account.objects.filter(organisation=self.organisation, roles__name=Role.Name.ADMIN)
            .order_by("created_at")[:1]
            .get()
        )

    def run(self, until: datetime, *, progress: Callable[[], None] = lambda: None) -> None:
        """Let time pass until then. People act at their own minute; what a worker does for them it does at its next
        look, for all of them together."""
        while (now := clock.now()) < until:
            event = self._events[0][0] if self._events else until
            due = next_due()
            minutes = RECENT_WORKER_MINUTES if now > self.ends - RECENT else PAST_WORKER_MINUTES
            looks_at = until if due is None else min(_next_look(max(due, now), minutes), until)
            if event <= looks_at:
                clock.set_time(min(max(event, now), until))
                self.happen()
            else:
                clock.set_time(looks_at)
                self.pull()
                self.read_messages()
                self._team.look()
            progress()

    def happen(self) -> None:
        """What people do at this moment."""
        while self._events and self._events[0][0] <= clock.now():
            heapq.heappop(self._events)[3]()

    def pull(self) -> None:
        """Let the pullers work that have something due, until there is nothing left to do. The others watch over what
        an invented past does not hold: the line, appeals, texts that come in, two at a first visit."""
        for _ in range(MOST_PULLS):
            now = clock.now()
            due = [name for name, at in due_times().items() if at <= now]
            if not any([background.PULLERS[name].function() for name in due]):  # noqa: C419
                return
        raise RuntimeError("the worker finds no end")

    def every_day(self, first: datetime, hour: int, what: str, act: Any) -> None:
        """Something that happens each day at this hour, from the day of `first` on, up to the present."""
        zone = self.organisation.zone
        day = first.astimezone(zone).replace(hour=hour, minute=10, second=0, microsecond=0)
        while day < self.ends:
            if day >= first:
                self.at(day, (what,), act)
            day += timedelta(days=1)

    def ask(self, number: int, wishes: Wishes = AS_ALWAYS) -> None:
        """Somebody asks; for shopping, most have a list."""
        before = len(self.requests)
        super().ask(number, wishes)
        for pk in list(self.requests)[before:]:
            request = Request.objects.select_related("case__person").get(pk=pk)
            draw = self.chance.of("list", number)
            if request.kind == "groceries" and draw.random() < WRITES_A_LIST:
                self.write_list(request, number)

    def write_list(self, request: Request, number: int) -> None:
        """What is to be bought for this request, where, and what never."""
        draw, language = self.chance.of("writes", number), request.case.person.language
        wanted = draw.sample(words.of(words.GOODS, language), draw.randint(4, 8))
        list_ = List(
            "\n".join(wanted),
            shop=draw.choice(words.of(words.SHOPS, language)) if draw.random() < 0.6 else "",
            substitutions=draw.choice(("yes", "ask", "ask", "no")),
            allergies=words.of(words.ALLERGIES, language) if draw.random() < 0.1 else "",
            never=words.of(words.NEVER, language) if draw.random() < 0.15 else "",
            budget_cents=draw.choice((2000, 2500, 3000)) if draw.random() < 0.2 else None,
            agreed=True,
            spoken=True,
        )
        with suppress(NotPossible):
            shopping.write(actor=self.operator, request=request, wishes=list_)

    def done(self, assignment: Assignment, actor: Actor) -> None:
        """A visit is done. What was bought is ticked off and paid before."""
        assignment.refresh_from_db()
        if assignment.state in Assignment.ACTIVE and assignment.request.kind == "groceries":
            with suppress(NotPossible, rules.OverCap):
                self._shop(assignment, actor)
        super().done(assignment, actor)
        assignment.refresh_from_db()
        draw = self.chance.of("helper", *self._numbers(assignment.offer))
        if draw.random() < HELPER_SAYS:
            said = words.of(words.HELPER, assignment.volunteer.person.language)
            followup.helper_says(
                actor=actor,
                assignment=assignment,
                how=draw.choice((HelperSays.How.GOOD, HelperSays.How.GOOD, HelperSays.How.FAIR)),
                words=draw.choice(said) if draw.random() < 0.4 else "",
            )

    def _shop(self, assignment: Assignment, actor: Actor) -> None:
        draw = self.chance.of("shops", *self._numbers(assignment.offer))
        found = lists.of_request(assignment.request)
        things = found.things if found else []
        marks: dict[str, tuple[str, str]] = {thing.key: (Item.State.BOUGHT, "") for thing in things}
        if len(things) > 2 and draw.random() < 0.4:
            language = assignment.request.case.person.language
            marks[things[0].key] = (Item.State.REPLACED, words.of(words.INSTEAD, language))
        if marks:
            shopping.tick(actor=actor, assignment=assignment, marks=marks)
        self.money.pays(
            assignment, actor, draw, [thing.what for thing in things], found.shop if found else ""
        )

    def service(self, word: str) -> Service:
        """A service of the directory."""
        return Service.objects.get(organisation=self.organisation, key=f"demo-{word}")

    @property
    def last_day(self) -> bool:
        """Whether the present is near: what begins now is still open when somebody looks at it."""
        return clock.now() > self.ends - timedelta(hours=20)
