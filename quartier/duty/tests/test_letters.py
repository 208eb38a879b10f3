"""Letters at the beginning and the end of duty, and of hours at which nobody is on: once, true, and only when there is
something to say."""

from datetime import date, datetime, time, timedelta

import pytest

from quartier.cases import actions as cases
from quartier.duty import actions
from quartier.duty.models import KnownGaps
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.promises.models import Promise
from quartier.rota import actions as rota
from quartier.rota.actions import ShiftSpec
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.either]
LETTERS = ["duty_begin", "duty_new", "duty_new_sector", "duty_end", "duty_gap", "duty_gap_today"]


@pytest.fixture
def plan(sara, tuesday):
    """Plans duty: `plan(thomas, 2, 9, 13)` from 9 to 13 on Wednesdays. It is Tuesday, at eleven."""

    def plan(account, weekday, from_hour, until_hour, **given):
        spec = ShiftSpec(account, from_hour, until_hour, weekday=weekday, **given)
        return rota.save_shift(actor=of_account(sara), spec=spec)

    return plan


@pytest.fixture
def waits(asked):
    """A request that nobody took: it waits for one of the team, who has heard of it."""

    def waits(**wanted):
        opened = asked("groceries", **wanted)
        matching.send_wave(request_id=opened.requests[0].pk)
        watch()
        return opened

    return waits


def watch():
    while actions.watch_promises(clock.now()):
        pass


def live_until(hours, minutes=15):
    """The clock goes on, and letters are written as they are due."""
    for _ in range(int(hours * 60 / minutes)):
        clock.set_time(clock.now() + timedelta(minutes=minutes))
        watch()
        actions.write_letters(clock.now())


def letters():
    rows = Message.objects.filter(template__in=LETTERS).select_related("person").order_by("pk")
    return [(each.person.name, each.template) for each in rows]


def local_hours(organisation):
    rows = Message.objects.filter(template__in=LETTERS).order_by("pk")
    return [each.created_at.astimezone(organisation.zone).strftime("%a %H:%M") for each in rows]


def test_without_shifts_the_first_of_the_ladder_at_eight_and_at_six(
    waits, organisation, thomas, sara, tuesday
):
    waits()
    live_until(24)
    assert letters() == [("Thomas", "duty_end"), ("Thomas", "duty_begin")]
    assert local_hours(organisation) == ["Tue 18:00", "Wed 08:00"]


def test_who_is_on_duty_at_its_beginning_and_its_end(waits, organisation, lotte, thomas, plan):
    plan(lotte, 2, 9, 11)
    plan(lotte, 2, 14, 16)
    plan(thomas, 2, 11, 13)
    waits()
    live_until(48)
    # Nobody is on duty in the evening, nor before nine: the head hears of the gaps, once for each day.
    assert [each for each in letters() if each[1] != "duty_gap"] == [
        ("Lotte", "duty_begin"), ("Thomas", "duty_begin"), ("Thomas", "duty_end"), ("Lotte", "duty_end"),
    ]  # fmt: skip
    at = [each for each in local_hours(organisation) if each.startswith("Wed")]
    assert at == ["Wed 09:00", "Wed 10:00", "Wed 11:00", "Wed 13:00", "Wed 16:00"]


def test_whose_duty_ends_in_the_night_reads_before_it_what_is_left(waits, organisation, lotte, plan):
    plan(lotte, 1, 14, 22)
    waits()
    live_until(20)
    assert [each for each in letters() if each[1] != "duty_gap"] == [
        ("Lotte", "duty_begin"), ("Lotte", "duty_end"),
    ]  # fmt: skip
    ends = Message.objects.get(template="duty_end").created_at.astimezone(organisation.zone)
    assert (ends.isoweekday(), ends.hour, ends.minute) == (2, 21, 45)


def test_the_head_hears_that_all_of_the_team_will_be_away(organisation, thomas, sara, tuesday):
    """Nobody has planned duty."""
    for account in (thomas, sara):
        rota.add_absence(
            actor=of_account(account), account=account, starts_on=date(2027, 1, 14), ends_on=date(2027, 1, 15)
        )
    live_until(96, minutes=60)
    gaps = [each for each in letters() if each[1] == "duty_gap"]
    assert gaps == [("Sara", "duty_gap")] * 2
    assert {each[:3] for each in local_hours(organisation)} == {"Wed", "Thu"}


