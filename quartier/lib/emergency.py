"""Numbers to give in danger, for each country: who answers, and when somebody last checked that it is so.

Sources: 112.be, preventionsuicide.be, zelfmoord1813.be, tele-accueil.be, tele-onthaal.be, telefonhilfe.be,
1712.be, respectseniors.be.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

CHECK_EVERY = timedelta(days=90)


@dataclass(frozen=True)
class Number:
    """One number: as written, as dialled, who answers. `languages`: in which it answers; empty means all."""

    written: str
    tel: str
    meaning: str | Promise
    checked_on: date
    languages: tuple[str, ...] = ()
    # Short lists (the foot of a page) show only these.
    first: bool = False

    def is_stale(self, today: date) -> bool:
        """Whether nobody has checked the number for 90 days."""
        return today - self.checked_on > CHECK_EVERY


_CHECKED = date(2026, 11, 20)

NUMBERS: dict[str, tuple[Number, ...]] = {
    "BE": (
        Number("112", "112", _("ambulance and fire brigade"), _CHECKED, first=True),
        Number("101", "101", _("police"), _CHECKED, first=True),
        Number(
            "0800 32 123", "080032123", _("if you are thinking about suicide"), _CHECKED, ("fr",), first=True
        ),
        Number("1813", "1813", _("if you are thinking about suicide"), _CHECKED, ("nl",), first=True),
        Number("107", "107", _("someone to listen, day and night"), _CHECKED, ("fr",), first=True),
        Number("106", "106", _("someone to listen, day and night"), _CHECKED, ("nl",), first=True),
        Number("108", "108", _("someone to listen, day and night"), _CHECKED, ("de",), first=True),
        Number("1712", "1712", _("violence and abuse"), _CHECKED, ("nl",)),
        Number("0800 30 330", "080030330", _("abuse of older people"), _CHECKED, ("fr",)),
    ),
}
# Who reads none of a country's languages must know in which one of them a number answers.
_SPEAKS = {"fr": _("in French"), "nl": _("in Dutch"), "de": _("in German")}
EVERYWHERE = (Number("112", "112", _("emergency"), _CHECKED, first=True),)


def numbers(country: str, language: str, *, short: bool = False) -> list[Number]:
    """The numbers to show in a country to somebody who reads `language`; those of other languages are left out.

    Somebody who reads none of a country's languages gets all of them, with the language in which each answers.
    """
    known = NUMBERS.get(country, EVERYWHERE)
    if language not in {code for number in known for code in number.languages}:
        found = [_with_language(number) for number in known]
    else:
        found = [number for number in known if not number.languages or language in number.languages]
    return [number for number in found if number.first or not short]


def _with_language(number: Number) -> Number:
    if len(number.languages) != 1:
        return number
    language = _SPEAKS[number.languages[0]]
    return replace(number, meaning=format_lazy("{} ({})", number.meaning, language))
