"""The geocoder that is always there: the installation's own table, no network."""

from quartier.places import queries
from quartier.places.queries import Found


class Gazetteer:
    """Searches the installation's own table of places."""

    def search(self, text: str, country: str, language: str, limit: int) -> list[Found]:
        return queries.search(text, country, language, limit)