def test_what_breaks_at_the_hour_of_the_letter_stands_in_it(
    waits, organisation, thomas, sara, tuesday, monkeypatch
):
    """Nobody's clock stands still: what is promised anew in a look is later than its beginning."""
    waits()
    (promise,) = Promise.objects.filter(outcome="")
    evening = datetime.combine(tuesday.date(), time(18), tzinfo=organisation.zone)
    Promise.objects.filter(pk=promise.pk).update(due_at=evening, next_at=evening)
    clock.set_time(evening)
    stands = clock.now
    ticks = iter(range(10_000))
    monkeypatch.setattr(clock, "now", lambda: stands() + timedelta(milliseconds=next(ticks)))
    watch()
    assert Promise.objects.get(pk=promise.pk).outcome == "broken"
    assert promise.person.name.split()[0] in Message.objects.get(template="duty_end").body


def test_nothing_to_say_is_not_said(organisation, thomas, sara, tuesday):
    live_until(48, minutes=60)
    assert letters() == []


def test_only_what_is_new(asked, youssef, organisation, thomas, sara, tuesday):
    clock.set_time(tuesday + timedelta(hours=8))
    asked("groceries")
    live_until(15, minutes=60)
    assert letters() == [("Thomas", "duty_new")]
    assert "1" in Message.objects.get(template="duty_new").body


def test_it_says_since_when_until_when_and_how_many_could_be_asked(
    waits, volunteer, organisation, thomas, sara, tuesday
):
    day = tuesday + timedelta(days=1)
    request = waits(window_from=day, window_until=day + timedelta(hours=9)).requests[0]
    Person.objects.filter(account=thomas).update(language="en")
    # They join later, and could be asked now.
    for name in ("Amina", "Karim"):
        volunteer(name)
    while clock.now() < tuesday + timedelta(hours=21, minutes=10):
        clock.set_time(clock.now() + timedelta(minutes=10))
        watch()
    actions.write_letters(clock.now())
    body = Message.objects.get(template="duty_begin").body.replace("\xa0", " ")
    assert "Marie (shopping, Ixelles), since yesterday at 11 am: a call before" in body
    assert "today (2 neighbours could be asked today)" in body
    assert f"/requests/{request.pk}/" in body


def test_what_the_letter_says_is_not_told_again(asked, organisation, thomas, sara, tuesday):
    """It came to the team at night, and waited for the morning."""
    clock.set_time(tuesday + timedelta(hours=12))
    cases.promise_about(asked("groceries").requests[0], needs_team=True)
    live_until(9.5)
    assert letters() == [("Thomas", "duty_begin")]
    assert not Message.objects.filter(template="team_waiting").exists()
    assert Promise.objects.get(outcome="").team_told_at is not None


def test_the_head_hears_a_day_before_and_once(organisation, lotte, thomas, sara, plan):
    for weekday in range(7):
        plan(lotte, weekday, 8, 20, stand_in=thomas if weekday != 3 else None)
    live_until(12)
    assert letters() == []
    days = {"starts_on": date(2027, 1, 13), "ends_on": date(2027, 1, 15)}
    rota.add_absence(actor=of_account(lotte), account=lotte, **days)
    live_until(48)
    assert letters() == [("Sara", "duty_gap")]
    assert local_hours(organisation) == ["Wed 10:00"]
    body = Message.objects.get(template="duty_gap").body
    assert "entre 8" in body


def test_who_is_away_reads_nothing(waits, organisation, lotte, thomas, plan):
    plan(lotte, 2, 9, 13, stand_in=thomas)
    rota.add_absence(
        actor=of_account(lotte), account=lotte, starts_on=date(2027, 1, 13), ends_on=date(2027, 1, 13)
    )
    waits()
    live_until(30)
    assert {name for name, template in letters() if template != "duty_gap"} == {"Thomas"}


def test_whom_we_failed_on_friday_is_named_on_monday(waits, organisation, thomas, sara, plan):
    for weekday in range(5):
        plan(thomas, weekday, 9, 13)
    request = waits().requests[0]
    live_until(3 * 24, minutes=60)  # Friday, at eleven.
    visits.end_request(actor=system(organisation), request=request, closure="neglected")
    live_until(4 * 24, minutes=60)
    rows = Message.objects.filter(template="duty_begin").order_by("created_at")
    named = [each for each in rows if "c’est clôturé" in each.body]
    assert [each.created_at.astimezone(organisation.zone).strftime("%a") for each in named] == ["Mon"]


