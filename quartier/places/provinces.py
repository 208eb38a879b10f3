"""The provinces of a country, by the beginning of a municipality's code, in four languages."""

from quartier.places.models import LANGUAGES

Names = tuple[str, str, str, str]  # as LANGUAGES

# By the beginning of the NIS code, the longest first.
_BELGIUM: dict[str, Names] = {
    "25": ("Brabant wallon", "Waals-Brabant", "Wallonisch-Brabant", "Walloon Brabant"),
    "23": ("Brabant flamand", "Vlaams-Brabant", "Flämisch-Brabant", "Flemish Brabant"),
    "24": ("Brabant flamand", "Vlaams-Brabant", "Flämisch-Brabant", "Flemish Brabant"),
    "21": ("Région de Bruxelles", "Brussels Gewest", "Region Brüssel", "Brussels Region"),
    "1": ("Province d’Anvers", "Provincie Antwerpen", "Provinz Antwerpen", "Province of Antwerp"),
    "3": ("Flandre occidentale", "West-Vlaanderen", "Westflandern", "West Flanders"),
    "4": ("Flandre orientale", "Oost-Vlaanderen", "Ostflandern", "East Flanders"),
    "5": ("Hainaut", "Henegouwen", "Hennegau", "Hainaut"),
    "6": ("Province de Liège", "Provincie Luik", "Provinz Lüttich", "Province of Liège"),
    "7": ("Limbourg", "Limburg", "Limburg", "Limburg"),
    "8": (
        "Province de Luxembourg",
        "Provincie Luxemburg",
        "Provinz Luxemburg",
        "Province of Luxembourg",
    ),
    "9": ("Province de Namur", "Provincie Namen", "Provinz Namur", "Province of Namur"),
}


def names_of_province(country: str, admin_code: str) -> Names | None:
    """What the province of a municipality is called; `None` where we do not know it."""
    if country != "BE":
        return None
    return _BELGIUM.get(admin_code[:2]) or _BELGIUM.get(admin_code[:1])


def province_in(country: str, admin_code: str, language: str) -> str:
    """The province in `language` ("fr", "nl-BE"...), in French for another one; empty where we do not know it."""
    names = names_of_province(country, admin_code)
    short = language[:2].lower()
    if names is None:
        return ""
    return names[LANGUAGES.index(short)] if short in LANGUAGES else names[0]


def code_beginnings(country: str) -> dict[str, Names]:
    """By the beginning of its municipalities' codes, what each province is called; of two that begin alike, the longer
    beginning is the other province's."""
    return _BELGIUM if country == "BE" else {}


def all_provinces(country: str) -> list[Names]:
    """Every province of the country."""
    return list(dict.fromkeys(_BELGIUM.values())) if country == "BE" else []
