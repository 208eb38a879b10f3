"""What providers say afterwards about a message: that it arrived, or never will. (A file of its own, like `delivery`;
webhooks and pullers call it.) Believed once, however often and in whatever order it is said."""

from uuid import UUID

from django.db import transaction

from quartier.lib import clock
from quartier.live import actions as live
from quartier.messaging.detours import not_arrived
from quartier.messaging.models import Message, Report
from quartier.messaging.providers import heard
from quartier.messaging.queries import AROUND


@transaction.atomic
def reported(provider: str, told: heard.Report) -> bool:
    """Keep what a provider says about a message, and believe it. False when it was said before."""
    row = Report(
        provider=provider,
        event=told.event[:200],
        reference=told.reference[:200],
        arrived=told.arrived,
        error=told.error[:300],
        came_at=clock.now(),
    )
    Report.objects.bulk_create([row], ignore_conflicts=True)
    if not Report.objects.filter(pk=row.pk).exists():
        return False
    message = _message(provider, row.reference)
    if message is not None:
        believe(row, message)
    return True


def believe_early(message_id: UUID, provider: str, reference: str) -> None:
    """What was said of this message before its send had returned. In the transaction that records the send."""
    early = Report.objects.filter(
        provider=provider, message=None, reference__in=[reference, str(message_id)]
    ).order_by("came_at")
    for row in early:
        believe(row, Message.objects.select_for_update().get(pk=message_id))


def believe(report: Report, message: Message) -> None:
    """A message that arrived has arrived, whatever is said later; one that will not is seen as failed."""
    Report.objects.filter(pk=report.pk).update(message=message)
    states = Message.State
    if report.arrived:
        if message.state not in {states.DELIVERED, states.CANCELLED}:
            message.state, message.delivered_at, message.error = states.DELIVERED, report.came_at, ""
            message.sent_at = message.sent_at or report.came_at
            message.claim = message.claimed_until = None
            message.save()
    elif message.state == states.SENT and message.provider == report.provider:
        not_arrived(message, report.error)
    if message.template not in AROUND:
        live.touch(message.organisation_id, "messages")


def _message(provider: str, reference: str) -> Message | None:
    rows = Message.objects.select_for_update()
    found = rows.filter(provider=provider, provider_reference=reference).first()
    if found is None:
        # It went on by another way since, and this one has more to say.
        before = Report.objects.filter(provider=provider, reference=reference, message__isnull=False).first()
        found = rows.filter(reports=before).first() if before else None
    if found is None:
        try:
            # Where a provider takes a reference of ours, it is the message's id.
            found = rows.filter(pk=UUID(reference), provider=provider).first()
        except ValueError:
            return None
    return found
