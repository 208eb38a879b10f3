"""The outbox, through the worker's function; only the provider is replaced where it must misbehave."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.messaging import actions, delivery, queries, rules
from quartier.messaging.delivery import deliver, record
from quartier.messaging.models import Message, SandboxDelivery
from quartier.messaging.providers import Post
from quartier.messaging.providers.base import NotSent, Provider, Receipt, Refused
from quartier.messaging.providers.sandbox import Sandbox
from quartier.messaging.rules import Outcome
from quartier.people.models import Person

pytestmark = pytest.mark.django_db


class Moody(Provider):
    """A provider that does what it is told next."""

    name = "moody"

    def __init__(self, *moods):
        self.moods = list(moods)
        self.sent = []

    def send(self, message):
        mood = self.moods.pop(0) if self.moods else None
        if mood is None:
            self.sent.append(message.pk)
            return "ref"
        raise mood


class PostOf(Post):
    def __init__(self, provider):
        super().__init__()
        self.provider = provider

    def all_for(self, message):
        return [self.provider]


def state(pk):
    return Message.objects.get(pk=pk)


def test_what_is_due_is_sent_once(message, tuesday):
    first = message()
    assert deliver() is True
    assert deliver() is False
    sent = state(first.pk)
    assert (sent.state, sent.provider, sent.attempts, sent.losses) == ("sent", "sandbox", 1, 0)
    assert (sent.claim, sent.claimed_until, sent.sent_at) == (None, None, tuesday)
    box = SandboxDelivery.objects.get()
    assert (box.copy_of, box.to, box.body) == (first.pk, first.to, first.body)


def test_what_waited_for_one_moment_is_sent_in_the_order_it_was_written(message, tuesday):
    """A database gives rows of one moment as they lie in it, which is no order."""
    keys = [uuid7() for _ in range(6)]
    for n in (3, 0, 5, 2, 4, 1):
        message(f"k{n}", id=keys[n])
    while deliver():
        pass
    assert list(SandboxDelivery.objects.order_by("id").values_list("copy_of", flat=True)) == keys


def test_idle_it_writes_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        assert deliver() is False
    assert asked.captured_queries[0]["sql"].startswith("SELECT")


def test_what_was_sent_long_ago_is_not_read_again(message, tuesday):
    """However many messages there are, only those that wait are looked at."""
    for found in (queries.due(tuesday), queries.due(tuesday).filter(template__in=queries.FIRST)[:20]):
        plan = found.explain()
        assert "SCAN messaging_message\n" not in f"{plan}\n"
        assert connection.vendor != "sqlite" or "message_to_send" in plan


def test_not_before_is_respected(message, tuesday):
    message(not_before=tuesday + timedelta(hours=1))
    assert deliver() is False
    with clock.stopped_at(tuesday + timedelta(hours=1)):
        assert deliver() is True
    assert SandboxDelivery.objects.count() == 1


def test_what_nobody_needs_any_more_is_cancelled(message, tuesday):
    late = message(not_after=tuesday)
    deliver()
    assert state(late.pk).state == "cancelled"
    assert not SandboxDelivery.objects.exists()


def test_what_was_taken_back_is_not_sent(message, tuesday):
    both = [message("a"), message("b")]
    assert actions.cancel(both) == 2
    assert deliver() is False


def test_a_code_goes_before_offers(message, tuesday, monkeypatch):
    # However slow the machine is: this is about the order.
    monkeypatch.setattr(delivery, "STRETCH", 600.0)
    offers = [message(f"offer{n}", not_before=tuesday - timedelta(minutes=5)) for n in range(30)]
    code = message("code", template="sign_in_code")
    deliver()
    assert state(code.pk).state == "sent"
    assert Message.objects.filter(state="due").count() == len(offers) + 1 - delivery.AT_ONCE


def test_it_is_tried_again_later_and_given_up_at_the_end(message, organisation, tuesday):
    row = message()
    provider = Moody(*[NotSent("451 greylisted")] * rules.TRIES)
    now = tuesday
    for attempt in range(1, rules.TRIES + 1):
        with clock.stopped_at(now):
            assert deliver(PostOf(provider)) is True
            assert deliver(PostOf(provider)) is False
        row = state(row.pk)
        assert (row.attempts, row.error) == (attempt, "451 greylisted")
        now = row.not_before
    assert row.state == "failed"
    assert list(queries.failed(organisation)) == [row]
    assert provider.sent == []


def test_a_refusal_is_final_and_says_nothing_about_whom(message, organisation, tuesday):
    row = message()
    deliver(PostOf(Moody(Refused("550 no such user youssef@example.org here\n"))))
    row = state(row.pk)
    assert (row.state, row.error) == ("failed", "550 no such user … here")


def test_an_unclear_end_is_sent_again_when_nobody_can_be_asked(message, tuesday):
    row = message()
    provider = Moody(TimeoutError("no answer"))
    deliver(PostOf(provider))
    row = state(row.pk)
    assert (row.state, row.error) == ("unknown", "TimeoutError: no answer")
    with clock.stopped_at(row.not_before):
        deliver(PostOf(provider))
    assert state(row.pk).state == "sent"
    assert provider.sent == [row.pk]


def test_a_worker_lost_after_sending_makes_no_second_copy(message, lost, tuesday):
    row = message()
    (taken,) = delivery._claim(uuid4(), tuesday)
    Sandbox().send(taken.message)
    assert deliver() is False, "the lease holds"
    lost(row.pk)
    assert deliver() is True
    row = state(row.pk)
    assert (row.state, row.losses) == ("sent", 1)
    assert SandboxDelivery.objects.count() == 1


def test_what_stays_here_is_sent_with_few_statements(message, tuesday, django_assert_max_num_queries):
    """Twenty cost little more than one: a drill, or a demonstration, writes thousands."""
    rows = [message(f"k{n}") for n in range(delivery.AT_ONCE)]
    with django_assert_max_num_queries(20):
        assert deliver() is True
    assert {state(row.pk).state for row in rows} == {"sent"}
    assert {state(row.pk).attempts for row in rows} == {1}
    assert SandboxDelivery.objects.count() == len(rows)


def test_what_stays_here_is_sent_and_known_to_be_or_neither(message, lost, tuesday, monkeypatch):
    """A worker that dies over several of them leaves all to the next one, which sends each once."""
    rows = [message(f"k{n}") for n in range(3)]
    with monkeypatch.context() as dying:
        dying.setattr(delivery.live, "touch", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            deliver()
    assert not SandboxDelivery.objects.exists()
    for row in rows:
        lost(row.pk)
    while deliver():
        pass
    assert {state(row.pk).state for row in rows} == {"sent"}
    assert SandboxDelivery.objects.count() == 3


def test_of_those_sent_together_none_is_sent_whose_lease_was_lost(message, tuesday, monkeypatch):
    kept, other = message("kept"), message("other")
    usual = delivery._is_true_today

    def another_takes_it(token, taken):
        Message.objects.filter(pk=other.pk).update(claim=uuid4())
        return usual(token, taken)

    monkeypatch.setattr(delivery, "_is_true_today", another_takes_it)
    deliver()
    assert state(kept.pk).state == "sent"
    assert state(other.pk).state == "sending"
    assert list(SandboxDelivery.objects.values_list("copy_of", flat=True)) == [kept.pk]


def test_a_worker_lost_before_sending_loses_nothing(message, lost, tuesday):
    row = message()
    delivery._claim(uuid4(), tuesday)
    lost(row.pk)
    deliver()
    assert state(row.pk).state == "sent"
    assert SandboxDelivery.objects.count() == 1


def test_a_message_that_kills_each_worker_is_given_up(message, lost, tuesday):
    row = message()
    for _ in range(rules.MOST_LOSSES + 1):
        delivery._claim(uuid4(), tuesday)
        lost(row.pk)
    deliver()
    assert state(row.pk).state == "failed"
    assert not SandboxDelivery.objects.exists()


def test_a_receipt_that_comes_after_the_lease_still_counts(message, lost, tuesday):
    row = message()
    slow, quick = uuid4(), uuid4()
    (taken,) = delivery._claim(slow, tuesday)
    lost(row.pk)
    (again,) = delivery._claim(quick, tuesday)
    assert again.unclear
    assert record(message=taken.message, token=slow, receipt=Receipt(Outcome.SENT), provider="x")
    assert not record(message=again.message, token=quick, receipt=Receipt(Outcome.LATER), provider="x")
    assert state(row.pk).state == "sent"


def test_a_late_no_does_not_count(message, lost, tuesday):
    row = message()
    slow, quick = uuid4(), uuid4()
    (taken,) = delivery._claim(slow, tuesday)
    lost(row.pk)
    delivery._claim(quick, tuesday)
    assert not record(message=taken.message, token=slow, receipt=Receipt(Outcome.REFUSED), provider="x")
    assert state(row.pk).state == "sending"


def test_a_provider_that_is_away_is_left_alone_and_costs_the_others_no_try(message, tuesday):
    rows = [message(str(n)) for n in range(5)]
    provider = Moody(NotSent("nobody there", unreachable=True))
    deliver(PostOf(provider))
    found = Message.objects.filter(pk__in=[row.pk for row in rows])
    assert sorted(row.attempts for row in found) == [0, 0, 0, 0, 1]
    assert {row.state for row in found} == {"due"}
    assert deliver(PostOf(provider)) is False, "all wait"
    with clock.stopped_at(tuesday + timedelta(minutes=2)):
        deliver(PostOf(provider))
    assert len(provider.sent) == 5


def test_what_a_stopping_worker_did_not_begin_is_given_back_at_once(message, tuesday, monkeypatch):
    rows = [message("a"), message("b", state="unknown")]
    monkeypatch.setattr(delivery, "STRETCH", -1)
    assert deliver() is True
    assert [state(row.pk).state for row in rows] == ["due", "unknown"]
    monkeypatch.undo()
    deliver()
    assert [state(row.pk).state for row in rows] == ["sent", "sent"]


def test_nothing_leaves_to_numbers_and_addresses_of_nobody(message, settings):
    from quartier.messaging.providers import is_simulated

    settings.MAIL = "smtp://mail.example.org"
    settings.TEXTS = ["https://texts.quartier.brussels/send"]
    assert is_simulated(message("a", to="marie@example.org"))
    assert is_simulated(message("b", to="marie@Post.Example.ORG"))
    assert is_simulated(message("c", channel="text", to="+32400001427"))
    assert not is_simulated(message("d", to="marie@quartier.brussels"))
    assert not is_simulated(message("e", channel="text", to="+32470123456"))


def test_a_channel_without_a_provider_fails_visibly(message, settings, tuesday):
    settings.TEXTS = ["nothing:"]
    row = message(channel="text", to="+32470123456")
    deliver()
    # Whoever has another way gets it by that one.
    assert (state(row.pk).state, state(row.pk).channel) == ("due", "email")
    alone = message("b", channel="text", to="+32470123456")
    Person.objects.filter(pk=alone.person_id).update(email="")
    deliver()
    assert (state(alone.pk).state, state(alone.pk).error) == ("failed", "no provider for text")
