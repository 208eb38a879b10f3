"""What a place is called in the language that is active."""

from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Q
from django.utils.translation import get_language

from quartier.places.models import Place
from quartier.places.rules import postcode_key

_LANGUAGES = ("fr", "nl", "de", "en")


def place_called(country: str, postcode: str, name: str) -> str:
    """The name in the reader's language; as it was written where the gazetteer does not know it."""
    if not name:
        return postcode
    try:
        return _called(country, postcode, name, (get_language() or "en")[:2]) or name
    except LookupError:
        # Not remembered: the gazetteer may learn it later.
        return name


def places_called(country: str, written: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The same for many at once, each a postcode and a name as they were written. One query."""
    wanted, language = set(written), (get_language() or "en")[:2]
    keys = {postcode: postcode_key(country, postcode) for postcode, _name in wanted}
    known: dict[tuple[str, str], str] = {}
    for place in Place.objects.filter(country=country, postcode_key__in=set(keys.values())):
        for name in {place.name, *(getattr(place, f"name_{code}") for code in _LANGUAGES)}:
            known[place.postcode_key, name] = place.name_in(language)
    return {(code, name): known.get((keys[code], name)) or name or code for code, name in wanted}


@lru_cache(maxsize=4096)
def _called(country: str, postcode: str, name: str, language: str) -> str:
    named = Q(name=name)
    for code in _LANGUAGES:
        named |= Q(**{f"name_{code}": name})
    found = Place.objects.filter(named, country=country, postcode_key=postcode_key(country, postcode)).first()
    if found is None:
        raise LookupError(name)
    return found.name_in(language)
