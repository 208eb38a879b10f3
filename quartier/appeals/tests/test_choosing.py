"""Whom an appeal asks: never beyond a budget, within the cooling time, at night, or who does not want it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import TUESDAY
from quartier.appeals import actions, queries, rules
from quartier.appeals.actions import Asked
from quartier.appeals.models import Appeal, Invitation
from quartier.appeals.rules import Known
from quartier.lib import clock
from quartier.messaging import stops
from quartier.messaging.delivery import deliver
from quartier.messaging.models import Message
from quartier.people.models import Person, Volunteer
from quartier.team.access import of_account

TODAY = date(2027, 1, 12)
moments = st.none() | st.integers(0, 400).map(lambda days: TUESDAY - timedelta(days=days))
people = st.builds(
    Known,
    volunteer_id=st.integers(1, 2**64).map(lambda number: UUID(int=number)),
    active=st.booleans(),
    budget=st.integers(1, 10),
    asked_on=st.none() | st.integers(0, 2).map(lambda days: TODAY - timedelta(days=days)),
    asked_count=st.integers(0, 10),
    last_appeal=moments,
    last_visit=moments,
    joined=st.integers(0, 400).map(lambda days: TUESDAY - timedelta(days=days)),
    visits=st.integers(0, 50),
    yes_share=st.floats(0, 1),
    travel=st.sampled_from(sorted(rules.FARTHER_M)),
    short_m=st.integers(0, 30_000),
)


@given(people, st.integers(1, 10), st.sampled_from(rules.IDLE_DAYS))
def test_who_may_be_asked(one, cap, idle_days):
    if not rules.may_be_asked(one, today=TODAY, now=TUESDAY, cap=cap, idle_days=idle_days):
        return
    assert one.active
    assert one.asked_on != TODAY or one.asked_count < min(one.budget, cap)
    assert one.last_appeal is None or TUESDAY - one.last_appeal >= timedelta(days=14)
    assert one.last_visit is None or TUESDAY - one.last_visit >= timedelta(days=idle_days)
    assert one.short_m <= 15_000


@given(st.lists(people, max_size=20), st.sampled_from(Appeal.Purpose.values))
def test_an_order_loses_nobody_and_does_not_depend_on_how_it_began(found, purpose):
    there = rules.in_order(found, purpose)
    assert sorted(map(id, there)) == sorted(map(id, found))
    ids = [one.volunteer_id for one in there]
    if len(set(ids)) == len(ids):
        assert [one.volunteer_id for one in rules.in_order(found[::-1], purpose)] == ids


@given(st.integers(1, 50), st.integers(1, 500), st.integers(0, 500), st.integers(0, 60))
def test_a_wave_is_never_more_than_may_be_asked(wanted, most, asked, yes):
    yes = min(yes, asked)
    size = rules.wave_size(wanted=wanted, most=most, asked=asked, yes=yes)
    assert 0 <= size <= min(rules.MOST_WAVE, max(most - asked, 0))
    assert size == 0 or yes < wanted


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_waves_keep_to_it_in_the_database(data, organisation, thomas, volunteer, there):
    """Volunteers of every sort; appeals at any hour of a week. What must never be is looked for afterwards."""
    from django.db import transaction

    with transaction.atomic():
        try:
            _week(data, organisation, thomas, volunteer, there)
        finally:
            transaction.set_rollback(True)


def _week(data, organisation, thomas, volunteer, there):
    with clock.stopped_at(TUESDAY):
        rows = [
            volunteer(
                f"V{number}",
                radius_m=data.draw(st.sampled_from([1000, 2000, 4000])),
                budget=data.draw(st.integers(1, 3)),
            )
            for number in range(data.draw(st.integers(1, 8)))
        ]
    for row in rows:
        row.state = data.draw(st.sampled_from(["active", "active", "active", "paused", "suspended", "left"]))
        row.asked_on = data.draw(st.sampled_from([None, TODAY, TODAY - timedelta(days=1)]))
        row.asked_count = data.draw(st.integers(0, 3))
        row.save()
        if data.draw(st.booleans()):
            stops.stop(organisation=organisation, index=row.person.email_index, people=[row.person])
            row.state = "stopped"
    before = {row.pk: row for row in rows}
    now = TUESDAY
    for _step in range(data.draw(st.integers(1, 5))):
        now += timedelta(hours=data.draw(st.integers(0, 30)))
        with clock.stopped_at(now):
            purpose = data.draw(st.sampled_from(["place", "role"]))
            asked = Asked(
                purpose, data.draw(st.integers(1, 3)), area=there, role="helper" if purpose == "role" else ""
            )
            actions.make(actor=of_account(thomas), asked=asked)
            for pk in actions.due(now):
                for each in actions.send_wave(appeal_id=pk):
                    hour = now.astimezone(organisation.zone).hour
                    assert 8 <= hour < 22
                    assert each.message.not_after.astimezone(organisation.zone).hour == 22
                    assert before[each.volunteer_id].state == "active"
    made = Invitation.objects.order_by("created_at")
    assert len({each.volunteer_id for each in made}) == len(made), "within the cooling time"
    for row in Volunteer.objects.all():
        cap = min(row.budget, organisation.daily_budget)
        had = before[row.pk]
        if row.asked_total:
            assert row.asked_count <= cap
        else:
            assert (row.asked_on, row.asked_count) == (had.asked_on, had.asked_count)


@pytest.mark.django_db
def test_the_next_wave_goes_only_if_too_few_say_yes(organisation, idle, made):
    idle(40)
    appeal = made(wanted=2)
    first = len(appeal.invitations)
    assert first == rules.wave_size(wanted=2, most=appeal.appeal.most, asked=0, yes=0)
    assert actions.send_wave(appeal_id=appeal.appeal.pk) == []
    with clock.stopped_at(TUESDAY + timedelta(hours=5)):
        assert actions.send_wave(appeal_id=appeal.appeal.pk)
    for each in appeal.invitations[:2]:
        actions.answer(actor=of_account(each.volunteer.person.account), invitation=each, said="yes")
    appeal.appeal.refresh_from_db()
    assert appeal.appeal.state == Appeal.State.ENOUGH
    with clock.stopped_at(TUESDAY + timedelta(hours=10)):
        assert actions.send_wave(appeal_id=appeal.appeal.pk) == []


@pytest.mark.django_db
def test_it_ends_by_itself(idle, made):
    idle(1)
    appeal = made(wanted=3).appeal
    assert appeal.state == Appeal.State.OPEN
    with clock.stopped_at(TUESDAY + timedelta(days=6)):
        actions.send_wave(appeal_id=appeal.pk)
    appeal.refresh_from_db()
    assert appeal.state == Appeal.State.OVER


@pytest.mark.django_db
def test_at_night_nobody_is_asked_and_in_the_morning_they_are(idle, made):
    idle(1)
    with clock.stopped_at(datetime(2027, 1, 12, 22, 30, tzinfo=UTC)):
        appeal = made()
        assert not appeal.invitations
    assert appeal.appeal.next_at.hour == 7
    with clock.stopped_at(appeal.appeal.next_at):
        assert len(actions.send_wave(appeal_id=appeal.appeal.pk)) == 1


@pytest.mark.django_db
def test_what_could_not_be_sent_by_night_is_not_sent(idle, made):
    idle(1)
    made()
    with clock.stopped_at(datetime(2027, 1, 12, 21, 30, tzinfo=UTC)):
        while deliver():
            pass
    assert Message.objects.get().state == Message.State.CANCELLED


@pytest.mark.django_db
def test_those_who_would_go_least_farther_come_first(organisation, tuesday, volunteer, there, made):
    far = volunteer("Far", radius_m=1000)
    near = volunteer("Near", at=(50.834, 4.345), radius_m=1000)
    volunteer("There", at=(50.8355, 4.3106), radius_m=1000 * 20)
    found = queries.could_be_asked(made(send=False).appeal, tuesday)
    assert [each.volunteer_id for each in found] == [near.pk, far.pk]


@pytest.mark.django_db
def test_who_can_only_be_called_costs_no_budget(idle, made):
    (one,) = idle(1)
    Person.objects.filter(pk=one.person_id).update(channel="call")
    assert not made().invitations
    one.refresh_from_db()
    assert one.asked_total == 0


@pytest.mark.django_db
def test_only_who_speaks_it_and_has_been_idle_is_asked(idle, made, asked):
    idle(2)
    (turkish,) = idle(1, languages=["tr", "fr"])
    found = made(language="tr").invitations
    assert [each.volunteer_id for each in found] == [turkish.pk]


@pytest.mark.django_db
def test_a_no_is_a_no_for_half_a_year(idle, made, there):
    (one,) = idle(1)
    (asked,) = made().invitations
    actions.answer(actor=of_account(one.person.account), invitation=asked, said="no")
    Appeal.objects.update(state="over", ended_at=TUESDAY, next_at=None)
    with clock.stopped_at(TUESDAY + timedelta(days=30)):
        assert not made().invitations
        assert made("role", role="helper").invitations
    Appeal.objects.update(state="over", ended_at=TUESDAY, next_at=None)
    with clock.stopped_at(TUESDAY + timedelta(days=190)):
        assert made().invitations
