"""The ladder says what was done and nothing else; who is checked gets no words for who asked; the team is told."""

from datetime import timedelta

import pytest

from quartier.cases.models import Request
from quartier.followup import actions, queries
from quartier.followup.jobs import check_ins
from quartier.followup.models import Campaign, CheckIn
from quartier.followup.queries import ladder_histories
from quartier.lib import choices, clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people.models import Person, Volunteer
from quartier.rota import actions as rota
from quartier.team.access import link, of_account
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.either]
State = CheckIn.State


@pytest.fixture
def campaign(tuesday, agreed, thomas):
    agreed(1)
    return actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))


@pytest.fixture
def many(tuesday, agreed, thomas):
    for number in range(1, 6):
        agreed(number)
    return actions.start(actor=of_account(thomas), plan=actions.Plan("heat", asks=1))


def row_of(campaign):
    return campaign.check_ins.select_related("member__person", "organisation", "request").get()


def only(template):
    return Message.objects.get(template=template)


def test_nobody_called_and_nobody_went(campaign, pass_time):
    pass_time(hours=10)
    assert row_of(campaign).state == State.ALERTED
    words = only("check_unreached").body
    assert "Voisine 1" in words
    assert "personne n’a appelé" in words
    assert "personne n’y est allé" in words
    assert str(ladder_histories([row_of(campaign)])[row_of(campaign).pk]) == "no one called, no one went"


def test_who_called_how_many_were_asked_and_who_went(campaign, pass_time, lotte, youssef):
    pass_time(minutes=243)
    lotte = of_account(lotte)
    for _again in range(2):
        actions.claim_check(actor=lotte, check_in=row_of(campaign))
        actions.check_unanswered(actor=lotte, check_in=row_of(campaign))
    request = row_of(campaign).request
    assert "Personne n’a répondu à nos appels." in request.details
    offer = next(iter(matching.send_wave(request_id=request.pk)))
    actor = of_account(youssef.person.account)
    visit = visits.accept_offer(actor=actor, offer=offer).assignment
    visits.could_not(actor=actor, assignment=visit, failure="nobody_home")
    pass_time(minutes=1)
    words = only("check_unreached").body
    assert "2 appels de Lotte" in words
    assert "1 bénévole prié d’y aller" in words
    assert "Youssef y était mardi 12 janvier à" in words
    assert "personne n’y est allé" not in words


def test_a_neighbour_is_told_of_calls_only_where_somebody_called(campaign, pass_time):
    pass_time(minutes=370)
    details = row_of(campaign).request.details
    assert "nos appels" not in details
    assert "Aucun de nous n’a pu appeler" in details
    Message.objects.filter(template="check_heat").update(state="sent")
    row = row_of(campaign)
    row.request = None
    actions.climbing.knock(row, clock.now())
    assert "n’a répondu à nos messages" in row_of(campaign).request.details


def test_who_is_checked_gets_no_words_of_who_asked(campaign, pass_time, thomas):
    pass_time(minutes=370)
    request = row_of(campaign).request
    assert request.unasked
    assert matching.send_wave(request_id=request.pk) == []  # nobody is near
    request.refresh_from_db()
    assert request.state == "human"
    assert not Message.objects.exclude(template__in=["check_heat", "check_to_call"]).exists()


def test_who_needs_help_has_asked_for_it(campaign, pass_time):
    pass_time(minutes=370)
    row = row_of(campaign)
    actions.check_answer(
        actor=link(row.organisation, row.member.person_id), check_in=row, fine=False, by="web"
    )
    assert not Request.objects.get().unasked


@pytest.mark.parametrize("kind", ["lookin", "groceries", "dog"])
def test_anybody_who_goes_to_doors_can_be_asked_to_knock(campaign, pass_time, youssef, kind):
    Volunteer.objects.update(kinds=choices.kind(kind).mask)
    pass_time(minutes=370)
    assert [each.volunteer for each in matching.send_wave(request_id=row_of(campaign).request_id)] == [
        youssef
    ]


