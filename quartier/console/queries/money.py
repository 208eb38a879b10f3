"""What was paid on the visits of one request, as its page shows it."""

from typing import Any
from uuid import UUID

from quartier.console import words
from quartier.expenses import queries
from quartier.expenses.models import Expense


def rows(request_id: UUID) -> list[dict[str, Any]]:
    """One row for each expense: itself, and how it stands in words."""
    return [
        {"expense": each, "state": words.MONEY[Expense.State(each.state)]}
        for each in queries.of_request(request_id)
    ]
