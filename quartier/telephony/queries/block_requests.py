"""Numbers that somebody of the team asks to have blocked: for whoever decides, and for whoever asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery

from quartier.lib import clock
from quartier.team.access import Actor
from quartier.team.models import Organisation
from quartier.telephony.models import BlockedNumber, BlockRequest, Call

MAX_BLOCK_REQUESTS = 200
MAX_OWN_BLOCK_REQUESTS = 20


@dataclass(frozen=True)
class AskedBlock:
    """One number, and all who ask to have it blocked, the first one first."""

    requests: Sequence[BlockRequest]

    @property
    def first(self) -> BlockRequest:
        return self.requests[0]


@dataclass(frozen=True)
class BlockRequestCounts:
    """`open`: numbers that wait for whoever coordinates, 0 for anybody else; `answered`: what the actor asked for and
    somebody has decided, which they have not read."""

    open: int = 0
    answered: int = 0


def asked_blocks(organisation: Organisation) -> list[AskedBlock]:
    """Numbers of which nobody has decided yet, the longest waiting first. One query."""
    rows = BlockRequest.objects.filter(organisation=organisation, outcome="")
    by_number: dict[str, list[BlockRequest]] = {}
    for row in rows.select_related("asked_by", "call__person").order_by("asked_at", "pk")[
        :MAX_BLOCK_REQUESTS
    ]:
        by_number.setdefault(row.number_index, []).append(row)
    return [AskedBlock(each) for each in by_number.values()]


def block_request_counts(actor: Actor, *, decides: bool) -> BlockRequestCounts:
    """`decides`: the actor coordinates. One query."""
    wanted = Q(asked_by=actor.id, seen_at=None, decided_at__isnull=False)
    if decides:
        wanted |= Q(outcome="")
    rows = BlockRequest.objects.filter(wanted, organisation=actor.organisation)
    found = list(rows.values_list("number_index", "outcome")[:MAX_BLOCK_REQUESTS])
    return BlockRequestCounts(
        len({number for number, outcome in found if not outcome}), sum(bool(outcome) for _, outcome in found)
    )


def own_block_requests(actor: Actor, call: Call | None = None) -> list[BlockRequest]:
    """What the actor asked for and has not settled: undecided, or decided and not read. With `call` for its number
    alone, and also what they have read of what they asked for on this call. The newest first. One query.

    `blocked_now_until`: when the block of its number ends, where there is one, whoever made it and for what."""
    if call is not None and not call.number_index:
        return []
    rows = BlockRequest.objects.filter(organisation=actor.organisation, asked_by=actor.id)
    rows = rows.exclude(outcome=BlockRequest.Outcome.WITHDRAWN)
    if call is None:
        rows = rows.filter(seen_at=None)
    else:
        rows = rows.filter(Q(seen_at=None) | Q(call=call), number_index=call.number_index)
    blocked = BlockedNumber.objects.filter(
        organisation=actor.organisation,
        number_index=OuterRef("number_index"),
        ended_at=None,
        until__gt=clock.now(),
    )
    rows = rows.annotate(blocked_now_until=Subquery(blocked.values("until")[:1]))
    found = rows.select_related("decided_by", "call__person").order_by("-asked_at", "-pk")
    return list(found[:MAX_OWN_BLOCK_REQUESTS])
