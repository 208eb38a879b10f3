"""What runs at the moment, read once a page."""

import time
from datetime import datetime

from quartier.incidents import rules
from quartier.incidents.models import Incident, Proposal
from quartier.lib.choices import Kind
from quartier.team.models import Organisation

# So long the answer holds on the organisation of a page (seconds of the process); it is a new one at most pages.
_FRESH_S = 5.0


def read(organisation: Organisation) -> list[Incident]:
    """The incidents that run, the newest first, as the database has them now."""
    return list(
        Incident.objects.filter(organisation_id=organisation.pk, ended_at=None).order_by("-opened_at", "-pk")
    )


def running(organisation: Organisation) -> list[Incident]:
    """The same for a page: whoever draws it asks as often as it likes, the database is asked once."""
    now = time.monotonic()
    seen = organisation.__dict__.get("_running")
    if seen is None or now - seen[0] >= _FRESH_S:
        seen = organisation.__dict__["_running"] = now, read(organisation)
    found: list[Incident] = seen[1]
    return found


def forget(organisation: Organisation) -> None:
    """Read again next time, after a change."""
    organisation.__dict__.pop("_running", None)


def offered(organisation: Organisation) -> list[Kind]:
    """The kinds of help that forms offer."""
    return rules.offered(running(organisation))


def proposed(organisation: Organisation, now: datetime) -> list[Proposal]:
    """What alerts propose and nobody has decided, while they hold; the newest first."""
    found = Proposal.objects.filter(
        organisation_id=organisation.pk, state=Proposal.State.OPEN, expires_at__gt=now
    )
    return list(found.order_by("-received_at", "-pk")[:5])
