"""What was seen of a volunteer, by whom and when. Never the paper itself: there is no place for one."""

from django.db import models

from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.people.models import Volunteer
from quartier.team.models import Account, Organisation


class Sighting(models.Model):
    """Somebody of the team has seen it, or has spoken with a reference. Taken back, it counts no more."""

    class Kind(models.TextChoices):
        """`extract`: of the criminal record. `reference`: somebody who knows them was spoken with."""

        IDENTITY = "identity"
        EXTRACT = "extract"
        REFERENCE = "reference"
        TRAINING = "training"

    class Model(models.TextChoices):
        """Of an extract in Belgium: the general one, and the one for work with minors."""

        GENERAL = "595"
        MINORS = "596.2"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="sightings")
    kind = models.CharField(max_length=9, choices=Kind)
    model = models.CharField(max_length=5, choices=Model, blank=True)
    seen_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    seen_on = models.DateField()
    valid_until = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["valid_until"],
                condition=models.Q(taken_back_at=None, valid_until__isnull=False),
                name="sighting_ends",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="extract") & ~models.Q(model="")
                | ~models.Q(kind="extract") & models.Q(model=""),
                name="sighting_model_of_extract",
            )
        ]

    def __str__(self) -> str:
        return self.kind


class Signature(models.Model):
    """The charter, signed by the volunteer: which version, in which language, when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="signatures")
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=2)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["volunteer", "version"], name="charter_signed_once")]

    def __str__(self) -> str:
        return str(self.version)


class Suspension(models.Model):
    """Why a volunteer is suspended, and why not any more: both in words."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="suspensions")
    words = SealedText(blank=True)
    by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    lifted_words = SealedText(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer"], condition=models.Q(lifted_at=None), name="suspended_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.volunteer_id)


class Block(models.Model):
    """A number or an address that does not become a volunteer: its keyed hash alone, why, by whom, until when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    mark = models.CharField(max_length=43)
    words = SealedText()
    by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "mark"], condition=models.Q(lifted_at=None), name="blocked_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Objection(models.Model):
    """An objection to being on that list, decided by somebody else than who put them there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    # Empty: they were on no list, as far as is known.
    block = models.ForeignKey(Block, models.SET_NULL, null=True, related_name="objections")
    contact = SealedText()
    words = SealedText()
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    decision = SealedText(blank=True)
    lifts = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.id)
