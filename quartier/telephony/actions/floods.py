"""Clearing the rows of a flood in one press, and taking that back."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.http import Http404

from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.team.access import TEAM, Actor
from quartier.telephony.actions import ledger
from quartier.telephony.models import Callback
from quartier.telephony.queries.callback_list import UNDO_WINDOW
from quartier.telephony.queries.floods import foldable_rows

State = Callback.State
CLEAR_BATCH_SIZE = 500


@transaction.atomic
def clear_fold(*, actor: Actor, callbacks: Collection[UUID]) -> int:
    """Take rows of a flood off the list: those of these that are still nobody's. Whoever has asked for a call, left a
    message, is known, or was taken by somebody meanwhile, stays. Returns how many; raises `Http404` for who may not."""
    if actor.account is None or not actor.has(*TEAM):
        raise Http404
    keys = sorted(set(callbacks))
    now, batch, count = clock.now(), uuid7(), 0
    for start in range(0, len(keys), CLEAR_BATCH_SIZE):
        rows = Callback.objects.select_for_update().filter(
            pk__in=keys[start : start + CLEAR_BATCH_SIZE], organisation=actor.organisation
        )
        locked = list(rows.order_by("pk").values_list("pk", flat=True))
        # Looked at under the lock: somebody may have taken one, or spoken with them, a moment ago.
        found = list(foldable_rows(actor.organisation).filter(pk__in=locked).values_list("pk", flat=True))
        count += Callback.objects.filter(pk__in=found).update(
            state=State.DONE, ended_at=now, cleared_in=batch, claimed_by=actor.account
        )
    if count:
        ledger.changed(actor, "callback.clear", "callback_batch", batch, rows=count)
    return count


@transaction.atomic
def restore_cleared(*, actor: Actor, batch: UUID) -> int:
    """Put rows that were cleared in one press back on the list, within a day. Who is on it again by another call stays
    there once. Returns how many; raises `Http404` for who may not."""
    if actor.account is None or not actor.has(*TEAM):
        raise Http404
    rows = Callback.objects.select_for_update().filter(
        organisation=actor.organisation, cleared_in=batch, ended_at__gt=clock.now() - UNDO_WINDOW
    )
    cleared = dict(rows.order_by("pk").values_list("pk", "number_index"))
    listed = Callback.objects.filter(Callback.LISTED, organisation=actor.organisation)
    again = set(listed.values_list("number_index", flat=True))
    keys = [key for key, number in cleared.items() if number not in again]
    count = 0
    for start in range(0, len(keys), CLEAR_BATCH_SIZE):
        count += Callback.objects.filter(pk__in=keys[start : start + CLEAR_BATCH_SIZE]).update(
            state=State.WAITING, ended_at=None, cleared_in=None, claimed_by=None
        )
    if count:
        ledger.changed(actor, "callback.restore", "callback_batch", batch, rows=count)
    return count
