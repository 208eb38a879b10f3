"""The search gives exactly those whom a plain look at everybody would give."""

import random
from datetime import timedelta
from math import cos, radians, sqrt

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from quartier.lib import cells, choices
from quartier.matching import queries
from quartier.people import actions as people
from quartier.people.models import Person, Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.either]


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
            and volunteer.level >= request.level
            and (budget is None or asked < min(volunteer.budget, budget))
            and volunteer.person_id != request.case.person_id
            and not volunteer.offers.filter(request=request).exists()
            and not volunteer.exclusions.filter(person=request.case.person).exists()
        ):
            found.append((metres + 300 * asked + volunteer.habit_m, volunteer.pk))
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
            kinds=chance.sample([each.code for each in choices.KINDS], 7),
            languages=[chance.choice(["fr", "nl", "de"])],
            slots=chance.getrandbits(21) | 1,
            radius_m=chance.choice([1000, 4000, 20_000]),
        )
        Volunteer.objects.filter(pk=made.pk).update(
            state=chance.choice(["active", "active", "active", "paused"]),
            open_count=chance.choice([0, 0, 2]),
            asked_on=chance.choice([None, today, today - timedelta(days=1)]),
            asked_count=chance.choice([0, 1, 2]),
            habit_m=chance.choice([0, 0, 700, 9000]),
            level=chance.choice([0, 1]),
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
    with django_assert_max_num_queries(6):
        queries.nearest(request, limit=12, radius_m=60_000, budget=2)


# Where a search begins: in a town, at both poles, on both sides of the date line, where the equator meets Greenwich.
PLACES = [(50.8275, 4.3722), (89.99, 10.0), (-89.9, -170.0), (51.0, 179.99), (-17.0, -179.995), (0.0, 0.0)]
NEIGHBOUR = st.fixed_dictionaries(
    {
        # In the same building, around the corner, in the next town; or right at the edge of what is looked at.
        "north": st.sampled_from([0.0, 0.0, 0.002, 0.0045, -0.0045, 0.01, -0.03, 0.09]),
        "east": st.sampled_from([0.0, 0.0, 0.003, -0.0071, 0.02, -0.1]),
        "kinds": st.sampled_from([1, 1, 3, 2]),
        "languages": st.sampled_from([1, 3, 16, 17]),
        "radius_m": st.sampled_from([500, 1000, 5000, 20_000]),
        "level": st.sampled_from([0, 1]),
        "capacity": st.just(2),
        "open_count": st.sampled_from([0, 0, 1, 2]),
        "budget": st.sampled_from([1, 2, 3]),
        "asked_days_ago": st.sampled_from([None, 0, 0, 1]),
        "asked_count": st.integers(0, 3),
        "asked_total": st.integers(0, 3),
        "habit_m": st.sampled_from([0, 0, 1, 300, 4000]),
        "state": st.sampled_from(["active", "active", "active", "paused"]),
    }
)


def _settle(organisation, around, today, neighbours):
    """Store these volunteers around a place."""
    made = []
    for each in neighbours:
        row = dict(each)
        north, east, ago = row.pop("north"), row.pop("east"), row.pop("asked_days_ago")
        lat = min(90.0, max(-90.0, around[0] + north))
        lon = (around[1] + east + 180) % 360 - 180
        cell = cells.cell_at(lat, lon)
        lat, lon = cells.centre(cell)
        person = Person.objects.create(organisation=organisation, created_at=organisation.created_at)
        made.append(
            Volunteer(
                organisation=organisation, person=person, created_at=organisation.created_at, cell=cell,
                area=cells.area_of(cell), region=cells.region_of(cell), lat=lat, lon=lon, strip=cells.strip_of(lat),
                asked_on=None if ago is None else today - timedelta(days=ago), **row,
            )
        )  # fmt: skip
    Volunteer.objects.bulk_create(made)


@pytest.mark.parametrize("place", PLACES)
def test_any_neighbourhood_any_search(tuesday, organisation, asked, place):
    requests = {
        (languages, level): asked("groceries", name=f"M{languages}{level}", at=place, languages=[languages])
        for languages in ("fr", "ar")
        for level in (0, 1)
    }

    @settings(max_examples=40, deadline=None)
    @given(
        neighbours=st.lists(NEIGHBOUR, max_size=30),
        languages=st.sampled_from(["fr", "fr", "ar"]),
        level=st.sampled_from([0, 1]),
        limit=st.sampled_from([1, 3, 12]),
        radius_m=st.sampled_from([400, 501, 5000, 30_000]),
        budget=st.sampled_from([1, 2, None]),
    )
    def look(neighbours, languages, level, limit, radius_m, budget):
        with transaction.atomic():
            _settle(organisation, place, tuesday.date(), neighbours)
            request = requests[languages, level].requests[0]
            request.level = level
            found = queries.nearest(request, limit=limit, radius_m=radius_m, budget=budget)
            expected = by_looking_at_everybody(
                request, limit=limit, radius_m=radius_m, budget=budget, today=tuesday.date()
            )
            transaction.set_rollback(True)
        assert [each.volunteer_id for each in found] == expected

    look()


def test_hundreds_in_one_building_and_somebody_better_next_door(tuesday, organisation, asked):
    here = {
        "north": 0.0, "east": 0.0, "kinds": 1, "languages": 1, "radius_m": 5000, "level": 0, "capacity": 2,
        "open_count": 0, "budget": 3, "asked_days_ago": 0, "asked_count": 2, "asked_total": 2, "habit_m": 0,
        "state": "active",
    }  # fmt: skip
    there = here | {"north": 0.004, "asked_count": 0}
    _settle(organisation, PLACES[0], tuesday.date(), [here] * 200 + [there])
    request = asked("groceries").requests[0]
    best, second = queries.nearest(request, limit=2, radius_m=5000, budget=3)
    assert (best.metres > 300, second.metres, second.cost) == (True, 0, 600.0)
