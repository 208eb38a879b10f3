"""The week of duty: who is on at which hour, and where nobody is."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from quartier.duty.queries import gaps_in
from quartier.rota.models import DutyAbsence, DutyShift
from quartier.rota.queries import rota_of
from quartier.rota.rules import A_DAY, Rota
from quartier.team.access import SUSPENDED_STATE, TEAM
from quartier.team.models import Account, Organisation
from quartier.telephony.queries import hours_of

DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class DutyEntry:
    """A line of a day. `shift` is empty in a gap; `name` is empty where nobody is there; `stands_in_for` whose shift it
    is, where somebody else is there."""

    starts_at: datetime
    ends_at: datetime
    shift: DutyShift | None = None
    account: UUID | None = None
    name: str = ""
    stands_in_for: str = ""

    @property
    def is_gap(self) -> bool:
        return not self.name


@dataclass(frozen=True)
class DutyWeek:
    """`days`: each with its lines; `own`: where this account is on, from now on; `gap_count`: stretches without
    anybody, from now on."""

    days: list[tuple[date, list[DutyEntry]]]
    own: list[DutyEntry]
    absences: list[DutyAbsence]
    gap_count: int


def duty_week(organisation: Organisation, first: date, now: datetime, me: UUID | None) -> DutyWeek:
    """The seven days from `first` on. No query where no duty is planned, else at most six."""
    rota = rota_of(organisation, since=first - A_DAY)
    if rota is None:
        return DutyWeek([], [], [], 0)
    planned = {pk for shift in rota.shifts for pk in (shift.account_id, shift.stand_in_id) if pk}
    names = {each.pk: each.name for each in Account.objects.filter(pk__in=planned)}
    hours = hours_of(organisation)
    days = []
    for number in range(DAYS_OF_WEEK):
        day = first + number * A_DAY
        entries = _entries(rota, day, names)
        entries += [DutyEntry(*gap) for gap in gaps_in(rota, hours, day) if gap[1] > now]
        days.append((day, sorted(entries, key=lambda each: (each.starts_at, each.ends_at))))
    lines = [each for _day, entries in days for each in entries]
    today = now.astimezone(organisation.zone).date()
    absences = DutyAbsence.objects.filter(organisation=organisation, ends_on__gte=today)
    return DutyWeek(
        days,
        [each for each in lines if each.account and each.account == me and each.ends_at > now],
        list(absences.select_related("account").order_by("starts_on", "pk")),
        sum(each.is_gap and each.shift is None for each in lines),
    )


def team_accounts(organisation: Organisation) -> list[Account]:
    """Whoever can be on duty, by name."""
    rows = Account.objects.filter(organisation=organisation, is_active=True, roles__name__in=TEAM)
    rows = rows.exclude(person__volunteer__state=SUSPENDED_STATE).distinct()
    return sorted(rows, key=lambda each: each.name)


def _entries(rota: Rota, day: date, names: dict[UUID, str]) -> list[DutyEntry]:
    entries = []
    for span in rota.spans_of(day):
        owner = names.get(span.shift.account_id, "")
        is_stand_in = span.account != span.shift.account_id
        entries.append(
            DutyEntry(
                span.starts_at,
                span.ends_at,
                span.shift,
                span.account,
                names.get(span.account, "") if span.account else "",
                owner if is_stand_in else "",
            )
        )
    return entries
