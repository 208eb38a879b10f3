"""Whatever is done, in whatever order: whom it concerns never has it, and nothing but words closes it."""

import contextlib
from datetime import timedelta

import pytest
from django.http import Http404
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from quartier.alerts import actions as alerts
from quartier.alerts import jobs
from quartier.alerts.models import Alert, Told
from quartier.concerns import access, actions, queries
from quartier.concerns.actions import Raised
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.people.actions import Who
from quartier.team.access import of_account, system

WHO = st.sampled_from([0, 1, 2])


class Worries(RuleBasedStateMachine):
    """Two coordinators, a head, perhaps a trustee; one concern, about one of them or not yet known."""

    world: dict

    @initialize(about=st.sampled_from([None, 0, 1, 2]), danger=st.booleans(), trusted=st.booleans())
    def begin(self, about, danger, trusted):
        self.organisation = self.world["organisation"]
        self.accounts = [
            self.world["account"](name, role)
            for name, role in (("Aa", "coordinator"), ("Bb", "coordinator"), ("Cc", "admin"))
        ]
        if trusted:
            who = Who("Agnes", email="agnes@example.org", channel="email")
            actions.trust(actor=of_account(self.accounts[2]), who=who)
        account = None if about is None else self.accounts[about]
        self.around = set() if account is None else {account.pk}
        self.before = {}
        said = Raised("team" if account else "unknown", "mots", "anybody", danger=danger, account=account)
        self.concern = actions.raise_concern(actor=system(self.organisation), said=said)[0]
        self.closed = False

    def attempt(self, who, act):
        """Do it, or be told that there is nothing: always so for whom it concerns."""
        try:
            act(of_account(self.accounts[who]))
        except Http404:
            return False
        assert self.accounts[who].pk not in self.around
        return True

    @rule(who=WHO)
    def take(self, who):
        with contextlib.suppress(alerts.NotYours):
            self.attempt(who, lambda actor: alerts.take(actor=actor, alert_id=self.concern.alert_id))

    @rule(who=WHO)
    def give_back(self, who):
        with contextlib.suppress(alerts.NotYours):
            self.attempt(who, lambda actor: alerts.give_back(actor=actor, alert_id=self.concern.alert_id))

    @rule(who=WHO, whom=WHO)
    def name(self, who, whom):
        def act(actor):
            concern = access.concern_for(actor, self.concern.pk)
            actions.name_whom(actor=actor, concern=concern, account=self.accounts[whom])

        if self.attempt(who, act):
            self.around.add(self.accounts[whom].pk)
            self.before[self.accounts[whom].pk] = Told.objects.count()

    @rule(who=WHO)
    def danger(self, who):
        self.attempt(
            who,
            lambda actor: actions.is_danger(actor=actor, concern=access.concern_for(actor, self.concern.pk)),
        )

    @rule(who=WHO, words=st.sampled_from(["", "Fait."]))
    def close(self, who, words):
        def act(actor):
            concern = access.concern_for(actor, self.concern.pk)
            actions.close(actor=actor, concern=concern, words=words, answer=words)

        try:
            self.closed |= self.attempt(who, act)
        except actions.NothingSaid:
            assert not words

    @rule(minutes=st.sampled_from([1, 2, 9, 60, 1500]))
    def time_passes(self, minutes):
        clock.set_time(clock.now() + timedelta(minutes=minutes))
        jobs.climb()

    @invariant()
    def it_goes_around_them(self):
        if not hasattr(self, "concern"):
            return
        alert = Alert.objects.get(pk=self.concern.alert_id)
        assert (alert.state == "closed") == self.closed
        assert bool(alert.words) == self.closed
        assert alert.taken_by_id is None or alert.state == "closed" or alert.taken_by_id not in self.around
        for account in self.accounts:
            seen = queries.visible(of_account(account)).exists()
            assert seen == (account.pk not in self.around)
        told = list(Told.objects.order_by("step").values_list("person__account", flat=True))
        for pk in self.around:
            # Not once after it was known.
            assert pk not in told[self.before.get(pk, 0) :]
            if pk not in self.before:
                assert not Message.objects.filter(person__account=pk).exists()
        if alert.state == "open":
            wait = alert.next_at - clock.now()
            assert wait <= (timedelta(minutes=30) if alert.degree == "danger" else timedelta(days=7))


@pytest.mark.either
@pytest.mark.django_db
def test_it_goes_around_them_whatever_happens(tuesday, organisation, account):
    from django.db import transaction

    numbers = iter(range(1_000_000))

    class Fresh(Worries):
        world = {
            "organisation": organisation,
            "account": lambda name, role: account(f"{name}{next(numbers)}", role),
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
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
