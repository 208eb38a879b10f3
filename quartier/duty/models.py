"""Which letters somebody of the team has had, so that each comes once a day."""

from django.db import models

from quartier.lib.ids import uuid7
from quartier.people.models import Person
from quartier.team.models import Organisation


class DutyLetter(models.Model):
    """One of the team had their letter of this kind for this day, or there was nothing to say."""

    class Kind(models.TextChoices):
        """`begin`: who waits, when one's duty begins; `end`: who still waits, at its end."""

        BEGIN = "begin"
        END = "end"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind)
    # The organisation's day on which the duty begins.
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "day", "person"], name="duty_letter_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class KnownGaps(models.Model):
    """Hours of a day at which nobody is on duty, as the heads know them: told, or there since the day was looked at
    first. What is not in `spans` (from and until of each, ISO) has opened since."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    day = models.DateField()
    spans = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "day"], name="known_gaps_once")]

    def __str__(self) -> str:
        return f"{self.day}"
