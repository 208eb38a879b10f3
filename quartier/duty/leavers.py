"""Who leaves the team owes nothing: it comes back to whoever is on duty, and letters waiting for them are not sent."""

from django.db import transaction

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.live import actions as live
from quartier.messaging import actions as messaging
from quartier.messaging.models import Message
from quartier.messaging.words.duty import DUTY
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.rota.queries import able_in
from quartier.team.access import system
from quartier.team.models import Organisation

BATCH_SIZE = 200
# What is written to somebody because they look after who waits.
DUTY_TEMPLATES = frozenset({"team_waiting", "team_urgent", "team_soon", "team_broken", "team_overdue", *DUTY})


@transaction.atomic
def release_leavers(organisation: Organisation) -> int:
    """Give back what is owed by accounts that cannot sign in any more, have no role in the team or are suspended.
    Returns how much; idle, it asks three questions."""
    able = able_in(organisation).values("pk")
    taken = Request.objects.filter(organisation=organisation, taken_by__isnull=False)
    taken = taken.exclude(state=Request.State.CLOSED).exclude(taken_by__in=able)
    owed = Promise.objects.filter(organisation=organisation, outcome="", owner__isnull=False)
    owed = owed.exclude(owner__in=able)
    letters = Message.objects.filter(
        organisation=organisation, state__in=Message.WAITING, template__in=DUTY_TEMPLATES
    ).exclude(person__account__in=able)
    requests = list(taken.order_by("pk")[:BATCH_SIZE])
    for request in requests:
        cases.give_back(actor=system(organisation), request=request)
    promised = list(owed.order_by("pk")[:BATCH_SIZE])
    for promise in promised:
        promises.give_back_to_team(promise=promise)
    if requests:
        live.touch(
            organisation.pk, "board", *(each for one in requests for each in cases.topics_of(one.case_id))
        )
    return len(requests) + len(promised) + messaging.cancel(list(letters[:BATCH_SIZE]))
