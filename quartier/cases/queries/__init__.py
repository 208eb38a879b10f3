"""Reading cases."""

from quartier.cases.queries.duplicates import (
    Duplicate,
    Seen,
    by_reference,
    last_files,
    open_requests,
    possible_duplicates,
)
from quartier.cases.queries.waits import median_wait

__all__ = [
    "Duplicate",
    "Seen",
    "by_reference",
    "last_files",
    "median_wait",
    "open_requests",
    "possible_duplicates",
]
