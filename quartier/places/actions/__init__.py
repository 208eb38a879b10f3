"""Filling the gazetteer."""

from quartier.places.actions.geonames import BadFileError, Imported, import_geonames
from quartier.places.actions.shipped import load_shipped, shipped_countries

__all__ = ["BadFileError", "Imported", "import_geonames", "load_shipped", "shipped_countries"]
