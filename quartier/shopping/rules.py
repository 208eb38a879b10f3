"""Rules of lists: lines as people write them, and the key by which a line is ticked. Pure."""

import re
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.lib.text import one_line
from quartier.shopping.models import Item, ShoppingList

# Help for which there is a list.
WITH_LIST = frozenset({"groceries", "pharmacy"})
MOST_ITEMS = 60
# The consent to keep allergies: another wording is another version.
CONSENT = "allergies-2026-11"
READ_OUT = gettext_lazy(
    "Allergies are about your health. May I write them down, so that whoever shops for you takes care? Only the "
    "neighbour who goes and our team read them, and you can have them deleted at any time."
)
AGREE = gettext_lazy(
    "Yes, keep my allergies, so that whoever shops for me takes care. Only the neighbour who goes and your team read "
    "them. I can take this back at any time; then they are deleted."
)
AGREE_FOR = gettext_lazy(
    "Yes, this person agrees that you keep their allergies, so that whoever shops takes care. Only the neighbour who "
    "goes and your team read them. They can take this back at any time; then they are deleted."
)
LONGEST = 200

_BULLET = re.compile(r"^(?:[-*•·–]\s*|\[[ xX]?\]\s*|\d{1,2}[.)]\s+)")
# "2 x milk", "2x milk", "500 g butter", "6 eggs".
_AMOUNT = re.compile(
    r"^(\d+(?:[.,/]\d+)?(?:\s*(?:x|×|kg|gr?|mg|l|cl|ml|dl|st|pcs?)(?![^\W\d_]))?)\s+(?=\S)",
    re.IGNORECASE,
)
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


def lines(text: str) -> list[str]:
    """One thing a line, without bullets; one line with commas is several things. At most `MOST_ITEMS`."""
    rows = [one_line(row, LONGEST) for row in text.splitlines()]
    rows = [row for row in rows if row]
    if len(rows) == 1 and rows[0].count(",") >= 2 and "(" not in rows[0]:
        # A comma between digits belongs to a number: "1,5 l milk".
        rows = [part.strip() for part in re.split(r",(?!\d)", rows[0])]
    bare = [_BULLET.sub("", row).strip() for row in rows]
    return [row for row in bare if row][:MOST_ITEMS]


def thing(words: str, number: int, state: str = Item.State.WANTED, instead: str = "") -> Thing:
    """A line as a page shows it. `number`: which of several equal lines it is, from 0."""
    key = sha256(f"{number}|{words}".encode()).hexdigest()[:12]
    rest, amount, note = words, "", ""
    if (found := _AMOUNT.match(words)) and words[found.end() :].strip():
        amount, rest = found[1].strip(), words[found.end() :].strip()
    if found := _NOTE.match(rest):
        rest, note = found[1], found[2].strip()
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
