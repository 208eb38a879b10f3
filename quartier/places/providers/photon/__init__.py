"""Photon (photon.komoot.io), a geocoder on OpenStreetMap data. Setting: `photon:https://host/`."""

from typing import Any

from quartier.places.models import Precision
from quartier.places.providers.base import Answer, OutsideGeocoder, precision_of, text_of

_KINDS = {
    **dict.fromkeys(("house", "street"), Precision.STREET),
    **dict.fromkeys(("locality", "district"), Precision.LOCALITY),
    **dict.fromkeys(("city",), Precision.MUNICIPALITY),
}
_LANGUAGES = {"fr", "de", "en"}  # Photon refuses a language that it was not built with


class Photon(OutsideGeocoder):
    name = "photon"
    path = "/api"

    def parameters(self, text: str, country: str, language: str, limit: int) -> dict[str, str]:
        asked = {"q": text, "limit": str(limit), "countrycode": country}
        return {**asked, "lang": language[:2]} if language[:2] in _LANGUAGES else asked

    def features(self, body: Any) -> list[Any]:
        found: list[Any] = body["features"]
        return found

    def read(self, feature: Any) -> Answer:
        lon, lat = feature["geometry"]["coordinates"][:2]
        properties = feature["properties"]
        kind = text_of(properties, "type")
        named = text_of(properties, "name") if kind == "street" else ""
        street = text_of(properties, "street") or named
        return Answer(
            lat=float(lat),
            lon=float(lon),
            precision=precision_of(kind, _KINDS),
            country=text_of(properties, "countrycode"),
            postcode=text_of(properties, "postcode"),
            locality=text_of(properties, "locality", "district", "city", "name"),
            street=" ".join(part for part in (street, text_of(properties, "housenumber")) if part),
        )
