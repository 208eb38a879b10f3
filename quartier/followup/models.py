"""What people say afterwards, who was helped and who helped; and asking everybody of a list whether they are well."""

from django.db import models

from quartier.cases.models import Case, Request
from quartier.incidents.models import Incident
from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.people.models import Person
from quartier.team.models import Account, Organisation
from quartier.visits.models import Assignment


class AfterSettings(models.Model):
    """Whom a group asks afterwards, and when. Without a row, the defaults are meant."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="after")
    # Of a hundred visits so many are asked about; 0: nobody is asked.
    share = models.PositiveSmallIntegerField(default=100)
    # Hours after the visit, moved into the day.
    hours = models.PositiveSmallIntegerField(default=3)

    def __str__(self) -> str:
        return f"{self.share} % after {self.hours} h"


class FollowUp(models.Model):
    """One visit, and how it was for who was helped. Asked once; what is answered later replaces what was said.

    due -> asked -> answered | expired;  due | asked -> to_call (only a call is left) -> answered | expired
    due -> skipped (not in the sample, died, wants nothing from us, is still being helped);  expired -> answered
    """

    class State(models.TextChoices):
        DUE = "due"
        ASKED = "asked"
        TO_CALL = "to_call"
        ANSWERED = "answered"
        EXPIRED = "expired"
        SKIPPED = "skipped"

    class How(models.IntegerChoices):
        NOT_GOOD = 1
        GOOD = 2
        VERY_GOOD = 3

    class By(models.TextChoices):
        """How the answer came."""

        WEB = "web"
        TEXT = "text"
        VOICE = "voice"  # a key, on a message that was read
        CALL = "call"  # written down by one of the team

    OPEN = (State.ASKED, State.TO_CALL)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="follow_up")
    # Who is asked: who was helped, or who asked for her.
    person = models.ForeignKey(Person, models.CASCADE, related_name="follow_ups")
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.DUE)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    # What was said. `None`: nothing about that.
    happened = models.BooleanField(null=True)
    how = models.PositiveSmallIntegerField(choices=How, null=True)
    wants_call = models.BooleanField(default=False)
    words = SealedText(blank=True)
    by = models.CharField(max_length=5, choices=By, blank=True)
    answered_at = models.DateTimeField(null=True)
    # Something is not right; until somebody has looked after it, it stands first on the team's page.
    is_bad = models.BooleanField(default=False)
    looked_after_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    looked_after_at = models.DateTimeField(null=True)
    # Where only a call is left: who calls, until when it is theirs, and how often nobody answered.
    claimed_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="due"), name="follow_up_due"),
            models.Index(
                fields=["organisation", "due_at"],
                condition=models.Q(state="to_call"),
                name="follow_up_to_call",
            ),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(state__in=["asked", "to_call"]),
                name="follow_up_waiting",
            ),
            models.Index(
                fields=["organisation", "answered_at"],
                condition=models.Q(state="answered"),
                name="follow_up_answered",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="answered", answered_at__isnull=False)
                | ~models.Q(state="answered") & models.Q(answered_at=None),
                name="follow_up_answered_with_time",
            ),
        ]

    def __str__(self) -> str:
        return self.state


class HelperSays(models.Model):
    """How a visit was for the volunteer, if they like to say."""

    class How(models.TextChoices):
        GOOD = "good"
        FAIR = "fair"
        HARD = "hard"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="helper_says")
    how = models.CharField(max_length=4, choices=How)
    words = SealedText(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "at"], name="helper_says_at")]

    def __str__(self) -> str:
        return self.how


class Member(models.Model):
    """Somebody who agreed to be called in a heatwave, a blackout or a lockdown: who noted it, how they agreed, when.

    `occasions` are bits (`followup.rules.OCCASIONS`). Where there is no file, the place stands here.
    """

    class Consent(models.TextChoices):
        CALL = "call"
        FORM = "form"  # themselves, on their own page
        PAPER = "paper"
        DOOR = "door"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="check_in_members")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="check_in_members")
    occasions = models.PositiveSmallIntegerField()
    consent = models.CharField(max_length=5, choices=Consent)
    consented_on = models.DateField()
    noted_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    # What whoever calls or knocks should know: a lift, oxygen.
    notes = SealedText(blank=True)
    address = SealedText(blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    place_name = models.CharField(max_length=120, blank=True)
    cell = models.BigIntegerField(null=True)
    left_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "person"], name="member_once")]

    def __str__(self) -> str:
        return str(self.person_id)


class Campaign(models.Model):
    """Asking everybody of a list whether they are well. One at a time for each occasion.

    running <-> paused;  running | paused -> ended (by the team, or when nobody is left to ask)
    """

    class State(models.TextChoices):
        RUNNING = "running"
        PAUSED = "paused"
        ENDED = "ended"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    occasion = models.CharField(max_length=8)
    # From which incident it was begun, if it was.
    incident = models.ForeignKey(Incident, models.SET_NULL, null=True, related_name="campaigns")
    # Only these postcodes; empty: everywhere.
    postcodes = models.JSONField(default=list)
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    # How often somebody is written to before one of the team calls, and minutes for an answer at each step.
    asks = models.PositiveSmallIntegerField(default=2)
    answer_minutes = models.PositiveSmallIntegerField(default=120)
    call_minutes = models.PositiveSmallIntegerField(default=120)
    knock_minutes = models.PositiveSmallIntegerField(default=180)
    # So many are asked in a minute, at most.
    per_minute = models.PositiveSmallIntegerField(default=20)
    # When the next ones are asked; `None` when everybody was.
    next_at = models.DateTimeField(null=True)
    # When coordinators were last told of people to call, and of people who were not reached.
    calls_told_at = models.DateTimeField(null=True)
    unreached_told_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "occasion"],
                condition=~models.Q(state="ended"),
                name="campaign_one_for_each_occasion",
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="running"), name="campaign_running"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} {self.state}"


class News(models.Model):
    """Telling those who were helped before that an incident has begun and what is offered: once for each incident.

    running -> done | stopped (by the team, or the incident has ended)
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    incident = models.OneToOneField(Incident, models.CASCADE, related_name="news")
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    # Up to which person it has come, by id; how many were written to; when the next ones are.
    told_to = models.UUIDField(null=True)
    written = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="running"), name="news_running"),
        ]

    def __str__(self) -> str:
        return self.state


