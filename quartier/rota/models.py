"""Who of the team is on duty, by hour of the week, and who is away (decision 0049)."""

from django.db import models

from quartier.lib.ids import uuid7
from quartier.team.models import Account, Organisation


class DutyShift(models.Model):
    """Somebody of the team is on duty: each week on a weekday, or once on one day. Full hours of local clocks.

    `until_hour` not after `from_hour`: it ends on the next day; 24 is midnight. `postcodes` (with spaces between):
    told first of what comes from there; empty, of everything.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    account = models.ForeignKey(Account, models.CASCADE, related_name="duty_shifts")
    stand_in = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    # Monday is 0.
    weekday = models.PositiveSmallIntegerField(null=True)
    day = models.DateField(null=True)
    from_hour = models.PositiveSmallIntegerField()
    until_hour = models.PositiveSmallIntegerField()
    postcodes = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekday__isnull=False, weekday__lte=6, day=None)
                | models.Q(weekday=None, day__isnull=False),
                name="duty_shift_weekday_or_day",
            ),
            models.CheckConstraint(
                condition=models.Q(from_hour__lte=23, until_hour__gte=1, until_hour__lte=24),
                name="duty_shift_hours_of_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day or self.weekday} {self.from_hour}-{self.until_hour}"


class DutyAbsence(models.Model):
    """Somebody of the team is away from one day to another, both included, on the organisation's calendar."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    account = models.ForeignKey(Account, models.CASCADE, related_name="duty_absences")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="duty_absence_not_backwards"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.ends_on}"
