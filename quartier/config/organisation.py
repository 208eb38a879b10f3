"""The organisation of a request, found once."""

from django.http import HttpRequest

from quartier.team.models import Organisation
from quartier.team.queries import organisation_for

# The last one found under each name, for the page that says that the database is away: it needs the number.
_SEEN: dict[str, Organisation] = {}
_MOST_SEEN = 50


def of(request: HttpRequest) -> Organisation | None:
    """The organisation at the address that was called; `None` on an installation that has none yet."""
    if not hasattr(request, "_organisation"):
        host = request.get_host().split(":")[0]
        found = organisation_for(host)
        request._organisation = found  # type: ignore[attr-defined]
        if found is not None and (host in _SEEN or len(_SEEN) < _MOST_SEEN):
            _SEEN[host] = found
    return request._organisation  # type: ignore[attr-defined, no-any-return]


def last_seen(request: HttpRequest) -> Organisation | None:
    """The organisation that this process has found here before, without asking the database."""
    return _SEEN.get(request.get_host().split(":")[0])
