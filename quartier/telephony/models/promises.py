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
