"""Who is on duty when. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from quartier.rota.models import DutyAbsence, DutyShift

A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
# Upper bound on days searched for the next hour with somebody on duty.
MAX_DAYS_AHEAD = 62
MAX_STEPS = 100


@dataclass(frozen=True)
class DutySpan:
    """One shift on one day. `account`: who is there, the stand-in where it is not whose shift it is; `None`: nobody."""

    starts_at: datetime
    ends_at: datetime
    shift: DutyShift
    account: UUID | None


class Rota:
    """The shifts and absences of an organisation. `able`: accounts that can sign in and belong to the team."""

    def __init__(
        self,
        zone: ZoneInfo,
        shifts: Sequence[DutyShift],
        absences: Iterable[DutyAbsence] = (),
        able: Iterable[UUID] = (),
    ) -> None:
        self.zone, self.shifts = zone, shifts
        self.absences, self.able = list(absences), frozenset(able)

    def spans_of(self, day: date) -> list[DutySpan]:
        """Those that begin on this local day, in the order in which they begin."""
        found = []
        for shift in self.shifts:
            if shift.day != day and shift.weekday != day.weekday():
                continue
            end = shift.until_hour + (24 if shift.until_hour <= shift.from_hour else 0)
            starts_at, ends_at = self._moment(day, shift.from_hour), self._moment(day, end)
            if starts_at < ends_at:
                found.append(DutySpan(starts_at, ends_at, shift, self._who(shift, day)))
        return sorted(found, key=lambda span: (span.starts_at, str(span.shift.pk)))

    def on_duty(self, moment: datetime, postcode: str = "") -> list[UUID]:
        """Accounts that are on duty: whose sector this is first, then those without one, then the others."""
        spans = [span for span in self._around(moment) if span.account]
        spans.sort(key=lambda span: _distance(span.shift, postcode))
        return list(dict.fromkeys(span.account for span in spans if span.account))

    def distance_to(self, account: UUID, moment: datetime, postcode: str) -> int | None:
        """How near what comes from this postcode is to somebody's duty: 0 their sector, 1 no sector, 2 another one's.
        `None`: it is nearer to somebody else who is on duty at this moment."""
        nearest: dict[UUID, int] = {}
        for span in self._around(moment):
            if span.account is not None:
                distance = _distance(span.shift, postcode)
                nearest[span.account] = min(distance, nearest.get(span.account, distance))
        mine = nearest.get(account)
        if mine is None:
            return 1
        return mine if mine == min(nearest.values()) else None

    def postcodes_of(self, account: UUID, moment: datetime) -> str:
        """The sector of somebody who is on duty at this moment, with spaces between; '' where they have none."""
        sectors = [span.shift.postcodes for span in self._around(moment) if span.account == account]
        return " ".join(dict.fromkeys(" ".join(sectors).split())) if all(sectors) else ""

    def is_staffed(self, moment: datetime) -> bool:
        """Whether anybody is on duty."""
        return any(span.account for span in self._around(moment))

    def is_away(self, account: UUID, moment: datetime) -> bool:
        """Whether this one of the team has said that they are away on this day."""
        return self._is_away(account, moment.astimezone(self.zone).date())

    def next_staffed(self, moment: datetime) -> datetime | None:
        """The first moment, not before this one, at which somebody is on duty; `None`: nobody for two months."""
        first = moment.astimezone(self.zone).date() - A_DAY
        for ahead in range(MAX_DAYS_AHEAD):
            spans = self.spans_of(first + ahead * A_DAY)
            there = [max(span.starts_at, moment) for span in spans if span.account and span.ends_at > moment]
            if there:
                return min(there)
        return None

    def next_within(self, open_at: Callable[[datetime], datetime], moment: datetime) -> datetime:
        """The first moment, not before this one, at which somebody is on duty and `open_at` says the same. Where duty
        never meets the hours, the next duty; without any duty to come, what `open_at` says."""
        first = there = self.next_staffed(moment)
        for _ in range(MAX_STEPS):
            if there is None:
                break
            opened = open_at(there)
            if opened == there:
                return there
            there = self.next_staffed(opened)
        return open_at(moment) if first is None else first

    def is_gap(self, moment: datetime) -> bool:
        """Whether nobody is there: nobody on duty, or where none is planned, everybody away."""
        return not self.is_staffed(moment) if self.shifts else self.is_all_away(moment)

    def is_all_away(self, moment: datetime) -> bool:
        """Whether everybody of the team has said that they are away on this day."""
        day = moment.astimezone(self.zone).date()
        return bool(self.able) and all(self._is_away(each, day) for each in self.able)

    def next_back(self, open_at: Callable[[datetime], datetime], moment: datetime) -> datetime:
        """The first moment, not before this one, at which somebody of the team is not away and `open_at` says the same;
        where everybody is for months, what `open_at` says."""
        there = open_at(moment)
        for _ in range(MAX_STEPS):
            if not self.is_all_away(there):
                return there
            there = open_at(self._moment(there.astimezone(self.zone).date() + A_DAY, 0))
        return open_at(moment)

    def _around(self, moment: datetime) -> list[DutySpan]:
        today = moment.astimezone(self.zone).date()
        spans = [*self.spans_of(today - A_DAY), *self.spans_of(today)]
        return [span for span in spans if span.starts_at <= moment < span.ends_at]

    def _who(self, shift: DutyShift, day: date) -> UUID | None:
        for account in (shift.account_id, shift.stand_in_id):
            if account in self.able and not self._is_away(account, day):
                return account
        return None

    def _is_away(self, account: UUID, day: date) -> bool:
        return any(
            each.account_id == account and each.starts_on <= day <= each.ends_on for each in self.absences
        )

    def _moment(self, day: date, hour: int) -> datetime:
        local = datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), tzinfo=self.zone)
        return local.astimezone(UTC)


def _distance(shift: DutyShift, postcode: str) -> int:
    if not shift.postcodes:
        return 1
    return 0 if postcode and postcode in shift.postcodes.split() else 2


def gaps(
    start: datetime, end: datetime, edges: Iterable[datetime], is_gap: Callable[[datetime], bool]
) -> list[tuple[datetime, datetime]]:
    """The stretches between `start` and `end` in which `is_gap` holds; it changes at `edges` alone."""
    points = [start, *sorted({each for each in edges if start < each < end}), end]
    found: list[tuple[datetime, datetime]] = []
    for begins, ends in pairwise(points):
        if not is_gap(begins):
            continue
        if found and found[-1][1] == begins:
            begins = found.pop()[0]
        found.append((begins, ends))
    return found
