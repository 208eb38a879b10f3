"""At the same moment: the limits hold, and a yes is one yes. On a real database."""

import threading

import pytest
from django.db import connections

from quartier.expenses import actions, rules
from quartier.expenses.models import Expense, LedgerEntry
from quartier.lib.tests.databases import own_database
from quartier.matching import actions as matching
from quartier.team.access import of_account, system
from quartier.visits import actions as visits


@pytest.fixture(autouse=True)
def real_database(db, tmp_path):
    """A database on which commits are real, whatever the other tests run on; made before anything is put in."""
    with own_database(tmp_path):
        yield


def at_once(*works):
    """Everything at the same moment, each in a thread of its own; what each gave, or what it raised."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            gate.wait(timeout=60)
            results[place] = work()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def visits_of(request, volunteers):
    for each in volunteers:
        offer = matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=each)
        yield visits.accept_offer(actor=of_account(each.person.account), offer=offer).assignment


def test_what_many_lay_out_for_one_person_stays_within_the_week(tuesday, asked, volunteer):
    request = asked("groceries", needed=8).requests[0]
    going = list(visits_of(request, [volunteer(f"Runner{number}") for number in range(8)]))

    def pay(visit):
        return lambda: actions.paid_in_shop(actor=system(visit.organisation), assignment=visit, cents=2000)

    results = at_once(*map(pay, going))
    taken = [each for each in results if isinstance(each, Expense)]
    refused = [each for each in results if isinstance(each, rules.OverCap)]
    assert (len(taken), len(refused)) == (3, 5), results
    assert sum(each.cents for each in Expense.objects.all()) == 6000


def test_a_repeated_confirmation_is_one(tuesday, asked, youssef):
    request = asked("groceries").requests[0]
    (visit,) = visits_of(request, [youssef])
    actor = system(visit.organisation)
    results = at_once(
        *[lambda: actions.paid_in_shop(actor=actor, assignment=visit, cents=1250) for _ in range(6)]
    )
    assert all(isinstance(each, Expense) for each in results), results
    expense = Expense.objects.get()
    for step in (
        lambda: actions.confirm(actor=actor, expense=Expense.objects.get()),
        lambda: actions.agree(actor=actor, expense=Expense.objects.get(), by="page", cents=1250),
        lambda: actions.settle(actor=actor, expense=Expense.objects.get(), way="cash"),
    ):
        assert all(isinstance(each, Expense) for each in at_once(*[step] * 6))
    lines = LedgerEntry.objects.filter(expense=expense).order_by("id")
    assert [(line.source, line.cents) for line in lines] == [("volunteer", 1250), ("person", 1250)]


def test_a_yes_and_a_correction_at_once_agree_on_the_amount(tuesday, asked, youssef):
    request = asked("groceries").requests[0]
    (visit,) = visits_of(request, [youssef])
    actor = system(visit.organisation)
    actions.paid_in_shop(actor=actor, assignment=visit, cents=1250)
    actions.confirm(actor=actor, expense=Expense.objects.get())
    shown = Expense.objects.get()
    at_once(
        lambda: actions.agree(actor=actor, expense=shown, by="page", cents=1250),
        lambda: actions.paid_in_shop(actor=actor, assignment=visit, cents=2999),
    )
    after = Expense.objects.get()
    assert (after.state, after.cents) in {("agreed", 1250), ("advanced", 2999)}
