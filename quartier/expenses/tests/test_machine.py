"""Whatever both do, in whatever order: the book balances, and says of each expense what its state says."""

import contextlib
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from quartier.cases.rules import NotPossible
from quartier.expenses import actions, rules
from quartier.expenses.models import Expense, LedgerEntry
from quartier.lib import clock
from quartier.team.access import of_account, system
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

CENTS = st.sampled_from([1, 999, 1250, 3000, 3001])
State = Expense.State


class TwoOfThem(RuleBasedStateMachine):
    """A volunteer, who is helped, and a coordinator, at one or two expenses of one visit after the other."""

    world: dict

    @initialize()
    def begin(self):
        self.visit = self.world["visit"]
        self.team = system(self.visit.organisation)
        self.volunteer = of_account(self.visit.volunteer.person.account)

    @property
    def expense(self):
        return Expense.objects.exclude(state=State.CANCELLED).first() or Expense.objects.first()

    @rule(cents=CENTS)
    def says(self, cents):
        with contextlib.suppress(NotPossible, rules.OverCap):
            actions.paid_in_shop(actor=self.volunteer, assignment=self.visit, cents=cents)
            assert cents <= 3000

    @rule()
    def confirms(self):
        if self.expense:
            for _ in range(2):
                actions.confirm(actor=self.volunteer, expense=self.expense)

    @rule(shown=st.booleans())
    def says_yes(self, shown):
        if self.expense:
            with contextlib.suppress(NotPossible):
                cents = self.expense.cents if shown else 1
                after = actions.agree(actor=self.team, expense=self.expense, by="page", cents=cents)
                assert after.cents == cents

    @rule(right=st.booleans())
    def says_the_word(self, right):
        if self.expense:
            with contextlib.suppress(NotPossible):
                typed = self.expense.word if right else "citron 1"
                before = self.expense.state
                if actions.agree_by_word(actor=self.volunteer, expense=self.expense, typed=typed):
                    assert right or before != State.ASKED

    @rule(way=st.sampled_from(["cash", "transfer", "fund", "card", ""]))
    def has_it_back(self, way):
        if self.expense:
            with contextlib.suppress(NotPossible):
                before = self.expense.state
                actions.settle(actor=self.volunteer, expense=self.expense, way=way)
                assert before == State.SETTLED or way in {"cash", "transfer"}

    @rule()
    def takes_it_back(self):
        if self.expense:
            with contextlib.suppress(NotPossible):
                actions.cancel(actor=self.volunteer, expense=self.expense)

    @rule(by=st.sampled_from(["person", "volunteer"]))
    def sees_it_otherwise(self, by):
        if self.expense:
            with contextlib.suppress(NotPossible):
                actions.dispute(actor=self.team, expense=self.expense, by=by, words="non")

    @rule(cents=st.sampled_from([0, 500, 1250, 2000]), by_fund=st.booleans())
    def is_decided(self, cents, by_fund):
        if self.expense:
            with contextlib.suppress(NotPossible):
                actions.resolve(
                    actor=self.team, expense=self.expense, cents=cents, by_fund=by_fund, words="parce que"
                )

    @rule()
    def is_done(self):
        visits.done(actor=self.volunteer, assignment=self.visit)

    @rule(hours=st.sampled_from([1, 30]))
    def time_passes(self, hours):
        clock.set_time(clock.now() + timedelta(hours=hours))

    @invariant()
    def the_book_balances(self):
        if not hasattr(self, "visit"):
            return
        alive = 0
        for each in Expense.objects.all():
            balance = Counter()
            for line in LedgerEntry.objects.filter(expense=each):
                balance[line.source] -= line.cents
                balance[line.target] += line.cents
            assert sum(balance.values()) == 0
            counted = each.cents if each.state in Expense.BOOKED else 0
            assert balance["volunteer"] == each.paid_cents + each.fund_cents + each.lost_cents - counted
            assert balance["person"] == counted - each.paid_cents
            assert balance["fund"] == -each.fund_cents - each.lost_cents
            if each.state == State.SETTLED:
                assert each.owed_cents == 0
                assert each.way
            if each.state in {State.AGREED, State.SETTLED}:
                assert each.agreed_by
            assert bool(each.word) == (each.state == State.ASKED)
            assert (each.ended_at is not None) == (each.state in {State.SETTLED, State.CANCELLED})
            alive += each.state != State.CANCELLED
        assert alive <= 1


@pytest.mark.either
@pytest.mark.django_db
def test_the_book_balances_whatever_happens(tuesday, visit):
    from django.db import transaction

    class Fresh(TwoOfThem):
        world = {"visit": visit}

        def __init__(self):
            super().__init__()
            clock.set_time(tuesday)
            self.block = transaction.atomic()
            self.block.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)
            clock.set_time(tuesday)

    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=60,
            stateful_step_count=25,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Assignment.objects.get().state == "accepted"


@pytest.mark.either
@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["change", "delete"])
def test_the_book_is_only_added_to(visit, verb):
    from django.db import DatabaseError, transaction

    expense = actions.paid_in_shop(actor=system(visit.organisation), assignment=visit, cents=1250)
    actions.confirm(actor=system(visit.organisation), expense=expense)
    lines = LedgerEntry.objects.all()
    tamper = lines.delete if verb == "delete" else lambda: lines.update(cents=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        tamper()
    assert LedgerEntry.objects.get().cents == 1250
