"""What we ask when a text does not say for certain which place is meant."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.places.queries import Doubt, PlaceReading, ReadingKind

_SAME_NAME_SCORE = 95  # places that fit so well all bear the name

IN_COUNTRY = {
    "BE": gettext_lazy("in Belgium"),
    "NL": gettext_lazy("in the Netherlands"),
    "FR": gettext_lazy("in France"),
    "DE": gettext_lazy("in Germany"),
    "LU": gettext_lazy("in Luxembourg"),
    "GB": gettext_lazy("in the United Kingdom"),
    "CH": gettext_lazy("in Switzerland"),
    "AT": gettext_lazy("in Austria"),
    "ES": gettext_lazy("in Spain"),
    "IT": gettext_lazy("in Italy"),
    "PT": gettext_lazy("in Portugal"),
    "PL": gettext_lazy("in Poland"),
    "IE": gettext_lazy("in Ireland"),
    "DK": gettext_lazy("in Denmark"),
    "SE": gettext_lazy("in Sweden"),
    "CZ": gettext_lazy("in Czechia"),
    "RO": gettext_lazy("in Romania"),
    "MA": gettext_lazy("in Morocco"),
    "TR": gettext_lazy("in Türkiye"),
    "UA": gettext_lazy("in Ukraine"),
}


# Among the places that are shown there is always a way past them.
ELSEWHERE = "elsewhere"
ELSEWHERE_NAME = gettext_lazy("Somewhere else")
ELSEWHERE_QUESTION = gettext_lazy("Then which town or postcode is it? What you wrote is still here.")


def question_about(reading: PlaceReading, text: str, country: str) -> str:
    """The question, or what is known of a text that names no place of `country` (ISO code); '' for a certain place."""
    if reading.kind == ReadingKind.CERTAIN:
        return ""
    if reading.kind == ReadingKind.NO_TOWN:
        return _("In which town is “%(street)s”?") % {"street": reading.street}
    if reading.kind == ReadingKind.ABROAD:
        return _seems_abroad(reading, text, country)
    if reading.kind == ReadingKind.UNKNOWN:
        return _(
            "We can't find “%(text)s”. Try the postcode, or the name of the town. You can also call us."
        ) % {"text": text}
    if reading.kind == ReadingKind.LIKELY and reading.found[0].doubt == Doubt.AREA:
        return _(
            "“%(text)s” is also an area or a river. Did you mean %(place)s? If not, write the postcode or the town."
        ) % {"text": text, "place": reading.found[0].label}
    if reading.kind == ReadingKind.LIKELY and reading.found[0].doubt == Doubt.PARISH:
        return _(
            "“%(text)s” exists in several towns. Did you mean %(place)s? If not, write the postcode or the town."
        ) % {"text": text, "place": reading.found[0].label}
    if reading.kind == ReadingKind.LIKELY and not reading.found[0].likely:
        return _(
            "We can't find “%(text)s”. Did you mean %(place)s? If not, write the postcode or a larger place nearby."
        ) % {"text": text, "place": reading.found[0].label}
    if reading.kind == ReadingKind.LIKELY:
        return _("Is it %(place)s?") % {"place": reading.found[0].label}
    names = [one.score for one in reading.found if one.score >= _SAME_NAME_SCORE]
    if len(names) > 1:
        return _("There are several places called “%(text)s”. Which one do you mean?") % {"text": text}
    return _("Which of these places do you mean?")


def _seems_abroad(reading: PlaceReading, text: str, country: str) -> str:
    there = [str(IN_COUNTRY[code]) for code in reading.abroad if code in IN_COUNTRY]
    where = _("%(one)s or %(other)s") % {"one": there[0], "other": there[1]} if len(there) > 1 else there[0]
    if country not in IN_COUNTRY:
        return _("“%(text)s” seems to be %(there)s. We do not help there.") % {"text": text, "there": where}
    return _("“%(text)s” seems to be %(there)s. We help only %(here)s.") % {
        "text": text,
        "there": where,
        "here": IN_COUNTRY[country],
    }
