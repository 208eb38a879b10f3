"""A thank you, from who was helped to who came."""

from datetime import timedelta

from django.db import transaction

from quartier.cases.models import Case
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.people import queries as people
from quartier.team.access import Actor
from quartier.visits import queries
from quartier.visits.actions import ledger
from quartier.visits.models import Assignment, Thanks

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


@transaction.atomic
def pass_on_thanks(*, actor: Actor, case: Case, words: str) -> Assignment | None:
    """A thank you in words of their own goes to whoever came last, once for each visit. `None` when there was no visit
    lately, it was thanked for in other words already, or these two are kept apart: then the team alone reads these.
    `words` hold no numbers and links any more, and nothing that the team must look at first."""
    visit = queries.last_done(case, clock.now() - THANKED_WITHIN)
    if visit is None or not words or people.are_kept_apart(visit.volunteer, visit.request.case.person_id):
        return None
    before = Message.objects.filter(organisation=visit.organisation_id, key=f"thanked:{visit.pk}:").first()
    if before is not None:
        return visit if words in before.body else None
    ledger.tell_volunteer(visit, "thanked", words=words)
    ledger.changed(actor, "assignment.thank", visit)
    return visit
