"""Where one can complain about what is done with one's data: the data protection authority of each country.

Sources: the authorities' own sites, and the list of members at edpb.europa.eu.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class DataProtectionAuthority:
    """One authority. `names` and `sites`: by the reader's language, "" for all others; `address` where post goes."""

    names: dict[str, str]
    sites: dict[str, str]
    addresses: dict[str, str]

    def read_in(self, language: str) -> dict[str, str]:
        """Its name, site and address for somebody who reads this language; no address where none is known."""
        return {
            key: by_language.get(language[:2]) or by_language.get("", "")
            for key, by_language in (("name", self.names), ("site", self.sites), ("address", self.addresses))
        }


AUTHORITIES = {
    "BE": DataProtectionAuthority(
        {
            "fr": "Autorité de protection des données (APD)",
            "nl": "Gegevensbeschermingsautoriteit (GBA)",
            "de": "Datenschutzbehörde (APD/GBA)",
            "": "Data Protection Authority (APD-GBA)",
        },
        {
            "fr": "https://www.autoriteprotectiondonnees.be",
            "nl": "https://www.gegevensbeschermingsautoriteit.be",
            "de": "https://datenschutzbehorde.be",
            "": "https://www.dataprotectionauthority.be",
        },
        {
            "nl": "Drukpersstraat 35, 1000 Brussel",
            "de": "Rue de la Presse 35, 1000 Brüssel",
            "en": "Rue de la Presse 35, 1000 Brussels",
            "": "Rue de la Presse 35, 1000 Bruxelles",
        },
    ),
    "FR": DataProtectionAuthority(
        {"": "Commission nationale de l’informatique et des libertés (CNIL)"}, {"": "https://www.cnil.fr"}, {}
    ),
    "LU": DataProtectionAuthority(
        {"": "Commission nationale pour la protection des données (CNPD)"},
        {"": "https://cnpd.public.lu"},
        {},
    ),
    "NL": DataProtectionAuthority(
        {"": "Autoriteit Persoonsgegevens"}, {"": "https://www.autoriteitpersoonsgegevens.nl"}, {}
    ),
}


def authority(country: str, language: str) -> dict[str, str] | None:
    """The authority of a country as `language` writes it; `None` for a country that nobody has written down."""
    known = AUTHORITIES.get(country)
    return known.read_in(language) if known else None
