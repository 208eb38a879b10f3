"""Danger heard: one after the other is told until somebody has it; it never closes by itself."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import Http404

from quartier.alerts import actions, jobs, queries, rules
from quartier.alerts.models import Alert, Told
from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.access import of_account, system
from quartier.telephony.models import Call, Operator
from quartier.telephony.tests.room import Line

pytestmark = pytest.mark.django_db
TWO_MINUTES = timedelta(minutes=2)


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def call(line):
    return Call.objects.get(pk=line.rings())


@pytest.fixture
def alert(call, lotte, thomas, sara):
    """Heard by Lotte; Thomas coordinates, Sara is the head."""
    return actions.raise_alert(actor=of_account(lotte), call=call)


def told():
    return list(Told.objects.order_by("step").values_list("person__account__roles__name", flat=True))


def test_one_is_told_at_once_and_the_next_after_two_minutes(alert, tuesday):
    assert told() == ["coordinator"]
    with clock.stopped_at(tuesday + TWO_MINUTES - timedelta(seconds=1)):
        assert not jobs.climb()
    with clock.stopped_at(tuesday + TWO_MINUTES):
        assert jobs.climb()
        assert not jobs.climb()
    assert told() == ["coordinator", "admin"]
    assert Message.objects.filter(template="risk_heard").count() == 2


@pytest.mark.either
def test_after_the_last_it_begins_again_and_never_ends(alert, tuesday):
    now = tuesday
    for _round in range(40):
        now += rules.STEADILY
        with clock.stopped_at(now):
            jobs.climb()
    assert len(told()) == 41
    assert set(told()[-2:]) == {"coordinator", "admin"}
    alert.refresh_from_db()
    assert alert.state == "open"
    assert alert.next_at == now + rules.STEADILY


def test_once_taken_nobody_else_is_told(alert, thomas, sara, tuesday):
    actions.take(actor=of_account(thomas), alert_id=alert.pk)
    actions.take(actor=of_account(thomas), alert_id=alert.pk)
    with pytest.raises(actions.NotYours):
        actions.take(actor=of_account(sara), alert_id=alert.pk)
    with clock.stopped_at(tuesday + timedelta(hours=5)):
        assert not jobs.climb()
    assert Alert.objects.get().state == "taken"
    assert queries.listed(of_account(thomas)).count() == 1


def test_given_back_the_next_one_is_told_at_once(alert, thomas):
    actions.take(actor=of_account(thomas), alert_id=alert.pk)
    actions.give_back(actor=of_account(thomas), alert_id=alert.pk)
    assert told() == ["coordinator", "admin"]


def test_it_closes_with_words_alone(alert, thomas, lotte):
    with pytest.raises(actions.NotYours):
        actions.close(actor=of_account(lotte), alert_id=alert.pk, words="done")
    with pytest.raises(actions.NothingSaid):
        actions.close(actor=of_account(thomas), alert_id=alert.pk, words="  ")
    actions.close(
        actor=of_account(thomas), alert_id=alert.pk, words="Samen met de huisarts bij haar geweest."
    )
    assert not queries.listed(of_account(thomas)).exists()
    verbs = set(Entry.objects.filter(subject_id=alert.pk).values_list("verb", flat=True))
    assert verbs == {"alert.raise", "alert.close"}


def test_heard_again_on_the_same_call_it_is_the_same_alert(alert, call, lotte, thomas):
    actions.raise_alert(actor=of_account(lotte), call=call)
    assert told() == ["coordinator"]
    actions.close(actor=of_account(thomas), alert_id=alert.pk, words="calm again")
    again = actions.raise_alert(actor=of_account(lotte), call=call)
    assert (again.pk, again.state) == (alert.pk, "open")
    assert told() == ["coordinator", "admin"]


def test_who_heard_it_is_not_told(call, thomas, sara):
    actions.raise_alert(actor=of_account(thomas), call=call)
    assert told() == ["admin"]


def test_who_is_on_duty_is_told_first(call, lotte, thomas, sara, organisation):
    Operator.objects.create(organisation=organisation, account=sara, standing="available", since=clock.now())
    actions.raise_alert(actor=of_account(lotte), call=call)
    assert told() == ["admin"]


def test_who_can_only_be_called_costs_no_time(call, lotte, thomas, sara):
    Person.objects.filter(account=thomas).update(channel="call")
    alert = actions.raise_alert(actor=of_account(lotte), call=call)
    steps = alert.tellings.order_by("step").values_list("person__name", "unreachable")
    assert [reached for _name, reached in steps] == [True, False]


def test_alone_one_is_told_nothing_and_the_alert_stays(call, lotte):
    alert = actions.raise_alert(actor=of_account(lotte), call=call)
    assert (alert.state, alert.told) == ("open", 0)


def test_nobody_of_elsewhere_sees_or_takes_it(alert, bram):
    for act in (actions.take, actions.give_back):
        with pytest.raises(Http404):
            act(actor=of_account(bram), alert_id=alert.pk)
    with pytest.raises(Http404):
        actions.take(actor=system(alert.organisation), alert_id=alert.pk)
    with pytest.raises(Http404):
        actions.take(actor=of_account(bram), alert_id=uuid4())


def test_alone_one_takes_it_and_may_press_again(call, lotte):
    """Nobody could be told: whoever hears it looks after it, and a second press changes nothing."""
    alert = actions.raise_alert(actor=of_account(lotte), call=call)
    actions.take(actor=of_account(lotte), alert_id=alert.pk)
    again = actions.raise_alert(actor=of_account(lotte), call=call)
    assert (again.pk, again.state, again.next_at) == (alert.pk, "taken", None)


@pytest.mark.parametrize("is_taken", [True, False])
def test_what_turns_out_to_be_a_danger_begins_its_ladder_anew(organisation, thomas, tuesday, is_taken):
    actor = of_account(thomas)
    alert = actions.open_alert(actor=system(organisation), kind="check", degree="soon")
    actions.tell_first(alert=alert)
    for hours in range(1, 4):
        clock.set_time(tuesday + timedelta(hours=hours))
        actions.climb(clock.now())
    if is_taken:
        actions.take(actor=actor, alert_id=alert.pk)
    actions.set_danger(actor=system(organisation), alert=alert)
    if is_taken:
        actions.give_back(actor=actor, alert_id=alert.pk)
    alert.refresh_from_db()
    assert (alert.degree, alert.next_at - clock.now()) == ("danger", timedelta(minutes=2))
    assert alert.told == alert.tellings.count() > 3
    for _each in range(2):
        clock.set_time(clock.now() + timedelta(minutes=2))
        actions.climb(clock.now())
    alert.refresh_from_db()
    # Three rounds of the one whom there is to tell are over.
    assert alert.next_at - clock.now() == timedelta(minutes=10)
