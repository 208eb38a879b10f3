"""What the wallboard and the lists show."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Min, Q
from django.db.models.functions import ExtractHour

from quartier import callcore
from quartier.callcore.call import TALKING, WAITING, State
from quartier.team.models import Account, Organisation
from quartier.telephony.models import Audio, Call, Callback, Operator
from quartier.telephony.queries.line import is_open, midnight
from quartier.telephony.queries.talks import is_spoken

Outcome = callcore.Outcome
LIST_SHOWS = 500
# Callers whom somebody of us has, if only on the way to the next one.
WITH_US = {*TALKING, State.TRANSFERRING, State.MENDING}


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits for an operator. `place`: 1 is next."""

    call: UUID
    language: str
    since: datetime
    waited_s: float
    place: int


@dataclass(frozen=True)
class Standing:
    """Where an operator stands, and since when."""

    account: Account
    standing: str
    reason: str
    since: datetime
    languages: tuple[str, ...]
    own_phone: bool
    call: UUID | None


@dataclass
class Wallboard:
    """What the room sees at a glance. `by_hour`: for each hour of today (local) the calls by outcome; `live` ones,
    which have no outcome yet, as "". `not_called_back`: their turn has come, and nobody has tried or
    spoken with them so far."""

    waiting: list[Waiting]
    talking: int
    operators: list[Standing]
    outcomes: Counter[str]
    by_hour: dict[int, Counter[str]]
    listed: int
    not_called_back: int
    due: int
    oldest_due: datetime | None
    is_open: bool
    by_language: Counter[str] = field(init=False)
    by_standing: Counter[str] = field(init=False)
    there_by_language: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.by_language = Counter(each.language for each in self.waiting)
        self.by_standing = Counter(each.standing for each in self.operators)
        self.there_by_language = Counter(
            language
            for each in self.operators
            if each.standing != callcore.Standing.OFFLINE
            for language in each.languages
        )

    @property
    def longest_s(self) -> float:
        return max((each.waited_s for each in self.waiting), default=0.0)

    @property
    def calls(self) -> int:
        return sum(self.outcomes.values())

    @property
    def answered(self) -> int:
        return answered_of(self.outcomes)

    @property
    def missed(self) -> int:
        return missed_of(self.outcomes)


def waiting_count(organisation: Organisation, languages: Collection[str]) -> int:
    """How many callers wait for an operator who speaks one of these."""
    live = Call.objects.filter(organisation=organisation, ended_at=None, direction=Call.Direction.IN)
    return live.filter(state__in=WAITING, language__in=languages).count()


def all_waiting_count(organisation: Organisation) -> int:
    """How many callers wait for an operator, whichever language they speak."""
    live = Call.objects.filter(organisation=organisation, ended_at=None, direction=Call.Direction.IN)
    return live.filter(state__in=WAITING).count()


def answered_of(outcomes: Counter[str]) -> int:
    """Those who spoke with somebody. Calls without an outcome are neither answered nor missed yet."""
    return outcomes[Outcome.ANSWERED]


def missed_of(outcomes: Counter[str]) -> int:
    """Those who wanted somebody and spoke with nobody: not who is blocked, and not who chose to write instead."""
    return sum(outcomes[each] for each in (Outcome.ABANDONED, Outcome.CALLBACK, Outcome.VOICEMAIL))


