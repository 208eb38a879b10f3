"""Those who can only be called: one of the team has them for some minutes, calls, and says how it went."""

from django.db import transaction

from quartier.cases.models import Request
from quartier.followup import access, queries, rules
from quartier.followup.actions.ledger import changed
from quartier.followup.models import FollowUp
from quartier.lib import clock
from quartier.team.access import Actor


class TakenAlready(Exception):
    """Somebody else calls, or it is over."""


@transaction.atomic
def claim(*, actor: Actor, follow_up: FollowUp) -> FollowUp:
    """I call. Raises `TakenAlready`, and `Http404` for who may not."""
    row, now = _locked(actor, follow_up), clock.now()
    others = row.claimed_by_id not in {None, actor.id} and (row.claimed_until or now) > now
    if row.state != FollowUp.State.TO_CALL or others:
        raise TakenAlready
    row.claimed_by, row.claimed_until = actor.account, now + rules.CLAIM_LASTS
    row.save(update_fields=["claimed_by", "claimed_until"])
    changed(actor, "follow_up.claim", "follow_up", row.pk)
    return row


@transaction.atomic
def nobody_answered(*, actor: Actor, follow_up: FollowUp) -> FollowUp:
    """Tried again in some hours, by day; after some tries they are left in peace. Of who has it; said twice, it is one
    try."""
    row = _locked(actor, follow_up)
    if row.state != FollowUp.State.TO_CALL or row.claimed_by_id is None or row.claimed_by_id != actor.id:
        return row
    row.tries, row.claimed_by, row.claimed_until = row.tries + 1, None, None
    row.due_at = rules.by_day(clock.now() + rules.TRY_AGAIN_AFTER, row.organisation.zone)
    if row.tries >= rules.MOST_TRIES:
        row.state = FollowUp.State.EXPIRED
    row.save(update_fields=["tries", "claimed_by", "claimed_until", "due_at", "state"])
    changed(actor, "follow_up.tried", "follow_up", row.pk, tries=row.tries)
    return row


@transaction.atomic
def record_late_call(*, actor: Actor, request: Request) -> None:
    """Whom we failed was called after all, and stands on no list any more. Pressed twice, it is one call."""
    locked = Request.objects.select_for_update().get(pk=request.pk, organisation=actor.organisation)
    if queries.neglected(actor.organisation, clock.now()).filter(pk=locked.pk).exists():
        changed(actor, queries.CONTACT_VERB, "request", locked.pk, "board")


@transaction.atomic
def undo_late_call(*, actor: Actor, request: Request) -> bool:
    """That they were called was a slip: they stand on the list again. False where nobody has said so a moment ago."""
    locked = Request.objects.select_for_update().get(pk=request.pk, organisation=actor.organisation)
    if not queries.called_lately(actor.organisation, clock.now()).filter(pk=locked.pk).exists():
        return False
    changed(actor, queries.UNDO_CONTACT_VERB, "request", locked.pk, "board")
    return True


def _locked(actor: Actor, follow_up: FollowUp) -> FollowUp:
    access.call_for(actor, follow_up.pk)
    return (
        FollowUp.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=follow_up.pk)
    )
