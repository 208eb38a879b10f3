"""A neighbour at the door: counted whenever they were there, waited for while they are on the way, and announced with
the true reason; whoever is reached by nobody is not forgotten."""

from datetime import time, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from quartier.cases import actions as cases
from quartier.cases.rules import Wanted, useful_until, window_after_night
from quartier.followup import actions
from quartier.followup.models import Campaign, CheckIn
from quartier.followup.rules import ESCALATE_AFTER, ESCALATE_AGAIN
from quartier.intake import actions as intake
from quartier.lib import choices, clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.either]
State = CheckIn.State


@pytest.fixture
def campaign(tuesday, agreed, thomas):
    agreed(1)
    return actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))


@pytest.fixture
def goes(campaign, pass_time, youssef):
    """Nobody has answered and nobody of the team has called: Youssef says yes to ring at the door."""
    pass_time(minutes=370)
    (offer,) = matching.send_wave(request_id=row_of(campaign).request_id)
    return visits.accept_offer(actor=actor(youssef), offer=offer).assignment


def actor(volunteer):
    return of_account(volunteer.person.account)


def row_of(campaign):
    return campaign.check_ins.select_related("member__person", "organisation", "request").get()


def only(template):
    return Message.objects.get(template=template)


def test_nobody_is_called_unreached_while_a_neighbour_is_on_the_way(campaign, goes, pass_time, youssef):
    start = clock.now() + timedelta(hours=2, minutes=30)
    visits.set_time(actor=actor(youssef), assignment=goes, start=start, end=start + timedelta(hours=1))
    pass_time(hours=3, minutes=10)
    campaign.refresh_from_db()
    assert (row_of(campaign).state, campaign.state) == (State.KNOCKING, Campaign.State.RUNNING)
    assert not Message.objects.filter(template__in=["check_unreached", "campaign_over"]).exists()
    visits.done(actor=actor(youssef), assignment=goes)
    pass_time(minutes=1)
    assert row_of(campaign).state == State.KNOCKED
    assert "1 va bien" in only("campaign_over").body


def test_whoever_was_at_the_door_after_the_end_of_the_ladder_was_there(campaign, goes, pass_time, youssef):
    CheckIn.objects.update(state=State.ALERTED, next_at=None)
    visits.done(actor=actor(youssef), assignment=goes)
    actions.see_knocks(clock.now())
    assert row_of(campaign).state == State.KNOCKED


def test_nobody_rings_in_the_quiet_hours_at_a_door_that_asked_for_nothing(campaign, pass_time):
    # In Brussels it is 19:30.
    clock.set_time(clock.now().replace(hour=18, minute=30))
    row = row_of(campaign)
    row.organisation.quiet_from = time(22)
    row.organisation.save(update_fields=["quiet_from"])
    clock.advance(timedelta(hours=1))
    request = actions.climbing.open_request(row)
    local = request.window_until.astimezone(row.organisation.zone)
    assert (local.hour, local.minute) == (22, 0)
    # Looked for again from the start, as a rung of the ladder does, it keeps that.
    clock.advance(timedelta(minutes=40))
    cases.look_again(actor=system(row.organisation), request=request, from_start=True)
    request.refresh_from_db()
    assert request.window_until.astimezone(row.organisation.zone).hour == 22
    # Too near to the night, somebody goes in the morning.
    clock.advance(timedelta(minutes=30))
    late = actions.climbing.open_request(row_of(campaign)).window_from.astimezone(row.organisation.zone)
    assert (late.day, late.hour) == (local.day + 1, row.organisation.quiet_until.hour)
    # In the morning neighbours are asked anew.
    wakes = request.window_until + timedelta(hours=10)
    assert window_after_night(request, wakes) == (wakes, useful_until(wakes, "now", row.organisation))


def test_who_waits_for_help_too_is_told_who_rings(campaign, pass_time, youssef):
    pass_time(minutes=370)
    row = row_of(campaign)
    actor_, case = system(row.organisation), row.request.case
    contact = intake.record_contact(actor=actor_, person=case.person, channel="phone")
    wanted = Wanted("groceries", choices.mask(choices.LANGUAGES, ["fr"]))
    cases.add_requests(actor=actor_, case=case, contact=contact, wanted=[wanted])
    (offer,) = matching.send_wave(request_id=row.request_id)
    assert visits.accept_offer(actor=actor(youssef), offer=offer).assignment is not None


