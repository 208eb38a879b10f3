"""Reading cases."""

from quartier.cases.queries.beside import (
    day_among_several,
    is_one_of_several,
    kinds_without_anyone,
    mark_at_shared_phone,
)
from quartier.cases.queries.duplicates import (
    Duplicate,
    Seen,
    by_reference,
    last_files,
    open_requests,
    possible_duplicates,
    same_words,
)
from quartier.cases.queries.links import asked_before, links_followed, shown_until
from quartier.cases.queries.waits import median_wait

__all__ = [
    "Duplicate",
    "Seen",
    "asked_before",
    "by_reference",
    "day_among_several",
    "is_one_of_several",
    "kinds_without_anyone",
    "last_files",
    "links_followed",
    "mark_at_shared_phone",
    "median_wait",
    "open_requests",
    "possible_duplicates",
    "same_words",
    "shown_until",
]
