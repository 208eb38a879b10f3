"""Whom the group asks afterwards: its head decides."""

from django.db import transaction
from django.http import Http404

from quartier.followup.actions.ledger import changed
from quartier.followup.models import AfterSettings
from quartier.followup.rules import BOUNDS
from quartier.team.access import Actor
from quartier.team.models import Role


@transaction.atomic
def choose(*, actor: Actor, share: int, hours: int) -> None:
    """Ask about so many visits in a hundred, so many hours later; from the next visit that ends. Raises `ValueError`
    out of bounds, and `Http404` for who may not."""
    if not actor.has(Role.Name.ADMIN):
        raise Http404
    for name, value in (("share", share), ("hours", hours)):
        least, most = BOUNDS[name]
        if not least <= value <= most:
            raise ValueError(name)
    AfterSettings.objects.update_or_create(
        organisation=actor.organisation, defaults={"share": share, "hours": hours}
    )
    changed(actor, "follow_up.choose", "organisation", actor.organisation.pk, share=share, hours=hours)