def test_a_knock_is_announced_with_its_reason(campaign, goes, youssef):
    offered = only("offer")
    assert "quelqu’un ne nous répond pas" in offered.body or "n’avons pas de réponse" in offered.body
    comes = only("someone_comes")
    assert "pas eu de réponse" in comes.body
    assert not Message.objects.filter(body__contains="coup de main").exists()
    assert "voir si tout va bien" in only("accepted").body.lower()
    # Afterwards they hear who it was, and how to reach us.
    visits.done(actor=actor(youssef), assignment=goes)
    was_there = only("helped")
    assert was_there.person == row_of(campaign).member.person
    assert "Youssef a sonné à votre porte" in was_there.body


def test_without_power_a_mail_is_not_enough(tuesday, agreed, thomas, pass_time):
    agreed(1, occasions=("blackout",))
    agreed(2, occasions=("blackout",))
    Person.objects.filter(pk=_person(1)).update(channel="email")
    person = Person.objects.get(pk=_person(1))
    person.email = "voisine@example.org"
    person.save()
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("blackout"))
    pass_time(minutes=3)
    states = {
        each.member.person.name: each.state for each in campaign.check_ins.select_related("member__person")
    }
    assert states == {"Voisine 1": State.CALLING, "Voisine 2": State.ASKED}
    # The mail goes out all the same, and one of us is asked to call at once.
    assert Message.objects.filter(template="check_blackout").count() == 2
    assert "Voisine 1" in only("check_to_call").body


def _person(number):
    from quartier.followup.models import Member

    return next(
        each.person_id
        for each in Member.objects.select_related("person")
        if each.person.name.endswith(f" {number}")
    )


def test_the_heads_hear_of_those_too_who_were_unreached_before_they_heard_anything(campaign, pass_time, sara):
    pass_time(hours=10)
    CheckIn.objects.update(escalate_at=None)
    clock.set_time((clock.now() + timedelta(days=3)).replace(hour=10))
    import_module("quartier.followup.migrations.0005_heads_for_alerts_of_before").escalate(apps, None)
    assert actions.escalate_unreached(clock.now())
    assert Message.objects.filter(template="check_unreached", person__account=sara).exists()


def test_unreached_for_a_day_the_heads_hear_it_and_then_once_a_week(campaign, pass_time, thomas, sara):
    pass_time(hours=10)
    assert row_of(campaign).state == State.ALERTED
    assert [each.person.account for each in Message.objects.filter(template="check_unreached")] == [thomas]
    at = row_of(campaign).escalate_at
    assert at <= clock.now() + ESCALATE_AFTER
    clock.set_time(at - timedelta(minutes=1))
    assert not actions.escalate_unreached(clock.now())
    # By day only.
    clock.set_time(at.replace(hour=3) + timedelta(days=1))
    assert not actions.escalate_unreached(clock.now())
    clock.set_time(clock.now().replace(hour=9))
    assert actions.escalate_unreached(clock.now())
    assert not actions.escalate_unreached(clock.now())
    told = list(Message.objects.filter(template="check_unreached").select_related("person__account"))
    assert {each.person.account for each in told} == {thomas, sara}
    assert len(told) == 3
    last = max(told, key=lambda each: each.created_at)
    assert "plus d’un jour" in last.body
    assert "personne n’a appelé" in last.body
    clock.set_time(clock.now() + ESCALATE_AGAIN - timedelta(hours=1))
    assert not actions.escalate_unreached(clock.now())
    clock.set_time(clock.now() + timedelta(hours=2))
    assert actions.escalate_unreached(clock.now())


@pytest.mark.parametrize("over", [False, True])
def test_a_knock_that_was_not_made_after_all_is_waited_for_again(campaign, goes, pass_time, youssef, over):
    visits.done(actor=actor(youssef), assignment=goes)
    actions.see_knocks(clock.now())
    assert row_of(campaign).state == State.KNOCKED
    if over:
        pass_time(minutes=1)
    actions.undo_done(actor=actor(youssef), assignment=goes)
    assert row_of(campaign).state == (State.ALERTED if over else State.KNOCKING)
    assert row_of(campaign).answered_at is None
    # Nobody is there in the end: they are not taken to be well.
    visits.could_not(actor=actor(youssef), assignment=goes, failure="nobody_home")
    pass_time(minutes=1)
    assert row_of(campaign).state == State.ALERTED
