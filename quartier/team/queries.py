"""Which organisation a visitor has come to."""

from urllib.parse import urlsplit

from django.conf import settings

from quartier.team.access import SUSPENDED_STATE
from quartier.team.models import Account, Organisation, Role


def organisation_for(host: str) -> Organisation | None:
    """The organisation at this host name, else the first one of the installation, else `None`."""
    found = list(Organisation.objects.filter(host__in=[host, ""]).order_by("created_at"))
    return next((each for each in found if each.host == host), found[0] if found else None) or (
        Organisation.objects.order_by("created_at").first()
    )


def origin_of(organisation: Organisation) -> str:
    """With what the addresses of its pages begin: those of an organisation with a name of its own lead there."""
    if not organisation.host:
        return str(settings.ORIGIN)
    parts = urlsplit(settings.ORIGIN)
    return f"{parts.scheme}://{organisation.host}{f':{parts.port}' if parts.port else ''}"


def supervisors(organisation: Organisation) -> list[Account]:
    """Who supervises listeners, and is not suspended."""
    found = Account.objects.filter(
        organisation=organisation, is_active=True, roles__name=Role.Name.SUPERVISOR
    ).exclude(person__volunteer__state=SUSPENDED_STATE)
    return list(found.order_by("created_at", "id")[:100])


def heads(organisation: Organisation) -> list[Account]:
    """Who heads the group, and is not suspended."""
    found = Account.objects.filter(
        organisation=organisation, is_active=True, roles__name=Role.Name.ADMIN
    ).exclude(person__volunteer__state=SUSPENDED_STATE)
    return list(found.order_by("created_at", "id")[:100])


def accounts_of_team(organisation: Organisation) -> list[tuple[Account, frozenset[str]]]:
    """Who answers the line, coordinates, heads or supervises, each with their roles. Two queries."""
    named = [Role.Name.OPERATOR, Role.Name.COORDINATOR, Role.Name.ADMIN, Role.Name.SUPERVISOR]
    found = (
        Account.objects.filter(organisation=organisation, is_active=True, roles__name__in=named)
        .distinct()
        .prefetch_related("roles")
        .order_by("created_at", "id")[:200]
    )
    return [(each, frozenset(role.name for role in each.roles.all())) for each in found]
