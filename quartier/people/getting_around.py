"""How a volunteer gets around: asked after they have joined, by itself, since joining asks only what is needed then."""

from django.db import transaction

from quartier.audit import actions as audit
from quartier.lib import choices
from quartier.people.models import Volunteer
from quartier.team.access import Actor


@transaction.atomic
def set_travel(*, actor: Actor, volunteer: Volunteer, travel: str) -> None:
    """They have said how they get around: a code of `choices.TRAVEL`; raises `ValueError` for another one."""
    if travel not in {each.code for each in choices.TRAVEL}:
        raise ValueError(travel)
    locked = Volunteer.objects.select_for_update(of=("self",)).get(pk=volunteer.pk)
    if travel != choices.CAR:
        # A lift is asked of nobody who has no car; whoever offers nothing else does not get here.
        locked.kinds = locked.kinds & ~choices.LIFT or locked.kinds
    locked.travel = travel
    locked.save(update_fields=["travel", "kinds"])
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="volunteer.edit",
        subject_kind="volunteer",
        subject_id=volunteer.id,
    )
