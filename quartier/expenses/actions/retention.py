"""Receipts are deleted on their day."""

from datetime import datetime

from django.db import transaction

from quartier.expenses.models import Expense, Receipt


@transaction.atomic
def drop_old_receipts(now: datetime, limit: int = 200) -> int:
    """Delete the pictures whose day has come; that there was one is kept. Where money is still open, they stay until
    it is not. Returns how many."""
    due = Receipt.objects.filter(deleted_at=None, delete_on__lte=now.date()).exclude(
        expense__state__in=Expense.OPEN
    )
    keys = list(due.order_by("delete_on").values_list("pk", flat=True)[:limit])
    return Receipt.objects.filter(pk__in=keys, deleted_at=None).update(picture="", deleted_at=now)
