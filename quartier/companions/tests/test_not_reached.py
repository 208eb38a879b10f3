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
from quartier.promises.queries import open_about
from quartier.team.access import of_account, system
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


def test_met_meanwhile_she_does_not_read_that_she_was_not_reached(asked, youssef, running, not_reached):
    """It was said in the evening, and waits until the line answers."""
    not_reached()
    word = Message.objects.get(template="companion_not_reached")
    assert word.state in Message.WAITING
    request = asked("groceries", urgency="day").requests[0]
    offer = matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=youssef)
    actor = of_account(youssef.person.account)
    visit = visits.accept_offer(actor=actor, offer=offer).assignment
    visits.done(actor=actor, assignment=visit)
    jobs.checks()
    assert Alert.objects.get().state == "closed"
    word.refresh_from_db()
    assert word.state == "cancelled"


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


def test_she_is_told_of_a_pause_and_of_its_end(amina, running, pass_time, organisation):
    from quartier.team.access import link

    until = clock.now().astimezone(organisation.zone).date() + timedelta(days=8)
    for _again in range(2):
        actions.pause(actor=of_account(amina), pairing=running, until=until)
    rests = Message.objects.get(template="companion_rests")
    assert rests.person == running.wish.person
    assert "en pause jusqu’au mardi 19 janvier" in rests.body
    pass_time(days=8)
    again = Message.objects.get(template="companion_again")
    assert "Hadija" in again.body
    assert again.person == running.wish.person
    # What she wished herself she need not be told; that it goes on, and when, she is.
    clock.advance(timedelta(minutes=1))
    hers = link(organisation, running.wish.person_id)
    actions.pause(actor=hers, pairing=running)
    actions.resume(actor=hers, pairing=running)
    assert Message.objects.filter(template="companion_rests").count() == 1
    assert Message.objects.filter(template="companion_again").count() == 2


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


def test_she_hears_herself_that_nobody_reached_her_once_somebody_answers_our_line(
    organisation, hadija, running, not_reached
):
    not_reached()
    message = Message.objects.get(template="companion_not_reached")
    assert message.person == running.wish.person
    assert "Hadija" in message.body
    assert "Tout va bien" in message.body
    # Said in the evening: nobody answers at our number before the morning.
    at = local(message.not_before, organisation)
    assert organisation.opens <= at.time() < organisation.closes


def test_last_met_by_a_call_is_said_as_one(hadija, running, organisation):
    clock.advance(timedelta(days=1, hours=9))
    first, *others = running.talks.order_by("at")[:3]
    actions.mark(actor=of_account(hadija.account), talk=first, state="spoken", minutes=9)
    clock.advance(timedelta(days=2))
    for talk in others:
        actions.mark(actor=of_account(hadija.account), talk=talk, state="not_reached")
    words = Message.objects.filter(template="companion_check").first().body
    assert "Dernier appel réussi : Hadija" in words.replace("\xa0", " ")


def test_the_first_word_says_who_calls_and_how_often(hadija, running):
    words = Message.objects.get(template="companion_hour").body
    assert "Hadija, bénévole chez nous, vous appellera chaque jour" in words


def test_the_next_call_is_named_and_our_number_only_where_somebody_answers(running, pass_time, organisation):
    organisation.opens, organisation.closes = (
        clock.now().time().replace(hour=8),
        clock.now().time().replace(hour=12),
    )
    organisation.save()
    pass_time(hours=11)
    message = Message.objects.get(template="companion_uncalled")
    assert "Prochain appel" in message.body
    at = local(message.not_before, organisation)
    assert organisation.opens <= at.time() < organisation.closes
    assert message.not_before > clock.now() - timedelta(hours=4)


# ---- who can only be called ----


@pytest.fixture
def only_called(agreed):
    """She has a landline, and nothing is read aloud here."""
    agreed.wish.person.channel, agreed.wish.person.phone = "call", "+3220000001"
    agreed.wish.person.save()
    return agreed


def test_who_can_only_be_called_is_told_her_hours_by_one_of_the_team(
    hadija, only_called, amina, organisation, tuesday, pass_time
):
    running = scene.begin(hadija, only_called)
    first = open_about("pairing", running.pk)
    assert (first.kind, first.person, first.told_by) == ("call", running.wish.person, "nobody")
    assert first.needs_team
    # Other hours, a pause: it is one call, by its first hour.
    until = clock.now().astimezone(organisation.zone).date() + timedelta(days=8)
    with clock.stopped_at(tuesday + timedelta(minutes=30)):
        actions.pause(actor=of_account(amina), pairing=running, until=until)
    second = open_about("pairing", running.pk)
    assert (second.pk, second.due_at) == (first.pk, first.due_at)
    actions.end(actor=of_account(amina), pairing=running, ending=Ending(Pairing.Why.PERSON))
    assert open_about("pairing", running.pk) is None


def test_her_listener_who_has_spoken_with_her_has_told_her(hadija, only_called, pass_time):
    running = scene.begin(hadija, only_called)
    talk = running.talks.order_by("at").first()
    with clock.stopped_at(talk.at + timedelta(minutes=5)):
        actions.mark(actor=of_account(hadija.account), talk=talk, state="spoken", minutes=9)
    assert open_about("pairing", running.pk) is None


def test_who_can_be_written_to_is_owed_no_call(running):
    assert open_about("pairing", running.pk) is None
