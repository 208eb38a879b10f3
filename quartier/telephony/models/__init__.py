"""The line as the database knows it. Call control (`quartier callcore`) writes here what happens, pages what is
wished; decision 0017 says who may write what."""

from django.db import models

from quartier.lib.fields import SealedJSON, SealedText
from quartier.lib.ids import uuid7
from quartier.people.models import Person
from quartier.team.models import Account, Organisation
from quartier.telephony.models.call_quality import CallQuality
from quartier.telephony.models.callbacks import Callback
from quartier.telephony.models.promises import BlockedNumber, BlockRequest, OwnPhoneCode, OwnPhoneUse
from quartier.telephony.models.sounds import OwnPrompt, Reading

__all__ = [
    "Audio",
    "BlockRequest",
    "BlockedNumber",
    "Call",
    "CallQuality",
    "Callback",
    "LineSettings",
    "Masked",
    "Operator",
    "OwnPhoneCode",
    "OwnPhoneUse",
    "OwnPrompt",
    "Reading",
    "Wish",
]


class LineSettings(models.Model):
    """What a group has chosen for its line. Without a row, the defaults are meant."""

    class EdgeTrouble(models.TextChoices):
        """`away`: the edge does not answer, nobody can call; `blind`: it does not let itself be asked, and so lets no
        call out; `core`: call control, which says the others, does not show itself."""

        AWAY = "away"
        BLIND = "blind"
        CORE = "core"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="line")
    # Closed by hand until this moment, whatever the hours say; and whether it answers on public holidays.
    closed_until = models.DateTimeField(null=True)
    open_on_holidays = models.BooleanField(default=True)
    longest_wait_s = models.PositiveIntegerField(default=900)
    ring_s = models.PositiveSmallIntegerField(default=20)
    at_once = models.PositiveSmallIntegerField(default=3)
    wrap_up_s = models.PositiveSmallIntegerField(default=60)
    # A call is recorded only where the group wants it and the caller has agreed with a key.
    records = models.BooleanField(default=False)
    keep_audio_days = models.PositiveSmallIntegerField(default=30)
    # Who was missed, and has a mobile, is told by text that we saw it; while waiting, a key asks for one.
    texts_missed = models.BooleanField(default=True, db_default=True)
    # What may be dialled, as beginnings of E.164 numbers, and how much a day (cents) outgoing calls may cost.
    may_dial = models.JSONField(default=list)
    daily_cents = models.PositiveIntegerField(default=500)
    # And how much (cents) operators' own phones may cost a day; then callers are offered to browsers alone.
    own_phone_cents = models.PositiveIntegerField(default=1000)
    # So many calls of ours go on at the same time, and one operator makes so many in an hour: what a stolen password
    # could dial has an end.
    max_calls_out = models.PositiveSmallIntegerField(default=20, db_default=20)
    max_calls_out_hour = models.PositiveSmallIntegerField(default=40, db_default=40)
    # Rings back at most so often, by rule, before a person decides.
    tries = models.PositiveSmallIntegerField(default=3)
    # Since when no call goes out: the line saw one at the carrier that it had not made. A person lifts it.
    dialling_stopped_at = models.DateTimeField(null=True)
    # What is the matter with the edge, as call control sees it, and since when it says so.
    edge_trouble = models.CharField(max_length=5, choices=EdgeTrouble, blank=True, default="", db_default="")
    edge_trouble_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.organisation_id)


