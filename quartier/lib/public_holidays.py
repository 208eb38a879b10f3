"""The public holidays of a country: on such a day nobody may need to come, or can. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from django.utils.translation import get_language

# Of the list's languages, where it calls one of ours otherwise.
_LANGUAGES = {"en": "en_US"}
_CHRISTMAS_EVE, _NEW_YEAR = (12, 24), (1, 1)


def name_of(day: date, country: str) -> str:
    """What is celebrated on this day, in the reader's language, or that of the country where nobody has written it in
    the reader's; nothing on any other day, and for a country that nobody has written down."""
    return _of_year(country, day.year, (get_language() or "en")[:2]).get(day, "")


def ahead(first: date, last: date, country: str) -> Iterator[tuple[date, str]]:
    """Every public holiday from one day to another, with its name."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if name := name_of(day, country):
            yield day, name


def christmas_days(today: date, within: timedelta) -> tuple[date, date] | None:
    """From Christmas Eve to New Year's Day, where that comes soon: the first day and the last."""
    first, last = date(today.year, *_CHRISTMAS_EVE), date(today.year + 1, *_NEW_YEAR)
    return (first, last) if today < first <= today + within else None


@cache
def _of_year(country: str, year: int, language: str) -> dict[date, str]:
    import holidays  # A third of a second, for the pages of help that comes again only.

    try:
        listed = holidays.country_holidays(country)
    except NotImplementedError:
        return {}
    theirs = _LANGUAGES.get(language, language)
    chosen = theirs if theirs in listed.supported_languages else None
    return dict(holidays.country_holidays(country, years=year, language=chosen))
