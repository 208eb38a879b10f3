"""Numbers that are not answered by a person for a while."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.http import Http404

from quartier.lib import clock
from quartier.lib.text import clean
from quartier.promises import actions as promises
from quartier.team.access import Actor
from quartier.team.models import Role
from quartier.telephony.actions import ledger
from quartier.telephony.models import BlockedNumber, BlockRequest, Call, Callback
from quartier.telephony.rules import NotPossible

USUAL_BLOCK_DAYS, MAX_BLOCK_DAYS = 30, 365
MAX_REASON_CHARS = 300


class NoReason(ValueError):
    """A number is blocked with a reason, never without."""


class AlreadyBlocked(ValueError):
    """The number is blocked; `until` when."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"blocked until {until}")
        self.until = until


@transaction.atomic
def block_number(
    *,
    actor: Actor,
    about: Call | Callback | BlockRequest,
    reason: str,
    days: int = USUAL_BLOCK_DAYS,
    may_shorten: bool = True,
) -> BlockedNumber:
    """From now on nobody speaks with the number of this call or callback, for so many days; blocked already, the reason
    and the end are new, an earlier end only with `may_shorten`. Its row leaves the callback list, and whoever asked for
    it reads that it is blocked.

    Raises `NoReason`, `ValueError` for days out of bounds, `NotPossible` for a number that was withheld or is the
    line's own, `Http404` for who does not coordinate.
    """
    check_may_block(actor, about.organisation_id)
    why = clean(reason, MAX_REASON_CHARS).strip()
    if not why:
        raise NoReason
    if not 1 <= days <= MAX_BLOCK_DAYS:
        raise ValueError(f"days: from 1 to {MAX_BLOCK_DAYS}")
    if not about.number_index or about.number == actor.organisation.phone:
        raise NotPossible
    lock_open_requests(actor.organisation.id, about.number_index)
    now = clock.now()
    new = BlockedNumber(
        organisation=actor.organisation,
        number=about.number,
        number_index=about.number_index,
        reason=why,
        blocked_by=actor.account,
        blocked_at=now,
        until=now + timedelta(days=days),
    )
    BlockedNumber.objects.bulk_create([new], ignore_conflicts=True)
    row = BlockedNumber.objects.select_for_update().get(
        organisation=actor.organisation, number_index=about.number_index, ended_at=None
    )
    if row.pk != new.pk:
        until = new.until if may_shorten else max(row.until, new.until)
        row.reason, row.until, row.blocked_by, row.blocked_at = why, until, actor.account, now
        row.save(update_fields=["reason", "until", "blocked_by", "blocked_at"])
    _take_off_the_list(actor, row)
    BlockRequest.objects.filter(
        organisation=actor.organisation, number_index=about.number_index, outcome=""
    ).update(
        outcome=BlockRequest.Outcome.BLOCKED,
        decided_by=actor.account,
        decided_at=now,
        blocked_until=row.until,
    )
    ledger.changed(actor, "number.block", "blocked_number", row.pk, days=days)
    return row


def lock_open_requests(organisation_id: UUID, number_index: str) -> list[BlockRequest]:
    """Those of this number that nobody has decided, for the rest of the transaction. Whoever decides takes them first,
    and always in this order: two who decide at once wait for each other, and never both."""
    rows = BlockRequest.objects.select_for_update().filter(organisation_id=organisation_id, outcome="")
    return list(rows.filter(number_index=number_index).order_by("pk"))


@transaction.atomic
def unblock_number(*, actor: Actor, blocked_id: UUID) -> BlockedNumber:
    """The number is answered again. Said twice, nothing happens; raises `Http404`."""
    row = (
        BlockedNumber.objects.select_for_update()
        .filter(pk=blocked_id, organisation=actor.organisation)
        .first()
    )
    if row is None:
        raise Http404
    check_may_block(actor, row.organisation_id)
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        ledger.changed(actor, "number.unblock", "blocked_number", row.pk)
    return row


def check_may_block(actor: Actor, organisation_id: UUID) -> None:
    """Raises `Http404` for who does not coordinate in this organisation."""
    if organisation_id != actor.organisation.id or not actor.has(Role.Name.COORDINATOR, Role.Name.ADMIN):
        raise Http404


def _take_off_the_list(actor: Actor, row: BlockedNumber) -> None:
    """Unless a colleague is about to call them."""
    listed = (
        Callback.objects.select_for_update()
        .filter(Callback.LISTED, organisation=row.organisation_id, number_index=row.number_index)
        .first()
    )
    if listed is None or (
        listed.state == Callback.State.CLAIMED
        and listed.claimed_by_id != actor.id
        and listed.claimed_until is not None
        and listed.claimed_until > row.blocked_at
    ):
        return
    listed.state, listed.ended_at, listed.claimed_until = Callback.State.DONE, row.blocked_at, None
    listed.save(update_fields=["state", "ended_at", "claimed_until"])
    # Nobody hears that a call was forgotten which nobody owes.
    promises.withdraw_promises(subject_kind="callback", subject_id=listed.pk)
    ledger.changed(actor, "callback.blocked", "callback", listed.pk)
