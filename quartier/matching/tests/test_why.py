"""What is said of one person is what the search decides: each reason once, and the two held against each other."""

from datetime import timedelta

import pytest

from quartier.lib import choices
from quartier.matching import actions, queries
from quartier.matching.planning.why import WhyNot, near_and_not_asked, sought_by, why_not
from quartier.matching.tests.test_nearest import crowd  # noqa: F401
from quartier.people import actions as people
from quartier.people.models import Exclusion, Volunteer
from quartier.team.access import system

pytestmark = pytest.mark.django_db
NEAR = (50.83, 4.375)


def only_reason(request, *, radius_m=20_000):
    (found,) = near_and_not_asked(sought_by(request, radius_m=radius_m), 8)
    return found.why


@pytest.fixture
def request_(asked, tuesday):
    return asked("groceries", languages=["fr"]).requests[0]


@pytest.mark.parametrize(
    ("joined", "changed", "why"),
    [
        ({"kinds": ["dog"]}, {}, WhyNot.KIND),
        ({"languages": ["nl"]}, {}, WhyNot.LANGUAGE),
        ({"slots": 1}, {}, WhyNot.TIME),
        ({"at": (50.8475, 4.3722), "radius_m": 1000}, {}, WhyNot.REACH),
        ({"capacity": 2}, {"open_count": 2}, WhyNot.FULL),
        ({}, {"state": "paused"}, WhyNot.PAUSED),
        ({}, {"state": "suspended"}, WhyNot.SUSPENDED),
    ],
)
def test_each_reason(request_, volunteer, joined, changed, why):
    made = volunteer("Nadia", **{"at": NEAR, **joined})
    Volunteer.objects.filter(pk=made.pk).update(**changed)
    assert only_reason(request_) == why
    assert not queries.nearest(request_, limit=5, radius_m=20_000, budget=2)


def test_todays_offers_are_a_reason_and_yesterdays_are_not(request_, youssef, tuesday):
    today = tuesday.date()
    Volunteer.objects.update(asked_on=today, asked_count=2)
    assert only_reason(request_) == WhyNot.BUDGET
    # Whoever agreed to one a day has had them all after one.
    Volunteer.objects.update(asked_count=1, budget=1)
    assert only_reason(request_) == WhyNot.BUDGET
    Volunteer.objects.update(asked_on=today - timedelta(days=1))
    assert near_and_not_asked(sought_by(request_, radius_m=20_000), 8) == []


def test_who_lives_beyond_the_search_and_who_is_not_vetted(request_, volunteer):
    made = volunteer("Karim", at=(50.8475, 4.3722))
    assert only_reason(request_, radius_m=1000) == WhyNot.FAR
    request_.level = made.level + 1
    assert only_reason(request_, radius_m=1000) == WhyNot.LEVEL


def test_who_asked_is_not_asked_and_two_are_kept_apart(request_, organisation, thomas, volunteer):
    marie = people.join(
        organisation=organisation,
        who=people.Who("Marie Peeters", phone="+3220001427", email="marie@example.org", language="fr"),
        ready=people.Readiness(
            kinds=255, languages=1, slots=choices.ALL_SLOTS, travel="car", radius_m=3000, capacity=1, budget=2,
            cell=request_.cell,
        ),
    )[0]  # fmt: skip
    Volunteer.objects.filter(pk=marie.pk).update(person=request_.case.person)
    assert only_reason(request_) == WhyNot.CONCERNED
    Volunteer.objects.filter(pk=marie.pk).update(state="left")
    karim = volunteer("Karim", at=NEAR)
    Exclusion.objects.create(
        organisation=organisation,
        volunteer=karim,
        person=request_.case.person,
        created_at=request_.created_at,
    )
    assert only_reason(request_) == WhyNot.APART


def test_what_lasts_is_said_first(request_, volunteer):
    made = volunteer("Nadia", kinds=["dog"], languages=["nl"], slots=1)
    assert only_reason(request_) == WhyNot.KIND
    Volunteer.objects.filter(pk=made.pk).update(state="paused", paused_until=None)
    assert only_reason(request_) == WhyNot.PAUSED


def test_who_was_asked_already_or_has_left_is_in_no_list(request_, youssef, volunteer):
    gone = volunteer("Simon")
    Volunteer.objects.filter(pk=gone.pk).update(state="left")
    actions.offer_by_hand(actor=system(request_.organisation), request=request_, volunteer=youssef)
    Volunteer.objects.filter(pk=youssef.pk).update(state="paused")
    assert near_and_not_asked(sought_by(request_, radius_m=20_000), 8) == []


def test_nobody_is_near_by_telephone(asked, tuesday, volunteer):
    call = asked("talk").requests[0]
    volunteer("Nadia", kinds=["dog"])
    assert near_and_not_asked(sought_by(call, radius_m=20_000), 8) == []


@pytest.mark.parametrize("kind", ["groceries", "dog", "transport", "talk"])
def test_nobody_has_a_reason_whom_the_search_finds_and_everybody_else_has_one(crowd, asked, kind):  # noqa: F811
    request = asked(kind, languages=["fr", "nl"]).requests[0]
    sought = sought_by(request, radius_m=10_000)
    eligible = queries.nearest(request, limit=200, radius_m=10_000, budget=sought.budget)
    without = {
        each.pk
        for each in Volunteer.objects.select_related("person")
        if not why_not(sought, each, apart=False)
    }
    assert {each.volunteer_id for each in eligible} == without
    assert 0 < len(without) < 100


def test_those_near_are_the_nearest_of_all_who_cannot(crowd, asked):  # noqa: F811
    request = asked("groceries", languages=["fr"]).requests[0]
    sought = sought_by(request, radius_m=20_000)
    found = near_and_not_asked(sought, 8)
    assert len(found) == 8
    metres = [each.metres for each in found]
    assert metres == sorted(metres)
    assert all(each.why == why_not(sought, each.volunteer, apart=False) for each in found)
