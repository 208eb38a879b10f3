"""Pelias (pelias.io). Setting: `pelias:https://host/v1`, with `?api_key=…` where one is needed."""

from typing import Any

from quartier.places.models import Precision
from quartier.places.providers.base import Answer, OutsideGeocoder, precision_of, text_of

_KINDS = {
    **dict.fromkeys(("address", "street", "venue", "intersection"), Precision.STREET),
    **dict.fromkeys(("neighbourhood", "borough", "locality", "postalcode"), Precision.LOCALITY),
    **dict.fromkeys(("localadmin",), Precision.MUNICIPALITY),
    **dict.fromkeys(("county",), Precision.CANTON),
}


class Pelias(OutsideGeocoder):
    name = "pelias"
    path = "/search"

    def parameters(self, text: str, country: str, language: str, limit: int) -> dict[str, str]:
        return {"text": text, "boundary.country": country, "size": str(limit), "lang": language}

    def features(self, body: Any) -> list[Any]:
        found: list[Any] = body["features"]
        return found

    def read(self, feature: Any) -> Answer:
        lon, lat = feature["geometry"]["coordinates"][:2]
        properties = feature["properties"]
        return Answer(
            lat=float(lat),
            lon=float(lon),
            precision=precision_of(text_of(properties, "layer"), _KINDS),
            country=text_of(properties, "country_code"),
            postcode=text_of(properties, "postalcode"),
            locality=text_of(properties, "neighbourhood", "borough", "locality", "localadmin"),
            street=" ".join(
                part for part in (text_of(properties, "street"), text_of(properties, "housenumber")) if part
            ),
        )
