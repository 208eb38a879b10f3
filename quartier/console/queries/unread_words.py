"""What was written about a case and nobody of the team has read yet, beside what is known of it."""

from quartier.cases.models import Case
from quartier.conversation.models import ToRead
from quartier.conversation.queries import unread
from quartier.followup.access import looked_at_all
from quartier.team.access import Actor

# The last ones; the page of what was written has them all.
MAX_UNREAD_WORDS = 3


def unread_words_of(actor: Actor, case: Case) -> list[ToRead]:
    """The last ones, the newest first; the look at them is written down. One query where there is nothing."""
    rows = list(unread(actor).filter(case=case).order_by("-at", "-pk")[:MAX_UNREAD_WORDS])
    if rows:
        looked_at_all(actor, "received", [row.received_id for row in rows])
    return rows
