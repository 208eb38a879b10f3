"""The help itself: assignments, from "I do it" to "done"."""

from django.db import models

from quartier.alerts.models import Alert
from quartier.cases.models import Request, Series
from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.matching.models import Offer
from quartier.people.models import Volunteer
from quartier.team.models import Organisation


class Assignment(models.Model):
    """An accepted offer. While it is active the volunteer sees name, address and phone; each look is audited.

    accepted -> on_way -> done | failed;  accepted | on_way -> cancelled
    """

    class State(models.TextChoices):
        ACCEPTED = "accepted"
        ON_WAY = "on_way"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Failure(models.TextChoices):
        NOBODY_HOME = "nobody_home"
        WRONG_ADDRESS = "wrong_place"
        CANNOT_GO = "cannot_go"
        NO_SHOW = "no_show"
        # They set out, and nobody said how it went: so it ended by itself, `cancelled`.
        UNSAID = "unsaid"
        # Our message that they go did not reach them in time: nothing was missed by them.
        UNTOLD = "untold"
        OTHER = "other"

    ACTIVE = (State.ACCEPTED, State.ON_WAY)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="assignments")
    request = models.ForeignKey(Request, models.PROTECT, related_name="assignments")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=9, choices=State, default=State.ACCEPTED)
    failure = models.CharField(max_length=11, choices=Failure, blank=True)
    code_word = models.CharField(max_length=20)
    # One of the times of a regular (`Regular`): not counted against what this volunteer can carry at once.
    regular = models.BooleanField(default=False, db_default=False)
    comes_from = models.DateTimeField()
    comes_until = models.DateTimeField()
    accepted_at = models.DateTimeField()
    on_way_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # When who is helped was told who comes; empty while a human must still call.
    told_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    # When both sides are reminded that it is tomorrow; empty once that is done, or where nobody needs it.
    announce_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "volunteer"],
                condition=models.Q(state__in=["accepted", "on_way"]),
                name="assignment_active_once",
            )
        ]
        indexes = [
            models.Index(fields=["volunteer", "state"], name="assignment_of_volunteer"),
            models.Index(
                fields=["comes_until"],
                condition=models.Q(state__in=["accepted", "on_way"]),
                name="assignment_to_watch",
            ),
            # All that the board needs of a visit, so that it reads none of those that are over.
            models.Index(
                fields=["request", "comes_until", "told_at"],
                condition=models.Q(state__in=["accepted", "on_way"]),
                name="assignment_on_board",
            ),
            models.Index(
                fields=["announce_at"],
                condition=models.Q(state="accepted", announce_at__isnull=False),
                name="assignment_to_announce",
            ),
            # Who was helped is asked afterwards how it was (`followup`).
            models.Index(
                fields=["ended_at"],
                condition=models.Q(state__in=["done", "failed"]),
                name="assignment_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.state


class Regular(models.Model):
    """A volunteer who comes each time of a series, until one of them ends it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    series = models.ForeignKey(Series, models.CASCADE, related_name="regulars")
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="regulars")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "volunteer"],
                condition=models.Q(ended_at__isnull=True),
                name="regular_once",
            )
        ]
        indexes = [models.Index(fields=["volunteer", "ended_at"], name="regular_of_volunteer")]

    def __str__(self) -> str:
        return str(self.series_id)


class NotThisTime(models.Model):
    """A day on which a regular volunteer cannot come: another one is looked for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    regular = models.ForeignKey(Regular, models.CASCADE, related_name="not_on")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["regular", "day"], name="not_this_time_once")]

    def __str__(self) -> str:
        return str(self.day)


class Thanks(models.Model):
    """Who was helped has pressed a thank you: one of three sentences, so that nobody need read it first. The volunteer
    sees it without a name."""

    class Said(models.TextChoices):
        HELPED = "helped"
        COMPANY = "company"
        CAREFUL = "careful"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="thanks")
    said = models.CharField(max_length=7, choices=Said)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.said


class CalendarLink(models.Model):
    """A private address under which a volunteer's calendar finds their visits. Without the row, it opens nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    volunteer = models.OneToOneField(Volunteer, models.CASCADE, related_name="calendar")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.volunteer_id)


class Watch(models.Model):
    """Somebody goes alone and has said until when; or has asked for help without a word (decision 0031).

    until passes -> the volunteer is asked (`asked_at`) -> no word (`out_at`) -> an alert. `quiet_at` is an alert at
    once. No word of the volunteer's on a page ever closes the alert: only the team does.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="watch")
    at_door_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    out_at = models.DateTimeField(null=True)
    quiet_at = models.DateTimeField(null=True)
    alert = models.OneToOneField(Alert, models.SET_NULL, null=True, related_name="watch")

    class Meta:
        indexes = [
            models.Index(
                fields=["until"],
                condition=models.Q(out_at=None, alert=None, until__isnull=False),
                name="watch_runs",
            ),
        ]

    def __str__(self) -> str:
        return str(self.assignment_id)


class OwnWord(models.Model):
    """A word that only this volunteer and the team know: said on the phone, it means that all is well. Anything else
    means that it is not."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    volunteer = models.OneToOneField(Volunteer, models.CASCADE, related_name="own_word")
    word = SealedText()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.volunteer_id)
