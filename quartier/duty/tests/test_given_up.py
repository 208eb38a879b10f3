"""Nobody waits for ever: after days of a silent team a last honest word, and the team sees whom it failed."""

from datetime import timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.duty import jobs as duty
from quartier.followup import actions, queries
from quartier.followup import jobs as followup
from quartier.followup.actions.given_up import GIVE_UP_AFTER
from quartier.followup.actions.overdue import end_with_our_fault
from quartier.lib import clock, rhythm
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db


def live(until, minutes=60):
    while clock.now() < until:
        clock.advance(timedelta(minutes=minutes))
        while duty.promises():
            pass
        followup.overdue()


def stands(opened):
    return Request.objects.get(pk=opened.requests[0].pk)


def templates(person):
    return list(
        Message.objects.filter(person=person).order_by("created_at", "pk").values_list("template", flat=True)
    )


@pytest.fixture
def unread(asked, thomas, tuesday):
    """They had asked for one of the team, and nobody has listened to them yet."""
    opened = asked("pharmacy", urgency="day")
    cases.ask_human(actor=of_account(thomas), request=opened.requests[0], why="asked")
    return opened


@pytest.mark.either
def test_what_nobody_listens_to_ends_with_a_true_word(unread, thomas, tuesday, organisation):
    over = stands(unread).window_until
    live(over + timedelta(days=2))
    assert stands(unread).state == "human"
    live(over + timedelta(days=8))
    closed = stands(unread)
    assert (closed.state, closed.closure) == ("closed", "neglected")
    assert closed.closed_at >= over + GIVE_UP_AFTER
    said = templates(unread.case.person)
    # No neighbour was asked: that we did not manage would be more than we did.
    assert said[-1] == "given_up_unread"
    assert said.count("given_up_unread") == 1
    letter = Message.objects.get(template="given_up_unread")
    # What else helps, and how to ask again.
    assert "pharmacie" in letter.body
    assert "http" in letter.body
    assert not Promise.objects.filter(outcome="").exists()
    assert list(queries.neglected(organisation, clock.now())) == [closed]


@pytest.mark.either
def test_whoever_can_only_be_called_does_not_stand_open_for_ever(asked, thomas, tuesday):
    opened = asked("meal", urgency="day", channel="call")
    live(stands(opened).window_until + timedelta(days=9))
    assert (stands(opened).state, stands(opened).closure) == ("closed", "neglected")


def test_it_is_not_given_up_while_one_of_us_speaks_with_them(unread, thomas, tuesday):
    over = stands(unread).window_until
    live(over + timedelta(days=1))
    for _ in range(6):
        cases.record_contact_made(actor=of_account(thomas), request=stands(unread))
        live(clock.now() + timedelta(hours=20))
    assert stands(unread).state == "human"
    assert "given_up_unread" not in templates(unread.case.person)


def test_what_is_still_to_come_is_not_given_up(asked, thomas, tuesday):
    opened = asked("pharmacy", moderated=True, window_until=tuesday + timedelta(days=10))
    live(tuesday + timedelta(days=9))
    assert stands(opened).state == "human"


def test_the_team_sees_whom_it_failed(unread, thomas, tuesday, client):
    live(stands(unread).window_until + timedelta(days=8))
    client.force_login(thomas)
    page = client.get("/fr/console/calls/").content.decode()
    assert "Nous n’avons pas été là pour eux" in page
    assert "Marie Peeters" in page
    cases.reopen_request(actor=of_account(thomas), request=stands(unread))
    assert "pas été là pour eux" not in client.get("/fr/console/calls/").content.decode()


@pytest.fixture
def series(asked, thomas, tuesday):
    """A walk each day; nobody near offers it."""
    start = tuesday + timedelta(hours=2)
    wish = rhythm.simple("day", start.date())
    opened = asked(
        "dog", window_from=start, window_until=start + timedelta(hours=1), urgency="day", rhythm=wish
    )
    for _ in range(3):
        visits.open_due(clock.now())
    return opened.requests[0].series


