"""What the line may not cost, and whom it does not answer."""

from django.db import models

from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.team.models import Account, Organisation


class OwnPhoneUse(models.Model):
    """One leg to an operator's own phone, from the moment it was answered: the carrier is paid for it by the minute.
    `ended_at` is empty while it goes on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    call = models.ForeignKey("telephony.Call", models.SET_NULL, null=True, related_name="+")
    # By which the minute is paid, as `rules.destination` says.
    destination = models.CharField(max_length=8)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "began_at"], name="own_phone_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(ended_at__isnull=True), name="own_phone_one_leg"
            )
        ]

    def __str__(self) -> str:
        return self.destination


class BlockedNumber(models.Model):
    """A number that is not answered by a person until `until`, or until somebody unblocks it (`ended_at`).

    The caller hears a calm sentence with the emergency number. `calls`: how often that was, since when last.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    number = SealedText()
    number_index = models.CharField(max_length=43)
    reason = SealedText()
    blocked_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    blocked_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    calls = models.PositiveIntegerField(default=0)
    last_call_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number_index"],
                condition=models.Q(ended_at__isnull=True),
                name="blocked_once_a_number",
            )
        ]

    def __str__(self) -> str:
        return "ended" if self.ended_at else "blocked"


class BlockRequest(models.Model):
    """Somebody of the team asks that a number be blocked; whoever coordinates decides. Open while `outcome` is empty,
    once for each number and account.

    `reason`: why it is asked; `answer`: why it is not done, for whoever asked, who has read it at `seen_at`.
    """

    class Outcome(models.TextChoices):
        BLOCKED = "blocked"
        DISMISSED = "dismissed"
        WITHDRAWN = "withdrawn"  # by whoever asked

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    call = models.ForeignKey("telephony.Call", models.SET_NULL, null=True, related_name="+")
    number = SealedText()
    number_index = models.CharField(max_length=43)
    reason = SealedText()
    asked_by = models.ForeignKey(Account, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    decided_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    blocked_until = models.DateTimeField(null=True)
    answer = SealedText(blank=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "decided_at"], name="block_request_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number_index", "asked_by"],
                condition=models.Q(outcome=""),
                name="block_request_once",
            )
        ]

    def __str__(self) -> str:
        return self.outcome or "open"


class OwnPhoneCode(models.Model):
    """The code that the line has said, or is about to say, on an operator's own phone. Only a keyed hash of it is kept;
    the code itself is known to call control alone, until it is said. Good for the number that was called."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    number_index = models.CharField(max_length=43)
    code_hash = models.CharField(max_length=43)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    # Typed, or followed by another one.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "created_at"], name="own_phone_code")]

    def __str__(self) -> str:
        return "ended" if self.ended_at else "open"
