"""Two providers of one kind, other ways when one fails, money, and reports: nothing is lost or doubled."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

import pytest

from quartier.lib import clock
from quartier.messaging import actions, queries, reports, rules
from quartier.messaging.delivery import deliver
from quartier.messaging.models import Message, PostSettings, ProviderState
from quartier.messaging.providers import Post
from quartier.messaging.providers.base import NotSent, Provider, Refused
from quartier.messaging.providers.heard import Report
from quartier.people.models import Person

pytestmark = pytest.mark.django_db
AWAY = NotSent("nobody there", unreachable=True)


class Carrier(Provider):
    """A provider that is told how it does: `mood` is raised; sends are counted."""

    def __init__(self, name, mood=None, cents="0", answers=None):
        self.name, self.mood, self.price, self.answers = name, mood, Decimal(cents) / 100, answers
        self.sent, self.tried = [], 0

    def send(self, message):
        self.tried += 1
        if self.mood is not None:
            raise self.mood
        self.sent.append(message.pk)
        return f"{self.name}-{message.pk}"

    def ask(self, message):
        return self.answers

    def cost(self, message):
        return self.price


class PostOf(Post):
    def __init__(self, *carriers):
        super().__init__()
        self.carriers = list(carriers)

    def all_for(self, message):
        return self.carriers


def state(row):
    return Message.objects.get(pk=row.pk)


def test_the_second_takes_over_at_once_and_the_first_is_left_alone(message, tuesday):
    rows = [message(str(number)) for number in range(6)]
    first, second = Carrier("one", AWAY), Carrier("two")
    deliver(PostOf(first, second))
    assert first.tried == 1
    assert len(second.sent) == len(rows)
    assert {(state(row).state, state(row).provider) for row in rows} == {("sent", "two")}
    assert ProviderState.objects.get().failures == 1


def test_it_comes_first_again_once_it_is_back(message, tuesday):
    first, second = Carrier("one", AWAY), Carrier("two")
    message("a")
    deliver(PostOf(first, second))
    first.mood = None
    with clock.stopped_at(tuesday + rules.rest(1)):
        message("b")
        deliver(PostOf(first, second))
    assert len(first.sent) == 1
    assert ProviderState.objects.get().failures == 0


def test_ten_minutes_away_nothing_is_lost_and_all_goes_out_within_two_minutes(message, tuesday):
    """One provider alone: what waits costs no try, and goes as soon as it is back."""
    only = Carrier("one", AWAY)
    rows = [message(str(number)) for number in range(30)]
    now = tuesday
    while now < tuesday + timedelta(minutes=10):
        with clock.stopped_at(now):
            deliver(PostOf(only))
        now += timedelta(seconds=5)
    only.mood = None
    back = now
    while now < back + timedelta(minutes=2):
        with clock.stopped_at(now):
            deliver(PostOf(only))
        now += timedelta(seconds=5)
    late = [row for row in rows if state(row).state != "sent"]
    # Those that were the ones to try have their own pauses; they are few, and have tries left.
    assert len(late) <= 4
    assert all(state(row).attempts < rules.TRIES for row in late)
    assert len(only.sent) == len(set(only.sent)) == len(rows) - len(late)


def test_who_answers_slowly_lets_others_go_first(message, tuesday, monkeypatch):
    slow, quick = Carrier("slow"), Carrier("quick")
    monkeypatch.setattr(rules, "SLOW_S", 0.0)
    message("a")
    deliver(PostOf(slow, quick))
    monkeypatch.undo()
    message("b")
    deliver(PostOf(slow, quick))
    assert (len(slow.sent), len(quick.sent)) == (1, 1)
    with clock.stopped_at(tuesday + rules.SLOW_LASTS):
        message("c")
        deliver(PostOf(slow, quick))
    assert len(slow.sent) == 2


def test_an_unclear_message_stays_with_who_had_it(message, tuesday):
    """It may have gone: another provider would make a second copy. The one that had it is asked."""
    row = message()
    first, second = Carrier("one", TimeoutError("no answer")), Carrier("two")
    deliver(PostOf(first, second))
    assert state(row).state == "unknown"
    first.answers = True
    with clock.stopped_at(tuesday + timedelta(hours=1)):
        deliver(PostOf(first, second))
    assert (state(row).state, state(row).provider) == ("sent", "one")
    assert second.sent == []
    assert first.tried == 1


def test_an_unclear_message_does_not_wait_for_ever(message, tuesday):
    row = message(state="unknown", provider="one")
    ProviderState.objects.create(
        name="one",
        failures=rules.GONE_AFTER,
        broken_until=tuesday + timedelta(hours=1),
        changed_at=tuesday,
    )
    first, second = Carrier("one", AWAY), Carrier("two")
    deliver(PostOf(first, second))
    assert (state(row).state, state(row).provider) == ("sent", "two")


def test_what_is_refused_goes_another_way_once(message, youssef, tuesday):
    row = message(channel="text", to="+32470123456", subject="")
    Person.objects.filter(pk=youssef.person.pk).update(channel="email")
    youssef.person.refresh_from_db()
    assert youssef.person.email
    carrier = Carrier("one", Refused("no such number"))
    deliver(PostOf(carrier))
    row = state(row)
    assert (row.state, row.channel, row.tried_by) == ("due", "email", "one text")
    assert row.error == "text: no such number"
    deliver(PostOf(carrier))
    assert state(row).state == "failed"
    assert list(queries.failed(row.organisation)) == [state(row)]


# ---- reports ----


def sent(message, **more):
    return message(state="sent", provider="one", provider_reference="r1", sent_at=clock.now(), **more)


def test_it_arrived(message, tuesday):
    row = sent(message)
    assert reports.reported("one", Report("e1", "r1", True))
    assert not reports.reported("one", Report("e1", "r1", True))
    assert (state(row).state, state(row).delivered_at) == ("delivered", tuesday)


def test_a_report_before_the_send_returns(message, tuesday):
    row = message()
    assert reports.reported("one", Report("e1", f"one-{row.pk}", True))
    deliver(PostOf(Carrier("one")))
    assert state(row).state == "delivered"


def test_it_never_will_and_goes_another_way(message, tuesday):
    row = sent(message, channel="text", to="+32470123456")
    reports.reported("one", Report("e1", "r1", False, "absent"))
    assert (state(row).state, state(row).channel) == ("due", "email")


def test_it_never_will_and_somebody_sees_it(message, tuesday):
    row = sent(message, tried_by="text")
    reports.reported("one", Report("e1", "r1", False, "550 mailbox unknown"))
    assert state(row).state == "failed"


def test_reports_in_any_order_end_the_same(message, tuesday):
    told = [Report(f"e{number}", "r1", True) for number in range(2)]
    told += [Report(f"f{number}", "r1", False, "late no") for number in range(2)]
    for seed in range(20):
        row = sent(message, key=str(seed), tried_by="text")
        Message.objects.filter(pk=row.pk).update(provider_reference=f"r{seed}x")
        luck = Random(seed)
        for one in luck.choices(told, k=8):
            reports.reported("one", Report(f"{seed}{one.event}", f"r{seed}x", one.arrived, one.error))
        reports.reported("one", Report(f"{seed}last", f"r{seed}x", True))
        assert state(row).state == "delivered"


def test_a_report_of_nothing_we_know_is_kept_and_harmless(db):
    assert reports.reported("one", Report("e1", str(uuid4()), True))
    assert reports.reported("one", Report("e2", "\u202e'; DROP", False, "x" * 5000))


@pytest.fixture
def two(settings):
    settings.TEXTS = ["http://127.0.0.1:9/a#one", "http://127.0.0.1:9/b#two"]


def test_what_one_provider_refuses_the_other_is_asked_for(message, two, tuesday):
    row = message(channel="text", to="+32470123456", subject="")
    first, second = Carrier("one", Refused("no such network")), Carrier("two")
    deliver(PostOf(first, second))
    assert (state(row).state, state(row).channel, state(row).tried_by) == ("due", "text", "one")
    deliver(PostOf(first, second))
    assert (state(row).state, state(row).provider) == ("sent", "two")
    assert first.tried == 1
    reports.reported("two", Report("e1", state(row).provider_reference, False, "absent"))
    assert (state(row).state, state(row).channel) == ("due", "email")


def test_failed_and_then_it_arrived_after_all(message, two, tuesday):
    row = sent(message, channel="text", to="+32470123456")
    reports.reported("one", Report("e1", "r1", False, "absent"))
    assert state(row).state == "due"
    reports.reported("one", Report("e2", "r1", True))
    assert state(row).state == "delivered"
    assert deliver(PostOf(Carrier("two"))) is False


# ---- money ----


def test_what_is_spent_waits_until_tomorrow_and_what_is_urgent_goes(message, organisation, youssef, tuesday):
    PostSettings.objects.create(organisation=organisation, daily_cents=10)
    Person.objects.filter(pk=youssef.person.pk).update(email="", channel="text")
    rows = [message(str(number), channel="text", to="+32470123456") for number in range(3)]
    urgent = message("urgent", template="on_way", channel="text", to="+32470123456")
    carrier = Carrier("one", cents="6")
    deliver(PostOf(carrier))
    assert state(urgent).state == "sent"
    assert state(urgent).cost == Decimal("0.06")
    assert [state(row).state for row in rows] == ["due", "due", "due"]
    assert {state(row).not_before for row in rows} == {tuesday.replace(hour=23)}
    with clock.stopped_at(tuesday + timedelta(hours=13)):
        deliver(PostOf(carrier))
    assert [state(row).state for row in rows].count("sent") == 1


def test_what_is_spent_goes_by_mail_where_there_is_one(message, organisation, tuesday):
    PostSettings.objects.create(organisation=organisation, daily_cents=0)
    row = message(channel="text", to="+32470123456")
    deliver(PostOf(Carrier("one", cents="6")))
    assert (state(row).state, state(row).channel) == ("due", "email")


def test_the_worded_way_of_a_text_in_a_mail(db):
    assert actions.worded("email", "", "Bread, 1050. Yes or no: https://x.example/a") == (
        "",
        "Bread, 1050. Yes or no:\n\nhttps://x.example/a",
    )
