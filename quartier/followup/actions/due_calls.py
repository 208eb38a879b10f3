"""Calls whose time comes by itself: nothing changes with them, and open pages show them all the same."""

from datetime import datetime, timedelta

from django.db.models import Q

from quartier.followup import access
from quartier.followup.actions.ledger import TOPIC
from quartier.followup.models import CheckIn, FollowUp
from quartier.followup.queries.checks import LATE_AFTER
from quartier.live import actions as live

# Longer than from one look to the next, also where a worker comes late to it.
LOOKS_BACK = timedelta(seconds=150)


def show_due_calls(now: datetime) -> int:
    """Tell the board and the list of calls of each group in which somebody is to be called since a moment ago, is to be
    called again, has waited too long, or whom nobody has in hand any more. Returns of how many groups."""
    since = now - LOOKS_BACK
    follow_ups = FollowUp.objects.filter(
        Q(due_at__gt=since, due_at__lte=now) | Q(claimed_until__gt=since, claimed_until__lte=now),
        state=FollowUp.State.TO_CALL,
        expires_at__gt=now,
    )
    late_since = (since - LATE_AFTER, now - LATE_AFTER)
    check_ins = CheckIn.objects.filter(
        Q(claimed_until__gt=since, claimed_until__lte=now)
        | Q(since__gt=late_since[0], since__lte=late_since[1])
        | Q(since=None, answered_at__gt=late_since[0], answered_at__lte=late_since[1]),
        state__in=access.TO_CALL,
    )
    groups = {
        group
        for rows in (follow_ups, check_ins)
        for group in rows.order_by().values_list("organisation", flat=True)
    }
    for group in groups:
        live.touch(group, TOPIC)
    return len(groups)
