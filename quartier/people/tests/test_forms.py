"""What a volunteer types: forgiven, checked, and turned into what the actions take."""

from datetime import UTC, datetime

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quartier.lib import cells, choices
from quartier.people.forms import VolunteerForm, said_by
from quartier.places.models import Gazetteer, Place, PlaceName

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Youssef Amrani",
    "phone": "0400 00 14 27",
    "email": "youssef@example.org",
    "channel": "text",
    "language": "fr",
    "where": "Ixelles",
    "kinds": ["groceries", "pharmacy"],
    "languages": ["fr", "ar"],
    "slots": ["0", "20"],
    "travel": "bike",
    "radius_m": "2000",
    "capacity": "2",
    "budget": "2",
}


@pytest.fixture
def towns(db):
    """Ixelles, and two towns of one name far from each other."""

    def town(name, postcode, lat, lon, code):
        cell = cells.cell_at(lat, lon)
        place = Place.objects.create(
            country="BE",
            postcode=postcode,
            postcode_key=postcode,
            kind="locality",
            key=name.lower(),
            name=name,
            admin_code=code,
            main=True,
            lat=lat,
            lon=lon,
            precision="locality",
            cell=cell,
            area=cells.area_of(cell),
            population=9000,
            source="test",
        )
        PlaceName.objects.create(place=place, country="BE", folded=name.lower())
        return place

    Gazetteer.objects.create(country="BE", changed_at=datetime.now(UTC))
    return [
        town("Ixelles", "1050", 50.8275, 4.3722, "21009"),
        town("Beveren", "8800", 50.97, 3.14, "36015"),
        town("Beveren", "9120", 51.21, 4.25, "46003"),
    ]


def form(organisation, **changes):
    return VolunteerForm({**TYPED, **changes}, organisation=organisation)


def test_a_volunteer_in_one_form(organisation, towns):
    filled = form(organisation)
    assert filled.is_valid(), filled.errors
    who, ready = filled.who(), filled.ready()
    assert (who.phone, who.channel) == ("+32400001427", "text")
    assert ready.kinds == choices.mask(choices.KINDS, ["groceries", "pharmacy"])
    assert ready.slots == 1 | 1 << 20
    assert (ready.cell, ready.postcode, ready.place_name) == (towns[0].cell, "1050", "Ixelles")


def test_a_number_that_is_known_already_keeps_nobody_from_saving(organisation, towns):
    typed = {**TYPED, "phone": "0800 00 020", "channel": "email"}
    assert "phone" in VolunteerForm(typed, organisation=organisation).errors
    known = VolunteerForm(typed, organisation=organisation, initial={"phone": organisation.phone})
    assert known.is_valid(), known.errors
    assert known.who().phone == organisation.phone


def test_whenever_is_every_time(organisation, towns):
    filled = form(organisation, slots=[], always="on")
    assert filled.is_valid(), filled.errors
    assert filled.ready().slots == choices.ALL_SLOTS
    assert "slots" in form(organisation, slots=[]).errors


def test_two_towns_of_one_name_are_asked_about(organisation, towns):
    unsure = form(organisation, where="Beveren")
    assert not unsure.is_valid()
    assert list(unsure.errors) == ["place"]
    assert unsure.asks_which
    chosen = form(organisation, where="Beveren", place=str(towns[2].pk))
    assert chosen.is_valid(), chosen.errors
    assert chosen.ready().postcode == "9120"
    # The words were changed after the choice: the choice does not count any more.
    moved = form(organisation, where="Ixelles", place=str(towns[2].pk))
    assert moved.is_valid()
    assert moved.ready().postcode == "1050"


def test_an_unknown_place_is_said_with_the_words_typed(organisation, towns):
    with translation.override("en"):
        lost = form(organisation, where="Qqqqqqqqqq")
        assert "Qqqqqqqqqq" in lost.errors["where"][0]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": "", "email": ""}, "phone"),
        ({"phone": "", "channel": "text"}, "phone"),
        ({"phone": "02 000 14 27", "channel": "text"}, "phone"),
        ({"phone": "12", "channel": "email"}, "phone"),
        ({"email": "", "channel": "email"}, "email"),
        ({"email": "youssef@", "channel": "email"}, "email"),
        ({"name": "\x00 \u202e"}, "name"),
        ({"name": "a" * 300}, "name"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["gold"]}, "kinds"),
        ({"languages": []}, "languages"),
        ({"slots": ["21"]}, "slots"),
        ({"radius_m": "1"}, "radius_m"),
        ({"capacity": "900"}, "capacity"),
        ({"channel": "call"}, "channel"),
        ({"where": ""}, "where"),
        ({"kinds": ["groceries", "transport"]}, "travel"),
    ],
)
def test_what_is_wrong_is_said_at_its_box(organisation, towns, changes, field):
    assert field in form(organisation, **changes).errors


def test_what_was_said_comes_back_and_an_unchanged_place_stays(organisation, youssef):
    known = said_by(youssef)
    shown = VolunteerForm(organisation=organisation, **known)
    assert shown.initial["where"] == "Ixelles (1050)"
    filled = VolunteerForm(
        {**TYPED, "where": "Ixelles (1050)", "radius_m": "5000"}, organisation=organisation, **known
    )
    # No town of that name is in the table: the place is kept as it was.
    assert filled.is_valid(), filled.errors
    assert filled.ready().cell == youssef.cell


def test_where_somebody_lives_is_called_as_the_reader_calls_it(places, youssef):
    with translation.override("nl"):
        assert said_by(youssef)["initial"]["where"] == "Elsene (1050)"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from([*TYPED, "place", "always"]), st.text(max_size=300) | st.lists(st.text(max_size=5))
    )
)
def test_nothing_that_is_typed_breaks_the_form(organisation, towns, typed):
    filled = form(organisation, **typed)
    if filled.is_valid():
        filled.who()
        filled.ready()


@pytest.mark.django_db
def test_nobody_is_offered_more_a_day_than_the_organisation_allows(organisation, youssef):
    from quartier.people.wish_form import WishForm

    organisation.daily_budget, youssef.budget = 2, 3
    form = WishForm(organisation=organisation, person=youssef.person, volunteer=youssef)
    assert [number for number, _words in form.fields["budget"].choices] == [1, 2]
    assert form.initial["budget"] == 2
    organisation.daily_budget = 3
    form = WishForm(organisation=organisation, person=youssef.person, volunteer=youssef)
    assert [number for number, _words in form.fields["budget"].choices] == [1, 2, 3]
