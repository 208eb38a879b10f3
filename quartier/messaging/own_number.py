"""The group's number as messages name it."""

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import pgettext

from quartier.lib import phone
from quartier.look import rules as look
from quartier.team.line_hours import line_reopens_at, reopens_by_clock
from quartier.team.models import Organisation


def number_to_call(organisation: Organisation, now: datetime) -> str:
    """The number; while the line is closed, with the hour from which somebody answers.

    In the evening it names no day, so that it is still true for who reads it in the morning. Over a public holiday, or
    where the line was closed by hand, it does: at noon "from 8 am" would seem to be since this morning.
    """
    number = phone.display(organisation.phone, organisation.country)
    if not number:
        return organisation.name
    reopens = line_reopens_at(organisation, now)
    if reopens is None:
        return number
    is_usual = reopens == reopens_by_clock(organisation, now)
    words = pgettext("a number, and from when on somebody answers", "%(number)s (from %(opens)s)")
    said = look.clock_time(organisation.opens) if is_usual else _day_and_hour(organisation, reopens)
    return words % {"number": number, "opens": said}


def _day_and_hour(organisation: Organisation, reopens: datetime) -> str:
    """`Tuesday 30 March at 8 am`; from midnight on it is the day alone."""
    local = timezone.localtime(reopens, organisation.zone)
    day = look.full_day(local.date())
    if local.time() == time(0):
        return day
    words = pgettext("from a day and hour on", "%(day)s at %(time)s")
    return words % {"day": day, "time": look.clock_time(local.time())}
