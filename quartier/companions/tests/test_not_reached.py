"""Not reached twice: told by day, in rounds, then once a day, until its cause has ended; and she is told her hours."""

from datetime import UTC, datetime, timedelta

import pytest

from quartier.alerts import jobs as alert_jobs
from quartier.alerts.models import Alert, Told
from quartier.companions import actions, jobs
from quartier.companions.actions.pairing import Ending
from quartier.companions.models import Pairing
from quartier.companions.tests import scene
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.team.access import of_account
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db
# The Sunday of Easter, when nobody of the team looks, half an hour before the clocks change.
EASTER = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)


@pytest.fixture
def not_reached(hadija, running, thomas, sara):
    """Two calls, of yesterday and of today, at which nobody answered; said in the evening."""

    def twice():
        clock.advance(timedelta(days=1, hours=9))
        for talk in running.talks.order_by("at")[:2]:
            actions.mark(actor=of_account(hadija.account), talk=talk, state="not_reached")
        return Alert.objects.get()

    return twice


def hours_pass(count, organisation):
    """Hour by hour, everything of this room and of alerts happens that happens by itself."""
    for _hour in range(count):
        clock.advance(timedelta(hours=1))
        while alert_jobs.climb():
            pass
        jobs.checks()


def local(moment, organisation):
    return moment.astimezone(organisation.zone)


def test_over_easter_each_of_the_team_gets_a_few_messages_and_none_at_night(
    organisation, hadija, agreed, thomas, sara
):
    clock.set_time(EASTER - timedelta(days=2))
    running = scene.begin(hadija, agreed)
    clock.set_time(EASTER)
    talks = list(running.talks.order_by("at")[:2])
    for talk in talks:
        actions.mark(actor=of_account(hadija.account), talk=talk, state="not_reached")
    assert Told.objects.count() == 0  # it is half past one
    hours_pass(72, organisation)
    told = Message.objects.filter(template="companion_check", person__account__in=[thomas, sara])
    assert Told.objects.count() == 3 * 2 + 2
    for person in {message.person_id for message in told}:
        assert told.filter(person=person).count() <= 4
    for message in Message.objects.filter(template="companion_check"):
        assert 8 <= local(message.not_before, organisation).hour < 22
    assert Alert.objects.get().state == "open"


def test_it_ends_with_the_pairing(organisation, amina, running, not_reached):
    alert = not_reached()
    assert (alert.degree, alert.state, alert.person) == ("soon", "open", running.wish.person)
    actions.end(actor=of_account(amina), pairing=running, ending=Ending(Pairing.Why.PERSON))
    alert.refresh_from_db()
    assert (alert.state, alert.closed_by, alert.words) == (
        "closed",
        None,
        "Les appels réguliers ont pris fin.",
    )
    told = Told.objects.count()
    hours_pass(30, organisation)
    assert Told.objects.count() == told


def test_it_ends_when_she_was_spoken_with(organisation, hadija, running, not_reached):
    alert = not_reached()
    hours_pass(1, organisation)
    alert.refresh_from_db()
    assert alert.state == "open"
    clock.advance(timedelta(hours=20))
    actions.plan_due(clock.now())
    third = running.talks.order_by("at")[2]
    actions.mark(actor=of_account(hadija.account), talk=third, state="spoken", minutes=12)
    hours_pass(1, organisation)
    alert.refresh_from_db()
    assert alert.state == "closed"
    assert "Hadija" in alert.words


def test_a_visit_before_stands_in_it_and_a_visit_after_ends_it(
    organisation, asked, youssef, not_reached, thomas
):
    def goes_there():
        request = asked("groceries", urgency="day").requests[0]
        offer = next(iter(matching.send_wave(request_id=request.pk)))
        actor = of_account(youssef.person.account)
        visit = visits.accept_offer(actor=actor, offer=offer).assignment
        visits.done(actor=actor, assignment=visit)

    goes_there()
    alert = not_reached()
    clock.advance(timedelta(hours=16))
    alert_jobs.climb()
    message = Message.objects.filter(template="companion_check", person__account=thomas).first()
    assert "Dernière rencontre" in message.body
    assert "Youssef" in message.body
    jobs.checks()
    alert.refresh_from_db()
    assert alert.state == "open"
    goes_there()
    jobs.checks()
    alert.refresh_from_db()
    assert alert.state == "closed"


def test_a_worry_is_a_danger_and_is_closed_by_a_human_alone(amina, hadija, running, thomas):
    actions.worry(actor=of_account(hadija.account), pairing=running)
    actions.end(actor=of_account(amina), pairing=running, ending=Ending(Pairing.Why.PERSON))
    jobs.checks()
    alert = Alert.objects.get()
    assert (alert.degree, alert.state) == ("danger", "open")


def test_she_is_told_when_her_calls_are_and_when_one_is_moved(hadija, running, organisation):
    hour = Message.objects.get(template="companion_hour")
    assert (hour.person, hour.channel) == (running.wish.person, "email")
    assert "Hadija" in hour.body
    assert "15" in hour.body
    talk = running.talks.order_by("at").first()
    to = talk.at + timedelta(hours=2)
    actions.postpone(actor=of_account(hadija.account), talk=talk, to=to)
    moved = Message.objects.get(template="companion_moved")
    assert f"{local(to, organisation).hour}" in moved.body
    assert moved.not_after == to
    # The same hours once more are no news.
    scene.begin(hadija, running)
    assert Message.objects.filter(template="companion_hour").count() == 1


def test_a_call_that_was_perhaps_not_made_is_told_to_her_once(running, pass_time):
    pass_time(hours=11)
    message = Message.objects.get(template="companion_uncalled")
    assert message.person == running.wish.person
    pass_time(hours=2)
    assert Message.objects.filter(template="companion_uncalled").count() == 1


def test_to_who_has_only_a_landline_it_is_read(hadija, agreed):
    from quartier.messaging import aloud

    person = agreed.wish.person
    person.channel = "call"
    person.save()
    aloud.switch(agreed.organisation, on=True)
    scene.begin(hadija, agreed)
    assert Message.objects.get(template="companion_hour").channel == "voice"
