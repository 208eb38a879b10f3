"""Floods of invented numbers: noticed while they call, and folded into one row where they are listed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from quartier.lib.crypto import blind
from quartier.people.queries import number_alone
from quartier.team.models import Organisation
from quartier.telephony.models import Audio, Call, Callback
from quartier.telephony.rules.dialling import number_block

# A block of which more numbers than this have called within the window is flooding: no own phone is rung for it.
MAX_CALLS_OF_BLOCK = 8
FLOOD_WINDOW = timedelta(minutes=1)
# An older call whose end nobody has written down counts no more.
MAX_STAY = timedelta(hours=1)
# From so many callers of one block on, each at most this apart from the next, they are one row.
MIN_FOLDED_OF_BLOCK = 8
MAX_BLOCK_GAP = timedelta(minutes=10)
# The same for numbers from everywhere: more of them, faster, and all of them gone again at once, or silent to the end.
MIN_FOLDED_OF_RUSH = 30
MAX_RUSH_GAP = timedelta(minutes=1)
MAX_RUSH_WAIT_S = 30.0
# More rows than this are not looked at for folding: the newest are.
MAX_FOLD_CANDIDATES = 20_000
RUSH = "rush"


@dataclass(frozen=True)
class FoldCandidate:
    """A row of the callback list that nobody would miss by itself: nobody is known by its number, nothing was said or
    asked for. `block`: a blind index; `is_silent`: they stayed for the tone, and said nothing after it."""

    callback: UUID
    block: str
    at: datetime
    waited_s: float
    is_silent: bool = False


@dataclass(frozen=True)
class Fold:
    """Rows that are shown as one. `block`: their block, or `RUSH`; `callbacks` in the order in which they called."""

    block: str
    callbacks: tuple[UUID, ...]
    first_at: datetime
    last_at: datetime

    @property
    def is_rush(self) -> bool:
        return self.block == RUSH


def block_index(organisation_id: UUID, number: str) -> str:
    """The blind index of the block of a number, also of withheld ones."""
    return blind("phone-block", organisation_id, number_block(number))


def is_flooding(organisation: Organisation, number: str, now: datetime) -> bool:
    """Whether so many calls of this number's block came in within the last minute, or are still on the line, that it
    is a flood."""
    same = Call.objects.filter(
        Q(began_at__gt=now - FLOOD_WINDOW) | Q(ended_at=None, began_at__gt=now - MAX_STAY),
        organisation=organisation,
        block_index=block_index(organisation.id, number),
        began_at__lte=now,
        direction=Call.Direction.IN,
    )
    return len(same.values_list("pk", flat=True)[: MAX_CALLS_OF_BLOCK + 1]) > MAX_CALLS_OF_BLOCK


def folds_of(organisation: Organisation) -> list[Fold]:
    """What the callback list shows as one row each. One query."""
    return fold(fold_candidates(organisation))


def foldable_rows(organisation: Organisation) -> QuerySet[Callback]:
    """Rows that nobody would miss by themselves."""
    nobody = Q(person=None) | number_alone("person__")
    missed = Q(why=Callback.Why.MISSED) | Q(why=Callback.Why.CUT_OFF, call__answered_at=None)
    messages = Audio.objects.filter(call__callback=OuterRef("pk"), kind=Audio.Kind.MESSAGE)
    silent = Q(why=Callback.Why.MESSAGE) & Exists(messages)
    return Callback.objects.filter(
        missed | silent,
        ~Exists(messages.filter(is_silent=False)),
        nobody,
        Callback.LISTED,
        organisation=organisation,
        state=Callback.State.WAITING,
        tries=0,
        note="",
        call__isnull=False,
        call__talked_s=0,
    )


def fold_candidates(organisation: Organisation) -> list[FoldCandidate]:
    """Rows that may be folded, in the order in which they called."""
    rows = (
        foldable_rows(organisation)
        .order_by("-wanted_at", "-pk")
        .values_list("pk", "call__block_index", "wanted_at", "call__waited_s", "why")[:MAX_FOLD_CANDIDATES]
    )
    return [
        FoldCandidate(callback, block, at, waited_s, why == Callback.Why.MESSAGE)
        for callback, block, at, waited_s, why in reversed(rows)
    ]


def fold(candidates: Iterable[FoldCandidate]) -> list[Fold]:
    """Pure: those of one block that came close together, then those of a rush from everywhere. Each row is in one fold
    at most."""
    rows = sorted(candidates, key=lambda each: (each.at, each.callback))
    by_block = sorted((each for each in rows if each.block), key=lambda each: each.block)
    found = [
        _fold_of(block, run)
        for block, same in groupby(by_block, key=lambda each: each.block)
        for run in _runs(list(same), MAX_BLOCK_GAP)
        if len(run) >= MIN_FOLDED_OF_BLOCK
    ]
    taken = {callback for each in found for callback in each.callbacks}
    quick = [each for each in rows if each.callback not in taken and _is_rushing(each)]
    found += [_fold_of(RUSH, run) for run in _runs(quick, MAX_RUSH_GAP) if len(run) >= MIN_FOLDED_OF_RUSH]
    return sorted(found, key=lambda each: (each.first_at, each.callbacks[0]))


def _is_rushing(each: FoldCandidate) -> bool:
    """Gone at once, or there to the end without a word: people who wait do neither."""
    return each.is_silent or each.waited_s <= MAX_RUSH_WAIT_S


def _fold_of(block: str, run: Sequence[FoldCandidate]) -> Fold:
    return Fold(block, tuple(each.callback for each in run), run[0].at, run[-1].at)


def _runs(rows: Sequence[FoldCandidate], gap: timedelta) -> list[list[FoldCandidate]]:
    """Rows in the order of time, apart wherever two are further from each other than this."""
    found: list[list[FoldCandidate]] = []
    for each in rows:
        if found and each.at - found[-1][-1].at <= gap:
            found[-1].append(each)
        else:
            found.append([each])
    return found
