"""A word that stands in a statement as it is, not as a parameter.

SQLite uses an index with a condition (`state IN ('due', 'unknown')`) only where the statement says the same, word by
word and in the same order. Of a single parameter it looks up the value; of those in a list it does not, and reads the
whole table instead.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Value

_WORD = re.compile(r"[a-z_]+")


class SqlLiteral(Value):
    """One of our own code words, such as a state. Raises `ValueError` for anything else."""

    def __init__(self, word: str) -> None:
        if not _WORD.fullmatch(word):
            raise ValueError(f"{word!r} is no word of ours")
        super().__init__(str(word), output_field=CharField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return f"'{self.value}'", ()


def literals(words: Iterable[str]) -> list[SqlLiteral]:
    """For `state__in`, in the order of the index's condition."""
    return [SqlLiteral(str(word)) for word in words]
