"""On which days ahead nobody answers, in a sentence that stands beside a promise."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import ngettext

from quartier.lib import public_holidays
from quartier.look import rules as look
from quartier.team.line_hours import line_reopens_at
from quartier.team.models import Organisation

# Those of so many days are named.
NAMED = timedelta(days=4)


def closed_words(organisation: Organisation, now: datetime, *, line_only: bool) -> str:
    """The public holidays ahead on which the line is closed, by their days: not everybody counts Easter Sunday among
    them, and whoever reads it on one must not call in vain. `line_only`: only the number does not answer, news come all
    the same. '' where none is near, or where the line never closes."""
    if organisation.opens == organisation.closes:
        return ""
    today = timezone.localtime(now).date()
    ahead = public_holidays.ahead(today, today + NAMED, organisation.country)
    days = [look.full_day(day) for day, _name in ahead if _is_closed_on(organisation, day)]
    if not days:
        return ""
    opens, closes = (look.clock_time(each) for each in (organisation.opens, organisation.closes))
    words = _line_closed(len(days)) if line_only else _closed(len(days))
    return words % {"days": ", ".join(days), "opens": opens, "closes": closes}


def _is_closed_on(organisation: Organisation, day: date) -> bool:
    """Whether nobody answers at the hour at which the line opens on other days."""
    opening = datetime.combine(day, organisation.opens, tzinfo=organisation.zone)
    return line_reopens_at(organisation, opening) is not None


def _closed(count: int) -> str:
    return ngettext(
        "Closed %(days)s (public holiday). On other days we answer from %(opens)s to %(closes)s.",
        "Closed %(days)s (public holidays). On other days we answer from %(opens)s to %(closes)s.",
        count,
    )


def _line_closed(count: int) -> str:
    return ngettext(
        "No one answers our phone %(days)s (public holiday); on other days from %(opens)s to %(closes)s.",
        "No one answers our phone %(days)s (public holidays); on other days from %(opens)s to %(closes)s.",
        count,
    )
