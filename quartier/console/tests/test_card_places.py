"""A card names the place of the file, and not the one next to it."""

import pytest
from django.utils import translation

from quartier.cases.models import Case, Request
from quartier.console.queries import board as read
from quartier.lib import cells

pytestmark = pytest.mark.django_db
# The middle of another municipality.
GRAND_PLACE = (50.8466, 4.3528)


@pytest.mark.parametrize(
    ("language", "written", "called"),
    [("fr", "Ixelles", "Ixelles"), ("nl", "Ixelles", "Elsene"), ("fr", "Les Étangs", "Les Étangs")],
)
def test_it_is_the_place_of_the_file(asked, places, tuesday, language, written, called):
    request = asked("groceries").requests[0]
    Case.objects.update(postcode="1050", place_name=written)
    Request.objects.update(area=cells.area_at(*GRAND_PLACE))
    with translation.override(language):
        (card,) = read.cards([request.pk], tuesday)
    assert card.place == called


def test_of_a_file_that_names_none_it_is_the_neighbourhood(asked, places, tuesday):
    request = asked("groceries").requests[0]
    Case.objects.update(postcode="", place_name="")
    with translation.override("fr"):
        (card,) = read.cards([request.pk], tuesday)
    assert card.place


def test_many_cards_ask_as_often_as_one(asked, places, tuesday, django_assert_max_num_queries):
    ids = [asked("groceries", name=name).requests[0].pk for name in ("Anna", "Berta", "Carla")]
    for number, pk in enumerate(ids):
        Case.objects.filter(requests=pk).update(postcode="1050", place_name=f"Hameau {number}")
    with django_assert_max_num_queries(6):
        assert len(read.cards(ids, tuesday)) == 3
