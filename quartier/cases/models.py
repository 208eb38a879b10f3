"""A household's file, what it asks for, and the private links to follow it."""

from datetime import date, datetime

from django.db import models

from quartier.incidents.models import Incident
from quartier.intake.models import Contact
from quartier.lib import choices
from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.lib.rhythm import Rhythm, parse
from quartier.people.models import Person
from quartier.team.models import Account, Organisation


class Case(models.Model):
    """A household's file across contacts. `person` needs help, `asked_by` told us (often the same human)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    reference = models.CharField(max_length=8)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="cases_asked")
    relation = models.CharField(max_length=60, blank=True)
    # Whom we tell: the person herself, or who asked for her.
    tell_asker = models.BooleanField(default=False)
    address = SealedText(blank=True)
    access_notes = SealedText(blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    place_name = models.CharField(max_length=120, blank=True)
    cell = models.BigIntegerField()
    area = models.BigIntegerField(db_index=True)
    precision = models.CharField(max_length=12, default="locality")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="case_reference_once")
        ]

    def __str__(self) -> str:
        return self.reference


class CaseContact(models.Model):
    """A contact that concerns a case."""

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    case = models.ForeignKey(Case, models.CASCADE, related_name="case_contacts")
    contact = models.OneToOneField(Contact, models.CASCADE, related_name="case_contact")

    def __str__(self) -> str:
        return str(self.case_id)


class Series(models.Model):
    """One thing asked again and again. Each of its times becomes a request of its own, some days before.

    running <-> paused;  running | paused -> ended
    """

    class State(models.TextChoices):
        RUNNING = "running"
        PAUSED = "paused"
        ENDED = "ended"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    case = models.ForeignKey(Case, models.PROTECT, related_name="series")
    kind = models.CharField(max_length=10)
    details = SealedText(blank=True)
    languages = models.IntegerField()
    level = models.SmallIntegerField(default=0)
    needed = models.SmallIntegerField(default=1)
    # The value of an RRULE (`lib.rhythm`), its first day, and the hours on the local clock.
    rule = models.CharField(max_length=120)
    first_day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    last_day = models.DateField(null=True)
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    # A pause, from a day (empty: it has begun) until the one on which somebody comes again (empty: nobody knows yet).
    paused_from = models.DateField(null=True)
    paused_until = models.DateField(null=True)
    # The last day that has its request, or was left out.
    made_until = models.DateField(null=True)
    # When the next of its days gets one; nobody waits for that unless it runs.
    next_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="series_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="running") | models.Q(state="paused") | models.Q(next_at=None),
                name="series_ended_without_next",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rule}"

    def rests_on(self, day: date) -> bool:
        """Whether nobody needs to come on that day, since it is paused."""
        if self.state != self.State.PAUSED:
            return False
        has_begun = self.paused_from is None or self.paused_from <= day
        return has_begun and (self.paused_until is None or day < self.paused_until)

    @property
    def rhythm(self) -> Rhythm:
        """How often, which says itself in the reader's language."""
        return parse(self.rule)

    @property
    def what(self) -> choices.Kind:
        """The kind of help, with its name for a screen."""
        return choices.kind(self.kind)


