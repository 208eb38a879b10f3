"""Whoever waits reads nothing that is of no use: no news for after the need, no "nothing new" of what is over, not the
same sentence day after day."""

from datetime import timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.duty import actions
from quartier.followup import jobs as followup
from quartier.lib import clock, rhythm
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.team.access import system

pytestmark = pytest.mark.django_db


def live(until, minutes=10):
    while clock.now() < until:
        clock.set_time(min(clock.now() + timedelta(minutes=minutes), until))
        while actions.watch_promises(clock.now()):
            pass
        actions.write_letters(clock.now())
        followup.overdue()


def messages(person, prefix=""):
    rows = Message.objects.filter(person=person, template__startswith=prefix)
    return list(rows.order_by("created_at", "pk"))


def test_no_news_are_promised_for_after_the_need(asked, youssef, tuesday):
    """A lift at three: at the first hour of the news there is no later one but the end."""
    until = tuesday + timedelta(hours=5)
    request = asked(window_from=tuesday + timedelta(hours=4), window_until=until, urgency="day").requests[0]
    matching.send_wave(request_id=request.pk)
    Request.objects.update(next_at=until + timedelta(hours=9))
    live(until - timedelta(minutes=1))
    promised = Promise.objects.filter(subject_id=request.pk)
    assert promised.count() > 1
    assert all(each.due_at <= until for each in promised)
    live(until + timedelta(minutes=1), minutes=1)
    last = messages(request.case.person)[-1]
    assert last.template == "still_needed"
    assert not Promise.objects.filter(outcome="broken").exists()


def test_whose_day_passes_in_silence_is_asked_on_that_day(asked, thomas, tuesday):
    """A lift this afternoon, and a call about it that is broken twice before: the next hour was one of tomorrow."""
    until = tuesday + timedelta(hours=6)
    opened = asked("transport", urgency="day", window_from=until - timedelta(hours=1), window_until=until)
    request = opened.requests[0]
    cases.ask_human(actor=system(request.organisation), request=request, why="nobody")
    soon = tuesday + timedelta(hours=1)
    Promise.objects.filter(outcome="").update(times_broken=1, due_at=soon, next_at=soon)
    live(until + timedelta(hours=3))
    said = [each.template for each in messages(request.case.person)]
    assert said[-1].startswith("still_needed"), said


def test_looked_at_late_no_hour_is_promised_that_nobody_keeps(asked, thomas, tuesday):
    """The worker stood still until minutes before the end of the time."""
    until = tuesday + timedelta(hours=6)
    opened = asked("transport", urgency="day", window_from=until - timedelta(hours=1), window_until=until)
    cases.ask_human(actor=system(opened.case.organisation), request=opened.requests[0], why="nobody")
    soon, now = tuesday + timedelta(hours=1), until - timedelta(minutes=5)
    Promise.objects.filter(outcome="").update(times_broken=1, due_at=soon, next_at=soon)
    with clock.stopped_at(now):
        actions.watch_promises(now)
    renewal = Promise.objects.get(outcome="", subject_id=opened.requests[0].pk)
    assert now + timedelta(hours=1) <= renewal.due_at <= now + timedelta(hours=3)


def test_what_is_asked_with_little_time_is_told_within_it(asked, tuesday):
    until = tuesday + timedelta(hours=2)
    asked(window_from=tuesday + timedelta(hours=1), window_until=until, urgency="day")
    assert Promise.objects.get().due_at == until


def test_of_what_is_over_nobody_reads_that_nothing_is_new_yet(asked, thomas, tuesday):
    opened = asked("transport", urgency="day", window_until=tuesday + timedelta(hours=3))
    cases.ask_human(actor=system(opened.case.organisation), request=opened.requests[0], why="asked")
    Promise.objects.update(due_at=tuesday + timedelta(days=2), kind="call", told_by="message")
    live(tuesday + timedelta(days=1, hours=9), minutes=60)
    (word,) = messages(opened.case.person, "waits_call")
    assert word.body.startswith("Nous n’avons pas réussi à temps")
    assert "Pas encore de nouvelles" not in word.body


@pytest.mark.either
def test_a_word_that_is_broken_for_days_is_another_one_each_day(asked, thomas, tuesday):
    opened = asked("groceries", window_until=tuesday + timedelta(days=9))
    matching.send_wave(request_id=opened.requests[0].pk)
    live(tuesday + timedelta(days=6), minutes=60)
    again = messages(opened.case.person, "late_call_again")
    assert len(again) > 3
    days = [each.created_at.date() for each in again]
    assert len(set(days)) == len(days)
    # By the words alone: no two are the same.
    assert len({each.subject for each in again[1:]}) == len(again) - 1
    assert all("depuis mardi 12 janvier" in each.body for each in again[2:])
    assert all("sans appel de notre part" in each.body for each in again[2:])


def test_a_day_of_a_series_that_was_missed_goes_by_its_own_name(asked, youssef, tuesday):
    opened = asked(
        "groceries",
        urgency="day",
        window_from=tuesday + timedelta(hours=3),
        window_until=tuesday + timedelta(hours=5),
        rhythm=rhythm.simple("week", tuesday.date()),
    )
    request = opened.requests[0]
    clock.set_time(tuesday + timedelta(days=1))
    cases.reopen_request(actor=system(request.organisation), request=request)
    request.refresh_from_db()
    clock.set_time(tuesday + timedelta(days=2))
    matching.tell_who_waits(request, "still_looking", "now")
    (word,) = messages(opened.case.person, "still_looking")
    assert "mardi 12 janvier" in word.body
    assert "hier" not in word.body.split("\n")[0]
