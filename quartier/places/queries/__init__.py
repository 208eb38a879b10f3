"""Reading the gazetteer."""

from quartier.places.queries.called import place_called, places_called
from quartier.places.queries.found import Doubt, Found, PlaceReading, ReadingKind
from quartier.places.queries.near import name_of_area, names_of_areas, nearest_places
from quartier.places.queries.search import read_place, search

__all__ = [
    "Doubt",
    "Found",
    "PlaceReading",
    "ReadingKind",
    "name_of_area",
    "names_of_areas",
    "nearest_places",
    "place_called",
    "places_called",
    "read_place",
    "search",
]
