"""What must reach somebody of the team within minutes, and climbs until somebody has it."""

from django.db import models

from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.people.models import Person
from quartier.team.models import Account, Organisation
from quartier.telephony.models import Call


class Alert(models.Model):
    """What somebody of the team must see to. What is a danger never closes by itself.

    open -> taken (somebody looks after it) -> closed, with what was done
    taken -> open (given back: the ladder begins again)
    open | taken -> closed, by the machine: an alert of degree `soon`, when its cause has ended
    """

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"
        CLOSED = "closed"

    class Kind(models.TextChoices):
        """Danger heard on a call; a volunteer who goes alone and does not answer; a concern about somebody; and what is
        seen of regular calls: a listener's worry, somebody not reached, a notebook opened; danger in what somebody
        has written; a call at the carrier that the line did not make; and the edge of the line that is away, or of
        which nobody sees which calls leave by it."""

        CALL = "call"
        VISIT = "visit"
        CONCERN = "concern"
        WORRY = "worry"
        CHECK = "check"
        GLASS = "glass"
        WRITTEN = "written"
        LINE = "line"
        AWAY = "away"
        BLIND = "blind"

    class Degree(models.TextChoices):
        """`danger`: the next one is told within minutes, day and night; `soon`: within the hour, by day, and after some
        rounds once a day; `calm`: once a day (decision 0048)."""

        DANGER = "danger"
        SOON = "soon"
        CALM = "calm"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.CALL)
    degree = models.CharField(max_length=6, choices=Degree, default=Degree.DANGER)
    # Whom it is about, where its message may say what is known of them lately.
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # The call on which it was heard.
    call = models.OneToOneField(Call, models.SET_NULL, null=True, related_name="alert")
    raised_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    taken_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    # What was done, in the words of who closed it.
    words = SealedText(blank=True)
    # When the next one is told; nobody is waiting for that once it is taken. `told` counts, over all rounds.
    next_at = models.DateTimeField(null=True)
    told = models.PositiveSmallIntegerField(default=0)
    # So many were told before its ladder began anew: it turned out to be a danger, was given back or came again.
    told_before = models.PositiveSmallIntegerField(default=0)
    # By this link somebody outside the team reads it, once they were told (`Trustee`).
    trustee_hash = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="open"), name="alert_climbs"),
            models.Index(fields=["organisation"], condition=~models.Q(state="closed"), name="alert_listed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", next_at__isnull=False)
                | ~models.Q(state="open") & models.Q(next_at__isnull=True),
                name="alert_open_climbs",
            ),
        ]

    def __str__(self) -> str:
        return self.state


class Around(models.Model):
    """An alert goes around this account: it is not told, and the alert does not exist for it (decision 0030)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="around")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "account"], name="alert_around_once")]

    def __str__(self) -> str:
        return str(self.account_id)


class Trustee(models.Model):
    """Whom the group trusts outside of its team: told of a concern when nobody of the team is left."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="trustee")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.person_id)


class Told(models.Model):
    """This one of the team was told of an alert, as number `step` of its ladder."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="tellings")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    step = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    # No way to write to them: somebody must go and call.
    unreachable = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "step"], name="alert_step_once")]

    def __str__(self) -> str:
        return str(self.step)


class Wake(models.Model):
    """An operator who wants to be woken when somebody waits and nobody is there to answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    account = models.OneToOneField(Account, models.CASCADE, related_name="wake")
    since = models.DateTimeField()
    woken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.account_id)
