"""What is sealed, byte for byte, and what an entry may hold. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

MOST_DETAILS = 4000
_WORD = re.compile(r"[a-z][a-z0-9_.]{0,39}")


class Row(Protocol):
    """An entry as it is sealed."""

    id: Any
    organisation_id: Any
    at: Any
    actor_id: Any
    actor_kind: Any
    verb: Any
    subject_kind: Any
    subject_id: Any
    details: Any


def canonical(row: Row) -> bytes:
    """An entry as one line of JSON: the same on every database and in every time zone."""
    moment: datetime = row.at.astimezone(UTC)
    values = [
        _hex(row.id),
        _hex(row.organisation_id),
        moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        _hex(row.actor_id),
        row.actor_kind,
        row.verb,
        row.subject_kind,
        _hex(row.subject_id),
        row.details,
    ]
    return json.dumps(values, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _hex(value: UUID | None) -> str | None:
    return value.hex if value else None


def digest(previous: str, organisation_id: UUID, number: int, rows: Iterable[Row]) -> str:
    """SHA-256, in hexadecimal, of the seal before, the number, and the entries."""
    total = sha256(f"{previous}|{organisation_id.hex}|{number}\n".encode())
    for row in rows:
        total.update(canonical(row))
    return total.hexdigest()


def check(verb: str, subject_kind: str, details: Mapping[str, object]) -> None:
    """Raise `ValueError` unless the words are short and lower-case and the details plain, short values.

    Numbers with a point are refused since databases write them differently.
    """
    for word in (verb, subject_kind):
        if not _WORD.fullmatch(word):
            raise ValueError(f"not a word for the audit: {word!r}")
    for name, value in details.items():
        for part in value if isinstance(value, list | tuple) else [value]:
            if isinstance(part, str):
                if "\x00" in part or not part.isprintable():
                    raise ValueError(f"{name}: only printable text")
            elif part is not None and not isinstance(part, bool | int | UUID):
                raise ValueError(f"{name}: only text, whole numbers, yes and no, and identifiers")
    if len(str(dict(details))) > MOST_DETAILS:
        raise ValueError("too many details")
