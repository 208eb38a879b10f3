"""Calls what usually finds nothing to do without letting it write: then nothing has happened, or it has been done. And
says of what was let whether it wrote."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

_READS = ("SELECT", "PRAGMA")
_LOCKS = (" FOR UPDATE", " FOR NO KEY UPDATE")
_TRANSACTIONS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


class _Writes(BaseException):
    """No `Exception`: whoever survives each failure of a row must not survive this one."""


def would_write(function: Callable[[], object]) -> bool:
    """Call `function`; whether it was stopped because it began to write, or to lock, or said that it found something.

    What gets through has done all that it had to do. Outside a transaction only.
    """
    try:
        with connection.execute_wrapper(_refuse):
            return bool(function())
    except _Writes:
        return True


@dataclass
class NoticedWrites:
    """Whether something was written, by this thread."""

    writes: bool = False


@contextmanager
def noticing_writes() -> Iterator[NoticedWrites]:
    """Inside the block each statement is looked at. One that opens a transaction is no write yet."""
    noticed = NoticedWrites()

    def look(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        noticed.writes |= not _reads(sql) and not str(sql).startswith(_TRANSACTIONS)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield noticed


def _refuse(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    if not _reads(sql) or any(each in str(sql) for each in _LOCKS):
        raise _Writes
    return execute(sql, params, many, context)


def _reads(sql: Any) -> bool:
    return str(sql).lstrip("( \n").startswith(_READS)
