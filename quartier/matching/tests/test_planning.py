"""Many requests due at once are shared out by the engine; the database decides, and nobody is told twice."""

import itertools
from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from quartier.cases.models import Request
from quartier.engine import solve as solving
from quartier.lib import cells, choices, clock
from quartier.lib.only_reading import would_write
from quartier.matching import actions, jobs, queries
from quartier.matching.actions import planning as morning
from quartier.matching.models import Offer
from quartier.matching.planning import plan as plans
from quartier.matching.planning import proposing, reading
from quartier.matching.planning.plan import plan_waves
from quartier.matching.planning.proposing import Proposals, propose
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.models import Volunteer
from quartier.team.access import system

pytestmark = [pytest.mark.django_db, pytest.mark.either]
MANY = 55


@pytest.fixture(autouse=True)
def _a_new_morning(tuesday):
    morning._planned_at.clear()
    morning._looked_at.clear()


@pytest.fixture
def street(organisation, volunteer):
    """Thirty volunteers along a street, who may be asked twice a day; one in three speaks Dutch only."""
    organisation.wave_size = 2
    organisation.save()
    return [
        volunteer(
            f"V{number}", at=(50.8275 + number / 2000, 4.3722), languages=["nl"] if number % 3 == 0 else ["fr", "nl"]
        )
        for number in range(30)
    ]  # fmt: skip


@pytest.fixture
def morning_requests(asked, street):
    """More requests than a plan begins with, all due now."""
    first = asked("groceries")
    requests = [first.requests[0]]
    for number in range(1, MANY):
        at = (50.8275 + (number % 30) / 2000, 4.3722)
        requests.append(
            asked("groceries" if number % 5 else "talk", name=f"Marie {number}", at=at).requests[0]
        )
    return requests


def everything_holds(organisation, *, fresh=False):
    """Every offer keeps every constraint, by the rows as they are now; a `fresh` plan keeps budgets too."""
    planned, sent = Counter(), Counter()
    for offer in Offer.objects.select_related("volunteer", "request__case"):
        volunteer, request = offer.volunteer, offer.request
        slots = choices.slots_between(request.window_from, request.window_until, organisation.zone)
        assert volunteer.kinds & choices.kind(request.kind).mask
        assert volunteer.languages & request.languages
        assert volunteer.slots & slots
        assert volunteer.level >= request.level
        assert volunteer.state == "active"
        assert volunteer.open_count < volunteer.capacity
        assert volunteer.person_id not in {request.case.person_id, request.case.asked_by_id}
        assert not volunteer.exclusions.filter(person=request.case.person).exists()
        if not request.remote:
            apart = cells.between(request.cell, volunteer.cell)
            assert apart <= min(request.radius_m, volunteer.radius_m) * 1.01
        (planned if offer.state == "queued" else sent)[volunteer.pk] += 1
    for volunteer in Volunteer.objects.all():
        had = volunteer.asked_count if volunteer.asked_on == clock.now().date() else 0
        assert sent[volunteer.pk] <= had <= 2
        assert not fresh or had + planned[volunteer.pk] <= 2


def test_neighbours_are_shared_out(organisation, morning_requests):
    planned = plan_waves(organisation, clock.now())
    offers = Offer.objects.filter(state="queued")
    assert (planned.requests, planned.offers) == (MANY, offers.count())
    # Twenty volunteers who speak French, twice a day each: every place of every budget is used.
    assert planned.offers == 40
    assert offers.values("request").distinct().count() == 40
    assert all((each.token_hash, each.message_id, each.reasons) == (None, None, []) for each in offers)
    everything_holds(organisation, fresh=True)


