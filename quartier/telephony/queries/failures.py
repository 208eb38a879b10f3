"""Calls of ours that nobody took."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from quartier.callcore import Outcome
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


def returns_our_call(organisation: Organisation, number_index: str) -> bool:
    """Whether somebody with this number is to be called back, and was tried in vain, so that a call of theirs now
    answers ours. One query."""
    unreached = Call.objects.filter(
        organisation=organisation,
        direction=Call.Direction.OUT,
        number_index=number_index,
        began_at__gte=OuterRef("wanted_at"),
        outcome=Outcome.UNREACHED,
    )
    listed = Callback.objects.filter(Callback.LISTED, organisation=organisation, number_index=number_index)
    return bool(number_index) and listed.filter(Q(tries__gt=0) | Exists(unreached)).exists()
