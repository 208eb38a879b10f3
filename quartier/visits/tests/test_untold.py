"""Nobody is blamed for what our own message did not tell them in time; and whoever waits is not left for hours."""

from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.promises.models import Promise
from quartier.team.access import of_account
from quartier.visits import actions, jobs
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(asked, youssef, tuesday):
    """Youssef has said yes for this afternoon."""
    opened = asked("groceries", urgency="day")
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    actor = of_account(youssef.person.account)
    window = tuesday + timedelta(hours=2), tuesday + timedelta(hours=3)
    return actions.accept_offer(actor=actor, offer=offer, window=window).assignment


def send(template, at):
    Message.objects.filter(template=template).update(state=Message.State.SENT, sent_at=at)


def pass_until(moment):
    """The worker looks every ten minutes."""
    while clock.now() < moment:
        clock.advance(timedelta(minutes=10))
        jobs.watch()


def written_since(moment):
    return set(Message.objects.filter(created_at__gt=moment).values_list("template", flat=True))


def test_whoever_did_not_hear_from_us_in_time_is_not_blamed(visit, tuesday):
    send("someone_comes", tuesday)
    pass_until(visit.comes_until + timedelta(hours=2))
    assert written_since(tuesday) == {"visit_cancelled", "told_too_late"}
    visit.refresh_from_db()
    assert visit.failure == Assignment.Failure.UNTOLD
    letter = Message.objects.get(template="told_too_late")
    assert "notre faute" in letter.body


def test_whoever_waits_and_was_not_told_hears_only_what_is_true(visit, tuesday):
    pass_until(visit.comes_until + timedelta(hours=2))
    assert written_since(tuesday) == {"visit_cancelled", "still_looking"}


@pytest.mark.parametrize("late", [timedelta(minutes=-10), timedelta(minutes=5)])
def test_a_message_at_the_very_end_is_too_late(visit, tuesday, late):
    send("accepted", visit.comes_until + late)
    pass_until(visit.comes_until + timedelta(hours=2))
    visit.refresh_from_db()
    assert visit.failure == Assignment.Failure.UNTOLD


def test_whoever_waits_hears_within_an_hour_and_a_half(visit, tuesday):
    send("accepted", tuesday)
    pass_until(visit.comes_until + timedelta(hours=3))
    asked = Message.objects.get(template="visit_reminder").created_at
    heard = Message.objects.get(template="not_heard").created_at
    assert asked - visit.comes_until <= timedelta(minutes=40)
    assert heard - visit.comes_until <= timedelta(minutes=100)
    # The neighbour has an hour to answer.
    assert heard - asked >= timedelta(hours=1)


def test_after_a_night_without_a_worker_nobody_is_asked_and_given_up_in_one_minute(visit, tuesday):
    send("accepted", tuesday)
    morning = tuesday + timedelta(hours=21)
    clock.set_time(morning)
    jobs.watch()
    assert written_since(tuesday) == {"visit_reminder"}
    pass_until(morning + timedelta(hours=1, minutes=10))
    assert written_since(morning) == {"visit_given_on", "not_heard"}


def test_in_the_night_the_hour_to_answer_does_not_pass(visit, tuesday):
    send("accepted", tuesday)
    Assignment.objects.update(comes_until=tuesday + timedelta(hours=10, minutes=40))
    pass_until(tuesday + timedelta(hours=20, minutes=50))
    assert not Message.objects.filter(template="visit_given_on").exists()
    pass_until(tuesday + timedelta(hours=22, minutes=20))
    assert Message.objects.filter(template="visit_given_on").exists()


def test_of_a_call_nobody_reads_that_they_need_not_go(asked, youssef, tuesday, organisation):
    opened = asked("talk", urgency="day")
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    actor = of_account(youssef.person.account)
    call = actions.accept_offer(actor=actor, offer=offer).assignment
    send("call_accepted", tuesday)
    start = tuesday + timedelta(hours=5)
    window = start, start + timedelta(hours=1)
    actions.move_request(actor=actor, request=opened.requests[0], window=window, urgency="day")
    assert Message.objects.filter(template="call_moved").exists()
    call.refresh_from_db()
    pass_until(call.comes_until + timedelta(hours=2))
    assert Person.objects.get(messages__template="call_given_on") == youssef.person
    assert "appeler" in Message.objects.get(template="call_given_on").body
    assert not Message.objects.filter(template__startswith="visit_").exists()


def test_a_call_that_is_called_off(asked, youssef, tuesday):
    opened = asked("talk", urgency="day")
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    actor = of_account(youssef.person.account)
    actions.accept_offer(actor=actor, offer=offer)
    actions.end_request(actor=actor, request=opened.requests[0], closure="withdrawn")
    assert "Plus besoin d’appeler" in Message.objects.get(template="call_cancelled").body


def test_that_somebody_is_on_the_way_is_not_said_an_hour_later(visit, youssef):
    actions.on_my_way(actor=of_account(youssef.person.account), assignment=visit)
    word = Message.objects.get(template="on_way")
    assert word.not_after == clock.now() + timedelta(hours=1)


def test_whoever_can_only_be_called_is_called_before_somebody_stands_at_the_door(asked, youssef, tuesday):
    opened = asked("groceries", urgency="day", channel="call")
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    window = tuesday + timedelta(hours=2), tuesday + timedelta(hours=3)
    visit = actions.accept_offer(
        actor=of_account(youssef.person.account), offer=offer, window=window
    ).assignment
    assert visit.told_at is None
    promise = Promise.objects.get(subject_id=opened.requests[0].pk, outcome="")
    assert promise.needs_team
    assert promise.due_at <= visit.comes_from
    opened.requests[0].refresh_from_db()
    assert opened.requests[0].promised_at == promise.due_at


def test_whoever_was_never_told_of_them_does_not_hear_that_they_cannot_come(
    asked, youssef, organisation, tuesday
):
    opened = asked("groceries", urgency="week")
    person = opened.case.person
    person.phone, person.email, person.channel = "+32470001427", "", "text"
    person.save()
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    actor = of_account(youssef.person.account)
    night = tuesday.astimezone(organisation.zone).replace(hour=23)
    clock.set_time(night)
    window = tuesday + timedelta(days=1, hours=6), tuesday + timedelta(days=1, hours=7)
    visit = actions.accept_offer(actor=actor, offer=offer, window=window).assignment
    assert Message.objects.get(template="someone_comes").not_before > clock.now()
    clock.set_time(night + timedelta(minutes=20))
    actions.could_not(actor=actor, assignment=visit, failure=Assignment.Failure.CANNOT_GO)
    assert Message.objects.get(template="someone_comes").state == Message.State.CANCELLED
    word = Message.objects.get(template="still_looking")
    assert "Youssef" not in f"{word.subject} {word.body}"
    assert not Message.objects.filter(template="looking_again").exists()
    promise = Promise.objects.get(subject_id=visit.request_id, outcome="")
    assert promise.told_by != Promise.ToldBy.NOBODY
    assert word.not_before > clock.now()


def test_whoever_has_read_it_hears_that_they_cannot_come(visit, tuesday):
    send("someone_comes", tuesday)
    actor = of_account(visit.volunteer.person.account)
    actions.could_not(actor=actor, assignment=visit, failure=Assignment.Failure.CANNOT_GO)
    assert Message.objects.filter(template="looking_again").count() == 1
