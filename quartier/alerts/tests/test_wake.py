"""Operators at home are woken when somebody waits and nobody is there."""

from datetime import timedelta

import pytest

from quartier.alerts import actions, rules
from quartier.alerts.models import Wake
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.team.access import of_account
from quartier.telephony.models import Call, Operator
from quartier.telephony.tests.room import Line

pytestmark = pytest.mark.django_db
SOON = timedelta(seconds=rules.WAITS_S)


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def waiting(line):
    call = line.rings()
    line.moves(call, "queued")
    return Call.objects.get(pk=call)


@pytest.fixture
def sleeps(organisation):
    def ask(account, *languages):
        actions.wake_me(actor=of_account(account), wish=True)
        if languages:
            Operator.objects.create(
                organisation=organisation, account=account, since=clock.now(), languages=list(languages)
            )

    return ask


def woken():
    found = Message.objects.filter(template="wake").order_by("created_at")
    return [message.person.account.name for message in found]


def test_one_who_asked_for_it_is_woken_once(waiting, sleeps, lotte, thomas, tuesday):
    sleeps(lotte)
    assert not actions.wake(tuesday + SOON / 2)
    assert actions.wake(tuesday + SOON) == 1
    assert not actions.wake(tuesday + 2 * SOON)
    assert woken() == ["Lotte"]
    message = Message.objects.get()
    assert message.not_after == tuesday + SOON + rules.WAKE_LASTS
    assert actions.wake(tuesday + SOON + rules.WAKE_AGAIN) == 1


def test_nobody_is_woken_while_somebody_is_free(waiting, sleeps, lotte, thomas, organisation, tuesday):
    sleeps(lotte)
    there = Operator.objects.create(
        organisation=organisation, account=thomas, standing="available", since=tuesday
    )
    assert not actions.wake(tuesday + SOON)
    Operator.objects.filter(pk=there.pk).update(standing="in_call")
    assert actions.wake(tuesday + SOON) == 1


def test_who_speaks_the_language_comes_first(waiting, sleeps, account, tuesday):
    for number in range(rules.WAKES_AT_ONCE):
        sleeps(account(f"Nl{number}", "operator"), "nl")
    sleeps(account("Fr", "operator"), "nl", "fr")
    assert actions.wake(tuesday + SOON) == rules.WAKES_AT_ONCE
    assert "Fr" in woken()


def test_who_is_on_the_line_sleeps_not(waiting, sleeps, lotte, tuesday):
    sleeps(lotte, "fr")
    Operator.objects.update(standing="paused")
    assert not actions.wake(tuesday + SOON)


def test_nobody_is_woken_for_a_call_that_is_over(waiting, line, sleeps, lotte, tuesday):
    sleeps(lotte)
    line.ends(waiting.pk)
    assert not actions.wake(tuesday + SOON)


def test_whoever_has_left_the_team_or_is_suspended_sleeps_on(waiting, sleeps, youssef, nadia, lotte, tuesday):
    for each in (youssef, nadia):
        each.person.account.roles.create(organisation=each.organisation, name="operator")
        sleeps(each.person.account)
    youssef.person.account.roles.filter(name="operator").delete()
    people.suspend(actor=of_account(lotte), volunteer=nadia)
    assert not actions.wake(tuesday + SOON)
    sleeps(lotte)
    assert actions.wake(tuesday + SOON) == 1
    assert woken() == ["Lotte"]


def test_not_any_more(sleeps, lotte):
    sleeps(lotte)
    actions.wake_me(actor=of_account(lotte), wish=False)
    assert not Wake.objects.exists()
