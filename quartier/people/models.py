"""Every human we hold data about. Requester, person helped and volunteer are roles of a `Person`."""

from datetime import time

from django.db import models
from django.db.models.lookups import GreaterThan

from quartier.lib.choices import ALL_SLOTS, RARE_TONGUES
from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.team.models import Account, Organisation


class Person(models.Model):
    """One human. Names and numbers are sealed; `*_index` are keyed hashes by which they are found again."""

    class Channel(models.TextChoices):
        """How somebody wants to be told things. `call`: somebody of the team rings."""

        EMAIL = "email"
        TEXT = "text"
        CALL = "call"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="people")
    account = models.OneToOneField(Account, models.SET_NULL, null=True, related_name="person")
    name = SealedText(blank=True)
    phone = SealedText(blank=True)
    phone_index = models.CharField(max_length=43, blank=True, db_index=True)
    # The number, as `phone_index` has it, of which they have shown that it is theirs: a code reached them there. One
    # that is changed has another index, and so is unproven by itself.
    proven_phone_index = models.CharField(max_length=43, blank=True, default="", db_default="")
    email = SealedText(blank=True)
    email_index = models.CharField(max_length=43, blank=True, db_index=True)
    language = models.CharField(max_length=2, default="fr")
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.CALL)
    # A phone that others use too: no details to whoever picks up.
    phone_is_shared = models.BooleanField(default=False)
    # One of the team has heard so from them. A form can be filled in by anybody, with anybody's number.
    sharing_noted_by_team = models.BooleanField(default=False, db_default=False)
    # We were told that this person has died: from then on nothing is written to them, and nobody asks for them.
    died_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_phone_proven(self) -> bool:
        """Whether it is known that the number they have now is theirs."""
        return bool(self.phone_index) and self.phone_index == self.proven_phone_index


# Who can be asked at all, and which of them speak a language beside those that nearly everybody speaks.
FREE = models.Q(state="active", open_count__lt=models.F("capacity"))
RARE_TONGUE = models.Q(GreaterThan(models.F("languages").bitand(RARE_TONGUES), 0))
# What the search looks at besides place and order.
SEARCHED = [
    *("kinds", "languages", "slots", "radius_m", "level"),
    *("budget", "asked_on", "asked_count", "habit_m", "person", "open_count", "capacity"),
]


class Volunteer(models.Model):
    """Somebody who helps neighbours: what, when, how far. Sets are bits, see `lib.choices`.

    `cell`, `area` and `region` are H3 cells of resolution 9, 7 and 5; `lat` and `lon` the centre of `cell`, `strip`
    the strip of latitude in which it lies (`lib.cells.strip_of`).
    """

    class State(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"
        LEFT = "left"
        SUSPENDED = "suspended"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="volunteers")
    person = models.OneToOneField(Person, models.PROTECT, related_name="volunteer")
    state = models.CharField(max_length=9, choices=State, default=State.ACTIVE)
    paused_until = models.DateField(null=True)
    kinds = models.IntegerField()
    languages = models.IntegerField()
    slots = models.IntegerField(default=ALL_SLOTS)
    # How they get around; '' until they have said it: joining does not ask.
    travel = models.CharField(max_length=4, default="foot")
    radius_m = models.IntegerField(default=3000)
    level = models.SmallIntegerField(default=0)
    capacity = models.SmallIntegerField(default=1)
    open_count = models.SmallIntegerField(default=0)
    # How often asked on the day `asked_on`, and how often a day this one agrees to be asked.
    budget = models.SmallIntegerField(default=2)
    asked_on = models.DateField(null=True)
    asked_count = models.SmallIntegerField(default=0)
    asked_total = models.IntegerField(default=0)
    accepted_total = models.IntegerField(default=0)
    done_total = models.IntegerField(default=0)
    # Of those that were done, the ones at a door.
    doors = models.PositiveIntegerField(default=0, db_default=0)
    # Learnt from this one's own answers (matching.likelihood): how likely a yes is at the door, `None` until
    # something is known; offers and yeses that this was learnt from; and the metres added when neighbours are
    # ranked, so that who seldom says yes is asked after somebody who lives so much farther away. Never negative.
    likelihood = models.FloatField(null=True)
    offers_lately = models.PositiveSmallIntegerField(default=0, db_default=0)
    yes_lately = models.PositiveSmallIntegerField(default=0, db_default=0)
    habit_m = models.PositiveIntegerField(default=0, db_default=0)
    # Whether their page shows the dates worth remembering ("Ten doors").
    shows_milestones = models.BooleanField(default=True, db_default=True)
    postcode = models.CharField(max_length=12, blank=True)
    place_name = models.CharField(max_length=120, blank=True)
    cell = models.BigIntegerField()
    area = models.BigIntegerField()
    region = models.BigIntegerField()
    strip = models.IntegerField()
    lat = models.FloatField()
    lon = models.FloatField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            # What the search reads (matching.queries): whoever can take one more visit, with every column that it
            # asks for, so that it reads these alone and never the table. Two orders: by place, and those asked
            # least first, for help by phone. Who speaks a language that few speak stands in two more, much smaller.
            *(
                models.Index(fields=["organisation", *order, *SEARCHED], condition=which, name=f"{name}{few}")
                for name, order in (
                    ("volunteer_by_place", ["strip", "lon", "lat", "id"]),
                    ("volunteer_by_rest", ["asked_total", "id"]),
                )
                for few, which in (("", FREE), ("_tongue", FREE & RARE_TONGUE))
            ),
            # The map counts who is free by neighbourhood.
            models.Index(fields=["organisation", "area"], condition=FREE, name="volunteer_free_by_area"),
            # The console's list, page by page, of those who are suspended or on a break.
            models.Index(fields=["organisation", "state", "id"], name="volunteer_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(open_count__gte=0, open_count__lte=models.F("capacity")),
                name="volunteer_within_capacity",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Wishes(models.Model):
    """How and when somebody wants to be told things. Without a row, the defaults are meant (`people.rules`).

    `order`: codes of `rules.CHANNELS`, the first first; one that is not named keeps its usual place. `quiet_from`,
    `quiet_until`: hours of their own in which nothing reaches them that can wait, on the organisation's clocks; they
    may pass over midnight. `urgent`: who helps, and may be asked in them all the same when somebody needs help at
    once. `rhythm`: whether mails come one by one or together; `daily_at`: the hour of the one mail a day.
    """

    class Rhythm(models.TextChoices):
        EACH = "each"
        FEW = "few"
        DAILY = "daily"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.OneToOneField(Person, models.CASCADE, related_name="wishes")
    order = models.JSONField(default=list)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    urgent = models.BooleanField(default=False)
    rhythm = models.CharField(max_length=5, choices=Rhythm, default=Rhythm.EACH)
    daily_at = models.TimeField(default=time(18))
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="wishes_from_and_until",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class Away(models.Model):
    """A volunteer is not there from one day to another, both included, on the organisation's calendar."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="away")
    starts_on = models.DateField()
    ends_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_on"], name="away_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="away_not_backwards"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.ends_on}"


class Exclusion(models.Model):
    """These two are never brought together: one of them asked, or somebody decided."""

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="exclusions")
    person = models.ForeignKey(Person, models.CASCADE, related_name="exclusions")
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["volunteer", "person"], name="exclusion_once")]

    def __str__(self) -> str:
        return f"{self.volunteer_id} / {self.person_id}"


class SignInCode(models.Model):
    """A code sent to somebody who wants to sign in, kept as a keyed hash (`people.codes`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=64)
    tries = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)