def test_two_days_of_one_series_do_not_speak_at_once(series, youssef, tuesday, thomas):
    missed, following = series.requests.order_by("day")[:2]
    person = series.case.person
    clock.set_time(missed.window_until + timedelta(hours=1))
    offer = matching.offer_by_hand(actor=system(series.organisation), request=following, volunteer=youssef)
    visits.accept_offer(actor=of_account(youssef.person.account), offer=offer)
    followup.overdue()
    missed.refresh_from_db()
    assert (missed.state, missed.closure) == ("closed", "expired")
    word = Message.objects.get(template="missed_day")
    assert word.person == person
    # The day is named, and the next one.
    assert "aujourd’hui" in word.body
    assert "La prochaine fois : mercredi 13 janvier." in word.body.replace("\xa0", " ")
    assert not Message.objects.filter(template__startswith="still_needed").exists()
    before = clock.now()
    live(before + timedelta(hours=20))
    about = [
        row.template
        for row in Message.objects.filter(person=person, created_at__gt=before)
        if str(missed.pk) in row.key
    ]
    assert about == []


def test_a_call_about_a_missed_day_that_ends_before_its_hour_is_called_off(series, youssef, thomas):
    missed, following = series.requests.order_by("day")[:2]
    missed = cases.ask_human(actor=system(series.organisation), request=missed, why="nobody")
    promise = cases.promise_about(missed, "call")
    Promise.objects.filter(pk=promise.pk).update(due_at=missed.window_until + timedelta(hours=9))
    # Of the other days nothing is owed.
    Promise.objects.exclude(subject_id=missed.pk).update(told_by="nobody")
    clock.set_time(missed.window_until + timedelta(hours=1))
    offer = matching.offer_by_hand(actor=system(series.organisation), request=following, volunteer=youssef)
    visits.accept_offer(actor=of_account(youssef.person.account), offer=offer)
    followup.overdue()
    assert "Vous n’avez plus besoin d’attendre notre appel" in Message.objects.get(template="missed_day").body


def test_of_a_day_on_which_somebody_set_out_nobody_says_that_none_could_come(series, youssef, thomas):
    missed, following = series.requests.order_by("day")[:2]
    actor = of_account(youssef.person.account)
    offer = matching.offer_by_hand(actor=system(series.organisation), request=missed, volunteer=youssef)
    visit = visits.accept_offer(actor=actor, offer=offer).assignment
    visits.on_my_way(actor=actor, assignment=visit)
    clock.set_time(visit.comes_until + timedelta(hours=20))
    assert visits.end_unsaid(clock.now()) == 1
    offer = matching.offer_by_hand(actor=system(series.organisation), request=following, volunteer=youssef)
    visits.accept_offer(actor=actor, offer=offer)
    followup.overdue()
    missed.refresh_from_db()
    assert (missed.state, missed.why_human) == ("human", "time_over")
    assert Message.objects.filter(template="still_needed_named").count() == 1
    clock.set_time(clock.now() + timedelta(hours=30))
    followup.overdue()
    missed.refresh_from_db()
    assert missed.state == "closed"
    last = Message.objects.filter(key__contains=str(missed.pk)).order_by("-created_at").first()
    assert last.template == "closed_unanswered"
    # One of us was to see to it: nobody was looked for.
    assert "Nous en restons" in last.body


def test_a_missed_day_is_not_over_before_the_hour_until_which_they_were_asked(series, thomas, tuesday):
    missed = series.requests.order_by("day").first()
    asked_at = missed.window_until + timedelta(hours=1)
    Request.objects.filter(pk=missed.pk).update(state="human", why_human="time_over", asked_over_at=asked_at)
    Promise.objects.filter(subject_id=missed.pk).update(
        told_by="message", made_at=asked_at - timedelta(hours=1), due_at=asked_at + timedelta(hours=30)
    )
    clock.set_time(asked_at + timedelta(hours=25))
    actions.end_missed_days(clock.now())
    missed.refresh_from_db()
    assert missed.state == "human"
    clock.set_time(asked_at + timedelta(hours=42))
    actions.end_missed_days(clock.now())
    missed.refresh_from_db()
    assert missed.state == "closed"


