"""What the engine is given is what the rows say, on both databases."""

from datetime import timedelta

import pytest

from conftest import FLAGEY
from quartier.lib import choices, clock
from quartier.matching import actions, queries
from quartier.matching.planning import problem as reading
from quartier.matching.tests.test_nearest import crowd  # noqa: F401
from quartier.people.models import Exclusion, Volunteer
from quartier.team.access import system

pytestmark = pytest.mark.django_db


def test_columns_are_the_rows(crowd, organisation, elsewhere, volunteer, tuesday):  # noqa: F811
    volunteer("Wim", org=elsewhere)
    rows = reading.volunteers_of(organisation, tuesday.date())
    active = {each.pk: each for each in Volunteer.objects.filter(organisation=organisation, state="active")}
    assert {reading.key_of(row) for row in rows} == set(active)
    for row in rows:
        one = active[reading.key_of(row)]
        assert (row["kinds"], row["languages"], row["slots"]) == (one.kinds, one.languages, one.slots)
        assert (row["lat"], row["lon"], row["radius_m"]) == (one.lat, one.lon, one.radius_m)
        assert (row["open"], row["capacity"], row["budget"], row["level"]) == (
            one.open_count, one.capacity, one.budget, one.level,
        )  # fmt: skip
        assert row["asked"] == (one.asked_count if one.asked_on == tuesday.date() else 0)


def test_requests_open_and_of_the_last_days(organisation, asked, tuesday):
    first = asked("groceries", urgency="now", needed=2).requests[0]
    asked("talk", name="Jan")
    rows = reading.open_requests(organisation)
    assert len(rows) == 2
    assert reading.key_of(rows[0]) == first.pk
    assert rows["urgent"].tolist() == [1, 0]
    assert rows["remote"].tolist() == [0, 1]
    assert rows["places"].tolist() == [2, 1]
    assert rows["kind"].tolist() == [choices.kind("groceries").mask, choices.kind("talk").mask]
    assert abs(rows["created"][0] / 1e6 - first.created_at.timestamp()) < 1
    assert len(reading.requests_since(organisation, tuesday + timedelta(hours=1))) == 0
    assert len(reading.requests_since(organisation, tuesday - timedelta(days=1))) == 2


def read_all(organisation, now, budget=2):
    """Everybody, everything open, the pairs that must not be, and the problem."""
    volunteers = reading.volunteers_of(organisation, now.date())
    requests = reading.open_requests(organisation)
    excluded = reading.excluded_pairs(organisation, volunteers, requests, asked_already=True)
    zone = organisation.zone
    return (
        volunteers,
        requests,
        reading.problem_of(volunteers, requests, excluded, zone=zone, budget=budget, empty_m=1e6),
    )


def test_nobody_and_nothing(organisation, tuesday):
    volunteers, requests, problem = read_all(organisation, tuesday)
    assert (len(volunteers), len(requests), len(problem.excluded)) == (0, 0, 0)


def test_who_was_asked_or_is_kept_apart_is_excluded(organisation, asked, youssef, nadia, volunteer, tuesday):
    karim = volunteer("Karim")
    request = asked("groceries").requests[0]
    other = asked("pharmacy").requests[0]
    Exclusion.objects.create(
        organisation=organisation, volunteer=nadia, person=request.case.person, created_at=tuesday
    )
    actions.offer_by_hand(actor=system(organisation), request=request, volunteer=youssef)
    Volunteer.objects.filter(pk=karim.pk).update(person=request.case.person)
    volunteers, rows, problem = read_all(organisation, clock.now())
    names = {youssef.pk: "Youssef", nadia.pk: "Nadia", karim.pk: "Karim"}
    requests = {request.pk: "first", other.pk: "other"}
    pairs = {
        (requests[reading.key_of(rows[r])], names[reading.key_of(volunteers[v])]) for r, v in problem.excluded
    }
    assert pairs == {
        ("first", "Youssef"),
        ("first", "Nadia"), ("other", "Nadia"),
        ("first", "Karim"), ("other", "Karim"),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["groceries", "dog", "transport"])
def test_the_engine_finds_whom_the_search_finds(crowd, organisation, asked, tuesday, kind):  # noqa: F811
    from quartier.engine import Params
    from quartier.engine.rank import rank

    request = asked(kind, languages=["fr", "nl"]).requests[0]
    volunteers, _requests, problem = read_all(organisation, tuesday)
    found = rank(problem, 0, 100, params=Params(load_m=0))
    expected = queries.nearest(request, limit=100, radius_m=request.radius_m, budget=2)
    assert [reading.key_of(volunteers[row]) for row in found.rows] == [each.volunteer_id for each in expected]
    assert expected


def test_around_a_place_those_are_read_who_can_go_there_or_help_from_afar(organisation, volunteer, tuesday):
    far, talk = (50.2, 5.6), choices.kind("talk").mask
    people = {
        volunteer(name, at=at, kinds=[kind]).pk: name
        for name, at, kind in (
            ("Here", FLAGEY, "groceries"), ("Far", far, "groceries"), ("Phones", far, "talk"),
        )
    }  # fmt: skip

    def read(remote):
        within = reading.bounds_around(FLAGEY, 10_000)
        rows = reading.volunteers_of(organisation, tuesday.date(), within, remote=remote)
        return {people[reading.key_of(row)] for row in rows}

    assert read(talk) == {"Here", "Phones"}
    assert read(0) == {"Here"}