def test_a_plan_becomes_true_wave_by_wave(organisation, morning_requests):
    plan_waves(organisation, clock.now())
    request = Offer.objects.order_by("request").first().request
    chosen = set(Offer.objects.filter(request=request).values_list("volunteer", flat=True))
    keys = set(Offer.objects.filter(request=request).values_list("pk", flat=True))
    offers = actions.send_wave(request_id=request.pk)
    assert chosen == {offer.volunteer_id for offer in offers}
    assert keys == {offer.pk for offer in offers}
    for offer in Offer.objects.filter(request=request):
        assert (offer.state, offer.wave, bool(offer.token_hash), bool(offer.reasons)) == (
            "sent",
            1,
            True,
            True,
        )
        assert offer.message.state == Message.State.DUE
    for other in morning_requests:
        actions.send_wave(request_id=other.pk)
    assert not Offer.objects.filter(state="queued").exists()
    everything_holds(organisation)


def test_what_changed_since_it_was_read_is_seen(organisation, morning_requests, street, monkeypatch):
    """The database changes while the engine thinks: people pause, are asked by others, stop speaking a language."""
    solve = solving.solve

    def slowly(problem, **how):
        proposed = solve(problem, **how)
        Volunteer.objects.filter(pk=street[1].pk).update(state="paused")
        Volunteer.objects.filter(pk=street[2].pk).update(open_count=2)
        Volunteer.objects.filter(pk=street[4].pk).update(asked_on=clock.now().date(), asked_count=2)
        Volunteer.objects.filter(pk=street[5].pk).update(asked_on=clock.now().date(), asked_count=1)
        Volunteer.objects.filter(pk=street[7].pk).update(languages=1 << 5)
        Volunteer.objects.filter(pk=street[8].pk).update(kinds=1 << 4, slots=1)
        Volunteer.objects.filter(pk=street[10].pk).update(radius_m=1, lat=50.9)
        Request.objects.filter(pk=morning_requests[1].pk).update(next_at=None)
        Request.objects.filter(pk=morning_requests[2].pk).update(level=3)
        for volunteer in street[11:15]:
            people.exclude(
                actor=system(organisation), volunteer=volunteer, person=morning_requests[12].case.person
            )
        return proposed

    monkeypatch.setattr(solving, "solve", slowly)
    planned = plan_waves(organisation, clock.now())
    assert 0 < planned.offers < 40
    assert not Offer.objects.filter(request__in=[morning_requests[1], morning_requests[2]]).exists()
    everything_holds(organisation, fresh=True)


def test_the_database_counts_for_itself(organisation, morning_requests, street):
    """A plan that gives one volunteer everything is cut to the budget."""
    now = clock.now()
    due = reading.due_requests(organisation, now)
    one = np.array([street[1].pk.bytes] * len(due), dtype="V16")
    greedy = Proposals(
        requests=due.keys, volunteers=one, kinds=due.kinds, slots=due.slots, radius_m=due.radius_m,
        strips=np.full(len(due), street[1].strip, dtype=np.int32),
    )  # fmt: skip
    assert propose(organisation, greedy, now=now, today=now.date(), budget=2) == 2
    assert (
        propose(organisation, greedy.only(np.zeros(len(due), bool)), now=now, today=now.date(), budget=2) == 0
    )
    everything_holds(organisation, fresh=True)


@pytest.mark.django_db(transaction=True)
def test_two_connections_read_and_write_everybody_once(organisation, morning_requests, street, monkeypatch):
    # The sample that says where the middle is differs from one time to the next.
    middles = itertools.cycle([street[10].strip, street[20].strip])
    monkeypatch.setattr(reading, "_middle_strip", lambda: next(middles))
    monkeypatch.setattr(proposing, "LARGE", 2)
    free = reading.free_volunteers(organisation, clock.now().date(), 2)
    assert sorted(bytes(key) for key in free.keys) == sorted(each.pk.bytes for each in street)
    assert plan_waves(organisation, clock.now()).offers == 40
    everything_holds(organisation, fresh=True)


def test_who_cannot_be_asked_any_more_is_replaced(organisation, morning_requests):
    plan_waves(organisation, clock.now())
    gone = Offer.objects.filter(request__remote=False).first()
    Volunteer.objects.filter(pk=gone.volunteer_id).update(state="paused")
    for request in morning_requests:
        actions.send_wave(request_id=request.pk)
    assert not Offer.objects.filter(volunteer=gone.volunteer_id).exists()
    assert not Offer.objects.filter(state="queued").exists()


