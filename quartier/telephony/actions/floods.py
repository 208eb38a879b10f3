"""Clearing the rows of a flood in one press, and taking that back."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404

from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.team.access import TEAM, Actor
from quartier.team.models import Organisation
from quartier.telephony.actions import ledger
from quartier.telephony.models import BlockedNumber, Callback
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
    there once, and numbers that were blocked meanwhile stay away. Returns how many; raises `Http404` for who may
    not."""
    if actor.account is None or not actor.has(*TEAM):
        raise Http404
    rows = Callback.objects.select_for_update().filter(
        organisation=actor.organisation, cleared_in=batch, ended_at__gt=clock.now() - UNDO_WINDOW
    )
    cleared = dict(rows.order_by("pk").values_list("pk", "number_index"))
    left_out = _listed_again(actor.organisation) | _blocked_since(actor.organisation)
    keys = [key for key, number in cleared.items() if number not in left_out]
    count = 0
    for start in range(0, len(keys), CLEAR_BATCH_SIZE):
        count += _put_back(keys[start : start + CLEAR_BATCH_SIZE])
    if count:
        ledger.changed(actor, "callback.restore", "callback_batch", batch, rows=count)
    return count


def _listed_again(organisation: Organisation) -> set[str]:
    listed = Callback.objects.filter(Callback.LISTED, organisation=organisation)
    return set(listed.exclude(number_index="").values_list("number_index", flat=True))


def _blocked_since(organisation: Organisation) -> set[str]:
    blocked = BlockedNumber.objects.filter(organisation=organisation, ended_at=None, until__gt=clock.now())
    return set(blocked.values_list("number_index", flat=True))


def _put_back(keys: Sequence[UUID]) -> int:
    """Each of these that no call has put on the list in this very moment; gives how many."""
    try:
        with transaction.atomic():
            return Callback.objects.filter(pk__in=keys).update(
                state=State.WAITING, ended_at=None, cleared_in=None, claimed_by=None
            )
    except IntegrityError:
        # One of them calls right now: all the others still come back, one by one.
        return sum(_put_back([key]) for key in keys) if len(keys) > 1 else 0
