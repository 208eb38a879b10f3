"""Whoever was asked often and has not answered for a month is asked once, kindly, whether they want a break."""

from datetime import timedelta

import pytest

from quartier.appeals import actions, jobs
from quartier.appeals.models import Appeal, Invitation
from quartier.appeals.rules import QUIET_HABIT_M, QUIET_OFFERS
from quartier.lib import clock
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.team.access import link

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def silent(tuesday, youssef, asked):
    """Youssef, asked five times in the last weeks, each time for some hours, without an answer."""
    Volunteer.objects.update(created_at=tuesday - timedelta(days=60))
    for number in range(QUIET_OFFERS):
        request = asked("groceries").requests[0]
        at = tuesday - timedelta(days=4 * number + 1)
        Offer.objects.create(
            organisation=youssef.organisation,
            request=request,
            volunteer=youssef,
            state="expired",
            token_hash=f"quiet{number}",
            wave=1,
            created_at=at,
            expires_at=at + timedelta(hours=4),
        )
    Message.objects.all().delete()
    return youssef


def run():
    jobs.quiet()
    while jobs.waves():
        pass


def letters():
    return list(Message.objects.filter(template="appeal_quiet"))


def said(volunteer, word):
    invitation = Invitation.objects.get()
    actor = link(volunteer.organisation, volunteer.person_id)
    actions.answer(actor=actor, invitation=invitation, said=word)
    volunteer.refresh_from_db()


def test_asked_once_and_from_then_on_after_others(silent, django_assert_max_num_queries):
    run()
    (letter,) = letters()
    assert letter.person == silent.person
    assert "Ce n’est pas grave" in letter.body
    silent.refresh_from_db()
    assert (silent.state, silent.habit_m) == ("active", QUIET_HABIT_M)
    for _week in range(10):
        clock.advance(timedelta(days=7))
        Offer.objects.update(created_at=clock.now() - timedelta(days=2))
        run()
    assert len(letters()) == 1
    with django_assert_max_num_queries(6):
        jobs.quiet()


@pytest.mark.parametrize("answered", ["offer", "new", "few", "withdrawn", "paused"])
def test_not_whoever_answers_is_new_was_asked_little_or_had_no_time(silent, answered):
    offers = Offer.objects.filter(volunteer=silent)
    match answered:
        case "offer":
            Offer.objects.filter(pk=offers.first().pk).update(
                state="declined", answered_at=clock.now() - timedelta(days=3)
            )
        case "new":
            Volunteer.objects.update(created_at=clock.now() - timedelta(days=20))
        case "few":
            Offer.objects.filter(pk=offers.first().pk).update(created_at=clock.now() - timedelta(days=40))
        case "withdrawn":
            # Somebody else said yes within minutes.
            for each in offers:
                each.state, each.withdrawn_at = "withdrawn", each.created_at + timedelta(minutes=10)
                each.save()
        case "paused":
            Volunteer.objects.update(state="paused")
    run()
    assert letters() == []


def test_one_press_is_enough_to_stay_rest_or_stop(silent, client):
    run()
    address = f"/fr/volunteer/asked/{actions.token_of(Invitation.objects.get())}/"
    page = client.get(address).content.decode()
    assert all(f'value="{each}"' in page for each in ("yes", "later", "no"))
    assert "Un mois de pause" in page
    client.post(address, {"do": "later"})
    silent.refresh_from_db()
    today = clock.now().astimezone(silent.organisation.zone).date()
    assert (silent.state, silent.paused_until) == ("paused", today + timedelta(days=30))
    assert "Bonne pause" in client.get(address).content.decode()
    client.post(address, {"do": "no"})
    silent.refresh_from_db()
    assert (silent.state, silent.paused_until) == ("paused", None)
    client.post(address, {"do": "yes"})
    silent.refresh_from_db()
    assert (silent.state, silent.paused_until) == ("active", None)
    jobs.quiet()
    silent.refresh_from_db()
    assert silent.habit_m == 0


def test_a_yes_to_an_offer_says_enough(silent):
    run()
    clock.advance(timedelta(days=1))
    jobs.quiet()
    silent.refresh_from_db()
    assert silent.habit_m == QUIET_HABIT_M
    Offer.objects.filter(pk=Offer.objects.first().pk).update(answered_at=clock.now())
    jobs.quiet()
    silent.refresh_from_db()
    assert silent.habit_m == 0


def test_nobody_of_the_team_writes_such_a_one(thomas, client, silent):
    client.force_login(thomas)
    run()
    page = client.get("/en/console/appeals/new/").content.decode()
    assert "purpose=quiet" not in page
    assert client.get(f"/en/console/appeals/{Appeal.objects.get().pk}/").status_code == 200
    with pytest.raises(actions.NotSo):
        actions.make(actor=_coordinator(thomas), asked=actions.Asked("quiet", 1))


def _coordinator(account):
    from quartier.team.access import of_account

    return of_account(account)


def test_whoever_nothing_reached_was_not_silent(silent, messages_of):
    """Their number was wrong: nothing that we asked has come."""
    messages_of(silent, "failed")
    run()
    assert letters() == []
    Message.objects.update(state="delivered")
    run()
    assert len(letters()) == 1


@pytest.fixture
def messages_of(tuesday):
    """Gives each of the offers of somebody a message in this state."""

    def give(volunteer, state):
        for offer in Offer.objects.filter(volunteer=volunteer):
            offer.message = Message.objects.create(
                organisation=volunteer.organisation,
                person=volunteer.person,
                template="offer",
                key=f"offer:{offer.pk}",
                channel="text",
                to="+32400000000",
                body="?",
                state=state,
                created_at=offer.created_at,
                not_before=offer.created_at,
            )
            offer.save(update_fields=["message"])

    return give
