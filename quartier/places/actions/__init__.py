"""Filling the gazetteer."""

from quartier.places.actions.geonames import BadFile, Imported, import_geonames
from quartier.places.actions.shipped import load_shipped, shipped_countries

__all__ = ["BadFile", "Imported", "import_geonames", "load_shipped", "shipped_countries"]
