"""What was promised to somebody, until when, who owes it, and what came of it (decision 0046)."""

from django.db import models

from quartier.lib.ids import uuid7
from quartier.people.models import Person
from quartier.team.models import Account, Organisation


class Promise(models.Model):
    """One promise to one person about one thing.

    open -> kept        what was promised has happened
    open -> broken      its hour has passed; the person hears so, and the next row is `renewed_from` this one. Also
                        where it happened later: then there may be no next row
    open -> renewed     another promise about the same thing has taken its place in time
    open -> withdrawn   the thing itself is over

    `subject_kind` and `subject_id` name what it is about, as audit entries do. With a `complaint_id` it is owed for
    what they said after a visit, and nothing that happens to the help itself keeps it.
    """

    class Kind(models.TextChoices):
        """`call`: one of us calls; `news`: they hear from us; `care`: somebody of the team looks after it."""

        CALL = "call"
        NEWS = "news"
        CARE = "care"

    class ToldBy(models.TextChoices):
        """How the person was told. `nobody`: they were told no hour, since they asked for nothing, wrote to us,
        or were spoken with; the team owes it to them."""

        MESSAGE = "message"
        PAGE = "page"
        VOICE = "voice"
        NOBODY = "nobody"

    class Outcome(models.TextChoices):
        OPEN = ""
        KEPT = "kept"
        BROKEN = "broken"
        RENEWED = "renewed"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    # Empty: a caller of whom only the number is known, or somebody who was promised nothing.
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="promises")
    kind = models.CharField(max_length=4, choices=Kind)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    # The answer after a visit (`followup.FollowUp`) that something was not right.
    complaint_id = models.UUIDField(null=True)
    told_by = models.CharField(max_length=7, choices=ToldBy)
    urgent = models.BooleanField(default=False)
    # Somebody of the team must act. Otherwise the search keeps it by itself.
    needs_team = models.BooleanField(default=True)
    # Empty: whoever is on duty.
    owner = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    # Since when the person has waited, over all renewals.
    waiting_since = models.DateTimeField()
    due_at = models.DateTimeField()
    team_told_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, default=Outcome.OPEN)
    renewed_from = models.OneToOneField("self", models.SET_NULL, null=True, related_name="renewal")
    # How often in a row the word to this person about this was broken before.
    times_broken = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(outcome=""), name="promise_due"),
            models.Index(fields=["subject_id"], condition=models.Q(outcome=""), name="promise_open_about"),
            models.Index(fields=["subject_id", "made_at"], name="promise_about"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind"],
                condition=models.Q(outcome=""),
                name="promise_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", next_at__isnull=False, ended_at=None)
                | ~models.Q(outcome="") & models.Q(next_at=None, ended_at__isnull=False),
                name="promise_open_has_next",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="broken", broken_at__isnull=False)
                | ~models.Q(outcome="broken") & models.Q(broken_at=None),
                name="promise_broken_with_time",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="kept", kept_at__isnull=False)
                | ~models.Q(outcome="kept") & models.Q(kept_at=None),
                name="promise_kept_with_time",
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("made_at")), name="promise_due_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome or 'open'}"

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.OPEN


class PromiseNotice(models.Model):
    """Somebody of the team was told of a promise. Rows with the same `batch` went out in one message."""

    class Step(models.TextChoices):
        """`came`: it is theirs to keep; `soon`: it breaks in half an hour; `broken`: it has."""

        CAME = "came"
        SOON = "soon"
        BROKEN = "broken"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    promise = models.ForeignKey(Promise, models.CASCADE, related_name="notices")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    step = models.CharField(max_length=6, choices=Step)
    batch = models.UUIDField()
    at = models.DateTimeField()
    # No way to write to them: the next one was told too.
    unreachable = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="promise_notice_of_person")]
        constraints = [
            # It is tried again every few minutes: that they could not be reached is worth one row.
            models.UniqueConstraint(
                fields=["promise", "step", "person"],
                condition=models.Q(unreachable=True),
                name="promise_notice_unreachable_once",
            )
        ]

    def __str__(self) -> str:
        return self.step
