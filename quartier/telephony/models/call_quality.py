"""How well two people could hear each other, as the operator's browser measured it."""

from django.db import models

from quartier.lib.ids import uuid7
from quartier.team.models import Account, Organisation


class CallQuality(models.Model):
    """The sound of one call at one operator: the mean of all measurements and the worst of them, the weaker direction
    of each. It is deleted with its call."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    call = models.ForeignKey("telephony.Call", models.CASCADE, related_name="quality")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    samples = models.PositiveIntegerField(default=0)
    # Packets of sound that did not arrive, in percent.
    loss_mean_pct = models.FloatField(default=0)
    loss_worst_pct = models.FloatField(default=0)
    # How unevenly they arrive.
    jitter_mean_ms = models.FloatField(default=0)
    jitter_worst_ms = models.FloatField(default=0)
    # To the line and back; empty while the browser does not know it.
    delay_mean_ms = models.FloatField(null=True)
    delay_worst_ms = models.FloatField(null=True)
    measured_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "account"], name="call_quality_once_an_operator")
        ]

    def __str__(self) -> str:
        return f"{self.loss_mean_pct:.1f} %"
