"""Whom we call, counted: here alone, for the board and the page of calls."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from quartier.cases.actions.promising import CALL_OFF
from quartier.cases.models import Request
from quartier.console.queries.untold import untold_promises
from quartier.followup import queries as followup
from quartier.promises.models import Promise
from quartier.team.models import Organisation
from quartier.visits.models import Assignment
from quartier.visits.queries import fallen_visits

# Whoever is asked by phone how a visit was is asked within a day.
AFTER_VISIT_LATE = timedelta(days=1)


@dataclass(frozen=True)
class CallsToMake:
    """How many stand in each part of the page. `check_ins`: to be called now, `late` of them; `again`: called in vain a
    moment ago, the first of them once more at `again_at`; `failed`: closed before anybody answered them. Of those whose
    clock is red there, `closed_late` are call-offs that no lane of the board holds."""

    check_ins: int
    late: int
    again: int
    again_at: datetime | None
    call_offs: int
    call_offs_late: int
    closed_late: int
    untold: int
    untold_late: int
    after_visits: int
    after_visits_late: int
    failed: int

    def __bool__(self) -> bool:
        return bool(
            self.check_ins + self.again + self.call_offs + self.untold + self.after_visits + self.failed
        )

    @property
    def late_beside_lanes(self) -> int:
        """All that are late here and stand in no lane of the board, which counts its own."""
        return self.late + self.closed_late + self.untold_late + self.after_visits_late


def calls_to_make(organisation: Organisation, now: datetime) -> CallsToMake:
    """As the page of calls lists them. One query."""
    checks = followup.checks_to_call(organisation, now)
    resting = checks.filter(followup.rests(now))
    due = checks.exclude(followup.rests(now))
    since = now - followup.LATE_AFTER
    late = due.filter(Q(since__lte=since) | Q(since=None, answered_at__lte=since))
    call_offs, owed = expecting_requests(organisation), untold_promises(organisation)
    call_offs_late, after_visits = _late_call_offs(call_offs, now), followup.to_call(organisation, now)
    found = (
        Organisation.objects.filter(pk=organisation.pk)
        .values_list(
            _count(due),
            _count(late),
            _count(resting),
            Subquery(_together(resting).annotate(first=Min("claimed_until")).values("first")),
            _count(call_offs),
            _count(call_offs_late),
            _count(call_offs_late.filter(state=Request.State.CLOSED)),
            _count(owed),
            _count(owed.filter(due_at__lte=now)),
            _count(after_visits),
            _count(after_visits.filter(due_at__lte=now - AFTER_VISIT_LATE)),
            _count(followup.neglected(organisation, now)),
        )
        .get()
    )
    return CallsToMake(*found)


def expecting_requests(organisation: Organisation) -> QuerySet[Request]:
    """Of which somebody expects a visit that does not take place, and is to be called about it."""
    owed = Promise.objects.filter(organisation=organisation, subject_kind=CALL_OFF, outcome="")
    fell = fallen_visits().filter(request=OuterRef("pk"))
    # From the few promises to their requests: the board asks this, and looks at no request that was ever closed.
    return Request.objects.filter(Exists(fell), pk__in=owed.values("subject_id"), organisation=organisation)


def _late_call_offs(call_offs: QuerySet[Request], now: datetime) -> QuerySet[Request]:
    """As `rules.wait_of` says of each."""
    going = Assignment.objects.filter(request=OuterRef("pk"), state__in=Assignment.ACTIVE)
    is_human = Q(state=Request.State.HUMAN)
    is_over = Q(promised_at__lte=now) | (Q(window_until__lte=now) & (is_human | ~Exists(going)))
    return call_offs.filter(is_over | (~is_human & Exists(going.filter(comes_until__lt=now))))


def _count(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(_together(rows).annotate(count=Count("pk")).values("count")), 0)


def _together(rows: Any) -> Any:
    return rows.order_by().annotate(together=Value(1)).values("together")
