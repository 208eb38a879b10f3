"""The public holidays of a country."""

from datetime import date

import pytest
from django.utils import translation

from quartier.lib import public_holidays


@pytest.mark.parametrize(
    ("day", "country", "language", "name"),
    [
        (date(2026, 12, 25), "BE", "en", "Christmas Day"),
        (date(2027, 3, 29), "BE", "fr", "Lundi de Pâques"),
        (date(2027, 5, 17), "BE", "nl", "Pinkstermaandag"),
        (date(2027, 7, 21), "BE", "de", "Nationalfeiertag"),
        (date(2027, 7, 21), "FR", "fr", ""),
        # Nobody has written the list of the Netherlands in French.
        (date(2026, 12, 26), "NL", "fr", "Tweede kerstdag"),
        (date(2026, 12, 26), "BE", "nl", ""),
        (date(2026, 12, 25), "XX", "fr", ""),
    ],
)
def test_what_is_celebrated(day, country, language, name):
    with translation.override(language):
        assert public_holidays.name_of(day, country) == name


def test_a_country_has_as_many_as_its_law_says():
    days = list(public_holidays.ahead(date(2027, 1, 1), date(2027, 12, 31), "BE"))
    # Ten, and the Sundays of Easter and Whitsun.
    assert len(days) == 12
