"""Long lists are cut on a page, and say so: how many more there are, with a way to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

# A page with more rows than this nobody reads, and no server should draw.
MAX_ALL_ROWS = 1000


@dataclass(frozen=True)
class CutList[Row]:
    """The rows of a list that are shown, how many there are in all, and the address with the others; none once as many
    are shown as a page can hold."""

    rows: Sequence[Row]
    count: int
    href: str = ""

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def limit_of(request: HttpRequest, name: str, limit: int) -> int:
    """How many rows of this list are shown."""
    return MAX_ALL_ROWS if request.GET.get("all") == name else limit


def cut[Row: Any](
    request: HttpRequest, name: str, rows: "QuerySet[Row] | list[Row]", limit: int
) -> CutList[Row]:
    """The first rows. `name`: the part of the page, by its `id`. One query, two where the list is cut. What was sent
    and refused has an address of its own, which nobody can open."""
    here = limit_of(request, name, limit)
    shown = list(rows[:here])
    if len(shown) < here:
        return CutList(shown, len(shown))
    return CutList(
        shown,
        len(rows) if isinstance(rows, list) else rows.count(),
        "" if here == MAX_ALL_ROWS or request.method == "POST" else href_of_all(request, name),
    )


def href_of_all(request: HttpRequest, name: str) -> str:
    """The same page with the whole list."""
    query = request.GET.copy()
    query["all"] = name
    return f"{request.path}?{query.urlencode()}#{name}"
