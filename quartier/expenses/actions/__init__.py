"""What changes money."""

from quartier.expenses.actions.disputes import change_caps, dispute, looked_at, resolve
from quartier.expenses.actions.paying import (
    agree,
    agree_by_word,
    cancel,
    confirm,
    may_say,
    paid_in_shop,
    settle,
    wants_transfer,
)
from quartier.expenses.actions.retention import drop_old_receipts

__all__ = [
    "agree",
    "agree_by_word",
    "cancel",
    "change_caps",
    "confirm",
    "dispute",
    "drop_old_receipts",
    "looked_at",
    "may_say",
    "paid_in_shop",
    "resolve",
    "settle",
    "wants_transfer",
]
