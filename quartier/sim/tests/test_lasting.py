"""What lasts, in a small town: all of it happens, the book balances, and nobody is written to who died or left."""

from collections import Counter
from datetime import date

import pytest
from django.db import IntegrityError
from django.db.models import F

from quartier.audit.models import Entry as Written
from quartier.companions.models import Pairing, Talk
from quartier.expenses.models import Expense, LedgerEntry
from quartier.followup.models import FollowUp
from quartier.messaging.models import Message
from quartier.people.models import Person, Volunteer
from quartier.shopping.models import Item
from quartier.sim import country, playing, replay, report, scenario
from quartier.sim.behaviour import behaviour
from quartier.sim.tests import traces
from quartier.sim.trace import Trace
from quartier.sim.world import world
from quartier.visits.models import Assignment, NotThisTime, Regular

TOLD = {
    "title": "A town",
    "starts": date(2020, 4, 14),
    "days": 14,
    "volunteers": 220,
    "by_hand": True,
    "comes_again": True,
    "money": True,
    "asks_afterwards": True,
    "listening": {"from": date(2020, 4, 15), "until": date(2020, 5, 13), "listeners": 4},
    "phase": [
        {"requests": 6, "kinds": {"groceries": 55, "talk": 45}},
        {"from": date(2020, 4, 16), "requests": 0},
    ],
}
# More of what is rare, so that a few people see all of it.
OFTEN = {
    "again": {"weekly": 0.9, "each_time": 1.0, "not_this_time": 0.8, "rests": 0.05, "ends": 0.05, "dies": 0.05},
    "money": {"disputes": 0.2, "groceries_median": 24.0},
    "afterwards": {"not_good": 0.1, "wants_call": 0.1},
    "listening": {"wishes": 1.0, "wishes_days": 0.5, "forgotten": 0.25, "said_late": 0.3, "not_reached": 0.3,
                  "twice_a_week": 1.0, "proposes_hours": 4.0, "asks_mood": 1.0,
                  "ends": 0.05, "rests": 0.05},
}  # fmt: skip


@pytest.fixture
def town(monkeypatch):
    """Everybody lives in Brussels, so that few volunteers are enough."""
    places, points, people = country._shipped()
    near = [row for row, (postcode, _name) in enumerate(places) if 1000 <= int(postcode) < 1100]
    small = tuple([column[row] for row in near] for column in (places, points, people))
    monkeypatch.setattr(country, "_shipped", lambda: small)
    for section, figures in OFTEN.items():
        for name, value in figures.items():
            monkeypatch.setitem(behaviour()[section], name, value)
    return world(scenario.parse("town", TOLD), 1)


@pytest.mark.either
@pytest.mark.django_db(transaction=True)
def test_what_lasts_happens_and_the_book_balances(town):
    first = replay.play(town, "waves")
    again, money, after, listening = (
        getattr(first.lasting, name) for name in ("again", "money", "after", "listening")
    )
    _comes_again(again)
    _balances(money)
    _is_asked(after)
    _is_called(listening)
    _nobody_who_died_or_left_is_written_to()
    # The first requests alone are what a fast run knows of.
    assert first.figures["created"] == len(first.asked_min) == 12
    assert first.figures["again"]["begun"] == again.begun


@pytest.mark.long
@pytest.mark.either
@pytest.mark.django_db(transaction=True)
def test_two_runs_with_one_seed_agree(town):
    told = {
        **TOLD,
        "days": 2,
        "listening": {"from": date(2020, 4, 14), "until": date(2020, 4, 21), "listeners": 3},
        "phase": [TOLD["phase"][0], {"from": date(2020, 4, 15), "requests": 0}],
    }
    few = world(scenario.parse("few", told), 3)
    first = replay.play(few, "waves")
    assert first.lasting.again.begun
    assert first.lasting.money.advanced
    assert first.lasting.after.answered
    assert first.lasting.listening.ever
    playing.empty()
    assert replay.play(few, "waves") == first
    # The audit, which was emptied, is only added to as before.
    with pytest.raises(IntegrityError, match="only added to"):
        Written.objects.update(verb="nothing")


def _comes_again(told):
    assert told.begun >= 3
    assert told.with_a_regular >= 2
    assert sum(week.regular for week in told.weeks) >= 3
    assert told.handed_over + told.ended == told.begun
    assert NotThisTime.objects.count() == told.not_this_time >= 1
    assert not Regular.objects.filter(ended_at=None)
    # Who comes each time was never asked by a message for the days that were theirs.
    assert not Assignment.objects.filter(regular=True, offer__message__isnull=False)


