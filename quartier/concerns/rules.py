"""Around whom a concern goes. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

# So many letters make a name; less is too often a word.
LEAST_LETTERS = 3


@dataclass(frozen=True)
class Member:
    """Somebody of the team, by account. `head`: an administrator."""

    account: UUID
    name: str
    head: bool


def named(team: Sequence[Member], text: str) -> set[UUID]:
    """Those of the team whose first or last name stands in the text, however it is written."""
    said = set(words(text))
    return {
        member.account
        for member in team
        if any(part in said for part in words(member.name) if len(part) >= LEAST_LETTERS)
    }


def words(text: str) -> list[str]:
    """The words of a text in small letters, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W_]+", "".join(each for each in plain if not unicodedata.combining(each)))


def around(team: Sequence[Member], about: str, said: str, known: set[UUID], *, outside: bool) -> set[UUID]:
    """The accounts for which the concern does not exist. `known`: whom it is about, or whom the words name.

    Of the team, and nobody knows who: it could be any of them. Then somebody outside reads it, where the group has
    named one (`outside`), else the administrators.
    """
    found = known | named(team, said)
    if about == "team" and not found:
        return {member.account for member in team if outside or not member.head}
    return found
