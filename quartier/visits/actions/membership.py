"""What the team decides about a volunteer is told to them: a break, the end for now, that they can be asked again."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from quartier.lib import clock
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people import actions as people
from quartier.people.models import Volunteer
from quartier.promises import actions as promises
from quartier.team.access import Actor
from quartier.telephony import actions as telephony

# What a promise is about that somebody is told what the team has decided about them.
VOLUNTEER = "volunteer"
MEMBERSHIP_TEMPLATES = ("membership_rests", "membership_over", "membership_again")


@transaction.atomic
def rest_by_team(*, actor: Actor, volunteer: Volunteer, until: date | None) -> None:
    """The team notes a break; `until`: the first day on which they can be asked again."""
    people.pause(actor=actor, volunteer=volunteer, until=until)
    last = until - timedelta(days=1) if until else None
    tell_membership(volunteer, "membership_rests", {"rests": (None, last)})


@transaction.atomic
def resume_by_team(*, actor: Actor, volunteer: Volunteer) -> None:
    """The break is over, or a suspension is lifted."""
    if volunteer.state == Volunteer.State.SUSPENDED:
        people.lift_suspension(actor=actor, volunteer=volunteer)
    else:
        people.resume(actor=actor, volunteer=volunteer)
    tell_membership(volunteer, "membership_again", {})


def tell_membership(volunteer: Volunteer, template: str, values: dict[str, Any]) -> None:
    """Write it to the volunteer, in the caller's transaction; one of the team calls whoever cannot be written to. What
    was said before and is not so any more, and has not gone out yet, is taken back."""
    letter = Letter(
        volunteer.person,
        template,
        f"{template}:{volunteer.pk}:{clock.now().isoformat()}",
        values | {"page": ("volunteer_home",)},
    )
    person, group = volunteer.person, volunteer.organisation
    messaging.cancel_by_template(person=person, templates=MEMBERSHIP_TEMPLATES)
    if messaging.write(organisation=group, letter=letter) is None:
        telephony.owe_words(
            organisation=group, subject_kind=VOLUNTEER, subject_id=volunteer.pk, person=person
        )
    else:
        promises.withdraw_promises(subject_kind=VOLUNTEER, subject_id=volunteer.pk)
