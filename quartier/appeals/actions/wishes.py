"""Who would like another role: a coordinator says yes or no, and records the training."""

from datetime import date

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
from quartier.team.actions import NotTrained

# Those that an account can have, each after its training; the others are kept with the wish.
GIVEN = {Appeal.Role.OPERATOR: "operator", Appeal.Role.LISTENER: "listener"}


@transaction.atomic
def accept_wish(*, actor: Actor, wish: RoleWish) -> bool:
    """The team would be glad to have them, and they are told so. The phone line and regular calls are opened by a
    training alone (`pass_training`, `companions.actions.record_training`). False when it was settled already."""
    if not _settle(actor, wish, RoleWish.State.ACCEPTED):
        return False
    if Appeal.Role(wish.role) in GIVEN:
        _write(wish, "role_training", "volunteer_training")
    else:
        _write(wish, "role_given", "volunteer_home")
    return True


@transaction.atomic
def pass_training(*, actor: Actor, wish: RoleWish, passed_on: date) -> bool:
    """The training for the phone line is passed: the volunteer has the role from now on, and is told so. False when it
    was so already. Raises `NotTrained` for one's own training, for a day to come, and for a role that is not given
    here; `Http404` for who does not coordinate."""
    row = RoleWish.objects.select_for_update(of=("self",)).get(pk=wish.pk)
    account = wish.volunteer.person.account
    if row.role != Appeal.Role.OPERATOR or row.state != RoleWish.State.ACCEPTED or account is None:
        raise NotTrained
    if not team.record_pass(
        actor=actor, account=account, name=GIVEN[Appeal.Role.OPERATOR], passed_on=passed_on
    ):
        return False
    _note(actor, wish, "trained")
    _write(wish, "role_given", "volunteer_training")
    return True


def _write(wish: RoleWish, template: str, page: str) -> None:
    letter = Letter(
        wish.volunteer.person,
        template,
        f"{template}:{wish.pk}:{clock.now():%y%m%d%H%M%S}",
        {"role": ROLE_NAMES[Appeal.Role(wish.role)], "page": (page,)},
    )
    messaging.write(organisation=wish.organisation, letter=letter)


@transaction.atomic
def decline_wish(*, actor: Actor, wish: RoleWish) -> bool:
    """Not now; nothing is written to the volunteer. False when it was settled already."""
    return _settle(actor, wish, RoleWish.State.DECLINED)


def _settle(actor: Actor, wish: RoleWish, state: str) -> bool:
    settled = RoleWish.objects.filter(pk=wish.pk, state=RoleWish.State.WAITING).update(
        state=state, settled_by=actor.account, settled_at=clock.now()
    )
    if settled:
        _note(actor, wish, state)
    return bool(settled)


def _note(actor: Actor, wish: RoleWish, what: str) -> None:
    audit.record(
        organisation_id=wish.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=f"role_wish.{what}",
        subject_kind="volunteer",
        subject_id=wish.volunteer_id,
        details={"role": wish.role},
    )
    live.touch(wish.organisation_id, "appeals")
