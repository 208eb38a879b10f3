"""Who is told by hours of duty, and hours that are promised only where somebody is on."""

from datetime import date, timedelta

import pytest
from django.db.models import Q

from quartier.alerts.queries import team_on_duty
from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.duty import jobs
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.rota import actions
from quartier.rota.actions import ShiftSpec
from quartier.rota.queries import rota_of
from quartier.team.access import of_account
from quartier.team.models import Role
from quartier.telephony.actions.listing import Need, put
from quartier.telephony.models import Callback

pytestmark = pytest.mark.django_db
TODAY, MINUTE = date(2027, 1, 12), timedelta(minutes=1)


@pytest.fixture
def plan(sara, tuesday):
    """Plans duty: `plan(thomas, 1, 9, 13)` from 9 to 13 on Tuesdays. It is Tuesday, at eleven."""

    def plan(account, weekday, from_hour, until_hour, **given):
        spec = ShiftSpec(account, from_hour, until_hour, weekday=weekday, **given)
        return actions.save_shift(actor=of_account(sara), spec=spec)

    return plan


def watch():
    while jobs.promises():
        pass


def names(organisation):
    organisation.refresh_from_db()
    return [each.name for each in team_on_duty(organisation, clock.now())]


def told():
    """Whom the team's messages went to; a letter at the beginning of duty is one of them."""
    rows = Message.objects.filter(Q(template__startswith="team_") | Q(template="duty_begin")).order_by("pk")
    return [each.person.name for each in rows]


def test_without_shifts_the_ladder_says_who(organisation, sara, thomas, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert [each.name for each in team_on_duty(organisation, clock.now())] == ["Thomas", "Sara"]


def test_who_is_coordinator_and_administrator_is_told_as_a_coordinator(organisation, sara, thomas):
    Role.objects.create(organisation=organisation, account=sara, name=Role.Name.COORDINATOR)
    assert [each.name for each in team_on_duty(organisation, clock.now())] == ["Sara", "Thomas"]


def test_on_duty_first_then_the_ladder(organisation, sara, thomas, lotte, plan):
    plan(lotte, 1, 9, 13)
    assert names(organisation) == ["Lotte", "Thomas", "Sara"]
    clock.set_time(clock.now() + timedelta(hours=2))
    assert names(organisation) == ["Thomas", "Sara"]


def test_the_only_coordinator_on_holiday(organisation, sara, thomas, lotte, plan):
    shift = plan(thomas, 1, 9, 13, stand_in=lotte)
    actions.add_absence(actor=of_account(thomas), account=thomas, starts_on=TODAY, ends_on=TODAY)
    assert names(organisation) == ["Lotte", "Sara", "Thomas"]
    actions.remove_shift(actor=of_account(sara), shift=shift)
    assert names(organisation) == ["Sara", "Thomas"]


def test_a_stand_in_for_who_is_suspended_or_has_left_the_team(organisation, thomas, lotte, plan):
    plan(lotte, 1, 9, 13, stand_in=thomas)
    lotte.roles.all().delete()
    assert names(organisation)[0] == "Thomas"


def test_a_sector_comes_first(asked, organisation, sara, thomas, lotte, plan):
    plan(thomas, 1, 12, 20)
    plan(lotte, 1, 12, 20, postcodes="1000 1050")
    assert names(organisation)[0] == "Thomas"
    opened = asked("groceries")
    matching.send_wave(request_id=opened.requests[0].pk)
    clock.set_time(clock.now() + timedelta(hours=1))
    Promise.objects.filter(outcome="").update(team_told_at=None, next_at=clock.now(), urgent=True)
    watch()
    assert told()[-1] == "Lotte"


def test_a_duty_that_ends_in_the_middle_of_a_ladder(asked, organisation, thomas, lotte, plan):
    plan(lotte, 1, 9, 12)
    plan(thomas, 1, 12, 20)
    opened = asked("groceries")
    matching.send_wave(request_id=opened.requests[0].pk)
    watch()
    assert told() == ["Lotte"]
    promise = Promise.objects.get(outcome="")
    clock.set_time(promise.due_at - 20 * MINUTE)
    watch()
    assert set(told()[1:]) == {"Thomas"}


def test_no_hour_is_promised_where_nobody_is_on_duty(asked, organisation, thomas, plan):
    """Of requests that come to the team, of callbacks, and of what is promised anew: three in a row."""
    plan(thomas, 3, 9, 13)
    plan(thomas, 5, 10, 12)
    organisation.refresh_from_db()
    opened = asked("groceries", org=organisation)
    request = opened.requests[0]
    matching.send_wave(request_id=request.pk)
    # Still wanted when the third hour is broken; of what is over they are asked whether it is still needed.
    Request.objects.filter(pk=request.pk).update(window_until=clock.now() + timedelta(days=21))
    put(
        organisation=organisation,
        need=Need("+3220001427", "x", None, "fr", Callback.Why.ASKED),
        at=clock.now(),
    )
    request.refresh_from_db()
    assert request.promised_at == Promise.objects.get(subject_id=request.pk, outcome="").due_at
    rota = rota_of(organisation)
    seen = set()
    for _ in range(3):
        rows = list(Promise.objects.filter(outcome="", needs_team=True))
        assert len(rows) == 2
        for each in rows:
            assert rota.is_staffed(each.due_at - MINUTE), each.due_at
            seen.add(each.due_at.astimezone(organisation.zone).weekday())
        clock.set_time(max(each.due_at for each in rows) + MINUTE)
        watch()
    assert seen == {3, 5}


def test_what_the_search_keeps_by_itself_needs_nobody(asked, organisation, youssef, thomas, plan):
    plan(thomas, 3, 9, 13)
    organisation.refresh_from_db()
    asked("groceries", org=organisation)
    promise = Promise.objects.get(outcome="")
    assert not promise.needs_team
    assert promise.due_at - clock.now() <= timedelta(hours=24)


def test_the_words_name_the_hour_of_duty(asked, organisation, thomas, plan):
    plan(thomas, 3, 9, 13)
    organisation.refresh_from_db()
    opened = asked("groceries", org=organisation)
    matching.send_wave(request_id=opened.requests[0].pk)
    promise = cases.promise_about(opened.requests[0], needs_team=True)
    words = Message.objects.filter(person=opened.case.person).order_by("-pk").first()
    assert promise.due_at.astimezone(organisation.zone).hour == 10
    assert "jeudi" in words.body


def test_who_owes_it_and_is_away_is_not_asked(asked, organisation, sara, thomas, lotte, plan):
    plan(lotte, 1, 9, 20)
    opened = asked("groceries")
    matching.send_wave(request_id=opened.requests[0].pk)
    promise = Promise.objects.get(outcome="")
    Promise.objects.filter(pk=promise.pk).update(owner=thomas)
    actions.add_absence(actor=of_account(thomas), account=thomas, starts_on=TODAY, ends_on=TODAY)
    watch()
    assert told() == ["Lotte"]


def test_what_was_broken_before_is_not_told_to_whoever_is_away(asked, organisation, sara, thomas, tuesday):
    until = TODAY + timedelta(days=7)
    actions.add_absence(actor=of_account(sara), account=thomas, starts_on=TODAY, ends_on=until)
    organisation.refresh_from_db()
    matching.send_wave(request_id=asked("groceries").requests[0].pk)
    for _ in range(2):
        watch()
        clock.set_time(Promise.objects.get(outcome="").due_at + MINUTE)
    watch()
    assert Promise.objects.filter(outcome="broken").count() == 2
    assert set(told()) == {"Sara"}
