"""Money of a demonstration: receipts, who agrees and when, a dispute that was decided and one that was not yet."""

import random
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from quartier.cases.rules import NotPossible
from quartier.expenses import actions as expenses
from quartier.expenses.models import Expense
from quartier.expenses.pictures import Picture
from quartier.lib import clock
from quartier.sim.showing import words
from quartier.sim.showing.receipts import receipt
from quartier.team.access import Actor, link
from quartier.visits.actions.ledger import whom_to_tell
from quartier.visits.models import Assignment

if TYPE_CHECKING:
    from quartier.sim.showing.shown import Shown

LAYS_OUT, TAKES_PICTURE = 0.55, 0.85
# Never near the cap: that is odd, and here only one thing shall be.
LEAST_CENTS, MOST_CENTS = 640, 2600


class Money:
    """What volunteers lay out, until it is back. `odd`: a volunteer (id) who pays round sums without a receipt."""

    def __init__(self, shown: "Shown") -> None:
        self._shown = shown
        self._disputed_before = self._disputed_now = False
        self.odd: object = None

    def pays(
        self, assignment: Assignment, actor: Actor, draw: random.Random, things: list[str], shop: str
    ) -> None:
        """At the till, perhaps. Raises `NotPossible`, `OverCap`."""
        is_odd = assignment.volunteer_id == self.odd
        if not is_odd and draw.random() > LAYS_OUT:
            return
        cents = draw.choice((1500, 2000)) if is_odd else draw.randint(LEAST_CENTS, MOST_CENTS)
        person = assignment.request.case.person
        pictures: tuple[Picture, ...] = ()
        if not is_odd and draw.random() < TAKES_PICTURE:
            names = (things or words.of(words.GOODS, person.language)[:4])[:8]
            here = shop or words.of(words.SHOPS, person.language)[0]
            pictures = (receipt(draw, here, names, cents),)
        expense = expenses.paid_in_shop(actor=actor, assignment=assignment, cents=cents, pictures=pictures)
        expenses.confirm(actor=actor, expense=expense)
        # What was paid in the last two days is still under way when somebody looks at it.
        late = clock.now() > self._shown.ends - timedelta(hours=48)
        hours = timedelta(hours=draw.uniform(24, 72) if late else draw.uniform(0.5, 9))
        self._shown.at(
            clock.now() + hours, ("agrees", str(expense.pk)), partial(self._agrees, expense, actor)
        )

    def _agrees(self, expense: Expense, volunteer: Actor) -> None:
        expense.refresh_from_db()
        if expense.state != Expense.State.ASKED:
            return
        person = whom_to_tell(expense.assignment)
        actor = link(self._shown.organisation, person.pk)
        if self._disputes(expense, actor, person.language):
            return
        by, hears = Expense.Agreed.PAGE, expense.told_at is not None
        if not hears:
            by, actor = Expense.Agreed.CALL, self._shown.operator
        expenses.agree(actor=actor, expense=expense, by=by)
        hours = timedelta(hours=self._shown.chance.of("settles", expense.cents).uniform(1, 20))
        self._shown.at(
            clock.now() + hours, ("settles", str(expense.pk)), partial(self._settles, expense, volunteer)
        )

    def _disputes(self, expense: Expense, actor: Actor, language: str) -> bool:
        """Once long ago, which is decided by now, and once today."""
        if self._shown.last_day:
            if self._disputed_now:
                return False
            self._disputed_now = True
        elif self._disputed_before or clock.now() < self._shown.ends - timedelta(days=8):
            return False
        else:
            self._disputed_before = True
            self._shown.at(
                clock.now() + timedelta(hours=5),
                ("decides", str(expense.pk)),
                partial(self._decides, expense, language),
            )
        expenses.dispute(actor=actor, expense=expense, by="person", words=words.of(words.TOO_MUCH, language))
        return True

    def leave_open(self) -> None:
        """Whoever looks around finds one dispute: if none came of itself, somebody has looked at a receipt again."""
        if self._disputed_now:
            return
        paid = Expense.objects.filter(organisation=self._shown.organisation, disputed_by="")
        last = paid.filter(state__in=[Expense.State.ASKED, Expense.State.AGREED, Expense.State.SETTLED])
        for expense in last.order_by("-said_at")[:1]:
            person = whom_to_tell(expense.assignment)
            self._disputes(expense, link(self._shown.organisation, person.pk), person.language)

    def _decides(self, expense: Expense, language: str) -> None:
        expense.refresh_from_db()
        with suppress(NotPossible):
            expenses.resolve(
                actor=self._shown.coordinator,
                expense=expense,
                cents=max(100, expense.cents - 379),
                by_fund=True,
                words=words.of(words.DECIDED, language),
            )

    def _settles(self, expense: Expense, volunteer: Actor) -> None:
        draw = self._shown.chance.of("way", expense.cents)
        way = draw.choice((Expense.Way.CASH, Expense.Way.CASH, Expense.Way.TRANSFER))
        with suppress(NotPossible):
            expenses.settle(actor=volunteer, expense=expense, way=way)
