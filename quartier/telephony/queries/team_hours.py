"""Hours at which the team can do what it promises."""

from datetime import datetime, timedelta
from functools import partial

from quartier.promises.rules import keepable_hour
from quartier.rota.queries import rota_of
from quartier.rota.rules import A_MINUTE, Rota
from quartier.team.models import Organisation
from quartier.telephony.queries.line import hours_of


def next_team_hour(organisation: Organisation, earliest: datetime, *, weekends: bool) -> datetime:
    """The next hour that the team can promise: the line is open and nobody sleeps, and where duty is planned somebody
    is on duty, on Saturdays and Sundays too; else no day on which all of the team are away."""
    return _keepable(organisation, rota_of(organisation), earliest, weekends=weekends)


def hour_on_duty(organisation: Organisation, due_at: datetime) -> datetime:
    """This hour, where the team is there just before it: the line is open, also by its public holidays and its closing
    by hand, and where duty is planned somebody is on duty; else the next that can be kept."""
    rota, before = rota_of(organisation), due_at - A_MINUTE
    is_planned = rota is not None and rota.next_staffed(due_at) is not None
    is_there = rota is None or (rota.is_staffed(before) if is_planned else not rota.is_all_away(before))
    if is_there and hours_of(organisation).is_open(before):
        return due_at
    return _keepable(organisation, rota, due_at, weekends=True)


def is_duty_planned(organisation: Organisation, moment: datetime) -> bool:
    """Whether somebody is on duty by plan from then on, also at weekends: that somebody is away is no such plan."""
    rota = rota_of(organisation)
    return rota is not None and rota.next_staffed(moment) is not None


def is_holiday_between(organisation: Organisation, start: datetime, end: datetime) -> bool:
    """Whether the line is closed for a public holiday between the two: then it says so, since nobody else may know why
    an hour is so far away."""
    return end - start > timedelta(hours=12) and hours_of(organisation).has_holiday(start, end)


def _keepable(
    organisation: Organisation, rota: Rota | None, earliest: datetime, *, weekends: bool
) -> datetime:
    zone, open_at = organisation.zone, hours_of(organisation).next_time
    if rota is None:
        return keepable_hour(earliest, open_at, zone, weekends=weekends)
    if rota.next_staffed(earliest) is None:
        return keepable_hour(earliest, partial(rota.next_back, open_at), zone, weekends=weekends)
    due = keepable_hour(earliest, partial(rota.next_within, open_at), zone, weekends=True)
    if rota.is_staffed(due - A_MINUTE):
        return due
    # Duty and opening hours have less than an hour in common: what is planned counts.
    return keepable_hour(earliest, lambda moment: rota.next_staffed(moment) or moment, zone, weekends=True)
