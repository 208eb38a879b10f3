"""What is still one operator's own: for the moment in which they stop taking calls."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from quartier.alerts.models import Alert
from quartier.alerts.queries import visible
from quartier.cases.models import Request
from quartier.team.access import Actor
from quartier.telephony.models import Callback

# A request that was taken by phone so long ago is of this shift.
SHIFT = timedelta(hours=12)
MAX_ROWS = 5


@dataclass(frozen=True)
class OwnWork:
    """`callbacks`: taken, and not settled; `requests`: that wait for somebody of the team, which the actor took on, or
    wrote down in this shift; `alerts`: which the actor raised and nobody took, or which are theirs."""

    callbacks: list[Callback] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.callbacks or self.requests or self.alerts)


def own_work(actor: Actor, now: datetime) -> OwnWork:
    """Three queries."""
    callbacks = Callback.objects.filter(
        organisation=actor.organisation, state=Callback.State.CLAIMED, claimed_by=actor.id
    )
    wrote = Q(
        taken_by=None,
        created_at__gt=now - SHIFT,
        case__case_contacts__contact__taken_by=actor.id,
        case__case_contacts__contact__at__gt=now - SHIFT,
    )
    requests = Request.objects.filter(
        Q(taken_by=actor.id) | wrote,
        organisation=actor.organisation,
        closed_at=None,
        state=Request.State.HUMAN,
    )
    untaken = Q(state=Alert.State.OPEN, raised_by=actor.id)
    alerts = visible(actor).filter(untaken | Q(state=Alert.State.TAKEN, taken_by=actor.id))
    return OwnWork(
        list(callbacks.select_related("person").order_by("claimed_until", "pk")[:MAX_ROWS]),
        list(requests.select_related("case").distinct().order_by("created_at", "pk")[:MAX_ROWS]),
        list(alerts.order_by("raised_at", "pk")[:MAX_ROWS]),
    )
