"""The listening programme: who would like to be called, who calls, their pairing, its talks, and its notebook."""

from django.db import models

from quartier.alerts.models import Alert
from quartier.cases.models import Case, Request
from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.lib.rhythm import Rhythm, parse
from quartier.people.models import Person
from quartier.team.models import Account, Organisation


class Listener(models.Model):
    """Somebody who calls people regularly. Without a training that is still good, nobody is entrusted to them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    account = models.OneToOneField(Account, models.CASCADE, related_name="listener")
    # Who looks after this listener, reads the notebooks with them, and is told when a call is missed.
    supervisor = models.ForeignKey(Account, models.PROTECT, related_name="listeners")
    capacity = models.PositiveSmallIntegerField(default=3)
    interests = models.IntegerField(default=0)
    words = SealedText(blank=True)
    languages = models.IntegerField()
    slots = models.IntegerField()
    # Where the listener lives, as neighbourhood; empty where we do not know.
    area = models.BigIntegerField(null=True)
    trained_until = models.DateField()
    away = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "stopped_at"], name="listener_listed")]

    def __str__(self) -> str:
        return str(self.id)


class Training(models.Model):
    """A training passed: by whom seen, when, and until when it is good."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    listener = models.ForeignKey(Listener, models.CASCADE, related_name="trainings")
    passed_on = models.DateField()
    good_until = models.DateField()
    recorded_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.passed_on)


class CallWish(models.Model):
    """Somebody would like to be called regularly, and agrees to what is written down of it.

    open -> paired -> open (looking for another listener) -> closed
    """

    class State(models.TextChoices):
        OPEN = "open"
        PAIRED = "paired"
        CLOSED = "closed"

    class Consent(models.TextChoices):
        """How she agreed: read to her by somebody of the team, or ticked by herself."""

        ORAL = "oral"
        OWN = "own"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="call_wishes")
    case = models.ForeignKey(Case, models.PROTECT, related_name="call_wishes")
    # The request out of which it grew, if it was one.
    request = models.ForeignKey(Request, models.SET_NULL, null=True, related_name="+")
    languages = models.IntegerField()
    slots = models.IntegerField()
    interests = models.IntegerField(default=0)
    words = SealedText(blank=True)
    # What her listener should know.
    to_know = SealedText(blank=True)
    area = models.BigIntegerField(null=True)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    consent = models.CharField(max_length=4, choices=Consent)
    # Which wording of the consent was read or shown, to whom of the team she said it, and when.
    consent_script = models.CharField(max_length=12)
    consent_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    consent_at = models.DateTimeField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "state"], name="wish_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=~models.Q(state="closed"), name="wish_open_once"
            )
        ]

    def __str__(self) -> str:
        return self.state


class Pairing(models.Model):
    """Two people who speak regularly.

    proposed -> agreed (both said yes) -> running <-> paused;  any of these -> ended
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        AGREED = "agreed"
        RUNNING = "running"
        PAUSED = "paused"
        ENDED = "ended"

    class Why(models.TextChoices):
        """Why it ended."""

        ENOUGH = "enough"
        PERSON = "person"
        LISTENER = "listener"
        NO_FIT = "no_fit"
        REFERRED = "referred"
        DIED = "died"

    class Scale(models.TextChoices):
        """By what she is asked how she is: five statements, or one question (`companions.scales`)."""

        WHO5 = "who5"
        HAPPY = "happy"

    class Next(models.TextChoices):
        """What comes after it."""

        NOTHING = "nothing"
        ANOTHER = "another"
        REFERRAL = "referral"

    LIVE = (State.PROPOSED, State.AGREED, State.RUNNING, State.PAUSED)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    wish = models.ForeignKey(CallWish, models.PROTECT, related_name="pairings")
    listener = models.ForeignKey(Listener, models.PROTECT, related_name="pairings")
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    listener_yes_at = models.DateTimeField(null=True)
    person_yes_at = models.DateTimeField(null=True)
    # Who of the team heard her yes; empty when she said it on her own page.
    person_yes_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    # The value of an RRULE (`lib.rhythm`), its first day, and the hour on the local clock; empty until it runs.
    rule = models.CharField(max_length=120, blank=True)
    first_day = models.DateField(null=True)
    at = models.TimeField(null=True)
    # The last day whose talk is planned, and when the next days are to be.
    planned_until = models.DateField(null=True)
    plan_at = models.DateTimeField(null=True)
    paused_until = models.DateField(null=True)
    created_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=8, choices=Why, blank=True)
    what_next = models.CharField(max_length=8, choices=Next, blank=True)
    # The last call, in which they said goodbye; empty where there was none.
    goodbye_on = models.DateField(null=True)
    scale = models.CharField(max_length=5, choices=Scale, default=Scale.WHO5)
    # When the supervisor was told that this listener cannot go on for now; a substitute is looked for.
    listener_gone_at = models.DateTimeField(null=True)
    # The key of its notebook, sealed by the installation's. Emptied, nothing of the notebook can be read any more.
    key = SealedText(blank=True)
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["plan_at"], condition=models.Q(plan_at__isnull=False), name="pairing_to_plan"
            ),
            models.Index(fields=["organisation", "state"], name="pairing_by_state"),
            models.Index(
                fields=["ended_at"],
                condition=models.Q(state="ended", emptied_at__isnull=True),
                name="pairing_to_empty",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["wish"], condition=~models.Q(state="ended"), name="pairing_live_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="ended", ended_at__isnull=False) & ~models.Q(why="")
                | ~models.Q(state="ended") & models.Q(ended_at=None, why=""),
                name="pairing_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state="running") | models.Q(plan_at=None),
                name="pairing_plans_while_running",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "ended"])
                | models.Q(listener_yes_at__isnull=False, person_yes_at__isnull=False),
                name="pairing_agreed_by_both",
            ),
        ]

    def __str__(self) -> str:
        return self.state

    @property
    def rhythm(self) -> Rhythm | None:
        """How often, which says itself in the reader's language; `None` until it is agreed."""
        return parse(self.rule) if self.rule else None


