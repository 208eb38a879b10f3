"""The organisation of a request, found once."""

from django.http import HttpRequest

from quartier.team.models import Organisation
from quartier.team.queries import organisation_for


def of(request: HttpRequest) -> Organisation | None:
    """The organisation at the address that was called; `None` on an installation that has none yet."""
    if not hasattr(request, "_organisation"):
        request._organisation = organisation_for(request.get_host().split(":")[0])  # type: ignore[attr-defined]
    return request._organisation  # type: ignore[attr-defined, no-any-return]
