"""Rows that nothing puts in order come in any order, and those that tie too: `pytest --mixed`.

PostgreSQL gives them as they lie in the table, which is mostly the order in which they were written, and now and then
is not. What relies on it fails once in a hundred times there, and here at once. (SQLite alone; it is asked for chance.)
"""

import re
from typing import Any

# What cannot be put in order by one more word, or must not.
_LEFT_ALONE = re.compile(r"\b(UNION|INTERSECT|EXCEPT|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_READS = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
# Text between quotation marks, names between others, brackets; and what stands outside of them.
_PARTS = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[()]|ORDER BY\b|LIMIT\b", re.IGNORECASE)


def mixed(statement: str) -> str:
    """The statement with chance as the last word on its order."""
    if not _READS.match(statement) or _LEFT_ALONE.search(statement):
        return statement
    depth, order, limit = 0, False, len(statement)
    for part in _PARTS.finditer(statement):
        match part[0].upper():
            case "(":
                depth += 1
            case ")":
                depth -= 1
            case "ORDER BY" if depth == 0:
                order = True
            case "LIMIT" if depth == 0:
                limit = part.start()
    words = ", RANDOM() " if order else " ORDER BY RANDOM() "
    return statement[:limit].rstrip() + words + statement[limit:]


def mix() -> None:
    """Mix the rows of every statement from now on, in this process."""
    from django.db.backends.utils import CursorWrapper

    as_it_was = CursorWrapper._execute

    def execute(self: CursorWrapper, sql: str, *more: Any) -> Any:
        return as_it_was(self, mixed(sql), *more)

    CursorWrapper._execute = execute
