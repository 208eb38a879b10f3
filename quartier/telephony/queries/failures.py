"""Calls of ours that nobody took."""

from collections.abc import Sequence

from quartier.team.models import Organisation
from quartier.telephony.models import Call, Callback


def last_failures(organisation: Organisation, rows: Sequence[Callback]) -> dict[str, Call]:
    """By the index of their number, the last call to each of these since they are on the list, where nobody came and it
    is known why. One query."""
    numbers = {row.number_index for row in rows if row.number_index}
    if not numbers:
        return {}
    calls = (
        Call.objects.filter(
            organisation=organisation,
            direction=Call.Direction.OUT,
            number_index__in=numbers,
            began_at__gte=min(row.wanted_at for row in rows),
            ended_at__isnull=False,
        )
        .order_by("ended_at", "pk")
        .only("organisation_id", "direction", "number_index", "failure", "ended_at", "state")
    )
    # The last one counts, also where it says nothing.
    return {call.number_index: call for call in calls}
