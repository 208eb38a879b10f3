"""Who of the callback list was spoken with since, and where that takes the haste from a callback."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest

from quartier.people.models import Person
from quartier.team.models import Organisation
from quartier.telephony.models import Call, Callback

TALKS = (Call.Direction.IN, Call.Direction.OUT)


@dataclass(frozen=True)
class TalkSince:
    """The last call on which somebody has spoken with the one of a row. `is_enough`: nobody need hurry any more."""

    call: Call
    is_enough: bool


def counts_since(row: Callback) -> datetime:
    """From when on a talk is about this row: the call is over for which it is on the list, and so is the last try. What
    was answered before somebody noted that nobody came was a machine."""
    called_at = (row.call.ended_at or row.call.began_at) if row.call else row.wanted_at
    return max(called_at, row.tried_at or called_at)


def is_shared(row: Callback) -> bool:
    """Whether others use this phone too, so that a talk may have been with one of them. One query."""
    return bool(row.number_index) and row.number_index in _shared(row.organisation, {row.number_index})


def is_spoken() -> Q:
    """Of rows of the list, those that need not be hurried: somebody has spoken with them since. A call that was
    promised is owed all the same, and on a phone that is shared it may have been somebody else."""
    # The index of a number is of one organisation alone. To name that too leads SQLite through all of its calls, for
    # each row.
    called_at = Coalesce(OuterRef("call__ended_at"), OuterRef("call__began_at"), OuterRef("wanted_at"))
    talks = Call.objects.filter(
        number_index=OuterRef("number_index"),
        direction__in=TALKS,
        # Of two times SQLite knows the later one only where neither is empty.
        answered_at__gt=Greatest(called_at, Coalesce(OuterRef("tried_at"), called_at)),
        operator__isnull=False,
    ).exclude(number_index="")
    shared = Person.objects.filter(phone_index=OuterRef("number_index"), phone_is_shared=True)
    return Q(Exists(talks)) & ~Q(why=Callback.Why.PROMISED) & ~Q(Exists(shared))


def last_talks(organisation: Organisation, rows: Sequence[Callback]) -> dict[UUID, TalkSince]:
    """By row the last call, in or out, that was answered since. One query, and one more where there is any."""
    indexes = {row.number_index for row in rows if row.number_index}
    if not indexes:
        return {}
    calls = (
        Call.objects.filter(
            organisation=organisation,
            number_index__in=indexes,
            direction__in=TALKS,
            answered_at__gte=min(row.wanted_at for row in rows),
            operator__isnull=False,
        )
        .select_related("operator")
        .only("number_index", "answered_at", "noted", "operator__name", "organisation_id")
        .order_by("answered_at", "pk")
    )
    last = {call.number_index: call for call in calls}
    found = {
        row: call
        for row in rows
        if (call := last.get(row.number_index)) is not None
        and call.answered_at is not None
        and call.answered_at > counts_since(row)
    }
    shared = _shared(organisation, {row.number_index for row in found}) if found else set()
    return {
        row.pk: TalkSince(call, row.why != Callback.Why.PROMISED and row.number_index not in shared)
        for row, call in found.items()
    }


def _shared(organisation: Organisation, indexes: set[str]) -> set[str]:
    people = Person.objects.filter(organisation=organisation, phone_index__in=indexes, phone_is_shared=True)
    return set(people.values_list("phone_index", flat=True))
