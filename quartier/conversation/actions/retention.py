"""What was written to us is not kept for ever."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from quartier.alerts.models import Alert
from quartier.conversation.models import Danger, ToRead
from quartier.messaging.models import Received

KEPT = timedelta(days=90)


@transaction.atomic
def forget_received(now: datetime, limit: int = 500) -> int:
    """Take words, sender and person out of what came 90 days ago or before; that something came is kept, so that a
    provider who tells it again is not believed. What nobody has handled or read, or is part of an alert that is not
    closed, stays. Returns how many.
    """
    unread = ToRead.objects.filter(received=OuterRef("pk"), read_at=None)
    open_ = Danger.objects.filter(~Q(alert__state=Alert.State.CLOSED), received=OuterRef("pk"))
    due = Received.objects.filter(
        ~Exists(unread), ~Exists(open_),
        state=Received.State.SETTLED, forgotten_at=None, came_at__lte=now - KEPT,
    )  # fmt: skip
    keys = list(due.order_by("came_at").values_list("pk", flat=True)[:limit])
    return Received.objects.filter(pk__in=keys, forgotten_at=None).update(
        body="", sender="", sender_index="", person=None, forgotten_at=now
    )
