"""Appeals: a coordinator asks volunteers who have little to do for something else than one visit."""

from django.db import models

from quartier.incidents.models import Incident
from quartier.lib.fields import SealedJSON
from quartier.lib.ids import uuid7
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.team.models import Account, Organisation


class Appeal(models.Model):
    """What volunteers are asked for, and of how many a yes is wanted.

    open -> enough (as many have said yes) | over (nobody left to ask, or its days are over) | stopped (by the team)
    """

    class Purpose(models.TextChoices):
        """`place`: help in another neighbourhood; `kind`: another kind of help; `role`: something else than visits;
        `event`: what an incident brings; `still`: whether they still want to be asked; `quiet`: whether they want a
        break, since they were asked often and have not answered (by itself, `actions.ask_quiet`)."""

        PLACE = "place"
        KIND = "kind"
        ROLE = "role"
        EVENT = "event"
        STILL = "still"
        QUIET = "quiet"

    class Role(models.TextChoices):
        OPERATOR = "operator"
        LISTENER = "listener"
        HELPER = "helper"  # of a coordinator
        AMBASSADOR = "ambassador"  # with posters

    class State(models.TextChoices):
        OPEN = "open"
        ENOUGH = "enough"
        OVER = "over"
        STOPPED = "stopped"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    purpose = models.CharField(max_length=5, choices=Purpose)
    # With `place`: the neighbourhood (H3 area) where somebody is missing. `kind` and `language` narrow whom we ask;
    # with `kind`, it is the kind of help that they are asked to add.
    area = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=10, blank=True)
    role = models.CharField(max_length=10, choices=Role, blank=True)
    incident = models.ForeignKey(Incident, models.SET_NULL, null=True, related_name="appeals")
    language = models.CharField(max_length=3, blank=True)
    # Only who has made no visit for so many days is asked.
    idle_days = models.PositiveSmallIntegerField(default=30)
    # The group's own sentence, by language; nothing or one in each that it speaks.
    words = SealedJSON(default=dict)
    wanted = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    wave = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField()
    by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="open"), name="appeal_due"),
            models.Index(fields=["organisation", "-created_at"], name="appeal_of_organisation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wanted__gte=1, most__gte=models.F("wanted")), name="appeal_wants_somebody"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", ended_at=None, next_at__isnull=False)
                | ~models.Q(state="open") & models.Q(ended_at__isnull=False),
                name="appeal_open_is_watched",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.state}"


class Invitation(models.Model):
    """One volunteer asked by one appeal. sent -> yes | no | later; an answer can be taken back: -> sent.

    The token of its page is worked out from the id, never stored.
    """

    class State(models.TextChoices):
        SENT = "sent"
        YES = "yes"
        NO = "no"
        LATER = "later"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="invitations")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, db_index=False)
    state = models.CharField(max_length=5, choices=State, default=State.SENT)
    wave = models.PositiveSmallIntegerField()
    # Metres by which their own reach falls short of the neighbourhood, where that is what is asked.
    farther_m = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    # What a yes has changed: a radius in metres or bits of kinds, as it was and as it is since; and until when.
    was = models.IntegerField(null=True)
    became = models.IntegerField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appeal", "volunteer"], name="invitation_once")]
        indexes = [
            models.Index(fields=["volunteer", "created_at"], name="invitation_of_volunteer"),
            models.Index(fields=["until"], condition=models.Q(until__isnull=False), name="invitation_to_end"),
            models.Index(
                fields=["message"], condition=models.Q(message__isnull=False), name="invitation_message"
            ),
        ]

    def __str__(self) -> str:
        return self.state


class RoleWish(models.Model):
    """A volunteer who would like to do something else too. waiting -> accepted | declined | withdrawn."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="role_wishes")
    role = models.CharField(max_length=10, choices=Appeal.Role)
    invitation = models.ForeignKey(Invitation, models.SET_NULL, null=True, related_name="wishes")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    at = models.DateTimeField()
    settled_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["volunteer", "role"], name="role_wish_once")]
        indexes = [
            models.Index(
                fields=["organisation", "at"], condition=models.Q(state="waiting"), name="role_wish_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.state}"
