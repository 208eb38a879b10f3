"""Whatever people do, in whatever order: the counts fit, and nobody goes where nobody is needed."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.people import actions as people
from quartier.people.models import Volunteer
from quartier.team.access import of_account, system
from quartier.visits import access, actions
from quartier.visits.actions.accept import Result
from quartier.visits.models import Assignment

WHO = st.sampled_from([0, 1])
SAID = [each for each in Assignment.Failure.values if each not in {"no_show", "untold"}]


class Neighbours(RuleBasedStateMachine):
    """One request, two volunteers, and a coordinator who may do anything at any time."""

    world: dict

    @initialize(needed=st.integers(1, 2), capacity=st.integers(1, 2))
    def begin(self, needed, capacity):
        opened = self.world["asked"]("groceries", needed=needed)
        self.request = opened.requests[0]
        self.system = system(self.request.organisation)
        self.people = [self.world["volunteer"](name, capacity=capacity) for name in ("Youssef", "Nadia")]
        self.actors = [of_account(each.person.account) for each in self.people]
        self.past = set()

    def offer(self, who):
        return Offer.objects.filter(request=self.request, volunteer=self.people[who]).first()

    def visit(self, who):
        return Assignment.objects.filter(volunteer=self.people[who]).order_by("-accepted_at", "-id").first()

    @rule()
    def wave(self):
        matching.send_wave(request_id=self.request.id)

    @rule(who=WHO)
    def by_hand(self, who):
        try:
            matching.offer_by_hand(actor=self.system, request=self.request, volunteer=self.people[who])
        except NotPossible:
            now = Request.objects.get(pk=self.request.pk)
            stopped = Volunteer.objects.get(pk=self.people[who].pk).state != Volunteer.State.ACTIVE
            assert stopped or now.state in {Request.State.COVERED, Request.State.CLOSED}

    @rule(who=WHO)
    def yes(self, who):
        if offer := self.offer(who):
            before = Request.objects.get(pk=self.request.pk)
            result = actions.accept_offer(actor=self.actors[who], offer=offer).result
            mine = Assignment.objects.filter(volunteer=self.people[who], state__in=Assignment.ACTIVE)
            assert mine.exists() == (result == Result.YOURS)
            assert (result == Result.OVER) == (before.state == Request.State.CLOSED)

    @rule(who=WHO, reason=st.sampled_from(["", *Offer.Decline.values]))
    def no(self, who, reason):
        if offer := self.offer(who):
            matching.decline_offer(actor=self.actors[who], offer=offer, reason=reason)

    @rule(who=WHO)
    def on_my_way(self, who):
        if visit := self.visit(who):
            actions.on_my_way(actor=self.actors[who], assignment=visit)

    @rule(who=WHO)
    def done(self, who):
        if visit := self.visit(who):
            actions.done(actor=self.actors[who], assignment=visit)

    @rule(who=WHO, failure=st.sampled_from(SAID))
    def could_not(self, who, failure):
        if visit := self.visit(who):
            actions.could_not(actor=self.actors[who], assignment=visit, failure=failure)

    @rule(who=WHO, hours=st.integers(-1, 6))
    def set_time(self, who, hours):
        if visit := self.visit(who):
            start = clock.now() + timedelta(hours=hours)
            with contextlib.suppress(NotPossible):
                actions.set_time(
                    actor=self.actors[who], assignment=visit, start=start, end=start + timedelta(hours=1)
                )

    @rule(closure=st.sampled_from(Request.Closure.values))
    def end(self, closure):
        actions.end_request(actor=self.system, request=self.request, closure=closure)

    @rule()
    def reopen(self):
        if Request.objects.get(pk=self.request.pk).state == Request.State.CLOSED:
            # Who helped before has done their part: somebody is looked for anew.
            self.past = set(Assignment.objects.values_list("id", flat=True))
            cases.reopen_request(actor=self.system, request=self.request)

    @rule()
    def look_again(self):
        with contextlib.suppress(NotPossible):
            cases.look_again(actor=self.system, request=self.request, from_start=True)

    @rule()
    def to_human(self):
        cases.ask_human(actor=self.system, request=self.request, why=Request.Why.ASKED)

    @rule(minutes=st.sampled_from([5, 60, 600, 3000]))
    def time_passes(self, minutes):
        clock.set_time(clock.now() + timedelta(minutes=minutes))
        matching.expire_offers(clock.now())
        actions.remind_late(clock.now())
        actions.find_no_shows(clock.now())

    @rule(who=WHO)
    def pause_and_back(self, who):
        people.pause(actor=self.actors[who], volunteer=self.people[who], until=None)
        people.resume(actor=self.actors[who], volunteer=self.people[who])

    @rule(who=WHO)
    def suspend(self, who):
        actions.volunteer_suspended(actor=self.system, volunteer=self.people[who])
        assert not Assignment.objects.filter(volunteer=self.people[who], state__in=Assignment.ACTIVE).exists()

    @rule(who=WHO)
    def lift_suspension(self, who):
        people.lift_suspension(actor=self.system, volunteer=self.people[who])

    @invariant()
    def counts_fit(self):
        if not hasattr(self, "request"):
            return
        request = Request.objects.get(pk=self.request.pk)
        visits = list(Assignment.objects.filter(request=request))
        active = [each for each in visits if each.state in Assignment.ACTIVE]
        done = [each for each in visits if each.state == Assignment.State.DONE and each.id not in self.past]
        assert request.accepted == len(active) + len(done)
        assert request.accepted <= request.needed
        if request.state == Request.State.COVERED:
            assert request.accepted == request.needed
        if request.state in {Request.State.OPEN, Request.State.HUMAN}:
            assert request.accepted < request.needed
        if request.state == Request.State.CLOSED:
            assert not active
            assert not Offer.objects.filter(request=request, state__in=Offer.LIVE).exists()
        for each in self.people:
            fresh = Volunteer.objects.get(pk=each.pk)
            assert fresh.open_count == sum(visit.volunteer_id == each.pk for visit in active)
            if fresh.state == Volunteer.State.SUSPENDED:
                assert fresh.open_count == 0
        for visit in visits:
            if visit.state not in Assignment.ACTIVE:
                assert access.details_for(self.system, visit) is None


@pytest.mark.either
@pytest.mark.django_db
def test_the_counts_fit_whatever_happens(tuesday, asked, volunteer):
    from django.db import transaction

    names = iter(range(1_000_000))

    class Fresh(Neighbours):
        world = {
            "asked": asked,
            "volunteer": lambda name, **ready: volunteer(f"{name}{next(names)}", **ready),
        }

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
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
