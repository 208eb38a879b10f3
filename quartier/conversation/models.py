"""What of the conversation waits for a person of the team. What was written stands in `messaging`, whole."""

from django.db import models

from quartier.alerts.models import Alert
from quartier.cases.models import Case
from quartier.intake.models import Contact
from quartier.lib.ids import uuid7
from quartier.messaging.models import Received
from quartier.team.models import Account, Organisation


class ToRead(models.Model):
    """Something written to us that a person of the team must read. It waits until somebody has."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    received = models.OneToOneField(Received, models.CASCADE, related_name="to_read")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "at"], condition=models.Q(read_at__isnull=True), name="to_read_unread"
            )
        ]

    def __str__(self) -> str:
        return str(self.at)


class Danger(models.Model):
    """Words of danger that somebody wrote, beside the alert that they raised. An alert can have several."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="written")
    received = models.OneToOneField(Received, models.CASCADE, related_name="danger")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)
