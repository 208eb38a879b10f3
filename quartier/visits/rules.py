"""Rules of visits: code words, and when somebody is late. Pure."""

import secrets
from datetime import datetime, timedelta

from quartier.visits.models import Assignment

# Short, known in each language, easy to say through a door; never a name, nothing sad.
CODE_WORDS = {
    "fr": (
        "tulipe",
        "citron",
        "bateau",
        "soleil",
        "cerise",
        "violon",
        "sapin",
        "colombe",
        "biscuit",
        "lanterne",
    ),
    "nl": ("tulp", "citroen", "boot", "zon", "kers", "viool", "spar", "duif", "koekje", "lantaarn"),
    "de": ("Tulpe", "Zitrone", "Boot", "Sonne", "Kirsche", "Geige", "Tanne", "Taube", "Keks", "Laterne"),
    "en": ("tulip", "lemon", "boat", "sun", "cherry", "violin", "fir", "dove", "biscuit", "lantern"),
}
# After the end of the time agreed: a question to the volunteer, then somebody else is looked for.
REMIND_AFTER = timedelta(minutes=30)
NO_SHOW_AFTER = timedelta(hours=3)
# After this the address is hidden again, whatever the state says.
ACCESS_LASTS = timedelta(hours=24)


def code_word(language: str) -> str:
    """A word that the volunteer says at the door, in the language of who is helped."""
    return secrets.choice(CODE_WORDS.get(language, CODE_WORDS["en"]))


def may_see_details(assignment: Assignment, now: datetime) -> bool:
    """Whether the volunteer may see name, address and phone: while the visit is active, and a day at most."""
    return assignment.state in Assignment.ACTIVE and now < assignment.comes_until + ACCESS_LASTS


def is_late(assignment: Assignment, now: datetime) -> bool:
    """Whether the time agreed is over and nobody has said how it went."""
    return assignment.state in Assignment.ACTIVE and now > assignment.comes_until