class CheckIn(models.Model):
    """One person in a campaign: are they well?

    waiting -> asked -> asked (again) -> calling -> knocking -> alerted: the ladder, while nobody answers
    any of these, knocked, fine -> needs_help; all but needs_help -> fine
    knocking -> knocked (a neighbour was there) | alerted;  needs_help -> fine (one of the team has seen to it)
    waiting | asked | calling -> ended (the campaign is over, they died or agree no more) | alerted (the team ended it,
    and calls them)
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        ASKED = "asked"
        CALLING = "calling"
        KNOCKING = "knocking"
        ALERTED = "alerted"
        KNOCKED = "knocked"
        FINE = "fine"
        NEEDS_HELP = "needs_help"
        ENDED = "ended"

    CLIMBING = (State.WAITING, State.ASKED, State.CALLING, State.KNOCKING)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="check_ins")
    member = models.ForeignKey(Member, models.CASCADE, related_name="check_ins")
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked = models.PositiveSmallIntegerField(default=0)
    # When the next step of the ladder is taken; nobody waits for that at its end.
    next_at = models.DateTimeField(null=True)
    # Since when nobody has answered.
    since = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=5, choices=FollowUp.By, blank=True)
    words = SealedText(blank=True)
    # The knock on the door, or the help that is needed.
    request = models.ForeignKey(Request, models.SET_NULL, null=True, related_name="check_ins")
    claimed_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # When the heads are told too that they were not reached, while nobody closes it.
    escalate_at = models.DateTimeField(null=True)
    # Of which state the team was told last: one of us should call, or they were not reached.
    told_state = models.CharField(max_length=10, choices=State, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["campaign"],
                condition=models.Q(state__in=["calling", "alerted"])
                & ~models.Q(told_state=models.F("state")),
                name="check_in_to_tell",
            ),
            models.Index(
                fields=["campaign", "next_at"],
                condition=models.Q(next_at__isnull=False),
                name="check_in_to_climb",
            ),
            models.Index(fields=["organisation", "state"], name="check_in_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "member"], name="check_in_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "asked", "calling", "knocking"])
                | models.Q(next_at=None),
                name="check_in_over_without_next",
            ),
        ]

    def __str__(self) -> str:
        return self.state
