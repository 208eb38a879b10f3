"""Whoever may not block a number asks for it, in words; whoever coordinates decides, and who asked reads what came."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404

from quartier.lib import clock
from quartier.lib.text import clean
from quartier.team.access import TEAM, Actor
from quartier.telephony.actions import ledger
from quartier.telephony.actions.blocking import (
    MAX_REASON_CHARS,
    USUAL_BLOCK_DAYS,
    AlreadyBlocked,
    NoReason,
    block_number,
    check_may_block,
    lock_open_requests,
)
from quartier.telephony.models import BlockedNumber, BlockRequest, Call
from quartier.telephony.rules import NotPossible

Outcome = BlockRequest.Outcome
# What was asked, and the number, are forgotten so long after somebody decided, or after it was asked and nobody did.
BLOCK_REQUEST_RETENTION = timedelta(days=90)


@transaction.atomic
def ask_to_block(*, actor: Actor, about: Call, reason: str) -> BlockRequest:
    """Ask that the number of this call be blocked. Asked already, the reason is new.

    Raises `NoReason`, `AlreadyBlocked`, `NotPossible` for a number that was withheld or is the line's own, `Http404`
    for who is not of the team.
    """
    if about.organisation_id != actor.organisation.id or not actor.has(*TEAM) or actor.account is None:
        raise Http404
    why = clean(reason, MAX_REASON_CHARS).strip()
    if not why:
        raise NoReason
    if not about.number_index or about.number == actor.organisation.phone:
        raise NotPossible
    now = clock.now()
    blocked = BlockedNumber.objects.filter(organisation=actor.organisation, number_index=about.number_index)
    if (is_so := blocked.filter(ended_at=None, until__gt=now).first()) is not None:
        raise AlreadyBlocked(is_so.until)
    new = BlockRequest(
        organisation=actor.organisation,
        call=about,
        number=about.number,
        number_index=about.number_index,
        reason=why,
        asked_by=actor.account,
        asked_at=now,
    )
    # (What stood in the way of the first may have been decided before it was read.)
    row = _put_once(new) or _put_once(new)
    if row is None:
        raise NotPossible
    if row.pk != new.pk:
        row.reason, row.asked_at, row.call = why, new.asked_at, about
        row.save(update_fields=["reason", "asked_at", "call"])
    ledger.changed(actor, "number.block_ask", "block_request", row.pk)
    return row


def _put_once(new: BlockRequest) -> BlockRequest | None:
    """It, or the one with which the same person has asked for the same number; `None` where that was decided now."""
    BlockRequest.objects.bulk_create([new], ignore_conflicts=True)
    rows = BlockRequest.objects.select_for_update().filter(organisation=new.organisation_id, outcome="")
    return rows.filter(number_index=new.number_index, asked_by=new.asked_by_id).first()


@transaction.atomic
def grant_block_request(
    *, actor: Actor, block_request_id: UUID, days: int = USUAL_BLOCK_DAYS
) -> BlockRequest:
    """Block the number that was asked for, with the reason given: everybody who asked for it reads so. A longer block
    stays as long as it was. Decided meanwhile, nothing happens. Raises `Http404`."""
    row, open_ones = _to_decide(actor, block_request_id)
    if row in open_ones:
        block_number(actor=actor, about=row, reason=row.reason, days=days, may_shorten=False)
        row.refresh_from_db()
    return row


@transaction.atomic
def dismiss_block_request(*, actor: Actor, block_request_id: UUID, answer: str = "") -> BlockRequest:
    """The number is not blocked; `answer` says why, to everybody who asked for it. Decided meanwhile, nothing happens.
    Raises `Http404`."""
    row, open_ones = _to_decide(actor, block_request_id)
    if row not in open_ones:
        return row
    words = clean(answer, MAX_REASON_CHARS).strip()
    for each in open_ones:
        each.outcome, each.answer = Outcome.DISMISSED, words
        each.decided_by, each.decided_at = actor.account, clock.now()
        each.save(update_fields=["outcome", "answer", "decided_by", "decided_at"])
        ledger.changed(actor, "number.block_dismiss", "block_request", each.pk)
    row.refresh_from_db()
    return row


@transaction.atomic
def settle_own_block_request(*, actor: Actor, block_request_id: UUID, takes_back: bool) -> BlockRequest:
    """Whoever asked takes it back, while nobody has decided, or has read what came of it: an answer that came while
    they took it back they have not read. Raises `Http404`."""
    row = _of_organisation(actor, block_request_id, BlockRequest.objects.select_for_update())
    if actor.id is None or row.asked_by_id != actor.id:
        raise Http404
    now = clock.now()
    if takes_back == bool(row.outcome):
        return row
    if takes_back:
        row.outcome, row.decided_by, row.decided_at, row.seen_at = Outcome.WITHDRAWN, actor.account, now, now
        row.save(update_fields=["outcome", "decided_by", "decided_at", "seen_at"])
        ledger.changed(actor, "number.block_withdraw", "block_request", row.pk)
    elif row.seen_at is None:
        row.seen_at = now
        row.save(update_fields=["seen_at"])
        ledger.touch(actor.organisation.id, actor.id)
    return row


def forget_block_requests(now: datetime, limit: int = 2000) -> int:
    """Delete those that were decided long ago, or asked and never decided. Returns how many."""
    before = now - BLOCK_REQUEST_RETENTION
    is_old = Q(decided_at__lt=before) | Q(outcome="", asked_at__lt=before)
    old = BlockRequest.objects.filter(is_old).order_by("pk")
    return BlockRequest.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]


def _to_decide(actor: Actor, block_request_id: UUID) -> tuple[BlockRequest, list[BlockRequest]]:
    """It as it is now, and all of its number that nobody has decided."""
    row = _of_organisation(actor, block_request_id, BlockRequest.objects.all())
    check_may_block(actor, row.organisation_id)
    open_ones = lock_open_requests(row.organisation_id, row.number_index)
    row.refresh_from_db()
    return row, open_ones


def _of_organisation(actor: Actor, block_request_id: UUID, rows: QuerySet[BlockRequest]) -> BlockRequest:
    row = rows.filter(pk=block_request_id, organisation=actor.organisation).first()
    if row is None or not actor.has(*TEAM):
        raise Http404
    return row
