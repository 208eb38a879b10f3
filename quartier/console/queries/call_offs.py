"""Who still expects somebody that is not coming, and is called about it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from quartier.cases.actions.promising import CALL_OFF, whom_to_tell
from quartier.cases.models import Request
from quartier.console.rules import Going, Open, Wait, ordered, wait_of
from quartier.people.models import Person
from quartier.promises.models import Promise
from quartier.team.models import Organisation
from quartier.visits.models import Assignment
from quartier.visits.queries import called_off


@dataclass(frozen=True)
class ExpectingRow:
    """Somebody to call: about this request, and the visits that do not take place."""

    asked: Request
    wait: Wait
    visits: list[Assignment]

    @property
    def to_tell(self) -> Person:
        return whom_to_tell(self.asked.case)


def expecting(organisation: Organisation, now: datetime, limit: int) -> list[ExpectingRow]:
    """In the order of the board; also of what has been closed, which the board does not show. Three queries at most,
    one where there is none."""
    owed = Promise.objects.filter(organisation=organisation, subject_kind=CALL_OFF, outcome="")
    fell = called_off(list(owed.order_by("due_at", "pk").values_list("subject_id", flat=True)[:limit]))
    rows = Request.objects.filter(pk__in=fell).select_related("case__person", "case__asked_by")
    requests = {row.pk: row for row in rows} if fell else {}
    going = _going(list(requests))
    waits = [
        wait_of(Open.of(row, asked=False, call_off=True), going.get(row.pk, []), now)
        for row in requests.values()
    ]
    return [ExpectingRow(requests[each.request.id], each, fell[each.request.id]) for each in ordered(waits)]


def _going(requests: list[UUID]) -> dict[UUID, list[Going]]:
    if not requests:
        return {}
    found = defaultdict(list)
    active = Assignment.objects.filter(request__in=requests, state__in=Assignment.ACTIVE)
    for key, until, told_at in active.values_list("request", "comes_until", "told_at"):
        found[key].append(Going(until, told_at is not None))
    return found
