"""What the tests of the public pages share: a few places, and answers to every question."""

import pytest

PLACES = [
    ("1050", "Ixelles", "Elsene", "", 50.8275, 4.3722),
    ("1040", "Etterbeek", "", "", 50.8333, 4.3833),
    ("4000", "Liège", "Luik", "Lüttich", 50.6337, 5.5675),
    ("9000", "Gent", "", "", 51.0543, 3.7174),
]


@pytest.fixture
def places(db):
    """A small atlas."""
    from quartier.lib import cells
    from quartier.places.actions.store import mark_changed, searched_names
    from quartier.places.models import Place, PlaceName

    for postcode, name, dutch, german, lat, lon in PLACES:
        cell = cells.cell_at(lat, lon)
        place = Place.objects.create(
            country="BE", postcode=postcode, postcode_key=postcode, kind="locality", key=name.lower(), name=name,
            name_nl=dutch, name_de=german, main=True, lat=lat, lon=lon, precision="locality", cell=cell,
            area=cells.area_of(cell), population=50_000, source="shipped",
        )  # fmt: skip
        PlaceName.objects.bulk_create(searched_names(place))
    mark_changed("BE")


ANSWERS = {
    "for": {"whom": "me"},
    "what": {"kinds": ["groceries", "pharmacy"]},
    "details": {"groceries": "Du lait, six œufs", "pharmacy": ""},
    "where": {"text": "Ixelles"},
    "address": {"street": "Rue du Page 42", "notes": "2e sonnette"},
    "when": {"urgency": "day"},
    "languages": {"languages": ["fr", "nl"]},
    "reach": {"name": "Marie Peeters", "channel": "call", "phone": "02 000 14 27", "email": ""},
}
PERSON = {"name": "Paul Peeters", "relation": "fille", "tell": "me", "phone": ""}


@pytest.fixture
def answering(client, places, organisation, tuesday):
    """Answers the questions in their order, as a browser does; stops before `stop`, and returns that address."""

    def walk(language="fr", answers=ANSWERS, stop="check", browser=client):
        url = f"/{language}/ask/"
        for name, words in answers.items():
            if name == stop:
                return url
            shown = browser.get(url)
            assert shown.status_code == 200, (name, url, shown)
            answer = browser.post(url, words)
            assert answer.status_code == 302, (name, answer.content.decode()[:4000])
            url = answer["Location"]
        return url

    return walk
