"""What a person waits for, as far as nobody comes yet."""

from collections.abc import Iterator
from datetime import datetime

from quartier.cases.models import Request
from quartier.people.lately import KnownFact, fact_source
from quartier.people.models import Person


@fact_source("requests")
def request_facts(person: Person, since: datetime) -> Iterator[KnownFact]:
    """Requests that are open or wait for one of the team, also those that have waited longer than that."""
    rows = Request.objects.filter(
        case__person=person, state__in=[Request.State.OPEN, Request.State.HUMAN]
    ).order_by("-created_at")[:10]
    for row in rows:
        waits = "request_human" if row.state == Request.State.HUMAN else "request_open"
        yield KnownFact(row.created_at, waits, kind=row.kind)
