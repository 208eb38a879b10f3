"""What somebody of the team does with a message that was given up. (A file of its own beside `actions`, which writes
messages.)"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.http import Http404

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.live import actions as live
from quartier.messaging import actions, digest
from quartier.messaging.models import Message, PostSettings
from quartier.messaging.queries import AROUND
from quartier.messaging.words import WITH_CODES
from quartier.team.access import Actor
from quartier.team.models import Role

COORDINATES = (Role.Name.COORDINATOR, Role.Name.ADMIN)
# What was not to be sent after some moment still makes sense for so long when somebody sends it again by hand.
AGAIN_LASTS = timedelta(hours=1)
MOST_CENTS = 100_000


class SeenTo(Exception):
    """Somebody has seen to this message already, perhaps with the same button a moment ago."""


@transaction.atomic
def send_again(*, actor: Actor, message_id: UUID) -> Message:
    """Begin anew, by the address that the person has now: it may have been mended. Raises `Http404` for who may not,
    `SeenTo`, and `ValueError` when the person can only be called."""
    message = _given_up(actor, message_id)
    ways = actions.ways_of(message.person, message.template)
    if message.template == digest.TEMPLATE:
        ways = [way for way in ways if way[0] == Message.Channel.EMAIL]
    if not ways:
        raise ValueError("only by a call")
    tried = set(message.tried_by.split()) | {message.channel}
    channel, to = next((way for way in ways if way[0] not in tried), ways[0])
    if message.channel != channel:
        message.subject, message.body = actions.worded(channel, message.subject, message.body)
    now = clock.now()
    # Where a code went before says what it proves: it may have been read there, also at the number of before.
    before = tried & set(Message.Channel.values) - ({channel} if message.to == to else set())
    message.tried_by = " ".join(sorted(before)) if message.template in WITH_CODES else ""
    message.channel, message.to = channel, to
    message.state, message.attempts, message.losses = Message.State.DUE, 0, 0
    message.not_before, message.error, message.provider, message.provider_reference = now, "", "", ""
    if message.not_after is not None:
        message.not_after = max(message.not_after, now + AGAIN_LASTS)
    message.save()
    _changed(actor, "message.again", message)
    return message


@transaction.atomic
def settle(*, actor: Actor, message_id: UUID) -> None:
    """Somebody has called instead, or nobody needs it any more. Raises `Http404`, `SeenTo`."""
    message = _given_up(actor, message_id)
    message.settled_by, message.settled_at = actor.account, clock.now()
    message.save(update_fields=["settled_by", "settled_at"])
    _changed(actor, "message.settle", message)


@transaction.atomic
def may_spend(*, actor: Actor, cents: int) -> None:
    """What the group may spend on messages in a day. Raises `Http404` for who is no administrator, `ValueError`."""
    if not actor.has(Role.Name.ADMIN):
        raise Http404
    if not 0 <= cents <= MOST_CENTS:
        raise ValueError(cents)
    PostSettings.objects.update_or_create(organisation=actor.organisation, defaults={"daily_cents": cents})
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="messages.may_spend",
        subject_kind="organisation",
        subject_id=actor.organisation.id,
        details={"cents": cents},
    )
    live.touch(actor.organisation.id, "messages")


def _given_up(actor: Actor, message_id: UUID) -> Message:
    message = (
        Message.objects.select_for_update(of=("self",))
        .select_related("person", "organisation")
        .filter(pk=message_id, organisation=actor.organisation)
        .exclude(template__in=AROUND)
        .first()
    )
    if message is None or actor.account is None or not actor.has(*COORDINATES):
        raise Http404
    if message.state != Message.State.FAILED or message.settled_at is not None:
        raise SeenTo
    return message


def _changed(actor: Actor, verb: str, message: Message) -> None:
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="message",
        subject_id=message.pk,
        details={"template": message.template, "channel": message.channel},
    )
    live.touch(actor.organisation.id, "messages", "board")
