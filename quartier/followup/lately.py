"""What check-ins know of a person lately."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from quartier.followup.models import CheckIn
from quartier.people.lately import KnownFact, fact_source
from quartier.people.models import Person

State = CheckIn.State
ANSWER_CODES = {State.FINE: "well", State.NEEDS_HELP: "needs_help"}


@fact_source("check_ins")
def check_in_facts(person: Person, since: datetime) -> Iterator[KnownFact]:
    """Answers, and silence since when. A neighbour who was at the door is a visit already."""
    answered = Q(state__in=list(ANSWER_CODES), answered_at__gte=since)
    silent = Q(state__in=[State.ASKED, State.CALLING, State.KNOCKING, State.ALERTED], since__gte=since)
    rows = CheckIn.objects.filter(answered | silent, member__person=person).order_by("-pk")[:10]
    for row in rows:
        if row.state in ANSWER_CODES and row.answered_at:
            yield KnownFact(row.answered_at, ANSWER_CODES[State(row.state)])
        elif row.since:
            yield KnownFact(row.since, "check_silent")
