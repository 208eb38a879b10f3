"""The place of the operator's form that was left empty, and one that nobody knows, are two things."""

import pytest

from quartier.console.tests.test_intake import MARIE, begin, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in, lotte, places, tuesday):
    return signed_in(lotte)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("", "Ask for the postcode or the town."),
        ("Xyzzyplugh", "We do not know this place. Ask for the postcode, or for a larger place nearby."),
    ],
)
def test_what_is_asked_of_the_caller(desk, place, words):
    address = begin(desk)
    answer = desk.post(address, typed(desk, address, **MARIE | {"place": place}))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert ("We do not know this place" in answer.content.decode()) is bool(place)
