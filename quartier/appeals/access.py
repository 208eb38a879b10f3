"""The gate to appeals, to what one volunteer was asked, and to who would like another role."""

from uuid import UUID

from django.http import Http404

from quartier.appeals.models import Appeal, Invitation, RoleWish
from quartier.lib.ids import token_hash
from quartier.people.access import looked
from quartier.people.models import Volunteer
from quartier.team.access import Actor
from quartier.team.models import Role

COORDINATES = (Role.Name.COORDINATOR, Role.Name.ADMIN)


def appeal_for(actor: Actor, appeal_id: UUID) -> Appeal:
    """One of the organisation's appeals, for who coordinates; raises `Http404`. It names nobody."""
    found = (
        Appeal.objects.select_related("organisation", "by", "incident")
        .filter(pk=appeal_id, organisation=actor.organisation)
        .first()
    )
    if found is None or not actor.has(*COORDINATES):
        raise Http404
    return found


def invitation_by_token(token: str) -> Invitation:
    """What the link in a message opens; raises `Http404`, also for who is suspended or has left."""
    found = (
        Invitation.objects.select_related(
            "appeal__organisation", "appeal__incident", "volunteer__person", "organisation"
        )
        .filter(token_hash=token_hash(token))
        .first()
    )
    if found is None or found.volunteer.state in {Volunteer.State.SUSPENDED, Volunteer.State.LEFT}:
        raise Http404
    return found


def wish_for(actor: Actor, wish_id: UUID) -> RoleWish:
    """One wish with its volunteer, for who coordinates; raises `Http404`. The look is written down."""
    found = (
        RoleWish.objects.select_related("volunteer__person__account", "organisation")
        .filter(pk=wish_id, organisation=actor.organisation)
        .first()
    )
    if found is None or not actor.has(*COORDINATES):
        raise Http404
    looked(actor, "volunteer", found.volunteer_id)
    return found
