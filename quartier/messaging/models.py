"""The outbox: what we tell people, written with the change that causes it, sent afterwards by a worker."""

from django.db import models

from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.people.models import Person
from quartier.team.models import Organisation


class Message(models.Model):
    """One message to one person. It ends as delivered, failed or cancelled, never silently.

    due -> sending -> sent | failed (tried to the end) | unknown (the provider did not say) -> sending again
    due | unknown -> cancelled (no longer true when its turn came, or nobody needs it after `not_after`)
    sending -> due (not tried after all) | unknown (its worker was lost)
    """

    class State(models.TextChoices):
        DUE = "due"
        SENDING = "sending"
        SENT = "sent"
        UNKNOWN = "unknown"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Channel(models.TextChoices):
        EMAIL = "email"
        TEXT = "text"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="messages")
    # The same key is never written twice: doing an action again writes no second message.
    key = models.CharField(max_length=120)
    template = models.CharField(max_length=40)
    channel = models.CharField(max_length=5, choices=Channel)
    language = models.CharField(max_length=2)
    to = SealedText()
    subject = SealedText(blank=True)
    body = SealedText()
    state = models.CharField(max_length=9, choices=State, default=State.DUE)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField(null=True)
    # Tries that ended with an answer or without one; `losses`: workers that were lost while they had it.
    attempts = models.SmallIntegerField(default=0)
    losses = models.SmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    provider = models.CharField(max_length=20, blank=True)
    provider_reference = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=models.Q(state__in=["due", "sending", "unknown"]),
                name="message_to_send",
            ),
            models.Index(fields=["person", "created_at"], name="message_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="message_once"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.state}"


class SandboxDelivery(models.Model):
    """What a simulated phone or mailbox has received. `copy_of` is the message: two rows mean two copies."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE)
    copy_of = models.UUIDField(db_index=True)
    channel = models.CharField(max_length=5, choices=Message.Channel)
    to = SealedText()
    subject = SealedText(blank=True)
    body = SealedText()
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "person", "at"], name="sandbox_of_person")]

    def __str__(self) -> str:
        return f"{self.channel} {self.at}"