def test_who_only_calls_is_not_asked_to_knock(campaign, pass_time, youssef):
    Volunteer.objects.update(kinds=choices.kind("talk").mask)
    pass_time(minutes=370)
    assert matching.send_wave(request_id=row_of(campaign).request_id) == []


def test_many_at_once_are_planned_alike(campaign, pass_time, youssef):
    from quartier.matching.planning.reading import due_requests

    Volunteer.objects.update(kinds=choices.kind("dog").mask)
    pass_time(minutes=370)
    Request.objects.update(state="open", next_at=clock.now(), why_human="")
    due = due_requests(campaign.organisation, clock.now())
    assert due.kinds.tolist() == [choices.DOOR_KINDS]


def test_the_team_hears_that_there_is_somebody_to_call_once_for_all(many, pass_time, thomas):
    pass_time(minutes=125)
    assert many.check_ins.filter(state=State.CALLING).count() == 5
    message = only("check_to_call")
    assert message.person.account == thomas
    assert message.body.count("Voisine ") == 3
    assert "et 2 autres" in message.body
    pass_time(minutes=60)
    assert Message.objects.filter(template="check_to_call").count() == 1


@pytest.mark.parametrize("why", ["away", "can only be called"])
def test_the_heads_hear_it_where_no_coordinator_can(campaign, pass_time, thomas, sara, organisation, why):
    def told():
        return {
            each.person.account
            for each in Message.objects.filter(template__in=["check_to_call", "check_unreached"])
        }

    if why == "away":
        today = clock.now().date()
        rota.add_absence(actor=of_account(thomas), account=thomas, starts_on=today, ends_on=today)
    else:
        Person.objects.filter(account=thomas).update(channel="call")
    pass_time(minutes=245)
    assert sara in told()
    pass_time(hours=6)
    assert Message.objects.filter(template="check_unreached", person__account=sara).count() == 1


def test_a_suspended_coordinator_hears_no_name_and_the_heads_do(campaign, pass_time, thomas, sara, volunteer):
    mate = volunteer("Hugo")
    person = Person.objects.get(account=thomas)
    Volunteer.objects.filter(pk=mate.pk).update(person=person, state=Volunteer.State.SUSPENDED)
    pass_time(minutes=245)
    told = Message.objects.filter(template__in=["check_to_call", "check_unreached"])
    assert {each.person.account for each in told} == {sara}


def test_each_time_it_names_whom_and_counts(many, agreed, pass_time, thomas):
    pass_time(minutes=125)
    first, *others = many.check_ins.select_related("member__person").order_by("pk")
    name = first.member.person.name
    CheckIn.objects.filter(pk=first.pk).update(next_at=clock.now())
    CheckIn.objects.filter(pk__in=[each.pk for each in others]).update(
        next_at=clock.now() + timedelta(hours=3)
    )
    pass_time(minutes=190)
    pass_time(hours=6)
    bodies = list(
        Message.objects.filter(template="check_unreached").order_by("created_at").values_list("pk", flat=True)
    )
    bodies = [Message.objects.get(pk=pk).body for pk in bodies]
    assert len(bodies) == len(set(bodies)) == 2
    assert f"{name} (" in bodies[0]
    assert "et 1 autre" in bodies[1]
    assert f"{name} (" not in bodies[1]


def test_nobody_left_to_ask_it_is_over_and_says_so(campaign, pass_time, thomas):
    pass_time(minutes=1)
    row = row_of(campaign)
    actions.check_answer(
        actor=link(row.organisation, row.member.person_id), check_in=row, fine=True, by="text"
    )
    pass_time(minutes=1)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.next_at) == (Campaign.State.ENDED, None)
    message = only("campaign_over")
    assert message.person.account == thomas
    assert "1 va bien" in message.body
    assert not check_ins()


def test_it_does_not_wake_while_everybody_was_written_to(campaign, pass_time, django_assert_num_queries):
    pass_time(minutes=2)
    campaign.refresh_from_db()
    assert campaign.next_at == row_of(campaign).next_at
    pass_time(minutes=250)
    campaign.refresh_from_db()
    assert campaign.next_at is None
    assert row_of(campaign).state == State.CALLING
    assert campaign.state == Campaign.State.RUNNING


