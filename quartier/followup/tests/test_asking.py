"""Who is asked, when, and who is left in peace."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.followup import actions, rules
from quartier.followup.models import AfterSettings, FollowUp
from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.messaging import stops
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

State = FollowUp.State
BRUSSELS = ZoneInfo("Europe/Brussels")


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)), st.integers(1, 48))
def test_people_are_asked_by_day_and_soon(ended, hours):
    due = rules.due_at(ended, hours, BRUSSELS)
    assert rules.DAY_BEGINS <= due.astimezone(BRUSSELS).time() < rules.DAY_ENDS
    assert timedelta(hours=hours) <= due - ended <= timedelta(hours=hours + 16)
    assert rules.by_day(due, BRUSSELS) == due


def test_a_sample_is_about_as_large_as_it_says_and_never_changes_its_mind():
    ids = [uuid7() for _ in range(4000)]
    chosen = [one for one in ids if rules.is_in_sample(one, 25)]
    assert 800 < len(chosen) < 1200
    assert [one for one in ids if rules.is_in_sample(one, 25)] == chosen
    assert all(rules.is_in_sample(one, 100) for one in ids)
    assert not any(rules.is_in_sample(one, 0) for one in ids)


@pytest.mark.django_db
def test_a_visit_is_asked_about_once_some_hours_later(helped, ask):
    visit = helped()
    assert actions.plan(clock.now()) == 1
    assert actions.plan(clock.now()) == 0
    assert actions.ask_due(clock.now()) == 0
    (row,) = ask()
    assert (row.state, row.assignment_id) == (State.ASKED, visit.pk)
    assert actions.ask_due(clock.now()) == 0
    written = Message.objects.get(template="after_visit")
    assert "Youssef" in written.body
    assert "/after/" in written.body


@pytest.mark.django_db
def test_nobody_is_asked_in_the_evening(helped, ask):
    helped()
    actions.plan(clock.now())
    clock.advance(timedelta(hours=11))
    assert actions.ask_due(clock.now()) == 1
    row = FollowUp.objects.get()
    assert row.state == State.DUE
    assert row.due_at.astimezone(BRUSSELS).hour == 9
    assert not Message.objects.filter(template="after_visit").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["died", "stopped", "nobody", "old"])
def test_who_is_left_in_peace(helped, ask, organisation, who):
    visit = helped()
    marie = visit.request.case.person
    match who:
        case "died":
            Person.objects.filter(pk=marie.pk).update(died_at=clock.now())
        case "stopped":
            stops.stop(organisation=organisation, index="", people=[marie])
        case "nobody":
            AfterSettings.objects.create(organisation=organisation, share=0)
        case "old":
            clock.advance(timedelta(days=3))
    rows = ask()
    assert [row.state for row in rows] == ([] if who == "old" else [State.SKIPPED])
    assert not Message.objects.filter(template__startswith="after_").exists()


@pytest.mark.django_db
def test_who_can_only_be_called_is_put_on_the_list_and_read_to_where_the_line_reads(
    helped, ask, organisation
):
    from quartier.messaging import aloud

    helped(channel="call")
    (row,) = ask()
    assert row.state == State.TO_CALL
    aloud.switch(organisation, on=True)
    helped(channel="call", name="Marie-Louise")
    row = ask()[-1]
    assert row.state == State.ASKED
    read = Message.objects.get(template="after_visit", channel="voice")
    assert "http" not in read.body
    assert read.answer_code


@pytest.mark.django_db
def test_what_failed_is_asked_about_only_when_nobody_helps_any_more(helped, ask, organisation):
    visit = helped(failure="other")
    (row,) = ask()
    assert row.state == State.SKIPPED  # somebody else is being looked for
    over = helped(failure="other", name="Anna")
    visits.end_request(actor=system(organisation), request=over.request, closure="impossible")
    row = ask()[-1]
    assert (row.assignment_id, row.state) == (over.pk, State.ASKED)
    assert Message.objects.get(template="after_failed").body
    assert visit.pk != over.pk


@pytest.mark.django_db
def test_who_has_said_that_they_need_it_no_more_is_not_asked_the_same_again(helped, ask, organisation):
    over = helped(failure="other")
    visits.end_request(actor=system(organisation), request=over.request, closure="withdrawn")
    (row,) = ask()
    assert row.state == State.SKIPPED


@pytest.mark.django_db
def test_unanswered_questions_end_silently(helped, ask):
    helped()
    ask()
    before = Message.objects.count()
    clock.advance(rules.EXPIRES_AFTER)
    assert actions.expire(clock.now()) == 1
    assert FollowUp.objects.get().state == State.EXPIRED
    assert Message.objects.count() == before


@pytest.mark.django_db
def test_calls_are_tried_a_few_times(helped, ask, lotte):
    helped(channel="call")
    (row,) = ask()
    lotte = of_account(lotte)
    for count in range(1, rules.MOST_TRIES + 1):
        actions.claim(actor=lotte, follow_up=row)
        row = actions.nobody_answered(actor=lotte, follow_up=row)
        row = actions.nobody_answered(actor=lotte, follow_up=row)
        assert row.tries == count
    assert row.state == State.EXPIRED
