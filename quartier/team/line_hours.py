"""From when on somebody answers the group's number again.

The phone line knows it, by its hours, public holidays and closing by hand (`telephony`). Messages name the number, and
their room and the line's do not know each other: so the line says here how it is asked.
"""

from collections.abc import Callable
from datetime import datetime

from quartier.lib import hours
from quartier.team.models import Organisation

# When a line that is closed at this moment answers again; `None` while it answers.
ReopeningLookup = Callable[[Organisation, datetime], datetime | None]


def reopens_by_clock(organisation: Organisation, now: datetime) -> datetime | None:
    """By the opening hours alone, which are the same on all days."""
    opens, closes = organisation.opens, organisation.closes
    if opens == closes or hours.is_within(now, opens, closes, organisation.zone):
        return None
    return hours.next_time(now, opens, organisation.zone)


_lookups: list[ReopeningLookup] = [reopens_by_clock]


def register_reopening_lookup(lookup: ReopeningLookup) -> None:
    """The last one that is registered is asked."""
    _lookups.append(lookup)


def line_reopens_at(organisation: Organisation, now: datetime) -> datetime | None:
    """When the group's number is answered again; `None` while it is."""
    return _lookups[-1](organisation, now)
