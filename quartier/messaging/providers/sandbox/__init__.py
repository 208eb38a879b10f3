"""Simulated phones and mailboxes: for demonstrations, tests, and drills. Nothing leaves the installation."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from quartier.lib import clock
from quartier.lib.ids import token_hash
from quartier.live import actions as live
from quartier.messaging.models import Message, SandboxDelivery
from quartier.messaging.providers.base import Provider


def topic(organisation_id: UUID) -> str:
    """What the sandbox page listens to. As a link's topic it is open to visitors who are not signed in."""
    return f"link:{token_hash(f'sandbox of {organisation_id}')}"


class Sandbox(Provider):
    """Puts the message into the simulated box of its person.

    Like a good provider it knows a message by its reference, and takes it once. `forgetful`: like a bad one it
    takes each copy, and cannot tell afterwards.
    """

    name = "sandbox"
    channels = frozenset({Message.Channel.EMAIL, Message.Channel.TEXT, Message.Channel.VOICE})

    def __init__(self, *, forgetful: bool = False) -> None:
        self._forgetful = forgetful
        self.takes_many = not forgetful

    def send(self, message: Message) -> str:
        with transaction.atomic():
            if self._forgetful:
                self._put([message])
            else:
                self.send_many([message])
        return str(message.pk)

    def send_many(self, messages: Sequence[Message]) -> None:
        there = SandboxDelivery.objects.filter(copy_of__in=[message.pk for message in messages])
        known = set(there.values_list("copy_of", flat=True))
        self._put([message for message in messages if message.pk not in known])

    def _put(self, messages: Sequence[Message]) -> None:
        now = clock.now()
        SandboxDelivery.objects.bulk_create(
            [
                SandboxDelivery(
                    organisation_id=message.organisation_id,
                    person_id=message.person_id,
                    copy_of=message.pk,
                    channel=message.channel,
                    to=message.to,
                    subject=message.subject,
                    body=message.body,
                    at=now,
                )
                for message in messages
            ]
        )
        for organisation_id in {message.organisation_id for message in messages}:
            live.touch(organisation_id, topic(organisation_id))

    def ask(self, message: Message) -> bool | None:
        if self._forgetful:
            return None
        return SandboxDelivery.objects.filter(copy_of=message.pk).exists()
