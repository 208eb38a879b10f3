"""A window of time, and a pause, as messages say them in the language that is active."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import pgettext

from quartier.look import rules as look

# A window that begins within this is told by its end alone: "before 6 pm".
ABOUT_NOW = timedelta(minutes=45)
# A longer one over midnight lasts some days: "Thursday before 6 pm" would be taken for that Thursday alone.
A_NIGHT = timedelta(hours=12)
# A window of this length or less is a moment.
A_MOMENT = timedelta(minutes=1)


def window_words(start: datetime, end: datetime, now: datetime) -> str:
    """`tomorrow between 10 and 11 am`; `before 6 pm tomorrow` when it begins about now, or ends another day; `today at
    10 am` for a moment."""
    if end - start <= A_MOMENT:
        return look.day_time(start, now)
    days = {timezone.localtime(moment).date() for moment in (start, end)}
    if len(days) > 1 and end - start > A_NIGHT:
        return look.at_latest(end, now)
    if start <= now + ABOUT_NOW or len(days) > 1:
        return look.before(end, now)
    said = look.window(start, end, now)
    if look.day(start, now) != look.full_day(start):
        return said
    return pgettext("hours on a day by its name", "on %(when)s") % {"when": said}


def missed_words(start: datetime, end: datetime, now: datetime) -> str:
    """`tomorrow between 10 and 11 am`, `today`: whoever "cannot come before 6 pm" would seem to come after it."""
    if timezone.localtime(start).date() != timezone.localtime(end).date():
        return look.window(start, end, now)
    return look.day(start, now) if start <= now + ABOUT_NOW else window_words(start, end, now)


def pause_words(first: date | None, last: date | None) -> str:
    """`on Tuesday 12 January`, `from … to …`, `from … on`, `until …`: no day is called today, whenever it is read."""
    if first and first == last:
        return pgettext("a pause", "on %(day)s") % {"day": look.full_day(first)}
    if first and last:
        days = {"first": look.full_day(first), "last": look.full_day(last)}
        return pgettext("a pause", "from %(first)s to %(last)s") % days
    if first:
        return pgettext("a pause", "from %(day)s on, until further notice") % {"day": look.full_day(first)}
    if last:
        return pgettext("a pause", "until %(day)s") % {"day": look.full_day(last)}
    return pgettext("a pause", "until further notice")
