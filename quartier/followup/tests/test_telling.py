"""Who was helped before hears of an incident: each once, by day, a few a minute, and never against their wish."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import Http404

from quartier.followup import actions, rules
from quartier.followup.models import News
from quartier.incidents import actions as incidents
from quartier.incidents.actions import Opening
from quartier.lib import clock
from quartier.messaging import stops
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(sara):
    return of_account(sara)


@pytest.fixture
def heat(head, tuesday):
    opening = Opening("heatwave", ["lookin", "groceries"])
    return incidents.open_incident(actor=head, incident_id=uuid4(), opening=opening)


def told():
    rows = Message.objects.filter(template="news").exclude(state="cancelled").select_related("person")
    return sorted(row.person.email for row in rows)


def minutes(count):
    for _ in range(count):
        actions.tell_some(clock.now())
        clock.advance(timedelta(minutes=1))


def test_everybody_who_was_helped_is_told_once(asked, head, heat, organisation, monkeypatch):
    monkeypatch.setattr("quartier.followup.actions.telling.TOLD_A_MINUTE", 2)
    for name in ("Anna", "Berta", "Clara", "Clara"):
        asked("groceries", name=name)
    asked("groceries", name="Dora", channel="call")
    asked("groceries", name="Ella")
    reached = actions.would_reach(organisation, heat)
    row = actions.tell(actor=head, incident=heat)
    assert actions.tell(actor=head, incident=heat) == row
    minutes(1)
    assert len(told()) == 2
    minutes(5)
    # Clara asked twice; who can only be called is not rung up.
    names = ("anna", "berta", "clara", "ella")
    assert told() == [f"{name}@example.org" for name in names]
    row.refresh_from_db()
    assert (row.state, row.written) == (News.State.DONE, reached.written_to)
    assert reached.people == 5
    words = Message.objects.filter(template="news").first()
    assert "Il fait trop chaud" in words.body
    minutes(3)
    assert len(told()) == 4


def test_who_died_said_stop_or_was_helped_long_ago_is_left_in_peace(asked, head, heat, organisation):
    dead, stopped = (asked("groceries", name=name).case.person for name in ("Anna", "Berta"))
    Person.objects.filter(pk=dead.pk).update(died_at=clock.now())
    stops.stop(organisation=organisation, index=next(iter(stops.indexes_of([stopped]))), people=[stopped])
    old = asked("groceries", name="Clara").requests[0]
    type(old).objects.filter(pk=old.pk).update(created_at=clock.now() - rules.HELPED_WITHIN)
    actions.tell(actor=head, incident=heat)
    minutes(3)
    assert not told()


def test_nobody_is_told_at_night_nor_when_it_is_over(asked, head, heat, organisation):
    asked("groceries", name="Anna")
    clock.set_time(clock.now().replace(hour=22, minute=30))
    actions.tell(actor=head, incident=heat)
    minutes(2)
    assert not told()
    row = News.objects.get()
    assert row.next_at.astimezone(organisation.zone).time() == organisation.quiet_until
    incidents.end_incident(actor=head, incident=heat)
    clock.set_time(row.next_at)
    minutes(2)
    assert not told()
    row.refresh_from_db()
    assert row.state == News.State.STOPPED


def test_it_can_be_stopped_and_what_has_not_left_does_not_leave(asked, head, heat):
    asked("groceries", name="Anna")
    actions.tell(actor=head, incident=heat)
    minutes(1)
    assert actions.stop_telling(actor=head, incident=heat)
    assert not actions.stop_telling(actor=head, incident=heat)
    assert not told()


def test_when_the_money_is_spent_it_waits(asked, head, heat, monkeypatch):
    asked("groceries", name="Anna")
    monkeypatch.setattr("quartier.followup.actions.telling.spending.spent", lambda *_: 1_000_000)
    actions.tell(actor=head, incident=heat)
    minutes(2)
    assert not told()
    monkeypatch.undo()
    clock.advance(timedelta(minutes=15))
    minutes(1)
    assert told() == ["anna@example.org"]


def test_only_who_coordinates_tells_and_only_while_it_runs(head, heat, lotte, bram):
    for account in (lotte, bram):
        with pytest.raises(Http404):
            actions.tell(actor=of_account(account), incident=heat)
    incidents.end_incident(actor=head, incident=heat)
    with pytest.raises(Http404):
        actions.tell(actor=head, incident=heat)
