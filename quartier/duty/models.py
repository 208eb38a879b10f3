"""Which letters somebody of the team has had, so that each comes once a day."""

from django.db import models

from quartier.lib.ids import uuid7
from quartier.people.models import Person
from quartier.team.models import Organisation


class DutyLetter(models.Model):
    """One of the team had their letter of this kind for this day, or there was nothing to say."""

    class Kind(models.TextChoices):
        """`begin`: who waits, when one's duty begins; `end`: who still waits, at its end; `gap`: nobody is on duty at
        some hours of the day."""

        BEGIN = "begin"
        END = "end"
        GAP = "gap"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind)
    # The organisation's day on which the duty begins, or that has the gap.
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "day", "person"], name="duty_letter_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
