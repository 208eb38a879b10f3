"""Invented people: the same ones for the same seed, spread as people live, and as the behaviour file says."""

from collections import Counter

import pytest

from quartier.lib import cells, choices, phone
from quartier.places import actions as places
from quartier.sim import people
from quartier.sim.behaviour import Chance, behaviour, lognormal
from quartier.sim.country import Country, language_of
from quartier.sim.names import name

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def country():
    places.load_shipped(country="BE")
    return Country()


def test_the_same_seed_invents_the_same_people(country):
    one = [people.volunteer(country, Chance(1), number) for number in range(50)]
    # In another order, and by another source of chance with the same seed.
    again = [people.volunteer(country, Chance(1), number) for number in reversed(range(50))]
    assert one == again[::-1]
    assert one != [people.volunteer(country, Chance(2), number) for number in range(50)]
    asked = [people.asking(country, Chance(1), number) for number in range(50)]
    assert asked == [people.asking(country, Chance(1), number) for number in range(50)]


def test_volunteers_live_where_people_live(country):
    chance = Chance(1)
    made = [people.volunteer(country, chance, number) for number in range(1500)]
    assert len({who.phone for who, _ready in made}) == len({who.email for who, _ready in made}) == 1500
    assert all(phone.is_fictitious(who.phone) and phone.is_mobile(who.phone) for who, _ready in made)
    languages = Counter(who.language for who, _ready in made)
    assert 0.45 < languages["nl"] / 1500 < 0.65
    assert 0.3 < languages["fr"] / 1500 < 0.5
    assert languages["de"]
    for who, ready in made:
        assert ready.languages & choices.mask(choices.LANGUAGES, [who.language])
        lat, lon = cells.centre(ready.cell)
        assert 49.3 < lat < 51.7
        assert 2.3 < lon < 6.6
    brussels = sum(1000 <= int(ready.postcode) < 1300 for _who, ready in made) / 1500
    assert 0.06 < brussels < 0.16


def test_who_asks_can_be_reached_and_reaches_nobody_real(country):
    chance = Chance(1)
    made = [people.asking(country, chance, number) for number in range(400)]
    for each in made:
        for who in (each.person, each.asker):
            assert not who.phone or phone.is_fictitious(who.phone)
        assert each.household.tell_asker == (each.person != each.asker)
        assert each.asker.channel == "call" or each.asker.email
    assert 0.7 < sum(each.by_phone for each in made) / 400 < 0.97
    kinds = Counter(each.wanted.kind for each in made)
    assert kinds.most_common(1)[0][0] == "groceries"
    assert set(kinds) <= {kind.code for kind in choices.KINDS}


@pytest.mark.parametrize(
    ("postcode", "languages"),
    [
        ("1050", {"fr", "nl"}),
        ("4700", {"de"}),
        ("4000", {"fr"}),
        ("9000", {"nl"}),
        ("1300", {"fr"}),
        ("1500", {"nl"}),
    ],
)
def test_the_language_of_a_place(postcode, languages):
    assert {language_of(postcode, n / 200) for n in range(200)} == languages


def test_every_language_has_names():
    assert all(
        " " in name(Chance(1).of(n), language) for n in range(30) for language in ("fr", "nl", "de", "en")
    )


def test_the_median_is_the_median():
    draws = sorted(lognormal(Chance(1).of(n), 10, 1.1) for n in range(2001))
    assert 8.5 < draws[1000] < 11.5


def test_every_figure_of_the_behaviour_says_where_it_comes_from():
    from quartier.sim.behaviour import FILE

    said, after_figure = "", False
    for line in FILE.read_text().splitlines():
        if line.startswith("#"):
            # A remark is for the figures that follow it, up to the next remark.
            said = line if after_figure else said + line
            after_figure = False
        elif "=" in line:
            assert "assumed" in said + line or "published" in said + line, line
            after_figure = True
        elif line.startswith("["):
            said = ""
    assert behaviour()["answering"]["ready_b"] == 7.0
