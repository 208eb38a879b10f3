"""Offers: the invitation of one volunteer to one request."""

from django.db import models

from quartier.cases.models import Request
from quartier.lib.ids import uuid7
from quartier.messaging.models import Message
from quartier.people.models import Person, Volunteer
from quartier.team.models import Account, Organisation


class Made(models.Manager["Offer"]):
    """Offers that somebody was told of: those that are only planned are not among them."""

    def get_queryset(self) -> models.QuerySet["Offer"]:
        return super().get_queryset().exclude(state=Offer.State.QUEUED)


class Offer(models.Model):
    """One volunteer asked for one request.

    queued -> sent -> accepted | declined | expired | withdrawn. A volunteer can
    still say yes to an offer that expired, as long as somebody is needed. A queued one is only planned: it has no
    token and counts against no budget, and nobody has been told; its wave makes it true, or lets it go.

    Three keys have no constraint in the database, whose checks took longer than writing a hundred thousand offers:
    the statement that writes an offer has just read or locked these rows, and none of them is ever deleted
    (decision 0013).
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

    # Told, and not answered yet.
    LIVE = (State.SENT,)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_constraint=False, db_index=False)
    request = models.ForeignKey(
        Request, models.PROTECT, related_name="offers", db_constraint=False, db_index=False
    )
    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="offers", db_constraint=False, db_index=False
    )
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    token_hash = models.CharField(max_length=64, null=True)  # noqa: DJ001 (nothing is not equal to nothing)
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
    by_hand_of = models.ForeignKey(Account, models.SET_NULL, null=True, db_index=False)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, db_index=False)
    decline_reason = models.CharField(max_length=8, choices=Decline, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # A yes that came too late is kept here too: the offer stays withdrawn, and the volunteer was willing.
    answered_at = models.DateTimeField(null=True)
    # Until when it could be answered, if it ended before its time because nobody was needed any more.
    withdrawn_at = models.DateTimeField(null=True)

    objects = models.Manager()
    made = Made()

    class Meta:
        constraints = [
            # By it the offers of a request are found too.
            models.UniqueConstraint(fields=["request", "volunteer"], name="offer_once"),
            models.UniqueConstraint(
                fields=["token_hash"], condition=models.Q(token_hash__isnull=False), name="offer_token_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="queued") | models.Q(token_hash__isnull=False),
                name="offer_sent_with_token",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=models.Q(state="sent"),
                name="offer_sent_to_expire",
            ),
            # By it the board knows who still waits for an answer.
            models.Index(fields=["request"], condition=models.Q(state="sent"), name="offer_sent_of_request"),
            models.Index(fields=["id"], condition=models.Q(state="queued"), name="offer_planned"),
            models.Index(fields=["volunteer", "created_at"], name="offer_of_volunteer"),
            models.Index(
                fields=["by_hand_of"], condition=models.Q(by_hand_of__isnull=False), name="offer_by_hand"
            ),
            models.Index(fields=["message"], condition=models.Q(message__isnull=False), name="offer_message"),
        ]

    def __str__(self) -> str:
        return f"wave {self.wave} {self.state}"


# Something came to the volunteer, or they answered it on their page. An offer that could be written to nobody, or whose
# message never left or never arrived, asked nobody.
UNANSWERED = [Offer.State.SENT, Offer.State.EXPIRED]
REACHED = models.Q(answered_at__isnull=False) | (
    models.Q(message__isnull=False)
    # Of one that nobody needed any more the message was taken back.
    & ~models.Q(state__in=UNANSWERED, message__state__in=Message.NEVER_CAME)
)
# And not one on which the visit of whoever comes each time hangs by itself.
ASKED = REACHED & (
    models.Q(wave__gt=0) | models.Q(by_hand_of__isnull=False) | models.Q(message__isnull=False)
)


class Acquaintance(models.Model):
    """This volunteer has helped this person before: they know each other, and this one is asked first."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="acquaintances")
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="acquaintances")
    visits = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "volunteer"], name="acquaintance_once")]

    def __str__(self) -> str:
        return str(self.visits)
