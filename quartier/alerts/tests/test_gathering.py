"""Several dangers at once: the first is told at once, and whoever was told of one reads of the others together."""

import itertools
from datetime import timedelta

import pytest

from quartier.alerts import actions, jobs
from quartier.alerts.models import Alert, Told
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.team.access import of_account, system
from quartier.telephony.models import Call
from quartier.telephony.tests.room import Line

pytestmark = pytest.mark.django_db
SECONDS = 20


@pytest.fixture
def raises(tuesday, organisation, lotte):
    """One danger after another, some seconds apart: heard by Lotte on a call."""
    line, numbers = Line(organisation), iter(range(1, 20))

    def raise_one():
        clock.advance(timedelta(seconds=SECONDS))
        call = Call.objects.get(pk=line.rings(f"+3240000{next(numbers):04}"))
        return actions.raise_alert(actor=of_account(lotte), call=call)

    return raise_one


def live_until(end, seconds=10):
    while clock.now() < end:
        clock.set_time(min(clock.now() + timedelta(seconds=seconds), end))
        while jobs.climb():
            pass


def messages(account):
    return list(Message.objects.filter(person__account=account).order_by("created_at", "pk"))


def test_one_of_the_team_alone_gets_one_message_that_names_each(raises, thomas, organisation, tuesday):
    first = raises()
    begin = clock.now()
    (at_once,) = messages(thomas)
    assert (at_once.template, at_once.created_at) == ("risk_heard", begin)
    others = [raises(), raises()]
    silent = actions.open_alert(actor=system(organisation), kind="visit")
    actions.tell_first(alert=silent)
    assert len(messages(thomas)) == 1
    live_until(begin + timedelta(minutes=2))
    _, together = messages(thomas)
    assert (together.template, together.created_at) == ("dangers", begin + timedelta(minutes=2))
    assert together.body.count("Quelqu’un est en danger") == 3
    assert "sur la page d’une visite" in together.body
    assert f"{first.pk}" in together.body
    # Each has its own row of who was told.
    for alert in (*others, silent):
        assert Told.objects.filter(alert=alert, person__account=thomas, unreachable=False).count() == 1


def test_it_goes_on_as_one_message_each_two_minutes(raises, thomas, tuesday):
    for _ in range(4):
        raises()
    live_until(clock.now() + timedelta(minutes=9))
    sent = messages(thomas)
    assert {each.template for each in sent[1:]} == {"dangers"}
    apart = [later.created_at - earlier.created_at for earlier, later in itertools.pairwise(sent)]
    assert min(apart) >= timedelta(minutes=2)
    assert len(sent) <= 6


def test_where_somebody_else_is_free_the_next_danger_waits_for_nobody(raises, thomas, sara):
    first, second = raises(), raises()
    assert [messages(each)[0].created_at for each in (thomas, sara)] == [first.raised_at, second.raised_at]
    third = raises()
    assert (third.told, len(messages(thomas)), len(messages(sara))) == (0, 1, 1)
    live_until(first.raised_at + timedelta(minutes=2))
    third.refresh_from_db()
    assert third.told == 1


def test_what_is_taken_meanwhile_is_not_told(raises, thomas, tuesday):
    raises()
    second, third = raises(), raises()
    actions.take(actor=of_account(thomas), alert_id=second.pk)
    live_until(clock.now() + timedelta(minutes=2))
    assert not Told.objects.filter(alert=second).exists()
    assert Told.objects.filter(alert=third).exists()


def test_what_is_no_danger_is_told_as_ever(raises, thomas, organisation):
    raises()
    calm = actions.open_alert(actor=system(organisation), kind="glass", degree=Alert.Degree.CALM)
    actions.tell_first(alert=calm)
    assert [each.template for each in messages(thomas)] == ["risk_heard", "companion_glass"]


@pytest.fixture
def can_only_be_called(thomas):
    thomas.person.phone, thomas.person.email = "", ""
    thomas.person.channel = "call"
    thomas.person.save()


def test_what_nobody_knows_of_is_told_before_another_is_told_again(
    raises, thomas, sara, can_only_be_called, client
):
    first, second = raises(), raises()
    client.force_login(thomas)
    page = client.get(f"/fr/console/alerts/{second.pk}/").content.decode()
    assert "ceux qui viennent d’apprendre un autre danger" in page
    live_until(first.raised_at + timedelta(minutes=2))
    told = Told.objects.get(alert=second, person__account=sara, unreachable=False)
    assert told.at == first.raised_at + timedelta(minutes=2)
    page = client.get(f"/fr/console/alerts/{second.pk}/").content.decode()
    assert "ceux qui viennent d’apprendre un autre danger" not in page


def test_where_nobody_can_be_written_to_nobody_is_said_to_read_it(raises, thomas, can_only_be_called, client):
    raises()
    second = raises()
    client.force_login(thomas)
    page = client.get(f"/fr/console/alerts/{second.pk}/").content.decode()
    assert "ceux qui viennent d’apprendre un autre danger" not in page


def test_whoever_looks_after_one_is_told_of_the_next_at_once(raises, thomas):
    first = raises()
    actions.take(actor=of_account(thomas), alert_id=first.pk)
    second = raises()
    assert Told.objects.get(alert=second, person__account=thomas).at == second.raised_at


def test_whoever_cannot_be_written_to_keeps_none_of_them_waiting(raises, sara, can_only_be_called):
    rows = [raises(), raises(), raises()]
    live_until(clock.now() + timedelta(minutes=3))
    for row in rows:
        assert Told.objects.filter(alert=row, person__account=sara, unreachable=False).exists()
    assert "dangers" in {each.template for each in messages(sara)}


def test_its_page_says_why_nobody_knows_yet(raises, thomas, client):
    raises()
    second = raises()
    client.force_login(thomas)
    page = client.get(f"/fr/console/alerts/{second.pk}/").content.decode()
    assert "ceux qui viennent d’apprendre un autre danger" in page
    assert "ne peut être prévenu" not in page
