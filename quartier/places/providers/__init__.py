"""Geocoders: one chosen by the setting `GEOCODER`, and the gazetteer behind it whatever happens.

`gazetteer` (nothing leaves the machine), `nominatim:https://…`, `photon:https://…` or `pelias:https://…`.
"""

from dataclasses import replace
from functools import lru_cache

from django.conf import settings

from quartier.lib import cells
from quartier.places import queries, rules
from quartier.places.models import Place, Precision
from quartier.places.providers.base import Answer, Geocoder, GeocoderError, OutsideGeocoder
from quartier.places.providers.gazetteer import Gazetteer
from quartier.places.providers.nominatim import Nominatim
from quartier.places.providers.pelias import Pelias
from quartier.places.providers.photon import Photon
from quartier.places.queries import Found

__all__ = ["Geocoder", "GeocoderError", "chosen", "geocode"]

_OUTSIDE: dict[str, type[OutsideGeocoder]] = {one.name: one for one in (Nominatim, Photon, Pelias)}
_FINE = {Precision.STREET, Precision.LOCALITY}
_NEAR_M = 15_000  # an outside point farther than this from its own postcode is not believed


def geocode(text: str, country: str, language: str, limit: int = 6) -> list[Found]:
    """What a text may mean, by the installation's geocoder; by the gazetteer alone when that one fails.

    Never raises on any text. Takes the timeout (2 s) at most beside the gazetteer. Do not call it inside a
    transaction: it may use the network.
    """
    return chosen(settings.GEOCODER).search(text, country, language, limit)


@lru_cache(maxsize=8)
def chosen(setting: str) -> Geocoder:
    """The geocoder that a setting names. Raises `ValueError` that says what is wrong with it."""
    name, _, address = setting.partition(":")
    if name == "gazetteer" and not address:
        return Gazetteer()
    if name in _OUTSIDE:
        return _Backed(_OUTSIDE[name](address))
    known = ", ".join(f"{one}:https://…" for one in _OUTSIDE)
    raise ValueError(f"geocoder must be gazetteer, {known}; not {setting[:40]!r}")


class _Backed:
    """An outside geocoder that only sharpens what the gazetteer knows, and is never needed.

    It is asked when there is a street to find, or when the gazetteer is not certain.
    """

    def __init__(self, outside: OutsideGeocoder) -> None:
        self.outside = outside

    def search(self, text: str, country: str, language: str, limit: int) -> list[Found]:
        country = country.upper()
        known = queries.search(text, country, language, limit)
        asked = rules.clean(text)
        if not asked or limit < 1 or (known and known[0].certain and not known[0].street):
            return known
        try:
            answers = self.outside.ask(asked, country, language, limit)
        except GeocoderError:
            return known
        sharpened = [found for answer in answers if (found := self._found(answer, country, language, known))]
        kept: dict[tuple[object, str], Found] = {}
        for found in [*sharpened, *known]:
            kept.setdefault((found.place.pk, found.street), found)
        return list(kept.values())[:limit]

    def _found(self, answer: Answer, country: str, language: str, known: list[Found]) -> Found | None:
        """The answer as a place of the gazetteer with a finer point; `None` when the two do not agree."""
        key = rules.postcode_key(country, answer.postcode)
        places = _around(answer, country, key) or _around(answer, country, "")
        if not places:
            return None
        locality = rules.fold(answer.locality)
        named = [one for one in places if locality in {rules.fold(name) for name in one.names().values()}]
        place = (named or places)[0]
        first = known[0] if known else None
        agrees = first is None or not first.certain or first.place.postcode_key == place.postcode_key
        # A town that the person named stays: the geocoder may only find the street inside it.
        if not agrees:
            return None
        found = Found(
            place=place,
            label=place.label(language),
            score=90,
            matched=locality or place.key,
            certain=bool(first and first.certain),
            street=answer.street or (first.street if first else ""),
            lat=answer.lat,
            lon=answer.lon,
            precision=answer.precision,
        )
        if answer.precision not in _FINE:
            return replace(found, lat=place.lat, lon=place.lon, precision=place.precision)
        return found


def _around(answer: Answer, country: str, key: str) -> list[Place]:
    """The places near the answer's point, nearest first; only those with that postcode if there is one."""
    if key:
        rows = list(Place.objects.filter(country=country, postcode_key=key)[:200])
        near = [(place, cells.distance_m(answer.lat, answer.lon, place.lat, place.lon)) for place in rows]
    else:
        near = queries.nearest_places(answer.lat, answer.lon, 8)
    near.sort(key=lambda pair: (pair[1], not pair[0].main, pair[0].key))
    return [place for place, metres in near if place.country == country and metres <= _NEAR_M]
