"""Somebody was said to be reached, and was not: for a short time that is taken back, and they are owed their call."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.http import Http404

from quartier.audit.queries import of_subject
from quartier.lib import clock
from quartier.promises.models import Promise
from quartier.team.access import TEAM, Actor
from quartier.telephony.actions import ledger, listing
from quartier.telephony.models import Callback
from quartier.telephony.rules import NotPossible

DONE_UNDO_WINDOW = timedelta(minutes=10)
DONE_VERB = "callback.done"


def is_done_undoable(actor: Actor, row: Callback) -> bool:
    """Whether the actor has said a moment ago that they were reached. One query where it was a moment ago."""
    ended = row.ended_at if row.state == Callback.State.DONE else None
    if ended is None or clock.now() >= ended + DONE_UNDO_WINDOW:
        return False
    entry = of_subject(row.organisation_id, row.pk).filter(verb=DONE_VERB).first()
    return entry is not None and entry.actor_id == actor.id


@transaction.atomic
def undo_done(*, actor: Actor, callback_id: UUID) -> Callback:
    """Back on the list, at its old place. Raises `NotPossible` when it is too late, somebody else's word, or they are
    on the list again since; `Http404` for who may not."""
    rows = Callback.objects.select_for_update(of=("self",)).select_related("organisation")
    row = rows.filter(pk=callback_id, organisation=actor.organisation).first()
    if row is None or actor.account is None or not actor.has(*TEAM):
        raise Http404
    again = Callback.objects.filter(
        organisation=actor.organisation, number_index=row.number_index, ended_at=None
    ).exclude(number_index="")
    if not is_done_undoable(actor, row) or again.exists():
        raise NotPossible
    row.state, row.ended_at = Callback.State.WAITING, None
    row.save(update_fields=["state", "ended_at"])
    # They know nothing of it: the team owes it to them again.
    listing.owe_call(row, clock.now(), why=row.why, told_by=Promise.ToldBy.NOBODY)
    ledger.changed(actor, "callback.undo_done", "callback", row.pk)
    return row
