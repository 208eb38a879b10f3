"""The organisation of a request, found once."""

import time

from django.http import HttpRequest

from quartier.team.models import Organisation
from quartier.team.queries import organisation_for

# The last one found under each name, and when (seconds of the process). For a few seconds nobody asks again: in a
# crisis most requests are for the first page. Later it is for the page that says that the database is away.
_SEEN: dict[str, tuple[float, Organisation]] = {}
_MOST_SEEN = 50
_FRESH_S = 5.0


def of(request: HttpRequest) -> Organisation | None:
    """The organisation at the address that was called; `None` on an installation that has none yet."""
    if not hasattr(request, "_organisation"):
        request._organisation = _at(request.get_host().split(":")[0])  # type: ignore[attr-defined]
    return request._organisation  # type: ignore[attr-defined, no-any-return]


def _at(host: str) -> Organisation | None:
    now = time.monotonic()
    seen = _SEEN.get(host)
    if seen and now - seen[0] < _FRESH_S:
        return seen[1]
    found = organisation_for(host)
    if found is not None and (host in _SEEN or len(_SEEN) < _MOST_SEEN):
        _SEEN[host] = now, found
    return found


def last_seen(request: HttpRequest) -> Organisation | None:
    """The organisation that this process has found here before, without asking the database."""
    seen = _SEEN.get(request.get_host().split(":")[0])
    return seen[1] if seen else None


def forget() -> None:
    """Ask the database again at the next request; for tests, whose databases change under the same names."""
    _SEEN.clear()