def _balances(told):
    lines = list(LedgerEntry.objects.values_list("expense", "source", "target", "cents"))
    accounts, of_expense = Counter(), Counter()
    for expense, source, target, cents in lines:
        accounts[source] -= cents
        accounts[target] += cents
        of_expense[expense] += cents * ((source == "volunteer") - (target == "volunteer"))
    assert sum(accounts.values()) == 0
    assert accounts["volunteer"] == -told.open
    assert told.advanced == told.back + told.fund + told.open > 0
    for expense in Expense.objects.exclude(state="advanced"):
        assert of_expense[expense.pk] == (expense.owed_cents if expense.state != "cancelled" else 0)
        assert expense.cents <= expense.organisation.visit_cap_cents
        if expense.state == "settled":
            assert of_expense[expense.pk] == 0
    assert sum(week.advanced for week in told.weeks) == told.advanced
    assert told.receipts
    assert told.over_limit
    assert told.disputes >= told.decided >= 1
    assert {"word", "call"} <= set(told.agreed)
    assert {"cash", "transfer"} <= set(told.ways)
    assert Item.objects.filter(state="bought").count() > told.missing + told.replaced


def _is_asked(told):
    ended = Assignment.objects.filter(state__in=["done", "failed"]).count()
    assert FollowUp.objects.count() == ended
    assert told.asked >= told.answered >= told.bad >= told.looked_after >= 1
    assert told.very_good + told.good + told.not_good <= told.answered
    assert told.reopened
    assert told.words
    assert {"call", "text"} <= set(told.by)
    assert told.helpers
    # Nothing that was due is left, and nothing came late: each was asked in the minute in which it was due.
    assert not FollowUp.objects.filter(state="due", due_at__lte=F("expires_at"), asked_at__isnull=False)
    for due, asked in FollowUp.objects.filter(state__in=["asked", "answered"], tries=0).values_list(
        "due_at", "asked_at"
    ):
        assert 0 <= (asked - due).total_seconds() <= 60


def _is_called(told):
    assert told.listeners == 4
    assert told.ever >= 3
    assert told.followed <= told.most <= told.ever <= told.wishes
    states = Counter(Talk.objects.values_list("state", flat=True))
    assert states["spoken"] >= 8
    assert states["not_reached"]
    assert states["missed"] == sum(week.missed for week in told.weeks) >= 1
    assert told.reminded >= 1
    assert told.checks >= 1
    assert told.endings
    assert told.supervisions
    assert told.notes
    assert any(len(scores) > 1 for scores in told.moods)
    # Only who has passed the training calls anybody, and each alert was looked after.
    assert not Pairing.objects.exclude(listener__trainings__isnull=False)
    raised = Written.objects.filter(verb="alert.raise").count()
    assert Written.objects.filter(verb="alert.close").count() >= raised - 1 >= 0
    # A call of which nothing is said is told to somebody when it is due, not when somebody happens to look.
    for reminded, at in Talk.objects.exclude(reminded_at=None).values_list("reminded_at", "at"):
        assert (reminded - at).total_seconds() / 3600 == pytest.approx(2, abs=0.02)


def _nobody_who_died_or_left_is_written_to():
    died = dict(Person.objects.exclude(died_at=None).values_list("pk", "died_at"))
    assert died
    left = {
        volunteer.person_id: Written.objects.get(verb="volunteer.leave", subject_id=volunteer.pk).at
        for volunteer in Volunteer.objects.filter(state="left")
    }
    for person, at in [*died.items(), *left.items()]:
        assert not Message.objects.filter(person=person, created_at__gt=at)


def test_a_trace_with_it_comes_back_and_is_drawn_and_one_from_before_is_read():
    trace = traces.trace(traces.policy(lasting=traces.lasting()))
    assert Trace.from_json(trace.to_json()) == trace
    html = report.html(trace, "fr")
    assert 'id="again"' in html
    assert "1\u00a0031,40\u00a0€" in html
    assert "WHO-5" in html
    before = traces.trace()
    assert 'id="again"' not in report.html(before, "fr")
    assert Trace.from_json(before.to_json().replace(',"lasting":null', "")) == before