def test_a_missed_lift_of_a_series_is_over_when_the_next_one_comes(asked, youssef, thomas, tuesday):
    """They still needed it: it stays ours until somebody drives them the next time, and no day longer."""
    start = tuesday + timedelta(hours=2)
    wish = rhythm.simple("week", start.date())
    opened = asked("transport", window_from=start, window_until=start + timedelta(hours=1), rhythm=wish)
    for _ in range(2):
        visits.open_due(clock.now())
    missed = opened.requests[0]
    clock.set_time(missed.window_until + timedelta(hours=1))
    assert actions.ask_overdue(clock.now()) == 1
    assert (
        actions.answer_overdue(actor=system(missed.organisation), request=missed, said="needed") == "needed"
    )
    for days in range(2, 8):
        clock.set_time(start + timedelta(days=days))
        visits.open_due(clock.now())
    actions.end_missed_days(clock.now())
    missed.refresh_from_db()
    assert (missed.state, missed.closure) == ("closed", "expired")
    assert "missed_day" in Message.objects.filter(key__contains=str(missed.pk)).values_list(
        "template", flat=True
    )


def test_a_missed_day_alone_is_asked_about(asked, thomas, tuesday):
    start = tuesday + timedelta(hours=2)
    opened = asked(
        "dog",
        window_from=start,
        window_until=start + timedelta(hours=1),
        urgency="day",
        rhythm=rhythm.simple("month", start.date()),
    )
    clock.set_time(start + timedelta(hours=3))
    assert actions.end_missed_days(clock.now()) == 0
    assert stands(opened).state != "closed"


def test_who_needs_a_missed_day_no_more_reads_that_the_next_ones_stay(series, thomas, tuesday):
    missed = series.requests.order_by("day").first()
    clock.set_time(missed.window_until + timedelta(hours=1))
    actor = system(missed.organisation)
    assert actions.answer_overdue(actor=actor, request=missed, said="not_needed") == "cancel"
    assert "restent prévues" in Message.objects.get(template="withdrawn").body


def test_the_day_stands_in_the_daily_word(series, thomas, tuesday):
    request = series.requests.order_by("day").first()
    matching.tell_who_waits(request, "still_looking", "x")
    assert "aujourd’hui entre" in Message.objects.get(key=f"still_looking:{request.pk}:x").body


@pytest.mark.parametrize("goes_on", [True, False])
def test_one_day_that_we_failed_is_not_the_end_of_all(series, thomas, tuesday, goes_on):
    request = series.requests.order_by("day").first()
    if not goes_on:
        type(series).objects.update(state="ended", next_at=None)
    request.refresh_from_db()
    end_with_our_fault(request)
    word = Message.objects.get(template__startswith="given_up").body
    assert ("les suivantes restent prévues" in word.lower() or "Les suivantes" in word) == goes_on
    assert ("restons là" in word or "arrêtons ici" in word) != goes_on


def test_of_two_days_of_a_series_a_late_word_says_which(series, thomas, tuesday):
    for request in series.requests.order_by("day"):
        cases.ask_human(actor=system(series.organisation), request=request, why="nobody")
    live(tuesday + timedelta(hours=30))
    late = [each.body for each in Message.objects.filter(template__startswith="late_")]
    assert late
    assert all("promenade du chien (" in each for each in late), late


def test_of_two_lifts_a_late_word_says_which(asked, thomas, tuesday):
    for days in (2, 3):
        start = tuesday + timedelta(days=days)
        opened = asked(
            "transport", urgency="week", window_from=start, window_until=start + timedelta(hours=1)
        )
        cases.ask_human(actor=system(opened.case.organisation), request=opened.requests[0], why="nobody")
    live(tuesday + timedelta(hours=24))
    late = [each.body for each in Message.objects.filter(template__startswith="late_")]
    assert late
    assert all("voiture (" in each for each in late), late
