"""What the line says: messages that it reads to people, and prompts in the group's own voice."""

from django.db import models

from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.people.models import Person
from quartier.team.models import Account, Organisation


class Reading(models.Model):
    """A message that the line reads to somebody who can only be called; once for each message (decision 0024).

    waiting (from `due_at` on) -> calling (`call`) -> heard | waiting (nobody there: again) | given_up (a human calls:
    it is on the callback list) | too_late (after `not_after`); then `told_at`: its message knows it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        CALLING = "calling"
        HEARD = "heard"
        GIVEN_UP = "given_up"
        TOO_LATE = "too_late"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    message = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    number = SealedText()
    number_index = models.CharField(max_length=43)
    language = models.CharField(max_length=2)
    # Empty once its message knows what came of it.
    text = SealedText(blank=True)
    # A key answers it: 1 yes, 2 no. `urgent`: it is read at any hour.
    asks = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    not_after = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # The last call that was to read it, since when; what all of them cost.
    call = models.UUIDField(null=True, unique=True)
    taken_at = models.DateTimeField(null=True)
    cents = models.FloatField(default=0)
    answer = models.CharField(max_length=3, blank=True)
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(ended_at__isnull=True), name="reading_to_read"
            ),
            models.Index(
                fields=["ended_at"],
                condition=models.Q(ended_at__isnull=False, told_at__isnull=True),
                name="reading_to_tell",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, state__in=["waiting", "calling"])
                | models.Q(ended_at__isnull=False, state__in=["heard", "given_up", "too_late"]),
                name="reading_ends_somehow",
            )
        ]

    def __str__(self) -> str:
        return self.state


class OwnPrompt(models.Model):
    """A prompt in the group's own voice, instead of the machine's. `sound`: base64 of a WAV file."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    name = models.CharField(max_length=30)
    language = models.CharField(max_length=2)
    sound = models.TextField()
    seconds = models.FloatField()
    by = models.ForeignKey(Account, models.SET_NULL, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name", "language"], name="own_prompt_once_a_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.language}"
