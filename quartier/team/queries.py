"""Which organisation a visitor has come to."""

from quartier.team.models import Organisation


def organisation_for(host: str) -> Organisation | None:
    """The organisation at this host name, else the first one of the installation, else `None`."""
    found = list(Organisation.objects.filter(host__in=[host, ""]).order_by("created_at"))
    return next((each for each in found if each.host == host), found[0] if found else None) or (
        Organisation.objects.order_by("created_at").first()
    )
