"""What of money waits for a coordinator: for the strip on the board."""

from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache

from quartier.expenses import queries
from quartier.expenses.models import Expense
from quartier.lib import clock
from quartier.team.models import Organisation

# What is odd takes some queries, and a board is fetched at every change.
KEPT_S = 60
# More than this nobody counts on a board.
MOST = 99


@dataclass(frozen=True)
class ToLookAt:
    """How many expenses are disputed, and how many things stand out."""

    disputed: int
    odd: int


def to_look_at(organisation: Organisation) -> ToLookAt | None:
    """What waits; `None` when nothing does. What is odd is as it was a minute ago at most, and gone at once when it was
    looked at here (`looked`)."""
    rows = Expense.objects.filter(organisation=organisation, state=Expense.State.DISPUTED)
    disputed = len(rows.values_list("pk", flat=True)[:MOST])
    key = _key(organisation.pk)
    odd = cache.get(key)
    if odd is None:
        odd = len(queries.oddities(organisation, clock.now()))
        cache.set(key, odd, KEPT_S)
    return ToLookAt(disputed, odd) if disputed or odd else None


def looked(organisation: Organisation) -> None:
    """Count afresh next time."""
    cache.delete(_key(organisation.pk))


def _key(organisation_id: UUID) -> str:
    return f"money.odd.{organisation_id}"
