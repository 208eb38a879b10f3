"""Reading the gazetteer."""

from quartier.places.queries.found import Found
from quartier.places.queries.near import name_of_area, names_of_areas, nearest_places
from quartier.places.queries.search import search

__all__ = ["Found", "name_of_area", "names_of_areas", "nearest_places", "search"]