def test_a_gap_that_opens_today_is_told_at_once_and_once(organisation, lotte, thomas, sara, plan):
    for weekday in range(7):
        plan(lotte, weekday, 8, 20)
    live_until(1)
    assert letters() == []
    # At noon they say that they cannot any more.
    rota.add_absence(
        actor=of_account(lotte), account=lotte, starts_on=date(2027, 1, 12), ends_on=date(2027, 1, 12)
    )
    live_until(0.25)
    assert letters() == [("Sara", "duty_gap_today")]
    body = Message.objects.get(template="duty_gap_today").body
    assert "entre 12" in body
    assert "20" in body
    live_until(9)
    assert letters() == [("Sara", "duty_gap_today")]


def test_what_opens_in_the_night_is_told_in_the_morning(organisation, lotte, thomas, sara, plan):
    for weekday in range(7):
        plan(lotte, weekday, 8, 20)
    live_until(12)
    rota.add_absence(
        actor=of_account(lotte), account=lotte, starts_on=date(2027, 1, 13), ends_on=date(2027, 1, 13)
    )
    live_until(14)
    assert letters() == [("Sara", "duty_gap_today")]
    assert local_hours(organisation) == ["Wed 08:00"]


def test_gaps_of_a_week_that_is_being_planned_are_no_news_of_today(organisation, lotte, thomas, sara, plan):
    plan(lotte, 1, 8, 14)
    live_until(1)
    assert "duty_gap_today" not in [template for _name, template in letters()]


def of_sector(asked, name, postcode):
    opened = asked("groceries", name=name)
    case = opened.case
    case.postcode = postcode
    case.save()
    matching.send_wave(request_id=opened.requests[0].pk)
    return opened


def read_by(person):
    return Message.objects.get(person=person.person, template="duty_begin").body


def test_whoever_is_on_duty_for_a_sector_reads_what_is_theirs_alone(
    asked, organisation, lotte, thomas, sara, plan
):
    plan(lotte, 2, 9, 13, postcodes="1050")
    plan(thomas, 2, 9, 13, postcodes="1080 1081")
    plan(sara, 2, 9, 13)
    for name, postcode in (("Marie Peeters", "1050"), ("Omer Claes", "1080"), ("Rosa Maes", "1000")):
        of_sector(asked, name, postcode)
    watch()
    live_until(22.5)
    found = {
        each.name: [name for name in ("Marie", "Omer", "Rosa") if name in read_by(each)]
        for each in (lotte, thomas, sara)
    }
    # Of no sector: whoever has the whole area.
    assert found == {"Lotte": ["Marie"], "Thomas": ["Omer"], "Sara": ["Rosa"]}


def test_nobody_waits_is_said_of_the_sector_alone(asked, organisation, lotte, thomas, sara, plan):
    """While others wait elsewhere; whoever has no sector has what is left."""
    plan(lotte, 2, 9, 13, postcodes="1050 1060")
    plan(thomas, 2, 9, 13, postcodes="1080")
    plan(sara, 2, 9, 13)
    of_sector(asked, "Omer Claes", "1080")
    watch()
    live_until(22.5)
    by_name = {each.person.name: each for each in Message.objects.filter(template__in=LETTERS[:4])}
    assert {name: each.template for name, each in by_name.items()} == {
        "Lotte": "duty_new_sector",
        "Thomas": "duty_begin",
        "Sara": "duty_new_sector",
    }
    assert "wacht niemand in uw sector (1050, 1060)" in by_name["Lotte"].body
    assert "(le reste de notre territoire)" in by_name["Sara"].body
    assert "de garde\u00a0: 1." in by_name["Sara"].body.replace(" : ", "\u00a0: ")


def test_alone_on_duty_they_read_all_and_theirs_first(asked, organisation, lotte, thomas, sara, plan):
    plan(lotte, 2, 9, 13, postcodes="1050")
    of_sector(asked, "Omer Claes", "1080")
    clock.set_time(clock.now() + timedelta(hours=2))
    of_sector(asked, "Marie Peeters", "1050")
    watch()
    live_until(20.5)
    body = read_by(lotte)
    assert 0 < body.index("Marie") < body.index("Omer")


def test_a_gap_of_today_is_told_where_no_worker_was_there_yesterday(organisation, lotte, thomas, sara, plan):
    plan(lotte, 1, 8, 20)
    plan(lotte, 3, 8, 14)
    live_until(1)
    Message.objects.all().delete()
    KnownGaps.objects.filter(day__gt=date(2027, 1, 12)).delete()
    # Thursday, at nine: the hours after two were never spoken of.
    clock.set_time(clock.now() + timedelta(hours=45))
    live_until(0.5)
    assert ("Sara", "duty_gap_today") in letters()
