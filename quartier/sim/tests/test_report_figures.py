"""What a report counts, on traces small enough to count by hand."""

import numpy as np
import pytest

from quartier.matching.policies import POLICIES, Settings
from quartier.sim import scenario as scenarios
from quartier.sim.fast.played import play
from quartier.sim.figures import burden
from quartier.sim.report import figures, moments, names, side
from quartier.sim.report import map as maps
from quartier.sim.tests import traces
from quartier.sim.trace import WHYS
from quartier.sim.world import world


def test_how_it_ended_for_each():
    counts = figures.ends(traces.policy())
    assert counts == {"hour": 1, "day": 1, "later": 1, "taken": 1, "partner": 0, "waiting": 1, "left": 1}
    hundred = figures.of_hundred(counts)
    assert sum(hundred.values()) == 100
    assert set(hundred.values()) == {0, 16, 17}
    assert figures.of_hundred({"hour": 0, "left": 0}) == {"hour": 0, "left": 0}


def test_waits_count_everybody_who_asked():
    waits = figures.waits(traces.policy())
    assert figures.within(waits, 29) == 0
    assert figures.within(waits, 30) == pytest.approx(1 / 6)
    assert figures.within(waits, 1e9) == pytest.approx(1 / 2)
    assert figures.wait_of(waits, 0.5) == 1560.0
    assert figures.wait_of(waits, 0.51) is None
    assert figures.wait_of(np.array([]), 0.5) is None


def test_the_load_agrees_with_what_the_replay_prints():
    told = traces.policy().notifications
    found = figures.load(told)
    times = np.repeat(np.arange(len(told)), told)
    assert found.volunteers == 10
    assert found.messages == 10
    assert (found.median, found.most) == (1, 3)
    assert found.top_tenth == pytest.approx(3 / 10)
    assert found.gini == pytest.approx(burden(times, 0)["gini_messages"], abs=1e-4)
    assert found.groups[:4] == (4, 3, 2, 1)
    assert figures.load([]).volunteers == figures.load([7]).messages == 0


def test_who_was_left_and_why():
    trace = traces.policy()
    assert figures.left_by(trace, trace.kind) == [
        figures.Part("groceries", 3, 1), figures.Part("pharmacy", 2, 1), figures.Part("talk", 1, 0),
    ]  # fmt: skip
    assert figures.few(figures.left_by(trace, trace.kind), 2, "others")[-1] == figures.Part("others", 3, 1)
    assert dict(figures.reasons(trace)) == {"nobody": 1, "waiting": 1}
    assert figures.asked_in_vain(trace) == 14
    helped = traces.policy(why=["", "", "", "", "", figures.PARTNER])
    assert figures.ends(helped)["partner"] == 1
    assert sum(figures.without_anybody(helped)) == 1
    assert dict(figures.reasons(helped)) == {"waiting": 1}
    lonely = traces.policy(neighbours=[0] * 6)
    assert dict(figures.reasons(lonely)) == {figures.NONE_NEAR: 1, "waiting": 1}
    assert figures.asked_in_vain(lonely) is None


def test_side_by_side():
    found = side.measures(traces.policy())
    assert found.hour == pytest.approx(1 / 6)
    assert found.day == pytest.approx(2 / 6)
    assert (found.half, found.nine, found.left) == (1560.0, None, 2)
    assert found.each == pytest.approx(10 / 3)
    assert found.quit == pytest.approx(0.1)


def unrolled(runs):
    import re

    return "".join(letter * int(times or 1) for letter, times in re.findall(r"(\D)(\d*)", runs))


def test_the_film_shows_each_moment():
    trace = traces.policy()
    when = moments.pictures(traces.HOURS_48, 2, 1)
    part = [0 if area == traces.BRUSSELS else 1 for area in trace.area]
    film = moments.film(trace, part, 2, when)
    for place, minute in enumerate(when):
        served = sum(at is not None and at <= minute for at in trace.accepted_min)
        over = [
            s for at, s in zip(trace.left_min, trace.state, strict=True) if at is not None and at <= minute
        ]
        left, back = over.count("human"), over.count("withdrawn")
        asked = sum(at <= minute for at in trace.asked_min) - back
        assert (film.asked[place], film.served[place], film.left[place]) == (asked, served, left)
        assert film.waiting[place] == asked - served - left >= 0
    brussels, antwerp = (unrolled(runs) for runs in film.letters)
    assert len(brussels) == len(antwerp) == len(when)
    known = moments.codes()
    assert known[brussels[0]] == (0, 0, 0)
    # One of four in Brussels waits at the end; the one in Antwerp was left.
    assert known[film.last[0]][1:] == (2, 0)
    assert known[film.last[1]][1:] == (5, 5)
    assert film.waiting[moments.worst(film)] == max(film.waiting) == 4


def test_letters_are_never_figures_nor_escaped():
    assert len(set(moments.LETTERS)) == len(moments.LETTERS) >= len(moments.codes())
    assert not set(moments.LETTERS) & set("0123456789\"'<>&\\")


def test_a_hexagon_for_every_neighbourhood_of_a_country_and_of_a_town():
    country = traces.many(3000)
    drawn = maps.ground(country.area, [], "fr")
    assert set(drawn.part_of) == set(country.area)
    assert len(drawn.at) <= maps.MOST_PARTS < len(set(country.area))
    assert all(0 < x < maps.WIDTH and 0 < y < drawn.height for x, y in drawn.at)
    assert "Bruxelles" in [town.name for town in drawn.towns]
    town = maps.ground([traces.BRUSSELS], [], "nl")
    assert len(town.at) == 1
    assert town.height > 100
    with pytest.raises(ValueError, match="at least one"):
        maps.ground([], [], "fr")


def test_places_have_a_name_in_each_language():
    at_sea = maps.cells.area_at(52.5, 2.0)
    for language, name in (("fr", "Anvers"), ("nl", "Antwerpen"), ("en", "Antwerp"), ("de", "Antwerpen")):
        assert names.municipalities([traces.ANTWERP, at_sea], language) == {traces.ANTWERP: name, at_sea: ""}


def test_a_real_run_says_when_and_why_it_left_somebody():
    played = world(scenarios.load("x1").sized(requests=40, volunteers=400), 1)
    trace = play(played, POLICIES["waves"], Settings())
    assert "human" in trace.state
    for state, asked, left, why in zip(trace.state, trace.asked_min, trace.left_min, trace.why, strict=True):
        assert (left is not None) == (state in {"human", "withdrawn"})
        assert left is None or left >= asked
        assert (why != "") == (state == "human")
        assert why in WHYS
    # Some are asked again after a visit that failed: one more offer, no other neighbour.
    offers = sum(day.offers for day in trace.days)
    assert 0.8 * offers < sum(trace.neighbours) <= offers
