"""A thank you, from who was helped to who came."""

from datetime import timedelta

from django.db import transaction

from quartier.cases.models import Case
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.visits import queries
from quartier.visits.actions import ledger
from quartier.visits.models import Thanks

# So long after a visit somebody can be thanked for it.
THANKED_WITHIN = timedelta(days=60)


@transaction.atomic
def thank(*, actor: Actor, case: Case, said: str) -> Thanks | None:
    """Pass on a thank you for the last visit to this household; another one takes its place. `None` when there was no
    visit lately. Raises `ValueError` for words that are none of ours."""
    said = Thanks.Said(said)
    visit = queries.last_done(case, clock.now() - THANKED_WITHIN)
    if visit is None:
        return None
    row, _new = Thanks.objects.update_or_create(
        assignment=visit,
        defaults={"organisation_id": visit.organisation_id, "said": said, "at": clock.now()},
    )
    ledger.changed(actor, "assignment.thank", visit)
    return row
