"""Levels of trust: what each needs and what it opens. Pure.

The table is `LEVELS`; which kind of help needs which level is `OPENS`. A group that vets (`Organisation.vets`) asks
volunteers for help of their level and below; elsewhere levels are kept and shown, and open nothing more or less.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# The charter as it is now. A new version is signed anew.
CHARTER_VERSION = 1
CHARTER = (
    pgettext_lazy("charter", "I stay at the door. I do not go in."),
    pgettext_lazy("charter", "I say the code word first."),
    pgettext_lazy("charter", "I never ask for a bank card or a PIN. I am paid back what the receipt says."),
    pgettext_lazy("charter", "What I see and hear stays with me."),
    pgettext_lazy("charter", "If I cannot go, I say so. No one will blame me."),
)

# What can be needed, as a volunteer and the team read it.
NEEDS: dict[str, str | Promise] = {
    "charter": _("The charter, signed"),
    "identity": _("Identity card seen by the team"),
    "references": _("Two people who know you, spoken to"),
    "training": _("First training"),
    "extract": _("Extract from the criminal record (595) seen by the team"),
    "minors": _("Extract for work with minors (596.2) seen by the team"),
}


@dataclass(frozen=True)
class Level:
    """One level. `needs`: beside those of the levels below; `opens`: in words."""

    number: int
    needs: tuple[str, ...]
    opens: str | Promise


LEVELS = (
    Level(0, (), _("Help at the door without money: a walk for the dog, for example.")),
    Level(
        1,
        ("charter", "identity"),
        _("Help with money, and calls: shopping, pharmacy, meals, a friendly call."),
    ),
    Level(
        2,
        ("references", "training", "extract"),
        _("Alone with someone, or with their papers: a lift, help with paperwork."),
    ),
    Level(3, ("minors",), _("Where there are children.")),
)
# Of whoever has this level, the team has seen the identity card.
LEVEL_OF_IDENTITY = next(each.number for each in LEVELS if "identity" in each.needs)
# By kind of help, the level that it needs: money from 1, alone with somebody vulnerable from 2.
OPENS = {
    "dog": 0,
    "groceries": 1,
    "pharmacy": 1,
    "meal": 1,
    "talk": 1,
    "other": 1,
    "transport": 2,
    "papers": 2,
    "cleanup": 1,
    "things": 1,
    "lookin": 1,
    "shelter": 2,
    "interpret": 2,
}
WITH_CHILDREN = 3
# For how long what was seen holds, unless the paper says otherwise; what is not named holds for good.
HOLDS = {"extract": timedelta(days=365), "training": timedelta(days=2 * 365)}
REFERENCES = 2


@dataclass(frozen=True)
class Seen:
    """Something that was seen: `kind`, for an extract its `model`, and until when it holds (`None`: for good)."""

    kind: str
    model: str = ""
    valid_until: date | None = None


def there(seen: Iterable[Seen], signed: int, today: date) -> set[str]:
    """Which of the needs are met today. `signed`: the newest version of the charter that was signed, or 0."""
    holds = [each for each in seen if each.valid_until is None or each.valid_until >= today]
    kinds = [each.kind for each in holds]
    models = {each.model for each in holds if each.kind == "extract"}
    found = {
        "charter": signed >= CHARTER_VERSION,
        "identity": "identity" in kinds,
        "references": kinds.count("reference") >= REFERENCES,
        "training": "training" in kinds,
        # Who has shown the one for work with minors has shown more than the general one.
        "extract": bool(models),
        "minors": "596.2" in models,
    }
    return {name for name, is_there in found.items() if is_there}


def level(met: set[str]) -> int:
    """The highest level of which every need is met, and of all below it."""
    reached = 0
    for each in LEVELS:
        if not set(each.needs) <= met:
            break
        reached = each.number
    return reached


def needed(kind: str) -> int:
    """The level that a kind of help needs; one that is not in the table needs what help with money does."""
    return OPENS.get(kind, 1)


# Who has never been at a door, and who has been at so many that somebody new can go along.
EXPERIENCED = 3


def is_new(doors: int) -> bool:
    """Whether somebody who has made so many visits at a door goes for the first time."""
    return doors == 0


def is_experienced(doors: int) -> bool:
    """Whether somebody who has made so many visits at a door can take somebody new along."""
    return doors >= EXPERIENCED


def holds_until(kind: str, seen_on: date) -> date | None:
    """Until when something seen on that day holds, when the paper does not say."""
    lasts = HOLDS.get(kind)
    return seen_on + lasts if lasts else None
