"""Somebody will be away, and has promised a visit for that time: pointed out the day before."""

from datetime import datetime, time, timedelta

from django.db import transaction

from quartier.people.models import Away, Volunteer
from quartier.visits.actions import ledger
from quartier.visits.models import Assignment
from quartier.visits.queries import promised_between

# Not before this hour of the day, on the organisation's clocks.
FROM_HOUR = 9


def point_out(now: datetime) -> int:
    """Write to whoever is away from tomorrow on about each visit that they have promised for then. Said once, however
    often this runs. Returns for how many visits."""
    near = Away.objects.filter(
        starts_on__gte=now.date() - timedelta(days=1), starts_on__lte=now.date() + timedelta(days=2)
    )
    near = near.filter(volunteer__state__in=[Volunteer.State.ACTIVE, Volunteer.State.PAUSED])
    count = 0
    for away in near.select_related("organisation", "volunteer"):
        local = now.astimezone(away.organisation.zone)
        if local.hour < FROM_HOUR or away.starts_on != local.date() + timedelta(days=1):
            continue
        for visit in promised_while(away):
            with transaction.atomic():
                ledger.tell_volunteer(visit, "away_visit", again=f"{away.starts_on:%y%m%d}")
            count += 1
    return count


def promised_while(away: Away) -> list[Assignment]:
    """The visits that this volunteer has promised for the time away, the next one first."""
    zone = away.organisation.zone
    start = datetime.combine(away.starts_on, time.min, tzinfo=zone)
    end = datetime.combine(away.ends_on + timedelta(days=1), time.min, tzinfo=zone)
    return promised_between(away.volunteer, start, end)
