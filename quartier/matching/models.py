"""Offers: the invitation of one volunteer to one request."""

from django.db import models

from quartier.cases.models import Request
from quartier.lib.ids import uuid7
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.team.models import Account, Organisation


class Offer(models.Model):
    """One volunteer asked for one request.

    queued -> sent -> accepted | declined | expired | withdrawn; queued can be withdrawn too. A volunteer can
    still say yes to an offer that expired, as long as somebody is needed.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        EXPIRED = "expired"
        WITHDRAWN = "withdrawn"

    class Decline(models.TextChoices):
        NO_TIME = "no_time"
        TOO_FAR = "too_far"
        NOT_THIS = "not_this"
        NOT_WELL = "not_well"
        OTHER = "other"

    LIVE = (State.QUEUED, State.SENT)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    request = models.ForeignKey(Request, models.PROTECT, related_name="offers")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="offers")
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    token_hash = models.CharField(max_length=64, unique=True)
    wave = models.SmallIntegerField()
    # How often the request had been reopened when this was asked: who did not answer then can be asked again now.
    round = models.SmallIntegerField(default=0)
    distance_m = models.IntegerField(null=True)
    # What was known when this was made: how likely a yes was judged, and by which circumstances besides the
    # distance: visits carried already, offers had earlier that day.
    likelihood = models.FloatField(default=0.0, db_default=0.0)
    load = models.PositiveSmallIntegerField(default=0, db_default=0)
    asked_before = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Why this one, as codes and figures that a screen can say in any language: [["near", 800], ["language", "fr"]].
    reasons = models.JSONField(default=list)
    by_hand_of = models.ForeignKey(Account, models.SET_NULL, null=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True)
    decline_reason = models.CharField(max_length=8, choices=Decline, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # A yes that came too late is kept here too: the offer stays withdrawn, and the volunteer was willing.
    answered_at = models.DateTimeField(null=True)
    # Until when it could be answered, if it ended before its time because nobody was needed any more.
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "volunteer"], name="offer_once")]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=models.Q(state__in=["queued", "sent"]),
                name="offer_to_expire",
            ),
            models.Index(fields=["volunteer", "created_at"], name="offer_of_volunteer"),
        ]

    def __str__(self) -> str:
        return f"wave {self.wave} {self.state}"
