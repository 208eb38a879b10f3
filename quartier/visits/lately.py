"""What visits know of a person lately: who was there, and who stood before a closed door."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F

from quartier.people.lately import KnownFact, fact_source
from quartier.people.models import Person
from quartier.people.queries import first_name
from quartier.visits.models import Assignment

FAILURE_CODES = {
    Assignment.Failure.NOBODY_HOME: "nobody_home",
    Assignment.Failure.WRONG_ADDRESS: "nobody_home",
}


@fact_source("visits")
def visit_facts(person: Person, since: datetime) -> Iterator[KnownFact]:
    """Visits and calls of neighbours that have ended. What nobody has said of a visit is not known."""
    rows = (
        Assignment.objects.filter(
            request__case__person=person,
            ended_at__gte=since,
            state__in=[Assignment.State.DONE, Assignment.State.FAILED],
        )
        # Said to be done before it began, and looked for again: nobody was there.
        .exclude(request__closed_at=None, state=Assignment.State.DONE, ended_at__lt=F("comes_from"))
        # Done, says whoever went; whoever was helped says that it did not happen.
        .exclude(state=Assignment.State.DONE, follow_up__happened=False)
        .exclude(failure__in=[Assignment.Failure.NO_SHOW, Assignment.Failure.UNTOLD])
        .select_related("volunteer__person", "request")
        .order_by("-ended_at")[:20]
    )
    for row in rows:
        if row.ended_at is None:
            continue
        done = "spoken" if row.request.remote else "visited"
        code = (
            done
            if row.state == Assignment.State.DONE
            else FAILURE_CODES.get(Assignment.Failure(row.failure), "visit_failed")
        )
        if row.request.remote and code == "nobody_home":
            code = "not_reached"
        yield KnownFact(row.ended_at, code, first_name(row.volunteer.person))
