"""Reading the audit, and proving it."""

import hmac
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import batched
from uuid import UUID

from django.db.models import DateTimeField, ExpressionWrapper, QuerySet
from django.db.models.functions import Now

from quartier.audit import rules
from quartier.audit.actions import sign
from quartier.audit.models import Entry, Head, Seal, Unsealed

LATE = timedelta(hours=1)


def of_subject(organisation_id: UUID, subject_id: UUID) -> QuerySet[Entry]:
    """What was done to, and seen of, one row, the newest first."""
    return Entry.objects.filter(organisation_id=organisation_id, subject_id=subject_id).order_by("-at", "-id")


def of_subjects(organisation_id: UUID, subject_ids: Iterable[UUID]) -> QuerySet[Entry]:
    """The same of several rows."""
    found = Entry.objects.filter(organisation_id=organisation_id, subject_id__in=list(subject_ids))
    return found.order_by("-at", "-id")


def organisations() -> list[UUID]:
    """Every organisation that the audit knows of."""
    found: set[UUID] = set()
    for model in (Entry, Seal, Head):
        found |= set(model._default_manager.order_by().values_list("organisation_id", flat=True).distinct())
    return sorted(found)


def head(organisation_id: UUID) -> tuple[int, str]:
    """Number and digest of the last seal: to be written down elsewhere, and compared later. (0, '') if none."""
    found = Head.objects.filter(pk=organisation_id).first()
    return (found.number, found.digest) if found else (0, "")


def verify(organisation_id: UUID) -> list[str]:
    """Every trace of tampering, one sentence each; empty when the audit is as it was written.

    Entries of the last minutes may not be sealed yet: those are only known to be waiting. What cannot be seen
    is a whole database put back to an earlier state; compare `head` with one written down elsewhere.
    """
    problems: list[str] = []
    sealed: set[str] = set()
    # First, so that what is sealed meanwhile only makes the chain longer than it should be.
    should_end = Head.objects.filter(pk=organisation_id).first()
    number, digest, reached = 0, "", ""
    for found in Seal.objects.filter(organisation_id=organisation_id).order_by("number").iterator(200):
        problems += _check_link(found, number + 1, digest)
        problems += _check_entries(found, sealed)
        number, digest = found.number, found.digest
        if should_end and number == should_end.number:
            reached = digest
    if should_end:
        problems += _check_head(should_end, number, reached)
    elif number and not Head.objects.filter(pk=organisation_id).exists():
        problems.append("Where the chain ends is no longer written down.")
    problems += _check_unsealed(organisation_id, sealed, number)
    return problems


def _check_link(found: Seal, number: int, previous: str) -> Iterator[str]:
    if found.number != number:
        yield f"Seal {found.number} stands where seal {number} should."
    if found.previous != previous:
        yield f"Seal {found.number} does not continue the one before it."
    signature = sign(found.organisation_id, found.number, found.digest)
    if not hmac.compare_digest(signature.encode(), found.signature.encode()):
        yield f"Seal {found.number} is not signed with this installation's key."


def _check_entries(found: Seal, sealed: set[str]) -> Iterator[str]:
    names = [str(name) for name in found.entries] if isinstance(found.entries, list) else []
    rows: dict[str, Entry] = {}
    for some in batched(names, 500):
        keys = [UUID(name) for name in some if _is_key(name)]
        rows |= {row.pk.hex: row for row in Entry.objects.filter(pk__in=keys)}
    for name in names:
        if name not in rows:
            yield f"Entry {name}, sealed by seal {found.number}, is missing."
        elif rows[name].organisation_id != found.organisation_id:
            yield f"Entry {name}, sealed by seal {found.number}, belongs to another organisation."
        if name in sealed:
            yield f"Entry {name} is sealed twice."
        sealed.add(name)
    members = [rows[name] for name in names if name in rows]
    if rules.digest(found.previous, found.organisation_id, found.number, members) != found.digest:
        yield f"What seal {found.number} covers has been changed."


def _is_key(name: str) -> bool:
    try:
        return UUID(name).hex == name
    except ValueError:
        return False


def _check_head(head: Head, number: int, reached: str) -> Iterator[str]:
    if sign(head.organisation_id, head.number, head.digest) != head.signature:
        yield "Where the chain ends is not signed with this installation's key."
    if head.digest != reached:
        yield f"The chain ends with seal {number}, and should reach seal {head.number} as it was written down."


def _check_unsealed(organisation_id: UUID, sealed: set[str], number: int) -> Iterator[str]:
    waiting = Unsealed.objects.filter(organisation_id=organisation_id)
    long_since = ExpressionWrapper(Now() - LATE, output_field=DateTimeField())
    for key in waiting.filter(since__lt=long_since).values_list("pk", flat=True):
        yield f"Entry {key.hex} has been waiting for its seal for more than an hour."
    suspects: list[str] = []
    entries = Entry.objects.filter(organisation_id=organisation_id).order_by("pk")
    for key in entries.values_list("pk", flat=True).iterator(2000):
        if key.hex not in sealed and not waiting.filter(pk=key).exists():
            suspects.append(key.hex)
    later = Seal.objects.filter(organisation_id=organisation_id, number__gt=number)
    meanwhile = {name for found in later.iterator(200) for name in found.entries}
    for name in suspects:
        if name not in meanwhile:
            yield f"Entry {name} was written past the audit."
