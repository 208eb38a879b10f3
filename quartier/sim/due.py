"""When the worker has something to do next, in one statement: a simulation asks it at every step."""

from datetime import UTC, date, datetime, time

from django.db import connection
from django.utils.dateparse import parse_date, parse_datetime

from quartier.sim.calendar import ZONE
from quartier.visits import rules

# What is due then and there; each of them has an index of its own rows, or few rows. SQLite takes an index with a
# condition only where that stands here word by word.
_NEXT = """
    SELECT (SELECT min(next_at) FROM cases_request WHERE state = 'open'),
           (SELECT min(expires_at) FROM matching_offer WHERE state = 'sent'),
           (SELECT min(not_before) FROM messaging_message
             WHERE state IN ('due', 'unknown') AND state IN ('due', 'sending', 'unknown')),
           (SELECT min(announce_at) FROM visits_assignment WHERE state = 'accepted'),
           (SELECT min(next_at) FROM cases_series),
           (SELECT min(until) FROM visits_watch
             WHERE out_at IS NULL AND alert_id IS NULL AND asked_at IS NULL AND until IS NOT NULL),
           (SELECT min(due_at) FROM followup_followup WHERE state = 'due'),
           (SELECT min(next_at) FROM followup_campaign WHERE state = 'running'),
           (SELECT min(next_at) FROM followup_news WHERE state = 'running'),
           (SELECT min(c.next_at) FROM followup_checkin c JOIN followup_campaign p ON p.id = c.campaign_id
             WHERE c.next_at IS NOT NULL AND p.state <> 'paused'),
           (SELECT min(plan_at) FROM companions_pairing WHERE plan_at IS NOT NULL),
           (SELECT min(watch_at) FROM companions_talk WHERE watch_at IS NOT NULL),
           (SELECT min(e.died_at) FROM companions_pairing p JOIN companions_callwish w ON w.id = p.wish_id
             JOIN people_person e ON e.id = w.person_id WHERE p.state <> 'ended'),
           (SELECT min(next_at) FROM alerts_alert WHERE state = 'open'),
           (SELECT min(paused_until) FROM companions_pairing WHERE state = 'paused'),
           (SELECT min(next_at) FROM promises_promise WHERE outcome = ''),
           (SELECT min(comes_until) FROM visits_assignment
             WHERE state IN ('accepted', 'on_way') AND reminded_at IS NULL),
           (SELECT min(reminded_at) FROM visits_assignment WHERE state = 'accepted'),
           (SELECT min(comes_until) FROM visits_assignment WHERE state = 'on_way'),
           (SELECT min(asked_at) FROM visits_watch
             WHERE out_at IS NULL AND alert_id IS NULL AND until IS NOT NULL)
"""
# So long after the moments in the last four columns something is due.
_AFTER = (rules.REMIND_AFTER, rules.ANSWER_TIME, rules.UNSAID_AFTER, rules.SILENCE)
# Which puller looks after each column.
_PULLERS = (
    *("matching.waves", "matching.expiry", "messaging.outbox", "visits.watch", "visits.rhythm"),
    *("visits.alone", "followup.ask", "followup.check_ins", "followup.news", "followup.check_ins"),
    *("companions.plan", "companions.watch", "companions.follow", "alerts.climb", "companions.follow"),
    *("duty.promises", "visits.watch", "visits.watch", "visits.watch", "visits.alone"),
)


def next_due() -> datetime | None:
    """The earliest moment at which something of a worker's rooms is due: a wave, an expiry, a message, a late visit, a
    day of a series, a question afterwards, a call to plan or to watch over, an alert, a promise;
    `None` if nothing is."""
    return min(due_times().values(), default=None)


def due_times() -> dict[str, datetime]:
    """The same by puller; none for a puller that has nothing to wait for."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT)
        columns = cursor.fetchone()
    found, later = columns[: -len(_AFTER)], columns[-len(_AFTER) :]
    moments = [_moment(each) for each in found]
    moments += [
        (moment := _moment(each)) and moment + after for each, after in zip(later, _AFTER, strict=True)
    ]
    times: dict[str, datetime] = {}
    for name, at in zip(_PULLERS, moments, strict=True):
        if at is not None:
            times[name] = min(at, times.get(name, at))
    return times


def _moment(value: object) -> datetime | None:
    """A moment as a database returns it; a day is its local midnight."""
    if isinstance(value, str):
        value = parse_datetime(value) if len(value) > len("2020-05-04") else parse_date(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(), tzinfo=ZONE)
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
