"""Whether letters to who is on duty are so: that somebody waits, or nobody; and that nobody is on duty tomorrow."""

from datetime import date, datetime, time, timedelta

from quartier.cases.models import Request
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.rota.queries import rota_of
from quartier.sim.month.record import MonthRecord

A_DAY = timedelta(days=1)


def _open_then(record: MonthRecord, message: Message) -> list[Promise]:
    """What the team owed to somebody at this moment."""
    at, until = message.created_at, record.until(message.created_at)
    return [
        each
        for each in record.promises
        if each.needs_team and each.made_at <= until and (each.ended_at is None or each.ended_at >= at)
    ]


def somebody_waits(record: MonthRecord, message: Message) -> bool:
    """The team owed something to somebody."""
    return bool(_open_then(record, message))


def nobody_waits(record: MonthRecord, message: Message) -> bool:
    """The team had not been told of anything that it owed, and as many requests were new as the letter says."""
    known = {
        notice.promise_id
        for rows in record.notices.values()
        for notice in rows
        if notice.at < message.created_at
    }
    new = Request.objects.filter(
        organisation=record.organisation,
        unasked=False,
        created_at__gt=message.created_at - A_DAY,
        created_at__lte=message.created_at,
    ).count()
    return not any(each.pk in known for each in _open_then(record, message)) and str(new) in message.body


def is_gap(record: MonthRecord, message: Message) -> bool:
    """At some hour of that day at which the line is open nobody is on duty."""
    day, org = date.fromisoformat(message.key.split(":")[1]), record.organisation
    rota = rota_of(org, day - A_DAY)
    if rota is None or not rota.shifts:
        return False
    spans = [each for each in (*rota.spans_of(day - A_DAY), *rota.spans_of(day)) if each.account]
    moments = [
        datetime.combine(day, time(hour), tzinfo=org.zone) for hour in range(org.opens.hour, org.closes.hour)
    ]
    return any(not any(each.starts_at <= moment < each.ends_at for each in spans) for moment in moments)
