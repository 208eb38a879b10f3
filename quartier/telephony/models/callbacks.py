"""Whom we must ring back."""

from django.db import models

from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.people.models import Person
from quartier.team.models import Account, Organisation


class Callback(models.Model):
    """Somebody we must ring back, with a clock. It ends as done or given up, by a person, never silently; until then
    (`ended_at` is empty) it is on the list, once for each number.

    waiting -> claimed -> done | waiting (tried: again at `due_at`; handed back; the claim ran out)
    claimed -> given_up (tried often enough: stays on the list until a coordinator decides) -> waiting | done | ended
    given_up -> waiting (they called again, or were promised a time)
    Who had it when the claim ran out may still say how it went, as long as nobody else has taken it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        CLAIMED = "claimed"
        DONE = "done"
        GIVEN_UP = "given_up"

    class Why(models.TextChoices):
        ASKED = "asked"  # pressed 1
        MISSED = "missed"  # hung up while waiting
        CUT_OFF = "cut_off"
        TROUBLE = "trouble"  # our side was down
        MESSAGE = "message"  # left a voicemail
        PROMISED = "promised"  # by an operator

    OPEN = (State.WAITING, State.CLAIMED)
    LISTED = models.Q(ended_at__isnull=True)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    call = models.ForeignKey("telephony.Call", models.SET_NULL, null=True, related_name="callbacks")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="callbacks")
    number = SealedText(blank=True)
    number_index = models.CharField(max_length=43, blank=True)
    language = models.CharField(max_length=2, blank=True)
    why = models.CharField(max_length=8, choices=Why)
    # The same number called so often while it was on the list; 0 for a promise without a call.
    calls = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    wanted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # Who has it; while it waits again, whose claim has run out: they may still say how it went.
    claimed_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    # They called again while somebody had it: "done" may be about the time before.
    again = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Rows of a flood that were cleared in one press share this, so that the press can be undone.
    cleared_in = models.UUIDField(null=True)
    note = SealedText(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "ended_at"],
                condition=models.Q(cleared_in__isnull=False),
                name="callback_cleared",
            ),
            models.Index(
                fields=["organisation", "due_at"],
                condition=models.Q(ended_at__isnull=True),
                name="callback_listed",
            ),
            models.Index(
                fields=["claimed_until"], condition=models.Q(state="claimed"), name="callback_claim_ends"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number_index"],
                condition=models.Q(ended_at__isnull=True) & ~models.Q(number_index=""),
                name="callback_once_a_number",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, state__in=["waiting", "claimed", "given_up"])
                | models.Q(ended_at__isnull=False, state__in=["done", "given_up"]),
                name="callback_ends_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state="claimed", claimed_until__isnull=False)
                | ~models.Q(state="claimed") & models.Q(claimed_until__isnull=True),
                name="callback_claim_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.why} {self.state}"
