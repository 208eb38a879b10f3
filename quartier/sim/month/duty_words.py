"""Whether words to the team are so: that somebody waits, or nobody; that nobody is on duty tomorrow; and that more than
one is in danger."""

from datetime import date, datetime, time, timedelta

from django.db import models

from quartier.alerts.models import Alert, Told
from quartier.cases.models import Request
from quartier.followup.models import CheckIn
from quartier.messaging.models import Message
from quartier.promises.models import Promise, PromiseNotice
from quartier.rota.queries import rota_of
from quartier.sim.month.record import STEP_TOLERANCE, MonthRecord, ids

A_DAY = timedelta(days=1)
# A weekend and a public holiday, on which nobody is on duty.
SINCE_LAST_LETTER = timedelta(days=4)


def _open_then(record: MonthRecord, message: Message) -> list[Promise]:
    """What the team owed to somebody at this moment."""
    at, until = message.created_at, record.until(message.created_at)
    return [
        each
        for each in record.promises
        if each.needs_team and each.made_at <= until and (each.ended_at is None or each.ended_at >= at)
    ]


def team_owes(record: MonthRecord, message: Message) -> bool:
    """They were told of promises with this message."""
    return bool(_notices(record, message))


def team_broke(record: MonthRecord, message: Message) -> bool:
    """Each of these promises took the place of one that was broken."""
    rows = _notices(record, message)
    return bool(rows) and all(
        row.promise.renewed_from is not None and row.promise.renewed_from.outcome == Promise.Outcome.BROKEN
        for row in rows
    )


def _notices(record: MonthRecord, message: Message) -> list[PromiseNotice]:
    return record.notices_by_batch.get(next(iter(ids(message)), None), [])  # type: ignore[arg-type]


def somebody_waits(record: MonthRecord, message: Message) -> bool:
    """The team owed something to somebody, had not reached somebody of a campaign or by regular calls, or had failed
    somebody."""
    at = message.created_at
    unreached = CheckIn.objects.filter(organisation=record.organisation, since__lte=at)
    unmet = Alert.objects.filter(
        organisation=record.organisation, kind=Alert.Kind.CHECK, raised_at__lte=record.until(at)
    )
    return (
        bool(_open_then(record, message))
        or unreached.filter(told_state=CheckIn.State.ALERTED).exists()
        or unmet.filter(models.Q(closed_at=None) | models.Q(closed_at__gte=at)).exists()
        or any(at - SINCE_LAST_LETTER < each <= at for each in _failed_at(record))
    )


def _failed_at(record: MonthRecord) -> list[datetime]:
    """When somebody heard that we had not answered them: about what they had asked, or told us after a visit."""
    return [
        entry.at
        for entries in record.entries.values()
        for entry in entries
        if entry.verb == "follow_up.give_up"
        or (entry.verb == "request.close" and entry.details.get("closure") == Request.Closure.NEGLECTED)
    ]


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
    """Nobody is on duty at some hour at which the line is open; without shifts: all of the team are away."""
    day, org = date.fromisoformat(message.key.split(":")[1]), record.organisation
    rota = rota_of(org, day - A_DAY)
    if rota is None:
        return False
    if not rota.shifts:
        gone = {each.account_id for each in rota.absences if each.starts_on <= day <= each.ends_on}
        return bool(rota.able) and rota.able <= gone
    spans = [each for each in (*rota.spans_of(day - A_DAY), *rota.spans_of(day)) if each.account]
    moments = [
        datetime.combine(day, time(hour), tzinfo=org.zone) for hour in range(org.opens.hour, org.closes.hour)
    ]
    return any(not any(each.starts_at <= moment < each.ends_at for each in spans) for moment in moments)


def are_dangers(record: MonthRecord, message: Message) -> bool:
    """They were told at this moment of at least two dangers, and nobody had taken those before."""
    told = Told.objects.filter(
        organisation=record.organisation,
        person=message.person_id,
        unreachable=False,
        at__range=(message.created_at - STEP_TOLERANCE, record.until(message.created_at)),
        alert__degree=Alert.Degree.DANGER,
    )
    return told.exclude(alert__taken_at__lt=message.created_at).values("alert").distinct().count() > 1
