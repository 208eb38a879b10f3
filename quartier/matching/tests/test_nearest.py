"""The search gives exactly those whom a plain look at everybody would give."""

import random
from datetime import timedelta
from math import cos, radians, sqrt

import pytest

from quartier.lib import choices
from quartier.matching import queries
from quartier.people import actions as people
from quartier.people.models import Volunteer

pytestmark = pytest.mark.django_db


def by_looking_at_everybody(request, *, limit, radius_m, budget, today):
    """The same rules, written as plainly as possible."""
    slots = choices.slots_between(request.window_from, request.window_until, request.organisation.zone)
    found = []
    for volunteer in Volunteer.objects.filter(organisation=request.organisation).select_related("person"):
        dy = (volunteer.lat - request.lat) * 111_194.9
        dx = (volunteer.lon - request.lon) * 111_194.9 * cos(radians(request.lat))
        metres = sqrt(dx * dx + dy * dy)
        asked = volunteer.asked_count if volunteer.asked_on == today else 0
        if (
            volunteer.state == "active"
            and volunteer.kinds & choices.kind(request.kind).mask
            and volunteer.languages & request.languages
            and volunteer.slots & slots
            and volunteer.open_count < volunteer.capacity
            and metres <= min(radius_m, volunteer.radius_m)
            and asked < min(volunteer.budget, budget)
            and volunteer.person_id != request.case.person_id
            and not volunteer.offers.filter(request=request).exists()
            and not volunteer.exclusions.filter(person=request.case.person).exists()
        ):
            found.append((metres + 300 * asked, volunteer.pk))
    return [pk for _cost, pk in sorted(found)[:limit]]


@pytest.fixture
def crowd(tuesday, volunteer, asked):
    """A hundred volunteers within twenty kilometres, of every sort."""
    chance = random.Random(7)
    today = tuesday.date()
    for number in range(100):
        made = volunteer(
            f"V{number}",
            at=(50.8275 + chance.gauss(0, 0.05), 4.3722 + chance.gauss(0, 0.08)),
            kinds=chance.sample([each.code for each in choices.KINDS], 4),
            languages=[chance.choice(["fr", "nl", "de"])],
            slots=chance.getrandbits(21) | 1,
            radius_m=chance.choice([1000, 4000, 20_000]),
        )
        Volunteer.objects.filter(pk=made.pk).update(
            state=chance.choice(["active", "active", "active", "paused"]),
            open_count=chance.choice([0, 0, 2]),
            asked_on=chance.choice([None, today, today - timedelta(days=1)]),
            asked_count=chance.choice([0, 1, 2]),
        )
    return Volunteer.objects


@pytest.mark.parametrize("kind", ["groceries", "dog", "transport"])
@pytest.mark.parametrize(("limit", "radius_m", "budget"), [(12, 5000, 2), (3, 30_000, 1), (100, 60_000, 9)])
def test_the_nearest_are_found_exactly(crowd, asked, tuesday, kind, limit, radius_m, budget):
    request = asked(kind, languages=["fr", "nl"]).requests[0]
    expected = by_looking_at_everybody(
        request, limit=limit, radius_m=radius_m, budget=budget, today=tuesday.date()
    )
    found = queries.nearest(request, limit=limit, radius_m=radius_m, budget=budget)
    assert [each.volunteer_id for each in found] == expected
    assert expected


def test_who_is_excluded_or_has_an_offer_is_left_out(tuesday, youssef, nadia, asked, organisation):
    from quartier.matching import actions
    from quartier.team.access import system

    opened = asked("groceries")
    request = opened.requests[0]
    people.exclude(actor=system(organisation), volunteer=youssef, person=opened.case.person)
    assert [each.volunteer_id for each in queries.nearest(request, limit=9, radius_m=9000, budget=2)] == [
        nadia.pk
    ]
    actions.send_wave(request_id=request.pk)
    assert queries.nearest(request, limit=9, radius_m=9000, budget=None) == []


def test_help_by_phone_comes_from_anywhere_those_asked_least_first(tuesday, volunteer, asked):
    far = volunteer("Rik", at=(51.2, 3.2))
    near = volunteer("Ann")
    Volunteer.objects.filter(pk=near.pk).update(asked_total=4)
    found = queries.nearest(asked("talk").requests[0], limit=9, radius_m=5000, budget=2)
    assert [(each.volunteer_id, each.metres) for each in found] == [(far.pk, None), (near.pk, None)]


def test_nobody_helps_themselves_or_another_organisation(tuesday, volunteer, asked, elsewhere):
    volunteer("Wim", org=elsewhere)
    request = asked("groceries").requests[0]
    assert queries.nearest(request, limit=9, radius_m=9000, budget=2) == []


def test_a_search_takes_few_statements(crowd, asked, django_assert_max_num_queries):
    request = asked("groceries").requests[0]
    with django_assert_max_num_queries(len(queries.DISKS)):
        queries.nearest(request, limit=12, radius_m=60_000, budget=2)