def test_before_it_begins_it_says_who_could_knock_and_who_calls(tuesday, agreed, thomas, lotte, youssef):
    agreed(1)
    agreed(2, place=False)
    found = actions.estimate(youssef.organisation, actions.Plan("heat"))
    assert (found.knockers, found.alone, found.callers) == (1, 1, ("Lotte", "Thomas"))
    Volunteer.objects.update(kinds=choices.kind("talk").mask)
    found = actions.estimate(youssef.organisation, actions.Plan("heat"))
    assert (found.knockers, found.alone) == (0, 2)
    youssef.person.account.roles.create(organisation=youssef.organisation, name="operator")
    assert "Youssef" in actions.estimate(youssef.organisation, actions.Plan("heat")).callers
    Volunteer.objects.filter(pk=youssef.pk).update(state="suspended")
    assert actions.estimate(youssef.organisation, actions.Plan("heat")).callers == ("Lotte", "Thomas")
    Volunteer.objects.filter(pk=youssef.pk).update(state="active")
    # Nor whoever could not speak with them, or does not go so far.
    french, german = (choices.mask(choices.LANGUAGES, [code]) for code in ("fr", "de"))
    for languages, radius_m, count in ((french, 5000, 1), (german, 5000, 0), (french, 1000, 0)):
        Volunteer.objects.update(kinds=choices.DOOR_KINDS, lat=50.85, languages=languages, radius_m=radius_m)
        found = actions.estimate(youssef.organisation, actions.Plan("heat"))
        assert (found.knockers, found.alone) == (count, 2 - count)


def test_what_was_done_takes_few_queries(many, pass_time, django_assert_max_num_queries):
    pass_time(hours=9)
    rows = list(many.check_ins.all())
    with django_assert_max_num_queries(4):
        assert len(ladder_histories(rows)) == 5
    assert Offer.objects.count() == 0
    assert queries.progress(many).unreached


def test_how_it_stands_names_whom_nobody_has_called_nor_seen(campaign, pass_time, thomas):
    pass_time(hours=24)
    message = only("campaign_over")
    assert "1 sans réponse, sans appel ni visite (Voisine 1)" in message.body
    assert "contacté" not in message.body


def test_it_is_not_over_while_a_neighbour_may_still_ring(campaign, pass_time):
    pass_time(minutes=370)
    request = row_of(campaign).request
    Request.objects.filter(pk=request.pk).update(window_until=clock.now() + timedelta(hours=4))
    pass_time(hours=3, minutes=30)
    campaign.refresh_from_db()
    assert (row_of(campaign).state, campaign.state) == (State.ALERTED, Campaign.State.RUNNING)
    assert not Message.objects.filter(template__in=["campaign_over", "check_missed"]).exists()
    pass_time(minutes=45)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.ENDED
    assert only("campaign_over")


def test_asked_again_they_hear_what_comes_without_an_answer(campaign, pass_time):
    pass_time(minutes=125)
    first, second = Message.objects.filter(template="check_heat").order_by("created_at")
    assert "pas de vos nouvelles" not in first.body
    assert "Nous n’avons pas de vos nouvelles" in second.body.replace("'", "’")
    assert "112" in second.body


def test_whoever_was_promised_a_call_or_a_visit_and_got_neither_hears_that(campaign, pass_time):
    pass_time(minutes=5)
    # Whoever got no question is not told that we asked.
    Message.objects.filter(template__startswith="check_").update(state=Message.State.SENT)
    pass_time(hours=24)
    row = row_of(campaign)
    message = only("check_missed")
    assert message.person == row.member.person
    assert "sonné chez vous" in message.body
    assert "Pardon" in message.body


def test_whoever_was_called_is_not_told_that_nobody_called(campaign, pass_time, lotte):
    pass_time(minutes=243)
    actions.claim_check(actor=of_account(lotte), check_in=row_of(campaign))
    actions.check_unanswered(actor=of_account(lotte), check_in=row_of(campaign))
    pass_time(hours=24)
    assert only("campaign_over")
    assert not Message.objects.filter(template="check_missed").exists()
    assert "sans nouvelles de 1" in only("campaign_over").body