class LeftOut(models.Model):
    """A day of a series on which nobody needs to come: "not this Tuesday"."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    series = models.ForeignKey(Series, models.CASCADE, related_name="left_out")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "day"], name="left_out_once")]

    def __str__(self) -> str:
        return str(self.day)


class Request(models.Model):
    """One thing asked. How it ended (`closure`) is apart from where it stands (`state`).

    open     neighbours are being asked; the matcher looks again at `next_at`
    human    a person of the team must act: every automatic step is used up, or something went wrong
    covered  as many neighbours as needed have said yes
    closed   over, with a closure; can be reopened
    """

    class State(models.TextChoices):
        OPEN = "open"
        HUMAN = "human"
        COVERED = "covered"
        CLOSED = "closed"

    class Closure(models.TextChoices):
        FULFILLED = "fulfilled"
        WITHDRAWN = "withdrawn"
        REFERRED = "referred"
        IMPOSSIBLE = "impossible"
        DUPLICATE = "duplicate"
        EXPIRED = "expired"  # its time was over, and whoever waited did not say that it is still needed
        NEGLECTED = "neglected"  # its time was over, and none of the team had answered whoever waited

    class Urgency(models.TextChoices):
        """`now`: within hours; `day`: today or tomorrow; `week`: this week; `any`: no hurry."""

        NOW = "now"
        DAY = "day"
        WEEK = "week"
        ANY = "any"

    class Why(models.TextChoices):
        """Why a human is needed. The first seven are how a search ends without a yes: each says what was so."""

        NOBODY = "nobody"  # neighbours were asked, and none said yes
        NONE_NEAR = "none_near"  # nobody lives near enough
        NONE_KIND = "none_kind"  # nobody near offers this kind of help
        NONE_FIT = "none_fit"  # somebody near offers it, but none of them has the language, the time, or a place left
        ASLEEP = "asleep"  # those who could be asked sleep
        BUDGET = "budget"  # those who could be asked have had as many offers today as was agreed
        TIME_OVER = "time_over"  # the time for which it was asked is over
        FAILED = "failed"
        MODERATION = "moderation"
        WORDS = "words"
        ASKED = "asked"
        PAIR = "pair"  # a first visit, and nobody experienced to go along

    SEARCH_ENDED = (
        Why.NOBODY,
        Why.NONE_NEAR,
        Why.NONE_KIND,
        Why.NONE_FIT,
        Why.ASLEEP,
        Why.BUDGET,
        Why.TIME_OVER,
    )
    # Those of them that another morning can change.
    SEARCH_CAN_RESUME = (Why.NOBODY, Why.ASLEEP, Why.BUDGET)
    # One of the team has not read or heard yet what it is about, so it is not over with its time.
    UNREAD = (Why.MODERATION, Why.WORDS, Why.ASKED)
    # Of these, its words.
    UNREAD_WORDS = (Why.MODERATION, Why.WORDS)

    class Pair(models.TextChoices):
        """Somebody new has said yes: `place`, one more than asked for is needed, who is experienced; `waived`: a
        coordinator lets them go without."""

        NONE = ""
        PLACE = "place"
        WAIVED = "waived"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    case = models.ForeignKey(Case, models.PROTECT, related_name="requests")
    # Of help that comes again: which of its days this is.
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="requests")
    day = models.DateField(null=True)
    # During which incident it was asked; empty where none ran.
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="requests")
    kind = models.CharField(max_length=10)
    details = SealedText(blank=True)
    # What was answered to the incident's questions, a line each, for whoever goes there.
    situation = SealedText(blank=True)
    urgency = models.CharField(max_length=4, choices=Urgency, default=Urgency.DAY)
    window_from = models.DateTimeField()
    window_until = models.DateTimeField()
    languages = models.IntegerField()
    level = models.SmallIntegerField(default=0)
    # Nobody has asked for it: a check-in sends a neighbour to the door. Whoever is there gets no words that are meant
    # for who asked, and everybody who goes to doors can be asked, whatever kinds of help they have ticked.
    unasked = models.BooleanField(default=False, db_default=False)
    needed = models.SmallIntegerField(default=1)
    accepted = models.SmallIntegerField(default=0)
    pair = models.CharField(max_length=6, choices=Pair, blank=True, default=Pair.NONE, db_default="")
    # The last free place is for somebody experienced; when a coordinator was told that nobody is found.
    for_experienced = models.BooleanField(default=False, db_default=False)
    pair_told_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    why_human = models.CharField(max_length=10, choices=Why, blank=True)
    closure = models.CharField(max_length=10, choices=Closure, blank=True)
    closure_note = SealedText(blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    # Where, as the engine sees it; copied from the case so that the matcher reads one row.
    cell = models.BigIntegerField()
    area = models.BigIntegerField()
    region = models.BigIntegerField()
    lat = models.FloatField()
    lon = models.FloatField()
    remote = models.BooleanField(default=False)
    radius_m = models.IntegerField()
    wave = models.SmallIntegerField(default=0)
    # First in the queue after a failure: 1, otherwise 0.
    priority = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    # Its time is days away, so neighbours are asked a few at a time; false again once that time is near.
    unhurried = models.BooleanField(default=False, db_default=False)
    # On which local day the search ended without a yes: another day has places again.
    search_ended_on = models.DateField(null=True)
    # When whoever waits was asked whether it is still needed, its time being over.
    asked_over_at = models.DateTimeField(null=True)
    # When we promised to give news: the clock on the board runs from `waiting_since` to here.
    promised_at = models.DateTimeField()
    # Since when they wait: since they asked, also where a yes falls away; or since it was opened again after its end.
    waiting_since = models.DateTimeField()
    # Since when it is looked for anew, where that is later.
    search_since = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Account, models.SET_NULL, null=True)
    created_at = models.DateTimeField()
    covered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened = models.SmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["-priority", "next_at"],
                condition=models.Q(state="open"),
                name="request_to_match",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(for_experienced=True, state="open"),
                name="request_for_experienced",
            ),
            models.Index(
                fields=["organisation", "state", "waiting_since"],
                condition=~models.Q(state="closed"),
                name="request_not_closed",
            ),
            # Everything that the board counts, so that it reads no row of what it only counts.
            models.Index(
                fields=[
                    "organisation",
                    "area",
                    "state",
                    "urgency",
                    "kind",
                    "languages",
                    "incident",
                    "promised_at",
                    "waiting_since",
                    "taken_by",
                    "id",
                ],
                condition=~models.Q(state="closed"),
                name="request_on_board",
            ),
            models.Index(fields=["organisation", "closed_at"], name="request_by_closing"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted__gte=0, accepted__lte=models.F("needed")),
                name="request_within_needed",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False) & ~models.Q(closure="")
                | ~models.Q(state="closed") & models.Q(closure=""),
                name="request_closed_with_closure",
            ),
            models.UniqueConstraint(
                fields=["series", "day"],
                condition=models.Q(series__isnull=False),
                name="request_once_a_day_of_series",
            ),
            # So "not closed" can be read from the index by closing, past a million closed ones.
            models.CheckConstraint(
                condition=models.Q(state="closed") | models.Q(closed_at=None),
                name="request_not_closed_without_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def searched_since(self) -> datetime:
        """Since when neighbours are looked for without anybody having said yes in between."""
        return self.search_since or self.waiting_since

    @property
    def kinds(self) -> int:
        """The kinds of help (bits) of which a neighbour must do one to be asked."""
        return choices.DOOR_KINDS if self.unasked else choices.kind(self.kind).mask

    @property
    def what(self) -> choices.Kind:
        """The kind of help, with its name for a screen."""
        return choices.kind(self.kind)


class StatusLink(models.Model):
    """A private link to a case's page. Its token is worked out from the id and a secret key, never stored;
    the hash finds the row. Revoked, it shows nothing more.

    One that went to the person's own number or address is `is_proven`. The one that is shown to whoever has filled in a
    form with a name and a number is not: it opens what was asked there, and nothing else of that person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    case = models.ForeignKey(Case, models.CASCADE, related_name="links")
    person = models.ForeignKey(Person, models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    is_proven = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.case_id)


class Note(models.Model):
    """What somebody of the team writes in the file."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    author = models.ForeignKey(Account, models.SET_NULL, null=True)
    words = SealedText()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)
