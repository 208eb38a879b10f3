"""What is shown of many neighbourhoods is the beginning of the whole list, and their counts are those of the rows."""

import random
from collections import Counter

import pytest

from quartier.console.compass import told_apart
from quartier.console.queries.map import Neighbourhoods, drawn, near
from quartier.lib import cells

SEEDS = range(8)
BRUSSELS, ARLON = cells.area_at(50.8466, 4.3528), cells.area_at(49.6833, 5.8167)


def neighbourhoods(seed, *, wide=False):
    """Forty with few different counts and names, so that many stand in one place of the order."""
    chance = random.Random(seed)
    areas = chance.sample(cells.disk(BRUSSELS, 4), 38)
    areas += cells.disk(ARLON, 1)[:2] if wide else []
    tallies = {
        area: (chance.randint(0, 3), chance.randint(0, 2), chance.randint(0, 2), chance.randint(0, 1))
        for area in chance.sample(areas, len(areas))
    }
    free = dict.fromkeys(chance.sample(areas, 4), 1)
    names = {area: chance.choice(["", "Ixelles", "Laeken, Bruxelles", "Jette"]) for area in areas}

    return Neighbourhoods(tallies, Counter(free), names)


def whole(shown):
    """All of them in their order, each looked at: those where somebody waits and nobody is free, then most waiting."""
    called = told_apart(shown.names)
    rows = []
    for area, (waiting, late, helped, past) in shown.tallies.items():
        nobody = waiting > 0 and not near(shown.free, area)
        rows.append((not nobody, -waiting, -late - past, called[area], area, helped))
    return sorted(rows)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("limit", [0, 1, 8, 39, 40, 200])
def test_the_first_ones_are_those_of_the_whole_list(seed, limit):
    shown = neighbourhoods(seed, wide=True)
    first = [
        (not one.nobody, -one.waiting, -one.late - one.past, one.name, one.area, one.helped)
        for one in shown.first(limit)
    ]
    assert first == whole(shown)[:limit]
    assert shown.waiting == sum(one.waiting for one in shown)
    assert len(shown.alone) == sum(one.nobody for one in shown)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_busiest_have_a_name_and_stand_in_the_order_of_the_list(seed):
    shown = neighbourhoods(seed)
    named = [row for row in whole(shown) if row[3]]
    named.sort(key=lambda row: row[1] - row[5])
    assert [one.area for one in shown.busiest(7)] == [row[4] for row in named[:7]]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_map_says_how_many_wait_and_where_nobody_is_free(seed):
    near_, far = neighbourhoods(seed), neighbourhoods(seed, wide=True)
    for shown, cell_of in ((near_, int), (far, cells.region_of)):
        waiting = [one for one in shown if one.waiting]
        by_cell = {}
        for one in waiting:
            by_cell.setdefault(cell_of(one.area), []).append(one)
        found = [(cell["text"], cell["kind"]) for cell in drawn(shown) if cell["text"]]
        assert sorted(found) == sorted(
            (str(sum(one.waiting for one in some)), "none" if any(one.nobody for one in some) else "2")
            for some in by_cell.values()
        )


def test_nobody_waits_anywhere():
    nowhere = Neighbourhoods({}, neighbourhoods(0).free, {})
    assert (nowhere.first(8), nowhere.busiest(8), drawn(nowhere), nowhere.waiting) == ([], [], [], 0)
