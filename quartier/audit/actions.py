"""Adding entries, and sealing them."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction

from quartier.audit import rules
from quartier.audit.models import Entry, Head, Kind, Seal, Unsealed
from quartier.lib import clock, crypto

# So many entries a seal, so that one transaction stays short.
MOST = 1000


def record(
    *,
    organisation_id: UUID,
    verb: str,
    subject_kind: str,
    subject_id: UUID | None = None,
    actor_kind: str = Kind.SYSTEM,
    actor_id: UUID | None = None,
    details: Mapping[str, object] | None = None,
) -> Entry:
    """Add an entry, in the transaction of what it tells of.

    `verb`: lower-case, as `address_seen`; `details`: text, whole numbers, yes or no, identifiers, or lists of
    them, never personal data. Raises `ValueError` for anything else.
    """
    details = details or {}
    rules.check(verb, subject_kind, details)
    entry = Entry(
        organisation_id=organisation_id,
        at=clock.now(),
        actor_id=actor_id,
        actor_kind=Kind(actor_kind),
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        details={name: _plain(value) for name, value in details.items()},
    )
    # Inside the transaction of what it tells of, which ends with it: a point to go back to would serve nobody.
    with transaction.atomic(savepoint=False):
        entry.save(force_insert=True)
        Unsealed(entry_id=entry.pk, organisation_id=organisation_id).save(force_insert=True)
    return entry


def record_all(
    *,
    organisation_id: UUID,
    verb: str,
    subject_kind: str,
    about: Iterable[tuple[UUID | None, UUID]],
    actor_kind: str = Kind.ACCOUNT,
) -> int:
    """Add many entries of one kind with few statements: `about` gives who did it and to which row. Returns how
    many. Raises as `record` does."""
    rules.check(verb, subject_kind, {})
    now = clock.now()
    entries = [
        Entry(
            organisation_id=organisation_id,
            at=now,
            actor_id=actor_id,
            actor_kind=Kind(actor_kind),
            verb=verb,
            subject_kind=subject_kind,
            subject_id=subject_id,
            details={},
        )
        for actor_id, subject_id in about
    ]
    with transaction.atomic():
        Entry.objects.bulk_create(entries)
        Unsealed.objects.bulk_create(
            [Unsealed(entry_id=entry.pk, organisation_id=organisation_id) for entry in entries]
        )
    return len(entries)


def _plain(value: object) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, UUID) else value


def seal(*, most: int = MOST) -> int:
    """Seal entries that wait, at most `most` of them; returns how many. Two at once wait for each other."""
    with transaction.atomic():
        # Rows being inserted are not seen yet and come next time; rows seen are held until this is over.
        waiting = list(
            Unsealed.objects.select_for_update(of=("self",))
            .select_related("entry")
            .order_by("organisation_id", "entry_id")[:most]
        )
        for organisation_id, group in groupby(waiting, key=lambda row: row.organisation_id):
            _seal(organisation_id, [row.entry for row in group])
        Unsealed.objects.filter(pk__in=[row.pk for row in waiting]).delete()
    return len(waiting)


def _seal(organisation_id: UUID, entries: list[Entry]) -> None:
    head = Head.objects.select_for_update().filter(pk=organisation_id).first()
    number, previous = (head.number + 1, head.digest) if head else (1, "")
    digest = rules.digest(previous, organisation_id, number, entries)
    signature = sign(organisation_id, number, digest)
    Seal.objects.create(
        organisation_id=organisation_id,
        number=number,
        entries=[entry.pk.hex for entry in entries],
        previous=previous,
        digest=digest,
        signature=signature,
        at=clock.now(),
    )
    if head is None:
        Head.objects.create(
            organisation_id=organisation_id, number=number, digest=digest, signature=signature
        )
    else:
        Head.objects.filter(pk=organisation_id).update(number=number, digest=digest, signature=signature)


def sign(organisation_id: UUID, number: int, digest: str) -> str:
    """What only the holder of the installation's key can write beside a seal."""
    return crypto.blind("audit seal", organisation_id, f"{number}|{digest}")