def test_killed_between_two_steps_it_is_done_again_without_doubles(
    organisation, morning_requests, monkeypatch
):
    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(plans, "propose", killed)
        with pytest.raises(KeyboardInterrupt):
            plan_waves(organisation, clock.now())
    assert not Offer.objects.exists()
    plan_waves(organisation, clock.now())
    # Half of it is sent, then the worker dies; another one plans and sends again.
    for request in morning_requests[:20]:
        actions.send_wave(request_id=request.pk)
    planned = plan_waves(organisation, clock.now())
    assert planned.requests < MANY - 10
    everything_holds(organisation, fresh=True)
    for request in morning_requests * 2:
        actions.send_wave(request_id=request.pk)
    everything_holds(organisation)
    assert Message.objects.filter(template__startswith="offer").count() == Offer.objects.count()


def test_closed_before_its_wave_nobody_hears_of_it(organisation, morning_requests):
    plan_waves(organisation, clock.now())
    request = Offer.objects.order_by("request").first().request
    actions.withdraw_offers(request=request)
    assert not Offer.objects.filter(request=request).exists()


def test_a_plan_does_not_expire_as_if_it_had_been_said(organisation, morning_requests):
    plan_waves(organisation, clock.now())
    assert actions.expire_offers(clock.now() + timedelta(days=3)) == 0


def test_the_worker_plans_only_when_many_are_due(organisation, morning_requests):
    Request.objects.filter(pk__in=[each.pk for each in morning_requests[30:]]).update(next_at=None)
    assert actions.plan_when_many(clock.now()) == []
    Request.objects.filter(state="open").update(next_at=clock.now())
    (planned,) = actions.plan_when_many(clock.now())
    assert planned.requests == MANY
    # Not again at once, and not while everybody sleeps.
    assert actions.plan_when_many(clock.now() + timedelta(minutes=2)) == []
    assert actions.plan_when_many(clock.now() + timedelta(hours=12)) == []


def test_a_worker_that_asks_ahead_still_plans(organisation, morning_requests):
    with clock.as_if(clock.now() + timedelta(seconds=50)):
        assert would_write(jobs.waves)
    assert not morning._planned_at
    assert not morning._looked_at
    assert jobs.waves()
    assert organisation.pk in morning._planned_at


def test_the_whole_morning(organisation, morning_requests):
    while jobs.waves():
        pass
    assert Offer.objects.filter(state="sent").count() == 40
    everything_holds(organisation)


def test_a_way_of_asking_that_counts_answers_asks_no_more_than_it_wants(
    organisation, street, morning_requests
):
    organisation.policy, organisation.daily_budget = "adaptive", 10
    organisation.save()
    queries._PLENTY.clear()
    (planned,) = actions.plan_when_many(clock.now())
    assert planned.offers
    while jobs.waves():
        pass
    each = Counter(Offer.objects.filter(state="sent").values_list("request", flat=True))
    assert set(each.values()) <= {1, 2}, "many ask and few can be asked: one or two at a time"
    assert not Offer.objects.filter(state="queued").exists()
    everything_holds(organisation)


def test_a_plan_that_fails_keeps_nobody_from_being_asked(organisation, morning_requests, monkeypatch):
    def fails(*_given):
        raise MemoryError

    monkeypatch.setattr(morning, "plan_waves", fails)
    while jobs.waves():
        pass
    assert Offer.objects.filter(state="sent").exists()
    assert not Request.objects.filter(state="open", next_at__lte=clock.now()).exists()


def test_who_is_only_planned_can_be_asked_by_hand(organisation, morning_requests):
    plan_waves(organisation, clock.now())
    assert not Offer.made.exists()
    planned = Offer.objects.select_related("request", "volunteer").first()
    actions.offer_by_hand(actor=system(organisation), request=planned.request, volunteer=planned.volunteer)
    asked = Offer.made.get()
    assert (asked.pk, asked.state) == (planned.pk, "sent")
    assert asked.token_hash
    assert asked.message is not None


def test_nobody_and_nothing(organisation):
    assert plan_waves(organisation, clock.now()).offers == 0