def wallboard(organisation: Organisation, now: datetime, folded: Collection[UUID] = ()) -> Wallboard:
    """The line now and today. Five queries, however much there is. `folded`: callbacks that are counted elsewhere, as
    rows of a flood, and not among those who were not called back."""
    live = list(
        Call.objects.filter(organisation=organisation, ended_at=None, direction=Call.Direction.IN)
        .order_by(F("queued_at").asc(nulls_last=True), "began_at", "id")
        .values_list("id", "language", "queued_at", "began_at", "state")
    )
    waiting = [row for row in live if row[4] in WAITING]
    operators = Operator.objects.filter(organisation=organisation).select_related("account")
    outcomes, by_hour = _today(organisation, now)
    listed = Callback.objects.filter(Callback.LISTED, organisation=organisation).aggregate(
        listed=Count("pk"),
        not_called_back=Count("pk", filter=_is_not_called_back(now) & ~Q(pk__in=folded)),
        due=Count("pk", filter=Q(due_at__lte=now, state__in=Callback.OPEN)),
        oldest=Min("due_at", filter=Q(state__in=Callback.OPEN)),
    )
    return Wallboard(
        waiting=[
            Waiting(pk, language, queued_at or began_at, (now - began_at).total_seconds(), place)
            for place, (pk, language, queued_at, began_at, _state) in enumerate(waiting, 1)
        ],
        talking=sum(row[4] in WITH_US for row in live),
        operators=[
            Standing(
                each.account,
                each.standing,
                each.reason,
                each.since,
                tuple(each.languages),
                each.own_phone,
                each.call_id,
            )
            for each in operators.order_by("since", "id")
        ],
        outcomes=outcomes,
        by_hour=by_hour,
        listed=listed["listed"],
        not_called_back=listed["not_called_back"],
        due=listed["due"],
        oldest_due=listed["oldest"],
        is_open=is_open(organisation, now),
    )


def not_called_back(
    organisation: Organisation, now: datetime, folded: Collection[UUID], limit: int
) -> list[Callback]:
    """The first of those whose turn has come and whom nobody has tried or spoken with so far, but for `folded` ones.
    One query."""
    rows = Callback.objects.filter(_is_not_called_back(now), Callback.LISTED, organisation=organisation)
    return list(rows.exclude(pk__in=folded).order_by("wanted_at", "id")[:limit])


def _is_not_called_back(now: datetime) -> Q:
    return Q(tries=0, due_at__lte=now, state__in=Callback.OPEN) & ~is_spoken()


def _today(organisation: Organisation, now: datetime) -> tuple[Counter[str], dict[int, Counter[str]]]:
    counts = (
        Call.objects.filter(
            organisation=organisation,
            direction=Call.Direction.IN,
            began_at__gte=midnight(organisation, now),
        )
        .annotate(hour=ExtractHour("began_at", tzinfo=organisation.zone))
        .order_by()
        .values_list("hour", "outcome")
        .annotate(count=Count("pk"))
    )
    outcomes: Counter[str] = Counter()
    by_hour: dict[int, Counter[str]] = {}
    for hour, outcome, count in counts:
        by_hour.setdefault(hour, Counter())[outcome] += count
        if outcome:
            outcomes[outcome] += count
    return outcomes, by_hour


@dataclass(frozen=True)
class Listed:
    """A row of the callback list. `is_free`: nobody has it; `message`: a voicemail that belongs to it."""

    callback: Callback
    is_due: bool
    is_free: bool
    message: UUID | None

    @property
    def is_given_up(self) -> bool:
        """A coordinator decides what becomes of it."""
        return self.callback.state == Callback.State.GIVEN_UP


def callbacks(organisation: Organisation, now: datetime, limit: int = LIST_SHOWS) -> list[Listed]:
    """Everybody who is to be rung back, whose turn comes first first. Two queries."""
    rows = list(
        Callback.objects.filter(Callback.LISTED, organisation=organisation)
        .select_related("organisation", "person", "claimed_by")
        .order_by("due_at", "wanted_at", "id")[:limit]
    )
    left = Audio.objects.filter(
        call__callback__in=[row.pk for row in rows], kind=Audio.Kind.MESSAGE, deleted_at=None
    )
    messages = dict(left.order_by("at").values_list("call__callback", "pk"))
    return [
        Listed(
            row,
            is_due=row.due_at <= now and row.state != Callback.State.GIVEN_UP,
            is_free=row.state == Callback.State.WAITING
            or (row.claimed_until is not None and row.claimed_until <= now),
            message=messages.get(row.pk),
        )
        for row in rows
    ]


def messages(organisation: Organisation, limit: int = 100) -> list[Audio]:
    """Messages that were left and are not deleted, those that nobody has heard first, each with its call, person and
    callback. The sound itself is read by the gate alone."""
    return list(
        Audio.objects.filter(
            organisation=organisation, kind=Audio.Kind.MESSAGE, deleted_at=None, call__worried_at=None
        )
        .select_related("organisation", "call__person", "call__callback", "heard_by")
        .defer("sound")
        .order_by(F("heard_at").asc(nulls_first=True), "-at")[:limit]
    )
