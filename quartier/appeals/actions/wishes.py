"""Who would like another role: a coordinator says yes or no."""

from django.db import transaction

from quartier.appeals.models import Appeal, RoleWish
from quartier.appeals.rules import ROLE_NAMES
from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.live import actions as live
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.team import actions as team
from quartier.team.access import Actor

# Those that an account can have; the others are kept with the wish.
GIVEN = {Appeal.Role.OPERATOR: "operator", Appeal.Role.LISTENER: "listener"}


@transaction.atomic
def accept_wish(*, actor: Actor, wish: RoleWish) -> bool:
    """The volunteer has the role from now on, and is told so. False when it was settled already."""
    if not _settle(actor, wish, RoleWish.State.ACCEPTED):
        return False
    role, account = Appeal.Role(wish.role), wish.volunteer.person.account
    if role in GIVEN and account is not None:
        team.give_role(actor=actor, account=account, name=GIVEN[role])
    letter = Letter(
        wish.volunteer.person,
        "role_given",
        f"role:{wish.pk}:{clock.now():%y%m%d%H%M%S}",
        {"role": ROLE_NAMES[role], "page": ("volunteer_home",)},
    )
    messaging.write(organisation=wish.organisation, letter=letter)
    return True


@transaction.atomic
def decline_wish(*, actor: Actor, wish: RoleWish) -> bool:
    """Not now; nothing is written to the volunteer. False when it was settled already."""
    return _settle(actor, wish, RoleWish.State.DECLINED)


def _settle(actor: Actor, wish: RoleWish, state: str) -> bool:
    settled = RoleWish.objects.filter(pk=wish.pk, state=RoleWish.State.WAITING).update(
        state=state, settled_by=actor.account, settled_at=clock.now()
    )
    if settled:
        audit.record(
            organisation_id=wish.organisation_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            verb=f"role_wish.{state}",
            subject_kind="volunteer",
            subject_id=wish.volunteer_id,
            details={"role": wish.role},
        )
        live.touch(wish.organisation_id, "appeals")
    return bool(settled)