class Call(models.Model):
    """One call. `id` is the name that call control gave it. The last two states of `callcore` count: what is live,
    and `ended`; then `outcome` says how, and each call has exactly one."""

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"  # an operator, or a message, calls somebody with the line's number
        MASKED = "masked"  # volunteer and person helped, through the line

    class Noted(models.TextChoices):
        REQUEST = "request"
        CALLBACK = "callback"
        REFERRED = "referred"
        LISTENED = "listened"  # they wanted to talk
        WRONG = "wrong"  # a wrong number
        HANDED = "handed"  # to a colleague, who says what came of it
        NOTHING = "nothing"  # more is needed

    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    direction = models.CharField(max_length=6, choices=Direction, default=Direction.IN)
    # E.164, empty when withheld.
    number = SealedText(blank=True)
    number_index = models.CharField(max_length=43, blank=True, db_index=True)
    # Blind index of the block of numbers (`rules.number_block`), by which a flood of invented numbers is noticed.
    block_index = models.CharField(max_length=43, blank=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="calls")
    language = models.CharField(max_length=2, blank=True)
    # Of `callcore.State`, as call control last said; `version` grows with each word: a late one changes nothing.
    state = models.CharField(max_length=12, default="menu")
    version = models.BigIntegerField(default=0)
    operator = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    began_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, blank=True)
    waited_s = models.FloatField(default=0)
    talked_s = models.FloatField(default=0)
    # Why whom we called, or the other one of a masked call, did not come, see `callcore.facts.Declined`; or why nobody
    # was put through, see `rules.MayNotDial`.
    failure = models.CharField(max_length=16, blank=True)
    # By which the minute of a masked call is paid, as `rules.destination` says; "" before anybody was rung.
    masked_destination = models.CharField(max_length=12, blank=True, default="", db_default="")
    # Since when it is settled whether this caller is written to by text.
    text_settled_at = models.DateTimeField(null=True)
    # The entry of the callback list on which this call is counted.
    callback = models.ForeignKey("Callback", models.SET_NULL, null=True, related_name="+")
    # They call since we had tried to call them back: their turn came before that of others.
    returns_our_call = models.BooleanField(default=False, db_default=False)
    # When the caller said with a key that they are worried about somebody. What came of it is a concern: it stands on
    # no list of calls to be rung back, and what was said is heard through the concern alone.
    worried_at = models.DateTimeField(null=True)
    # Of `callcore.Recording`; and while it goes on, when it would have begun, had it never rested.
    recording = models.CharField(max_length=7, blank=True)
    recording_since = models.DateTimeField(null=True)
    # What came of it: a code of `Noted`, or one of the group's own (`WrapUpCode`); and the newest words of its notes.
    noted = models.CharField(max_length=20, blank=True)
    note = SealedText(blank=True)

    # What this caller wanted is a concern, and nobody has spoken with them, or they have left a message: it is seen
    # through the concern alone, since whoever it is about may be one of us.
    CONCERN = models.Q(worried_at__isnull=False) & (
        models.Q(answered_at__isnull=True) | models.Q(outcome="voicemail")
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation"], condition=models.Q(ended_at__isnull=True), name="call_live"
            ),
            models.Index(fields=["organisation", "began_at"], name="call_by_time"),
            models.Index(
                fields=["block_index", "began_at"], condition=~models.Q(block_index=""), name="call_by_block"
            ),
            models.Index(
                fields=["ended_at"], condition=models.Q(worried_at__isnull=False), name="call_of_the_worried"
            ),
            models.Index(
                fields=["ended_at"],
                condition=models.Q(outcome__in=["abandoned", "written"], text_settled_at__isnull=True),
                name="call_to_text",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, outcome="")
                | models.Q(ended_at__isnull=False) & ~models.Q(outcome=""),
                name="call_ended_has_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.state}"


class WrapUpCode(models.Model):
    """A word for what came of a call, as the group has it: one of its own, or one of `Call.Noted` that was moved or
    switched off. Without a row, a code of `Call.Noted` is offered as it is. A code is never deleted: old calls have it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="wrap_up_codes")
    code = models.CharField(max_length=20)
    # By language; empty for a code of `Call.Noted`, whose words are ours.
    labels = models.JSONField(default=dict)
    place = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="wrap_up_code_once_a_group")
        ]

    def __str__(self) -> str:
        return self.code


class CallNote(models.Model):
    """What one operator says of a call. Call control makes the row when they get the call, so it also says who had it;
    it is saved while they type, and stays theirs when the call goes on to somebody else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    call = models.ForeignKey(Call, models.CASCADE, related_name="notes")
    account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    code = models.CharField(max_length=20, blank=True)
    # As it stands in the form: `service`, `note`, `at`, `day`; `due`, the moment that was promised (ISO 8601); `page`
    # and `revision`, which save of which page it was.
    answers = SealedJSON(default=dict)
    had_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)
    # The contact (`intake`) that holds the same words in the file of the caller.
    contact = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "account"], name="call_note_once_an_operator")]

    def __str__(self) -> str:
        return self.code

    @property
    def words(self) -> str:
        """What is read of it: the service somebody was referred to, and the note."""
        answers = self.answers or {}
        return ": ".join(part for part in (answers.get("service", ""), answers.get("note", "")) if part)


