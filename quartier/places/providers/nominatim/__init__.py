"""Nominatim (nominatim.org), OpenStreetMap's geocoder. Setting: `nominatim:https://host/`."""

from typing import Any

from quartier.places.models import Precision
from quartier.places.providers.base import Answer, OutsideGeocoder, precision_of, text_of

_KINDS = {
    **dict.fromkeys(("house", "building", "place", "road", "street"), Precision.STREET),
    **dict.fromkeys(
        ("postcode", "village", "hamlet", "suburb", "quarter", "neighbourhood"), Precision.LOCALITY
    ),
    **dict.fromkeys(("locality", "city_district", "borough"), Precision.LOCALITY),
    **dict.fromkeys(("city", "town", "municipality"), Precision.MUNICIPALITY),
}


class Nominatim(OutsideGeocoder):
    name = "nominatim"
    path = "/search"

    def parameters(self, text: str, country: str, language: str, limit: int) -> dict[str, str]:
        return {
            "q": text,
            "format": "jsonv2",
            "addressdetails": "1",
            "limit": str(limit),
            "countrycodes": country.lower(),
            "accept-language": language,
        }

    def features(self, body: Any) -> list[Any]:
        if not isinstance(body, list):
            raise TypeError
        return body

    def read(self, feature: Any) -> Answer:
        address = feature["address"]
        road = text_of(address, "road", "pedestrian", "footway", "square")
        return Answer(
            lat=float(feature["lat"]),
            lon=float(feature["lon"]),
            precision=Precision.STREET if road else precision_of(text_of(feature, "addresstype"), _KINDS),
            country=text_of(address, "country_code"),
            postcode=text_of(address, "postcode"),
            locality=text_of(address, "village", "suburb", "town", "city_district", "city", "municipality"),
            street=" ".join(part for part in (road, text_of(address, "house_number")) if part),
        )
