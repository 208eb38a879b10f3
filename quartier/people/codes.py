"""Codes to sign in with. (A file of its own beside `actions`.)

A short code opens only in the browser that asked for it, so several may be open, and a stranger who asks for one, or
guesses, ends nobody else's. A long one opens anywhere for a day: it goes to whoever many codes were asked for, and is
shown to whoever runs the machine. It is too long to be guessed, so wrong ones are not counted against it.
"""

import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F, QuerySet

from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.people.models import Person, SignInCode

CODE_DIGITS, CODE_LIVES, CODE_TRIES = 6, timedelta(minutes=15), 5
LONG_CODE_DIGITS, LONG_CODE_LIVES = 12, timedelta(hours=24)
# From one long code that was not used to the next, so that nobody fills somebody else's phone by asking.
LONG_CODE_PAUSES = (timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1))
# As many as can be sent while the first still works, and some more.
_MOST_LONG = 40
# What tells the long ones from the others in the table, before the keyed hash.
_LONG = "long."


@dataclass(frozen=True)
class NewCode:
    """A code that was just made: its row, by which the browser that asked is known again, and its digits."""

    id: UUID
    digits: str


def new_code(*, person: Person) -> NewCode:
    """A code for the browser that asks now. Those that were sent before stay good, each where it was asked for."""
    return _made(person, CODE_DIGITS, "")


def new_long_code(*, person: Person) -> NewCode:
    """A code that works in any browser, once, for a day."""
    return _made(person, LONG_CODE_DIGITS, _LONG)


def may_have_long_code(person: Person) -> bool:
    """Whether another long code may be sent. One that was not used keeps the next back for a short while alone: it may
    have come at night because of somebody else, and be deleted or lost."""
    sent = list(_open_long(person).order_by("-created_at").values_list("created_at", flat=True))
    if not sent:
        return True
    return clock.now() - sent[0] >= LONG_CODE_PAUSES[min(len(sent), len(LONG_CODE_PAUSES)) - 1]


def use_code(*, person: Person, code: str, asked_here: Collection[UUID] = ()) -> bool:
    """Whether this is an open code of this person's; `asked_here`: the rows of those that this browser asked for. Every
    try counts, also the one that comes at the same time."""
    if len(code) == LONG_CODE_DIGITS:
        return any(_is_used(row, code) for row in _open_long(person).order_by("-pk")[:_MOST_LONG])
    born = clock.now() - CODE_LIVES
    rows = SignInCode.objects.filter(person=person, pk__in=asked_here, used_at=None, created_at__gt=born)
    return any(_is_counted(row) and _is_used(row, code) for row in rows.order_by("-pk"))


def _open_long(person: Person) -> QuerySet[SignInCode]:
    born = clock.now() - LONG_CODE_LIVES
    rows = SignInCode.objects.filter(person=person, used_at=None, created_at__gt=born)
    return rows.filter(code_hash__startswith=_LONG)


def _made(person: Person, length: int, mark: str) -> NewCode:
    digits = f"{secrets.randbelow(10**length):0{length}}"
    row = SignInCode(organisation_id=person.organisation_id, person=person, created_at=clock.now())
    row.code_hash = mark + _hashed(row, digits)
    row.save()
    return NewCode(row.id, digits)


def _is_counted(row: SignInCode) -> bool:
    still = SignInCode.objects.filter(pk=row.pk, used_at=None, tries__lt=CODE_TRIES)
    return bool(still.update(tries=F("tries") + 1))


def _is_used(row: SignInCode, code: str) -> bool:
    if not hmac.compare_digest(row.code_hash.removeprefix(_LONG), _hashed(row, code)):
        return False
    return bool(SignInCode.objects.filter(pk=row.pk, used_at=None).update(used_at=clock.now()))


def _hashed(row: SignInCode, code: str) -> str:
    """With a key: six digits are found from a plain hash in a moment."""
    return blind("sign-in code", row.id, code)