class Talk(models.Model):
    """One planned call.

    planned -> spoken | not_reached | postponed (another one is planned) | missed (nobody said anything) | dropped
    missed -> spoken | not_reached (said late)
    """

    class State(models.TextChoices):
        PLANNED = "planned"
        SPOKEN = "spoken"
        NOT_REACHED = "not_reached"
        POSTPONED = "postponed"
        MISSED = "missed"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="talks")
    at = models.DateTimeField()
    state = models.CharField(max_length=11, choices=State, default=State.PLANNED)
    minutes = models.PositiveSmallIntegerField(null=True)
    marked_at = models.DateTimeField(null=True)
    # When somebody is to be told that nothing was said of it: the listener first, then the supervisor.
    watch_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    # By what the two reach each other through the line (`telephony.Masked.about`), once the listener wanted to call.
    line = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["watch_at"], condition=models.Q(watch_at__isnull=False), name="talk_to_watch"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "at"], name="talk_once"),
            models.CheckConstraint(
                condition=models.Q(state="planned") | models.Q(watch_at=None), name="talk_watched_while_open"
            ),
        ]

    def __str__(self) -> str:
        return self.state


class StandIn(models.Model):
    """Somebody else calls her for some days: asked -> accepted | declined | ended before its time. Whoever
    said yes and cannot after all has declined.

    From the first day to the last one, and no longer, the stand-in sees the first name, the calls of these days and
    `note`, which was written for them. Never the notebook.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        ENDED = "ended"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="stand_ins")
    listener = models.ForeignKey(Listener, models.PROTECT, related_name="stands_in")
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    first_day = models.DateField()
    last_day = models.DateField()
    # The handover: what the stand-in needs to know for these days, and nothing else.
    note = SealedText(blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    # Whether a message could tell her who calls instead; if not, somebody says it to her by phone.
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pairing"], condition=models.Q(state__in=["asked", "accepted"]), name="stand_in_once"
            ),
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")), name="stand_in_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.state


class Entry(models.Model):
    """One note of a notebook. `sealed` opens with the key of its pairing only, through `companions.access`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="entries")
    talk = models.ForeignKey(Talk, models.SET_NULL, null=True, related_name="entries")
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sealed = models.TextField()

    def __str__(self) -> str:
        return str(self.at)


class Mood(models.Model):
    """How she said she was, on a scale. `sealed` as in `Entry`: the answers and the score (`companions.scales`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="moods")
    scale = models.CharField(max_length=5, choices=Pairing.Scale, default=Pairing.Scale.WHO5)
    at = models.DateTimeField()
    sealed = models.TextField()

    def __str__(self) -> str:
        return str(self.at)


class Glass(models.Model):
    """Somebody who must not read a notebook has opened it, and said why. Its listener and supervisor see that."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="glasses")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    reason = SealedText()
    at = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)


class Sign(models.Model):
    """What of a pairing made an alert climb: a worry, somebody not reached twice, or a notebook opened."""

    class What(models.TextChoices):
        WORRY = "worry"
        CHECK = "check"
        GLASS = "glass"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="signs")
    what = models.CharField(max_length=5, choices=What)
    alert = models.OneToOneField(Alert, models.CASCADE, related_name="sign")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.what


class Meeting(models.Model):
    """A supervision: a listener and a supervisor have spoken about how it goes. Supervisors alone read the notes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    listener = models.ForeignKey(Listener, models.CASCADE, related_name="meetings")
    supervisor = models.ForeignKey(Account, models.PROTECT, related_name="+")
    on = models.DateField()
    notes = SealedText(blank=True)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.on)
