"""Days that can be pressed, and the hours of a day that is chosen."""

from datetime import date, datetime, timedelta

from quartier.lib import choices
from quartier.look import rules as saying
from quartier.team.models import Organisation

NO_BREAK_SPACE = "\xa0"
# So many days can be pressed.
CHIP_DAYS = 7
# So long before its end a time of today can still be chosen.
MIN_NOTICE = timedelta(minutes=30)


def window(organisation: Organisation, day: date, part: str = "") -> tuple[datetime, datetime]:
    """A part of a day by its number, or the whole day."""
    if part:
        _name, first, last = choices.PARTS[int(part)]
    else:
        first, last = choices.PARTS[0][1], choices.PARTS[-1][2]
    midnight = datetime(day.year, day.month, day.day, tzinfo=organisation.zone)
    return midnight.replace(hour=first), midnight.replace(hour=last)


def ahead(organisation: Organisation, now: datetime) -> list[date]:
    """The days that come, today as long as something can be done today."""
    today = now.astimezone(organisation.zone).date()
    days = [today + timedelta(days=away) for away in range(CHIP_DAYS + 1)]
    is_over = window(organisation, today)[1] <= now + MIN_NOTICE
    return days[1:] if is_over else days[:-1]


def chips(organisation: Organisation, now: datetime) -> list[tuple[str, str]]:
    """The same as choices: the day, and its name. On a narrow button the weekday alone has the first line."""
    return [(day.isoformat(), _whole_date(saying.day(day, now))) for day in ahead(organisation, now)]


def _whole_date(name: str) -> str:
    """No line ends between the number of a day and its month."""
    weekday, *date_words = name.split(" ")
    return " ".join([weekday, NO_BREAK_SPACE.join(date_words)]).strip()
