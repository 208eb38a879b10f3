"""The callback list as it is worked on: who goes first, what is folded, what cannot be dialled; a page at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Value, When

from quartier.promises.models import Promise
from quartier.team.models import Account, Organisation
from quartier.telephony.models import Audio, Call, Callback, LineSettings
from quartier.telephony.queries.dialling import spent_today
from quartier.telephony.queries.failures import last_failures
from quartier.telephony.queries.floods import Fold, folds_of
from quartier.telephony.queries.line import dialling_of, hours_of, settings_of
from quartier.telephony.queries.talks import is_spoken, last_talks
from quartier.telephony.rules import PROMISED_GRACE

# Nobody is late who has been waiting for so long since their turn.
CALLBACK_GRACE = timedelta(minutes=15)
CALLBACK_PAGE_SIZE = 50
# Of an opened fold so many are shown; all of them are cleared.
MAX_FOLDED_ROWS = 200
MAX_MESSAGES = 100
# Clearing a flood can be undone for so long.
UNDO_WINDOW = timedelta(hours=24)
PROMISED = (Callback.Why.ASKED, Callback.Why.PROMISED)
State = Callback.State


@dataclass(frozen=True)
class CallbackRow:
    """A row of the list. `is_free`: nobody has it; `messages`: what they left, the newest first, without the sound;
    `refusal`: why the number may not be dialled, as `MayNotDial` says it; `spoken`: the last call on which somebody has
    spoken with them since, `is_settled`: so that nobody need hurry any more; `failed`: the last one to them, where
    nobody came."""

    callback: Callback
    is_free: bool
    messages: tuple[Audio, ...] = ()
    refusal: str = ""
    spoken: Call | None = None
    is_settled: bool = False
    failed: Call | None = None


@dataclass(frozen=True)
class ClearedFold:
    """Rows that were cleared in one press."""

    batch: UUID
    rows: int
    at: datetime
    by: str


@dataclass(frozen=True)
class CallbackList:
    """`due` and `later` are one page; `…_count` is all there are, of what is cut too. `voices`: messages that nobody
    has heard and that no row of the list belongs to; `heard`: other messages that are not deleted yet."""

    mine: list[CallbackRow]
    due: list[CallbackRow]
    due_count: int
    later: list[CallbackRow]
    later_count: int
    given_up: list[CallbackRow]
    given_up_count: int
    folds: list[Fold]
    cleared: list[ClearedFold]
    voices: list[Audio]
    voices_count: int
    heard: list[Audio]
    heard_count: int
    page: int
    pages: int
    numbers: dict[UUID, str] = field(default_factory=dict)


def named_hour(callback: Callback, promise: Promise) -> datetime | None:
    """The hour at which they were told that we call, where they were: what is tried before it does not keep it. `None`
    where none was named, and in the last minutes before the line closes."""
    is_named = callback.why == Callback.Why.PROMISED and promise.told_by == Promise.ToldBy.VOICE
    if not is_named or promise.times_broken:
        return None
    hour = promise.due_at - PROMISED_GRACE
    return hour if hours_of(callback.organisation).may_ring(hour) else None


def callback_list(
    organisation: Organisation, account_id: UUID | None, now: datetime, page: int = 1
) -> CallbackList:
    """Everything on the page of callbacks. At most 19 queries, however much there is."""
    folds = folds_of(organisation)
    folded = [callback for each in folds for callback in each.callbacks]
    rows = _listed(organisation)
    given_up = rows.filter(state=State.GIVEN_UP)
    mine = Q(state=State.CLAIMED, claimed_by=account_id)
    open_ones = rows.filter(state__in=Callback.OPEN).exclude(mine).exclude(pk__in=folded)
    counts = open_ones.order_by().aggregate(
        due=Count("pk", filter=Q(due_at__lte=now)), later=Count("pk", filter=Q(due_at__gt=now))
    )
    pages = max(1, -(-max(counts["due"], counts["later"]) // CALLBACK_PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = slice((page - 1) * CALLBACK_PAGE_SIZE, page * CALLBACK_PAGE_SIZE)
    parts: list[list[Callback]] = [
        list(rows.filter(mine).order_by("claimed_until", "pk")[:CALLBACK_PAGE_SIZE]),
        list(
            open_ones.filter(due_at__lte=now)
            .annotate(is_spoken=is_spoken(), turn=_turn(now))
            .order_by("is_spoken", "turn", "wanted_at", "pk")[shown]
        ),
        list(open_ones.filter(due_at__gt=now).order_by("due_at", "wanted_at", "pk")[shown]),
        list(given_up.order_by("due_at", "pk")[:CALLBACK_PAGE_SIZE]),
    ]
    described = _described(organisation, [row for part in parts for row in part], now)
    by_part: list[list[CallbackRow]] = []
    for part in parts:
        by_part.append(described[: len(part)])
        described = described[len(part) :]
    firsts = [each.callbacks[0] for each in folds]
    loose = _loose_messages(organisation)
    unheard, heard = loose.filter(heard_at=None), loose.exclude(heard_at=None)
    voices = list(unheard.order_by("at", "pk")[:MAX_MESSAGES])
    listened = list(heard.order_by("-at", "-pk")[:MAX_MESSAGES])
    return CallbackList(
        mine=by_part[0],
        due=by_part[1],
        due_count=counts["due"],
        later=by_part[2],
        later_count=counts["later"],
        given_up=by_part[3],
        given_up_count=_count_all(by_part[3], given_up, CALLBACK_PAGE_SIZE),
        folds=folds,
        cleared=_cleared(organisation, now),
        voices=voices,
        voices_count=_count_all(voices, unheard, MAX_MESSAGES),
        heard=listened,
        heard_count=_count_all(listened, heard, MAX_MESSAGES),
        page=page,
        pages=pages,
        # The number of the first one names the block; of a rush there is none.
        numbers={row.pk: row.number for row in Callback.objects.filter(pk__in=firsts)} if firsts else {},
    )


def _count_all(shown: Sequence[Any], rows: QuerySet[Any], limit: int) -> int:
    """How many there are; asked only where not all of them are shown."""
    return len(shown) if len(shown) < limit else rows.order_by().count()


def reason_of_call(call: Call) -> str | None:
    """Why we make this call: as `Callback.Why` has it, "" when nobody is rung back, None for a call that came in."""
    if call.direction != Call.Direction.OUT:
        return None
    if not call.number_index:
        return ""
    rows = Callback.objects.filter(
        Q(ended_at=None) | Q(ended_at__gte=call.began_at),
        organisation=call.organisation_id,
        number_index=call.number_index,
        wanted_at__lte=call.began_at,
    )
    return rows.order_by("-wanted_at", "-pk").values_list("why", flat=True).first() or ""


@dataclass(frozen=True)
class CallbackCounts:
    """How many wait to be called back and nobody calls at this moment. `due`: their turn has come, `late`: so long ago
    that they are late; `later`: not yet; `unheard`: messages that nobody has heard, of nobody else on the list."""

    due: int
    later: int
    late: int = 0
    unheard: int = 0

    @property
    def now(self) -> int:
        """What waits for one of us at this moment."""
        return self.due + self.unheard


def callers_to_call_back(organisation: Organisation, now: datetime) -> CallbackCounts:
    """Whom we owe a call, and what nobody has heard: counted here alone, for the page, the board and the bar. Two
    queries."""
    free = Q(state=State.WAITING) | Q(state=State.CLAIMED, claimed_until__lte=now)
    found = Callback.objects.filter(Callback.LISTED, free, organisation=organisation).aggregate(
        due=Count("pk", filter=Q(due_at__lte=now)),
        later=Count("pk", filter=Q(due_at__gt=now)),
        late=Count("pk", filter=Q(due_at__lte=now - CALLBACK_GRACE) & ~is_spoken()),
    )
    unheard = _loose_messages(organisation).filter(heard_at=None).order_by().count()
    return CallbackCounts(**found, unheard=unheard)


def has_unheard_message(callback: Callback) -> bool:
    """Whether they left a message that nobody has heard: of whoever is off the list, it stays there. One query."""
    rows = _messages(callback.organisation).filter(call__callback=callback, heard_at=None)
    return rows.order_by().exists()


def folded_rows(organisation: Organisation, fold: Fold, now: datetime) -> list[CallbackRow]:
    """The first rows of a fold, each as it would stand by itself."""
    rows = _listed(organisation).filter(pk__in=fold.callbacks[:MAX_FOLDED_ROWS]).order_by("wanted_at", "pk")
    return _described(organisation, list(rows), now)


def called_until(organisation: Organisation, fold: Fold, until: datetime) -> list[UUID]:
    """Those of a fold that had called by then."""
    rows = _listed(organisation).filter(pk__in=fold.callbacks, wanted_at__lte=until)
    return list(rows.order_by("wanted_at", "pk").values_list("pk", flat=True))


def _listed(organisation: Organisation) -> QuerySet[Callback]:
    return Callback.objects.filter(Callback.LISTED, organisation=organisation).select_related(
        "organisation", "person", "claimed_by", "call"
    )


def _turn(now: datetime) -> Case:
    """The order of turns, as the page says it: late before the others, and each time those who asked first; the same
    turn goes by age."""
    late = Q(due_at__lte=now - CALLBACK_GRACE)
    return Case(
        When(late, why__in=PROMISED, then=Value(0)),
        When(late, then=Value(1)),
        When(why__in=PROMISED, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )


def _described(organisation: Organisation, rows: Sequence[Callback], now: datetime) -> list[CallbackRow]:
    """What belongs to each row: its messages, whether it may be dialled, and who has spoken with them since."""
    messages: dict[UUID | None, list[Audio]] = defaultdict(list)
    if rows:
        for audio in _messages(organisation).filter(call__callback__in=[row.pk for row in rows]):
            messages[audio.call.callback_id].append(audio)
    settings = settings_of(organisation)
    dialling, spent = dialling_of(organisation, settings), _is_spent(organisation, settings, rows, now)
    talks, failed = last_talks(organisation, rows), last_failures(organisation, rows)
    return [
        CallbackRow(
            row,
            is_free=row.state == State.WAITING
            or (row.claimed_until is not None and row.claimed_until <= now),
            messages=tuple(messages[row.pk]),
            refusal=dialling.refusal(row.number) or spent,
            spoken=talk.call if (talk := talks.get(row.pk)) else None,
            is_settled=bool(talk and talk.is_enough),
            failed=failed.get(row.number_index),
        )
        for row in rows
    ]


def _is_spent(
    organisation: Organisation, settings: LineSettings, rows: Sequence[Callback], now: datetime
) -> str:
    if not rows or spent_today(organisation, now) < settings.daily_cents:
        return ""
    return "spent"


def _messages(organisation: Organisation) -> QuerySet[Audio]:
    return (
        Audio.objects.filter(
            organisation=organisation, kind=Audio.Kind.MESSAGE, deleted_at=None, call__worried_at=None
        )
        .select_related("organisation", "call__person", "heard_by")
        .defer("sound")
        .order_by("-at", "-pk")
    )


def _loose_messages(organisation: Organisation) -> QuerySet[Audio]:
    """Messages of numbers that were withheld, and of callbacks that are over; but not the silent ones of a flood that
    was cleared."""
    loose = _messages(organisation).filter(Q(call__callback=None) | Q(call__callback__ended_at__isnull=False))
    return loose.exclude(is_silent=True, call__callback__cleared_in__isnull=False)


def _cleared(organisation: Organisation, now: datetime) -> list[ClearedFold]:
    """What was cleared within the time in which it can be undone, the last first."""
    rows = list(
        Callback.objects.filter(
            organisation=organisation, cleared_in__isnull=False, ended_at__gt=now - UNDO_WINDOW
        )
        .order_by()
        .values_list("cleared_in", "claimed_by")
        .annotate(rows=Count("pk"), at=Max("ended_at"))
    )
    names = {
        row.pk: row.name for row in Account.objects.filter(pk__in={by for _batch, by, _rows, _at in rows})
    }
    found = [
        ClearedFold(batch, count, at, names.get(by, "")) for batch, by, count, at in rows if batch is not None
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)
