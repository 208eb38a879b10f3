"""Any order of tries, unclear ends, killed workers and late receipts: no message is lost or stuck, and there are
never more copies than the invariant allows."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quartier.lib import clock
from quartier.messaging import actions, delivery, queries, rules
from quartier.messaging.delivery import deliver, record
from quartier.messaging.models import Message
from quartier.messaging.providers.base import NotSent, Provider, Receipt, Refused
from quartier.messaging.rules import Outcome
from quartier.messaging.tests.test_delivery import PostOf

STEPS = [
    "sent",
    "later",
    "refused",
    "unclear",
    "unclear but sent",
    "killed before",
    "killed after",
    "late yes",
    "cancel",
]


class Scripted(Provider):
    """Does what the step says; `copies` counts what has arrived. `can_be_asked`: it remembers references."""

    name = "scripted"

    def __init__(self, can_be_asked, sent_is_arrived):
        self.sent_is_arrived = sent_is_arrived
        self.copies = 0
        self.unclear = 0
        self.step = "sent"
        self.can_be_asked = can_be_asked

    def send(self, message):
        if self.can_be_asked and self.copies:
            return "known"
        if self.step in {"sent", "unclear but sent", "killed after", "late yes"}:
            self.copies += 1
        if self.step == "later":
            raise NotSent("451")
        if self.step == "refused":
            raise Refused("550")
        if self.step.startswith("unclear"):
            self.unclear += 1
            raise TimeoutError
        return "ref"

    def ask(self, message):
        return self.copies > 0 if self.can_be_asked else None


def kill(pk):
    Message.objects.filter(pk=pk, state="sending").update(claimed_until=Now() - timedelta(seconds=1))


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.sampled_from(STEPS), max_size=14),
    can_be_asked=st.booleans(),
    sent_is_arrived=st.booleans(),
    channel=st.sampled_from(["email", "push", "telegram", "matrix"]),
)
def test_any_order_of_events(message, tuesday, steps, can_be_asked, sent_is_arrived, channel):
    row = message(key=str(uuid4()), channel=channel)
    provider = Scripted(can_be_asked, sent_is_arrived)
    kills, now, cancelled, late = 0, tuesday, False, []

    def step_by(step, now):
        nonlocal kills, cancelled
        provider.step = step
        if step == "cancel":
            cancelled |= actions.cancel([row]) == 1
        elif step in {"killed before", "killed after", "late yes"}:
            token = uuid4()
            for taken in delivery._claim(token, now):
                if step != "killed before":
                    delivery._send(provider, taken)
                if step == "late yes":
                    late.append((taken.message, token))
                kill(row.pk)
                kills += 1
        else:
            deliver(PostOf(provider))

    for step in [*steps, *["sent"] * (rules.TRIES + 1)]:
        now += timedelta(hours=3)
        with clock.stopped_at(now):
            step_by(step, now)
            if late and step == "cancel":
                taken, token = late.pop()
                record(message=taken, token=token, receipt=Receipt(Outcome.SENT), provider="scripted")
    row.refresh_from_db()
    assert row.state in {"sent", "delivered", "failed", "cancelled"}, "nothing is stuck"
    if row.state == "delivered":
        assert sent_is_arrived
    assert not queries.due(now + timedelta(days=9)).filter(pk=row.pk).exists()
    assert provider.copies <= 1 + provider.unclear + kills
    if can_be_asked:
        assert provider.copies <= 1
    if row.state in Message.GONE_OUT:
        assert provider.copies >= 1, "called sent, so it was"
    if row.state == "failed":
        assert "refused" in steps or row.attempts >= rules.TRIES or row.losses >= rules.MOST_LOSSES
    if row.state == "cancelled":
        assert cancelled
    assert (row.claim, row.claimed_until) == (None, None)


@given(
    outcome=st.sampled_from(list(Outcome)),
    tries=st.integers(min_value=1, max_value=40),
)
def test_every_outcome_leads_somewhere(outcome, tries):
    from datetime import UTC, datetime

    now = datetime(2027, 1, 12, tzinfo=UTC)
    then = rules.after(outcome, tries, now)
    assert (then.not_before is not None) == (then.state in {"due", "unknown"})
    if then.not_before is not None:
        assert now < then.not_before <= now + timedelta(hours=2)
        assert tries < rules.TRIES
    assert (then.state == "sent") == (outcome == Outcome.SENT)


@pytest.mark.django_db
def test_two_workers_do_not_take_the_same_message(message, tuesday):
    for number in range(30):
        message(str(number))
    one, two = (delivery._claim(uuid4(), tuesday) for _ in range(2))
    taken = [each.message.pk for each in (*one, *two)]
    assert len(taken) == len(set(taken)) == 30
    assert all(isinstance(pk, UUID) for pk in taken)
    assert connection.vendor in {"sqlite", "postgresql"}
