"""What is to be sent, and what could not be."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from quartier.messaging.models import Message
from quartier.team.models import Organisation

# What somebody waits for at a screen or at the door goes before what can wait a minute.
FIRST = ("sign_in_code", "on_way", "visit_cancelled", "someone_comes", "someone_calls", "accepted")


def due(now: datetime) -> QuerySet[Message]:
    """Messages whose turn it is: those that wait, those whose outcome is unknown, and those whose sender is lost
    (its lease has run out by the database's clock)."""
    waiting = Q(state__in=[Message.State.DUE, Message.State.UNKNOWN])
    lost = Q(state=Message.State.SENDING, claimed_until__lt=Now())
    return Message.objects.filter(
        waiting | lost,
        state__in=[Message.State.DUE, Message.State.SENDING, Message.State.UNKNOWN],
        not_before__lte=now,
    ).order_by("not_before")


def failed(organisation: Organisation) -> QuerySet[Message]:
    """Messages that were given up, the newest first: somebody of the team must call instead."""
    return (
        Message.objects.filter(organisation=organisation, state=Message.State.FAILED)
        .select_related("person")
        .order_by("-created_at")
    )


def unsettled(organisation: Organisation) -> int:
    """How many messages are still on their way."""
    return Message.objects.filter(
        organisation=organisation,
        state__in=[Message.State.DUE, Message.State.SENDING, Message.State.UNKNOWN],
    ).count()
