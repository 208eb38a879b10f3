"""Rules of lists: lines as people write them, and the key by which a line is ticked. Pure."""

import re
from dataclasses import dataclass
from hashlib import sha256
from textwrap import wrap

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from quartier.lib.text import one_line
from quartier.shopping.models import Item, ShoppingList

# Help for which there is a list.
WITH_LIST = frozenset({"groceries", "pharmacy"})
# Lists of which the household says what is never to be bought: nobody chooses at the pharmacy.
WITH_CHOICE = frozenset({"groceries"})
MOST_ITEMS = 60
# The consent to keep allergies: another wording is another version.
CONSENT = "allergies-2026-11-30"
READ_OUT = gettext_lazy(
    "Allergies are about your health. May I write them down, so that the person who shops for you takes "
    "care? Only the neighbour who goes and our team can read them, and you can have them deleted at any "
    "time."
)
# Said by us to whoever asks, so that "our team" is ours.
AGREE = gettext_lazy(
    "Yes, keep my allergies, so that the person who shops for me takes care. Only the neighbour who goes "
    "and the team read them. I can change my mind at any time; then they are deleted."
)
AGREE_FOR = gettext_lazy(
    "Yes, the person who needs help agrees that their allergies are kept, so that the person who shops takes "
    "care. Only the neighbour who goes and the team read them. They can change their mind at any time; then "
    "they are deleted."
)
LONGEST = 200

_BULLET = re.compile(r"^(?:[-*•·–]\s*|\[[ xX]?\]\s*|\d{1,2}[.)]\s+)")
# "2 x milk", "2x milk", "500 g butter", "6 eggs".
_AMOUNT = re.compile(
    r"^(\d+(?:[.,/]\d+)?(?:\s*(?:x|×|kg|gr?|mg|l|cl|ml|dl|st|pcs?)(?![^\W\d_]))?)\s+(?=\S)",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(r"^\d+(?:[.,/]\d+)?(?:\s*(?:x|×|kg|gr?|mg|l|cl|ml|dl|st|pcs?))?$", re.IGNORECASE)
_NOTE = re.compile(r"^(.*\S)\s*\(([^()]+)\)\s*$")


@dataclass(frozen=True)
class Thing:
    """One line: `amount` and `note` are '' where nothing was said. `key`: by which a page names it."""

    key: str
    words: str
    what: str
    amount: str = ""
    note: str = ""
    state: str = Item.State.WANTED
    instead: str = ""

    @property
    def is_bought(self) -> bool:
        return self.state == Item.State.BOUGHT


@dataclass(frozen=True)
class Wishes:
    """What is to be bought and how. `lines` as people write them, one thing each. `allergies` and `never` hold for
    every list of the household; `None` leaves them as they are.

    `agreed`: she agrees that allergies are kept, `spoken`: to somebody of the team; without it none are kept.
    """

    lines: str
    shop: str = ""
    substitutions: str = ShoppingList.Substitutions.ASK
    allergies: str | None = ""
    never: str | None = ""
    budget_cents: int | None = None
    agreed: bool = False
    spoken: bool = False


def lines(text: str, kind: str = "groceries") -> list[str]:
    """One thing a line, without bullets; one line with commas is several things to buy, and one note for a pharmacy
    ("the usual, in the name of Peeters, paid already"). No word is lost: what is long goes on
    in the next line, and beyond `MOST_ITEMS` the last one has the rest."""
    rows = [one_line(row, len(row)) for row in text.splitlines()]
    rows = [row for row in rows if row]
    if kind in WITH_CHOICE and len(rows) == 1 and rows[0].count(",") >= 2 and "(" not in rows[0]:
        # A comma between digits belongs to a number: "1,5 l milk".
        rows = [part.strip() for part in re.split(r",(?!\d)", rows[0])]
    bare = [_BULLET.sub("", row).strip() for row in rows]
    kept = [part for row in bare for part in wrap(row, LONGEST, break_on_hyphens=False)]
    if len(kept) > MOST_ITEMS:
        # Read again it is cut elsewhere: no comma is added where there is one.
        kept[MOST_ITEMS - 1 :] = [", ".join(part.rstrip(", ") for part in kept[MOST_ITEMS - 1 :])]
    return kept


def thing(words: str, number: int, state: str = Item.State.WANTED, instead: str = "") -> Thing:
    """A line as a page shows it. `number`: which of several equal lines it is, from 0."""
    key = sha256(f"{number}|{words}".encode()).hexdigest()[:12]
    rest, amount, note = words, "", ""
    if (found := _AMOUNT.match(words)) and words[found.end() :].strip():
        amount, rest = found[1].strip(), words[found.end() :].strip()
    if found := _NOTE.match(rest):
        rest, note = found[1], found[2].strip()
        if not amount and _HOW_MANY.match(note):
            # "œufs (6)": how many, and no remark.
            amount, note = note, ""
    return Thing(key, words, rest, amount, note, state, instead)


def things(rows: list[tuple[str, str, str]]) -> list[Thing]:
    """(words, state, instead) of each line, as pages show them."""
    seen: dict[str, int] = {}
    made = []
    for words, state, instead in rows:
        number = seen.get(words, 0)
        seen[words] = number + 1
        made.append(thing(words, number, state, instead))
    return made


def substitutions() -> dict[str, str]:
    """What to do if a thing is not there, in words."""
    return {
        ShoppingList.Substitutions.YES: _("Take something like it"),
        ShoppingList.Substitutions.ASK: _("Ask me first"),
        ShoppingList.Substitutions.NO: _("Leave it out"),
    }


def if_missing(code: str, name: str) -> str:
    """The same as others read it: `name` is the first name of whom to ask; "" where it is not known."""
    if code == ShoppingList.Substitutions.ASK:
        return (
            _("Ask %(name)s first") % {"name": name}
            if name
            else pgettext("if a thing is not there", "Ask first")
        )
    return substitutions().get(code, "")
