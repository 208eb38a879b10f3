"""The ladder of a check-in: its rules, and that it never goes down, whatever happens in whatever order."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quartier.cases.models import Request
from quartier.followup import actions, rules
from quartier.followup.models import CheckIn
from quartier.followup.rules import Step, Ways, next_step
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.access import link, of_account
from quartier.visits import actions as visits

State = CheckIn.State
ORDER = [Step.ASK, Step.CALL, Step.KNOCK, Step.ALERT]
BECOMES = {Step.CALL: State.CALLING, Step.KNOCK: State.KNOCKING}


@given(st.booleans(), st.booleans(), st.booleans(), st.integers(1, 5))
def test_everybody_ends_with_the_coordinators_and_no_rung_comes_twice(write, call, knock, asks):
    state, asked, taken = State.WAITING, 0, []
    while state in CheckIn.CLIMBING:
        step = next_step(state, asked, asks, Ways(write, call, knock))
        taken.append(step)
        if step == Step.ASK:
            state, asked = State.ASKED, asked + 1
        else:
            state = BECOMES.get(step, State.ALERTED)
    assert taken[-1] == Step.ALERT
    assert taken.count(Step.ASK) == (asks if write else 0)
    assert taken.count(Step.CALL) == call
    assert taken.count(Step.KNOCK) == knock
    assert taken == sorted(taken, key=ORDER.index)
    with pytest.raises(ValueError, match="alerted"):
        next_step(State.ALERTED, asked, asks, Ways(write, call, knock))


def test_who_needs_help_is_well_again_only_by_one_of_the_team():
    assert not rules.may_become(State.NEEDS_HELP, True)
    assert rules.may_become(State.NEEDS_HELP, True, of_team=True)
    for state in State.values:
        assert rules.may_become(state, False) == (state != State.NEEDS_HELP)


@pytest.fixture
def campaign(tuesday, agreed, thomas):
    agreed(1)
    return actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))


def row_of(campaign):
    return campaign.check_ins.select_related("member__person", "organisation").get()


@pytest.mark.either
@pytest.mark.django_db
def test_nobody_answers(campaign, pass_time, thomas, youssef, lotte):
    """Asked, asked again, called twice, a neighbour knocks, nobody opens: the coordinator knows."""
    pass_time(minutes=1)
    assert (row_of(campaign).state, row_of(campaign).asked) == (State.ASKED, 1)
    pass_time(minutes=121)
    assert row_of(campaign).asked == 2
    pass_time(minutes=121)
    assert row_of(campaign).state == State.CALLING
    assert Message.objects.filter(template="check_heat").count() == 2
    lotte = of_account(lotte)
    for _again in range(rules.CALLS):
        actions.claim_check(actor=lotte, check_in=row_of(campaign))
        actions.check_unanswered(actor=lotte, check_in=row_of(campaign))
        actions.check_unanswered(actor=lotte, check_in=row_of(campaign))
    row = row_of(campaign)
    assert row.state == State.KNOCKING
    request = row.request
    assert (request.kind, request.urgency, request.state) == ("other", "now", "open")
    assert not Message.objects.filter(template="received").exists()
    offer = next(iter(matching.send_wave(request_id=request.pk)))
    actor = of_account(youssef.person.account)
    visit = visits.accept_offer(actor=actor, offer=offer).assignment
    visits.could_not(actor=actor, assignment=visit, failure="nobody_home")
    pass_time(minutes=1)
    assert row_of(campaign).state == State.ALERTED
    assert Message.objects.get(template="check_unreached").person.account == thomas


@pytest.mark.either
@pytest.mark.django_db
def test_a_neighbour_was_there(campaign, pass_time, youssef):
    pass_time(minutes=370)
    row = row_of(campaign)
    assert row.state == State.KNOCKING
    offer = next(iter(matching.send_wave(request_id=row.request_id)))
    actor = of_account(youssef.person.account)
    visit = visits.accept_offer(actor=actor, offer=offer).assignment
    visits.done(actor=actor, assignment=visit)
    pass_time(minutes=1)
    assert row_of(campaign).state == State.KNOCKED


@pytest.mark.either
@pytest.mark.django_db
def test_who_answers_late_is_not_knocked_for(campaign, pass_time):
    pass_time(minutes=370)
    row = row_of(campaign)
    actor = link(row.organisation, row.member.person_id)
    actions.check_answer(actor=actor, check_in=row, fine=True, by="text")
    assert row_of(campaign).state == State.FINE
    assert Request.objects.get().closure == "withdrawn"


@pytest.mark.either
@pytest.mark.django_db
def test_nobody_is_asked_at_night(agreed, thomas, pass_time, tuesday):
    clock.advance(timedelta(hours=11, minutes=30))
    agreed(1)
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    pass_time(hours=8)
    assert row_of(campaign).state == State.WAITING
    pass_time(hours=3)
    assert row_of(campaign).state == State.ASKED


@pytest.mark.either
@pytest.mark.django_db
def test_in_the_night_nobody_has_time_to_call_or_to_go(agreed, thomas, pass_time, tuesday, organisation):
    """To be called from ten to ten in the evening on: the two hours for it end in the morning, and so do those of a
    neighbour who is asked to knock late in the evening."""
    clock.advance(timedelta(hours=6, minutes=50))
    agreed(1)
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    pass_time(hours=4)
    assert row_of(campaign).state == State.CALLING
    told = Message.objects.get(template="check_to_call")
    assert "9 h 50" in told.body.replace("\xa0", " ")
    pass_time(hours=11, minutes=50)
    assert row_of(campaign).state == State.CALLING
    pass_time(minutes=15)
    assert row_of(campaign).state == State.KNOCKING
    clock.set_time(clock.now().replace(hour=20, minute=30))
    actions.climbing.knock(row_of(campaign), clock.now())
    ends = row_of(campaign).next_at.astimezone(organisation.zone)
    assert (ends.day, ends.hour, ends.minute) == (14, 10, 30)


@pytest.mark.either
@pytest.mark.django_db
@pytest.mark.parametrize("what", ["died", "left", "ended", "paused"])
def test_when_nobody_is_asked_any_more(campaign, pass_time, thomas, what):
    row, actor = row_of(campaign), of_account(thomas)
    match what:
        case "died":
            Person.objects.update(died_at=clock.now())
        case "left":
            actions.leave(actor=actor, member=row.member)
        case "ended":
            actions.end(actor=actor, campaign=campaign)
        case "paused":
            actions.pause(actor=actor, campaign=campaign)
    pass_time(minutes=30)
    assert not Message.objects.filter(template="check_heat").exists()
    assert row_of(campaign).state == (State.WAITING if what == "paused" else State.ENDED)
    if what == "paused":
        actions.resume(actor=actor, campaign=campaign)
        pass_time(minutes=1)
        assert row_of(campaign).state == State.ASKED


@pytest.mark.either
@pytest.mark.django_db
def test_at_whose_door_nobody_rang_is_not_reached_after_the_end_either(campaign, pass_time, thomas):
    from quartier.followup.queries import checks_to_call

    pass_time(minutes=370)
    assert row_of(campaign).state == State.KNOCKING
    actor = of_account(thomas)
    actions.end(actor=actor, campaign=campaign)
    # Nobody said yes to knocking; and again, where the team sends a neighbour once more.
    for _again in range(2):
        pass_time(hours=24)
        row = row_of(campaign)
        assert row.state == State.ALERTED
        assert [each.pk for each in checks_to_call(row.organisation, clock.now())] == [row.pk]
        actions.send_neighbour(actor=actor, check_in=row)
        assert row_of(campaign).state == State.KNOCKING


@pytest.mark.either
@pytest.mark.django_db
def test_who_needs_help_comes_first_also_after_the_end(campaign, pass_time, thomas):
    from quartier.followup.queries import checks_to_call

    pass_time(minutes=1)
    actions.end(actor=of_account(thomas), campaign=campaign)
    row = row_of(campaign)
    actor = link(row.organisation, row.member.person_id)
    for _again in range(2):
        actions.check_answer(actor=actor, check_in=row, fine=False, by="web", words="J’ai des vertiges")
    row = row_of(campaign)
    assert (row.state, row.request.state, Request.objects.count()) == (State.NEEDS_HELP, "human", 1)
    assert Message.objects.filter(template="check_help").count() == 1
    assert [each.pk for each in checks_to_call(row.organisation, clock.now())] == [row.pk]
    assert actions.check_answer(actor=actor, check_in=row, fine=True, by="web").state == State.NEEDS_HELP
    team = of_account(thomas)
    assert actions.check_answer(actor=team, check_in=row, fine=True, by="call").state == State.FINE


DOINGS = st.lists(
    st.sampled_from(["hour", "fine", "help", "call", "nobody", "knock", "pause", "resume", "end", "seen"]),
    max_size=14,
)


@pytest.mark.either
@pytest.mark.django_db(transaction=False)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(doings=DOINGS)
def test_whatever_happens_it_stays_in_order(doings, organisation, agreed, thomas, pass_time, tuesday):
    """At most one request for each person, no step back down, nobody who needs help forgotten."""
    from django.db import transaction

    with transaction.atomic():
        clock.set_time(tuesday)
        agreed(1)
        actor = of_account(thomas)
        campaign = actions.start(actor=actor, plan=actions.Plan("heat"))
        height = {State.WAITING: 0, State.ASKED: 1, State.CALLING: 2, State.KNOCKING: 3, State.ALERTED: 4}
        before = row_of(campaign)
        for doing in doings:
            row = row_of(campaign)
            holder = link(organisation, row.member.person_id)
            match doing:
                case "hour":
                    pass_time(hours=1)
                case "fine" | "help":
                    actions.check_answer(actor=holder, check_in=row, fine=doing == "fine", by="web")
                case "call" if row.state in {State.CALLING, State.ALERTED, State.NEEDS_HELP}:
                    actions.claim_check(actor=actor, check_in=row)
                case "nobody":
                    actions.check_unanswered(actor=actor, check_in=row)
                case "knock":
                    actions.send_neighbour(actor=actor, check_in=row)
                case "pause" | "resume" | "end":
                    getattr(actions, doing)(actor=actor, campaign=campaign)
                case "seen":
                    actions.see_knocks(clock.now())
            after = row_of(campaign)
            if before.state in height and after.state in height and doing != "knock":
                assert height[after.state] >= height[before.state]
            if before.state == State.NEEDS_HELP:
                assert after.state == State.NEEDS_HELP
            assert Request.objects.exclude(state="closed").count() <= 1
            assert after.asked <= campaign.asks
            before = after
        transaction.set_rollback(True)
