"""Who goes alone: asked when the time is over, looked for when they say nothing; help called without a word."""

from datetime import timedelta

import pytest

from quartier.alerts.models import Alert, Told
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.team.access import of_account
from quartier.visits import actions, jobs, rules
from quartier.visits.models import Assignment, Watch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday", "thomas", "sara")]


@pytest.fixture
def visit(asked, youssef, tuesday):
    request = asked("groceries").requests[0]
    offer = next(each for each in matching.send_wave(request_id=request.pk))
    return actions.accept_offer(actor=of_account(youssef.person.account), offer=offer).assignment


@pytest.fixture
def me(youssef):
    return of_account(youssef.person.account)


def at(tuesday, minutes):
    with clock.stopped_at(tuesday + timedelta(minutes=minutes)):
        return jobs.alone()


def test_not_out_in_time_one_is_asked_and_then_looked_for(visit, me, tuesday):
    actions.watch(actor=me, assignment=visit, minutes=30)
    assert not at(tuesday, 29)
    assert at(tuesday, 30)
    assert not at(tuesday, 31)
    assert Message.objects.filter(template="watch_over").count() == 1
    assert not Alert.objects.exists()
    assert at(tuesday, 40)
    assert not at(tuesday, 41)
    alert = Alert.objects.get()
    assert (alert.kind, alert.state, alert.degree) == ("visit", "open", "danger")
    assert alert.watch.assignment == visit
    assert [row.person.account.name for row in Told.objects.all()] == ["Thomas"]


@pytest.mark.parametrize("word", ["out", "longer", "done", "failed"])
def test_a_word_in_time_and_nobody_looks(visit, me, tuesday, word):
    actions.watch(actor=me, assignment=visit, minutes=30)
    assert at(tuesday, 30)
    with clock.stopped_at(tuesday + timedelta(minutes=35)):
        match word:
            case "out":
                actions.out_again(actor=me, assignment=visit)
            case "longer":
                actions.watch(actor=me, assignment=visit, minutes=60)
            case "done":
                actions.done(actor=me, assignment=visit)
            case "failed":
                actions.could_not(actor=me, assignment=visit, failure="cannot_go")
    assert not at(tuesday, 60)
    assert not Alert.objects.exists()


def test_longer_is_asked_about_again(visit, me, tuesday):
    actions.watch(actor=me, assignment=visit, minutes=30)
    at(tuesday, 30)
    with clock.stopped_at(tuesday + timedelta(minutes=31)):
        actions.watch(actor=me, assignment=visit, minutes=30)
    at(tuesday, 61)
    assert Message.objects.filter(template="watch_over").count() == 2


def test_help_without_a_word_is_an_alert_at_once_and_one_alone(visit, me, tuesday):
    for _twice in range(2):
        actions.needs_help(actor=me, assignment=visit, at=tuesday)
    alert = Alert.objects.get()
    assert alert.raised_by == visit.volunteer.person.account
    assert Told.objects.count() == 1
    assert Message.objects.filter(template="visit_alarm").count() == 1
    assert not Message.objects.filter(
        person=visit.volunteer.person, template__in=["watch_over", "visit_alarm"]
    ).exists()


def test_no_word_from_the_phone_closes_it(visit, me, tuesday):
    """Whoever holds the phone could press: out, done, longer. The alert stays until the team closes it."""
    actions.needs_help(actor=me, assignment=visit, at=tuesday)
    actions.out_again(actor=me, assignment=visit)
    actions.watch(actor=me, assignment=visit, minutes=30)
    actions.done(actor=me, assignment=visit)
    assert Alert.objects.get().state == "open"


def test_pressed_again_after_it_was_closed_it_is_open_again(visit, me, thomas, tuesday):
    from quartier.alerts import actions as alerts

    actions.needs_help(actor=me, assignment=visit, at=tuesday)
    alerts.close(actor=of_account(thomas), alert_id=Alert.objects.get().pk, words="Elle va bien.")
    actions.needs_help(actor=me, assignment=visit, at=tuesday)
    assert Alert.objects.get().state == "open"


def test_for_a_volunteer_who_coordinates_somebody_else_is_told(visit, me, organisation):
    me.account.roles.create(organisation=organisation, name="coordinator")
    actions.needs_help(actor=me, assignment=visit, at=clock.now())
    assert [row.person.account.name for row in Told.objects.all()] == ["Thomas"]


def test_a_visit_that_is_over_watches_over_nobody(visit, me, tuesday):
    actions.done(actor=me, assignment=visit)
    assert actions.watch(actor=me, assignment=visit, minutes=30) is None
    assert actions.needs_help(actor=me, assignment=Assignment.objects.get(), at=tuesday) is None
    assert not Watch.objects.exists()


@pytest.mark.parametrize(
    ("said", "minutes"), [("", 0), ("x", 0), ("-5", 0), ("99999999999999999", 0), ("ago", -20), ("ahead", 0)]
)
def test_when_it_was_pressed_is_believed_as_far_as_it_can_be(tuesday, said, minutes):
    moments = {"ago": tuesday - timedelta(minutes=20), "ahead": tuesday + timedelta(minutes=20)}
    ms = str(int(moments[said].timestamp() * 1000)) if said in moments else said
    assert rules.pressed_at(ms, tuesday) == tuesday + timedelta(minutes=minutes)


def test_who_takes_back_that_it_is_done_is_watched_over_again(visit, me, tuesday):
    actions.watch(actor=me, assignment=visit, minutes=30)
    actions.done(actor=me, assignment=visit)
    assert Watch.objects.get().out_at is not None
    actions.undo_done(actor=me, assignment=visit)
    assert Watch.objects.get().out_at is None
    assert at(tuesday, 30)
    assert Message.objects.filter(template="watch_over").count() == 1


def test_who_was_out_before_it_was_done_is_not(visit, me, tuesday):
    actions.watch(actor=me, assignment=visit, minutes=30)
    actions.out_again(actor=me, assignment=visit)
    with clock.stopped_at(tuesday + timedelta(minutes=5)):
        actions.done(actor=me, assignment=visit)
        actions.undo_done(actor=me, assignment=visit)
    assert Watch.objects.get().out_at == tuesday