class Operator(models.Model):
    """Where an operator stands, as call control last said. `standing` is one of `callcore.Standing`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    account = models.OneToOneField(Account, models.CASCADE, related_name="on_the_line")
    standing = models.CharField(max_length=10, default="offline")
    reason = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    # When the time for the notes is over; empty while they write none.
    until = models.DateTimeField(null=True)
    # The call they are rung for or talk on.
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="+")
    own_phone = models.BooleanField(default=False)
    # As they said when they came on: codes, in their order.
    languages = models.JSONField(default=list)
    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.standing


class Wish(models.Model):
    """What somebody wants of call control: to be on, a pause, hold, a transfer, a call out. Written by a page, taken
    once by call control, and gone to its answer: `done`, or what spoke against it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    what = models.CharField(max_length=16)
    call = models.UUIDField(null=True)
    # Another account, a callback or a person, by what is wished.
    to = models.UUIDField(null=True)
    # `own_phone`, `languages`, a reason: what belongs to it, never a number.
    details = models.JSONField(default=dict)
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], condition=models.Q(taken_at__isnull=True), name="wish_to_take")
        ]

    def __str__(self) -> str:
        return self.what


class Audio(models.Model):
    """Something recorded: a message left, or a call where the caller agreed. Sealed (base64 of a WAV file); deleted on
    its day by a job, the row stays."""

    class Kind(models.TextChoices):
        MESSAGE = "message"
        CALL = "call"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    call = models.ForeignKey(Call, models.CASCADE, related_name="audio")
    kind = models.CharField(max_length=7, choices=Kind)
    # Of a call that was recorded, stopped, and recorded again.
    part = models.PositiveSmallIntegerField(default=1)
    sound = SealedText(blank=True)
    seconds = models.FloatField()
    # Nothing is heard in it (`rules.is_silent`). It is kept: somebody may not have been able to speak.
    is_silent = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField()
    delete_on = models.DateField()
    deleted_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    heard_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    # Written down by a machine, where the installation has one; so often it was tried, and when it is tried next.
    transcript = SealedText(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    write_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["write_at"], condition=models.Q(write_at__isnull=False), name="audio_to_write"
            ),
            models.Index(
                fields=["delete_on"], condition=models.Q(deleted_at__isnull=True), name="audio_to_delete"
            ),
            models.Index(fields=["organisation", "at"], name="audio_by_time"),
        ]
        constraints = [models.UniqueConstraint(fields=["call", "kind", "part"], name="audio_once_a_part")]

    def __str__(self) -> str:
        return f"{self.kind} {self.seconds:.0f} s"


class Masked(models.Model):
    """These two may call each other through the line while the visit goes on, and neither sees the other's number.

    `until`: over by then, also when nobody has said that the visit is.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    helper = models.ForeignKey(Person, models.CASCADE, related_name="+")
    helped = models.ForeignKey(Person, models.CASCADE, related_name="+")
    # The visit (assignment) that it is for.
    about = models.UUIDField(unique=True)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    # What the person helped may hear on the phone: `name` (the first one), `from`, `until` (ISO 8601), `remote` (they
    # call instead of coming). Never the code word.
    coming = SealedJSON(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=[side], condition=models.Q(ended_at__isnull=True), name=f"masked_{side}")
            for side in ("helper", "helped")
        ]

    def __str__(self) -> str:
        return "ended" if self.ended_at else "open"
