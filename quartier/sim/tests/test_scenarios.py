"""Scenarios read well, and say in words what is wrong with one that does not."""

from datetime import date

import pytest

from quartier.sim import scenario
from quartier.sim.country import Country
from quartier.sim.scenario import Unreadable, load, parse
from quartier.sim.timeline import timeline

GOOD = {
    "title": "A test",
    "starts": date(2020, 4, 14),
    "days": 2,
    "volunteers": 10,
    "phase": [{"requests": 5}],
}


@pytest.mark.parametrize("name", scenario.names())
def test_every_scenario_that_comes_with_the_project_can_be_read(name):
    found = load(name)
    assert found.name == name
    assert found.title
    assert found.phase(found.starts).first <= found.starts
    assert found.scaled(0.1).all_volunteers <= found.all_volunteers


def test_those_of_the_issue_are_there():
    assert {"spring-2020", "day", "x1", "x10", "x100", "surge", "flood", "heatwave", "blackout"} <= set(
        scenario.names()
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"days": 0}, "days"),
        ({"volunteers": -1}, "volunteers"),
        ({"colour": 3}, "colour"),
        ({"phase": []}, "phase"),
        ({"phase": [{"requests": 5, "calls": 3}]}, "either"),
        ({"phase": [{"calls": 3}]}, "operators"),
        ({"phase": [{"requests": -5}]}, "requests"),
        ({"phase": [{"requests": 5, "kinds": {"gold": 1}}]}, "gold"),
        ({"phase": [{"requests": 5, "urgency": {"day": 0}}]}, "urgency"),
        ({"phase": [{"requests": 5, "by_hour": {"25": 1}}]}, "hours"),
        ({"phase": [{"requests": 5, "by_hour": {"9": 0}}]}, "by_hour"),
        ({"phase": [{"from": date(2020, 5, 1), "requests": 5}]}, "first day"),
        ({"phase": [{"requests": 5}, {"requests": 6}]}, "after the one before"),
        ({"joining": [{"from": date(2021, 1, 1), "volunteers": 3}]}, "outside"),
        ({"joining": [{"volunteers": 0}]}, "at least one"),
        ({"own_budget": 11}, "own_budget"),
        ({"hit": {"postcodes": [2, 1], "since": date(2020, 4, 14), "hours": 3}}, "upwards"),
        ({"listening": {"until": date(2020, 5, 1), "listeners": 0}}, "listeners"),
        ({"listening": {"until": date(2020, 4, 14), "listeners": 3}}, "until"),
        ({"listening": {"from": date(2020, 6, 1), "until": date(2020, 7, 1), "listeners": 3}}, "outside"),
        ({"listening": {"until": date(2020, 5, 1), "listeners": 3, "cats": 1}}, "cats"),
        ({"starts": None}, "starts"),
    ],
)
def test_what_cannot_be_played_says_why(changes, words):
    told = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    with pytest.raises((Unreadable, ValueError), match=words):
        parse("test", told)


def test_a_scenario_that_is_not_there_names_those_that_are():
    with pytest.raises(Unreadable, match="spring-2020"):
        load("spring-2099")


def test_a_file_that_is_no_scenario(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text("title = ")
    with pytest.raises(Unreadable, match=r"mine\.toml"):
        load(str(file))
    file.write_text(
        'title = "Mine"\nstarts = 2020-04-14\ndays = 1\nvolunteers = 5\n[[phase]]\nrequests = 2\n'
    )
    assert load(str(file)).title == "Mine"


def test_a_timeline_depends_on_the_seed_alone():
    country, told = Country(), parse("test", {**GOOD, "phase": [{"web": 5, "calls": 40, "operators": 60}]})
    first, again, other = (timeline(told, seed, country) for seed in (1, 1, 2))
    assert first.openings == again.openings
    assert first.days == again.days
    assert first.openings != other.openings
    assert [each.number for each in sorted(first.openings, key=lambda each: each.number)] != []
    assert len({each.number for each in first.openings}) == len(first.openings)


def test_a_blackout_moves_what_comes_from_there_to_its_end():
    country, told = Country(), load("blackout")
    dark = timeline(told, 1, country)
    begins, ends = told.blackout.minutes(dark.calendar)
    from quartier.sim.world import World

    world = World(told, 1, country, dark)
    for opening, place in zip(dark.openings, world.requests.homes.place, strict=True):
        if begins <= opening.tried < ends:
            assert not told.blackout.strikes(country.places[place][0])
    hour_after = sum(ends <= each.tried < ends + 60 for each in dark.openings)
    hour_before = sum(begins - 24 * 60 + 720 <= each.tried < begins - 24 * 60 + 780 for each in dark.openings)
    assert hour_after > 2 * hour_before


def test_all_who_join_are_counted_once():
    told = load("spring-2020")
    joins = timeline(told, 1, Country()).joins
    numbers = [number for wave in joins for number in wave.numbers]
    assert numbers == list(range(told.volunteers, told.all_volunteers))
    assert [wave.minute for wave in joins] == sorted(wave.minute for wave in joins)
