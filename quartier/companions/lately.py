"""What regular calls know of a person lately. Never a word of what was said in them."""

from collections.abc import Iterator
from datetime import datetime

from quartier.companions.models import Talk
from quartier.lib.names import first_name_in
from quartier.people.lately import KnownFact, fact_source
from quartier.people.models import Person

CALL_CODES = {
    Talk.State.SPOKEN: "spoken",
    Talk.State.NOT_REACHED: "not_reached",
    Talk.State.MISSED: "call_missed",
}


@fact_source("companions")
def call_facts(person: Person, since: datetime) -> Iterator[KnownFact]:
    """Calls that were made, that reached nobody, and of which nobody has said anything."""
    rows = (
        Talk.objects.filter(pairing__wish__person=person, at__gte=since, state__in=list(CALL_CODES))
        .select_related("pairing__listener__account")
        .order_by("-at")[:20]
    )
    for row in rows:
        name = first_name_in(row.pairing.listener.account.name)
        yield KnownFact(row.at, CALL_CODES[Talk.State(row.state)], name)
