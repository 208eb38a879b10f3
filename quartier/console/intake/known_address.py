"""A place or a street typed while a household is chosen whose address is known: a request goes to the known one."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quartier.cases.models import Case
from quartier.cases.queries import same_words
from quartier.lib.text import folded
from quartier.places.queries import read_place


def known_address(case: Case) -> str:
    """Street, postcode and place, as far as they are known."""
    place = f"{case.postcode} {case.place_name}".strip()
    return ", ".join(part for part in (case.address.strip(), place) if part)


def other_address_errors(case: Case, data: dict[str, Any], country: str) -> dict[str, str]:
    """What to say by field, where the words typed are not those of the file. Nothing typed is ever thrown away
    unsaid. A street for a file that has none is no other one: it becomes the address of the form."""
    place, street = str(data.get("place") or "").strip(), str(data.get("address") or "").strip()
    is_same_place = True
    if place:
        is_same_place, street_in_place = _reads_as_place_of(case, place, country)
        street = street or street_in_place
    if street and is_same_place and not case.address and not _is_for_another(case, data):
        data["address"] = street
        return {}
    wrong = [] if is_same_place else ["place"]
    if street and not (case.address and same_words(street, case.address)):
        wrong.append("address" if data.get("address") else "place")
    return {name: _text(case) for name in wrong}


def _is_for_another(case: Case, data: dict[str, Any]) -> bool:
    """Whether it may be said of somebody else's home: the caller's own file was chosen by itself, and stays so where
    they call for another one."""
    return bool(data.get("for_other")) and str(case.person_id) == data.get("caller")


def _reads_as_place_of(case: Case, text: str, country: str) -> tuple[bool, str]:
    """Whether the words may mean the place of the file, and the street that stands among them."""
    for one in read_place(text, country, get_language() or "en").found:
        if one.place.postcode == case.postcode:
            return True, one.street
    return folded(text) in {folded(case.place_name), folded(case.postcode)}, ""


def _text(case: Case) -> str:
    return _(
        "This request would go to the address we know: %(address)s. Have they moved, or is it elsewhere this time? "
        "Then choose “A new case” under “For which household?”. Otherwise empty this field."
    ) % {"address": known_address(case)}
