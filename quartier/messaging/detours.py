"""What becomes of a message that does not get through: another way, or somebody of the team sees it. (A file of its
own: used where messages are sent, and where providers report.)"""

import logging
from uuid import UUID

from django.conf import settings
from django.db import transaction

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.live import actions as live
from quartier.messaging import actions, digest, rules
from quartier.messaging.models import Message
from quartier.messaging.providers import is_simulated, texts
from quartier.messaging.queries import AROUND
from quartier.people.models import Person

log = logging.getLogger(__name__)


@transaction.atomic
def fall_back(*, message: Message, token: UUID | None, why: str, provider: str = "") -> bool:
    """A message goes on by a way that was not tried, from now and with all its tries: a text by the next provider (the
    one called `provider` has refused it), else by the person's next channel. `token`: of the lease, `None` for one that
    had been sent. False when there is no other way, or when it is not ours any more. Of a mail in which several stood,
    each goes on by itself."""
    if message.template == digest.TEMPLATE:
        return digest.take_apart(message=message, token=token, why=why)
    tried = set(message.tried_by.split()) | ({provider} if provider else set())
    way = _same_channel(message, tried) if provider else None
    if way is None:
        tried.add(message.channel)
        ways = actions.ways_of(Person.objects.get(pk=message.person_id), message.template)
        way = next((way for way in ways if way[0] not in tried), None)
    if way is None or rules.is_too_late(message.not_after, clock.now()):
        return False
    states = [Message.State.SENDING] if token else [Message.State.SENT]
    ours = Message.objects.filter(pk=message.pk, state__in=states, claim=token)
    changed = ours.update(
        state=Message.State.DUE,
        channel=way[0],
        tried_by=" ".join(sorted(tried))[:120],
        attempts=0,
        claim=None,
        claimed_until=None,
        provider="",
        provider_reference="",
        not_before=clock.now(),
        error=f"{message.channel}: {why}"[:300],
    )
    if not changed:
        return False
    log.warning("message %s (%s) goes on by %s: %s", message.pk, message.template, way[0], why)
    # Sealed columns are sealed again for their row, so they are written through it.
    if message.channel != way[0]:
        message.subject, message.body = actions.worded(way[0], message.subject, message.body)
        if way[0] == Message.Channel.PUSH and not message.subject:
            message.subject = message.organisation.name
    message.channel, message.to = way
    message.save(update_fields=["to", "subject", "body"])
    return True


def _same_channel(message: Message, tried: set[str]) -> tuple[str, str] | None:
    """The same address again, where another provider of texts has not refused it yet."""
    if message.channel != Message.Channel.TEXT or is_simulated(message):
        return None
    addresses, _faults = texts.each(settings.TEXTS)
    left = {address.name for address in addresses} - tried
    return (message.channel, message.to) if left else None


def not_arrived(message: Message, why: str) -> None:
    """Its provider says that a message which was sent will never arrive. In the transaction of that word."""
    if fall_back(message=message, token=None, why=why, provider=message.provider):
        return
    sent = Message.objects.filter(pk=message.pk, state=Message.State.SENT)
    if sent.update(state=Message.State.FAILED, error=why[:300]):
        tell(message, why)


def tell(message: Message, why: str) -> None:
    """A message that was given up is seen: on the board, and in the record."""
    log.error("message %s (%s) was given up: %s", message.pk, message.template, why)
    audit.record(
        organisation_id=message.organisation_id,
        actor_kind="system",
        actor_id=None,
        verb="message.failed",
        subject_kind="message",
        subject_id=message.pk,
        details={"template": message.template, "channel": message.channel},
    )
    if message.template not in AROUND:
        live.touch(message.organisation_id, "board")
