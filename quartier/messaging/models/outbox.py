"""The outbox: what we tell people, written with the change that causes it, sent afterwards by a worker."""

from django.db import models

from quartier.lib.fields import SealedJSON, SealedText
from quartier.lib.ids import uuid7
from quartier.people.models import Person, Volunteer
from quartier.team.models import Account, Organisation


class Message(models.Model):
    """One message to one person. It ends as delivered, failed or cancelled, never silently.

    due -> sending -> sent | failed (tried to the end) | unknown (the provider did not say) -> sending again
    sent -> delivered (its provider says that it arrived) | failed (that it never will) | due (by another way)
    due | unknown -> cancelled (no longer true when its turn came, or nobody needs it after `not_after`)
    sending -> due (not tried after all) | unknown (its worker was lost)
    held -> due | gathered (went in the mail `digest`, whose state is its own) | cancelled
    gathered -> due (that mail was refused, and what stood in it goes on one by one)
    """

    class State(models.TextChoices):
        DUE = "due"
        SENDING = "sending"
        SENT = "sent"
        DELIVERED = "delivered"
        UNKNOWN = "unknown"
        FAILED = "failed"
        CANCELLED = "cancelled"
        HELD = "held"  # waits for the mail in which it stands with others
        GATHERED = "gathered"

    class Quiet(models.TextChoices):
        """Whose quiet hours it waits for: the person's own, or the organisation's where they have none."""

        OWN = "own"
        ALL = "all"

    # Nobody has tried to send it yet, as far as is known.
    WAITING = (State.DUE, State.UNKNOWN, State.HELD)
    GONE_OUT = (State.SENT, State.DELIVERED)
    # Nobody could read it.
    NEVER_CAME = (State.FAILED, State.CANCELLED)

    class Channel(models.TextChoices):
        EMAIL = "email"
        TEXT = "text"
        PUSH = "push"
        VOICE = "voice"  # read by the phone line
        TELEGRAM = "telegram"
        MATRIX = "matrix"

    # To who has linked a chat of theirs (`ChatLink`); `to` is then the person's id, as it is for a browser.
    CHATS = (Channel.TELEGRAM, Channel.MATRIX)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="messages")
    # The same key is never written twice: doing an action again writes no second message.
    key = models.CharField(max_length=120)
    template = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel)
    language = models.CharField(max_length=2)
    to = SealedText()
    subject = SealedText(blank=True)
    body = SealedText()
    # The values of its words, where they name a day: sent on another one, they are made again (`rewording`).
    made_of = SealedJSON(null=True)
    state = models.CharField(max_length=9, choices=State, default=State.DUE)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField(null=True)
    quiet = models.CharField(max_length=3, choices=Quiet, blank=True, default="", db_default="")
    # The mail in which it went with others.
    digest = models.ForeignKey("self", models.SET_NULL, null=True, related_name="gathered", db_index=False)
    # Tries that ended with an answer or without one; `losses`: workers that were lost while they had it.
    attempts = models.SmallIntegerField(default=0)
    losses = models.SmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    provider = models.CharField(max_length=20, blank=True)
    provider_reference = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=300, blank=True)
    # Channels and providers by which it was tried and refused before, with spaces between.
    tried_by = models.CharField(max_length=120, blank=True, default="", db_default="")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    # What its provider takes for it, in euros.
    cost = models.DecimalField(max_digits=8, decimal_places=4, default=0, db_default=0)
    # The number by which a message is answered with a key (read aloud) or a button (in a chat); `None` where it is
    # not.
    answer_code = models.PositiveSmallIntegerField(null=True)
    # Failed, and somebody of the team has seen to it: called instead, or nobody needs it any more.
    settled_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=models.Q(state__in=["due", "sending", "unknown"]),
                name="message_to_send",
            ),
            models.Index(fields=["not_before"], condition=models.Q(state="held"), name="message_held"),
            models.Index(
                fields=["digest"], condition=models.Q(digest__isnull=False), name="message_in_digest"
            ),
            models.Index(fields=["person", "created_at"], name="message_of_person"),
            models.Index(
                fields=["organisation", "created_at"],
                condition=models.Q(state="failed", settled_at__isnull=True),
                name="message_given_up",
            ),
            models.Index(
                fields=["organisation", "sent_at"], condition=models.Q(cost__gt=0), name="message_paid"
            ),
            models.Index(
                fields=["provider", "provider_reference"],
                condition=~models.Q(provider_reference=""),
                name="message_by_reference",
            ),
            models.Index(
                fields=["sent_at"],
                condition=models.Q(state="sent", provider="voice"),
                name="message_to_read",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="message_once"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.state}"


class PushSubscription(models.Model):
    """A browser in which somebody wants to be told things at once: where its push service takes them, sealed.

    `keys`: `p256dh` (the browser's public point) and `auth` (16 bytes), both base64url, as the browser gives them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="push_subscriptions")
    endpoint = SealedText()
    endpoint_index = models.CharField(max_length=43)
    keys = SealedJSON()
    language = models.CharField(max_length=2)
    device = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    # Since when its push service has taken nothing; `None` when the last one was taken.
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "endpoint_index"], name="push_once"),
        ]

    def __str__(self) -> str:
        return f"{self.device} {self.created_at}"


class SandboxDelivery(models.Model):
    """What a simulated phone or mailbox has received. `copy_of` is the message: two rows mean two copies."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE)
    copy_of = models.UUIDField(db_index=True)
    channel = models.CharField(max_length=8, choices=Message.Channel)
    to = SealedText()
    subject = SealedText(blank=True)
    body = SealedText()
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "person", "at"], name="sandbox_of_person")]

    def __str__(self) -> str:
        return f"{self.channel} {self.at}"


class Report(models.Model):
    """What a provider said later about a message. It may come twice, and before the send has returned: then nobody
    knows yet whose message it is. It holds nothing about anybody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.CharField(max_length=20)
    event = models.CharField(max_length=200)
    reference = models.CharField(max_length=200)
    arrived = models.BooleanField()
    error = models.CharField(max_length=300, blank=True)
    came_at = models.DateTimeField()
    # The message that it is about, once that is known.
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="reports")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event"], name="report_once")]
        indexes = [
            models.Index(
                fields=["provider", "reference"],
                condition=models.Q(message__isnull=True),
                name="report_early",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.arrived}"


class Received(models.Model):
    """What somebody has written to us, as it came. Whoever handles it says what it meant.

    new -> settled (understood, or put where a person of the team reads it)
    """

    class State(models.TextChoices):
        NEW = "new"
        SETTLED = "settled"

    class Meaning(models.TextChoices):
        YES = "yes"
        NO = "no"
        STOP = "stop"
        START = "start"
        WORDS = "words"  # for a person to read
        RELAYED = "relayed"  # passed on to the other one of a visit
        ROBOT = "robot"  # written by a machine: no answer

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    provider = models.CharField(max_length=20)
    event = models.CharField(max_length=200)
    channel = models.CharField(max_length=8)
    # As `people` writes numbers and addresses; "" where there is nothing to answer to.
    sender = SealedText(blank=True)
    sender_index = models.CharField(max_length=43, blank=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="received")
    body = SealedText()
    written_at = models.DateTimeField()
    came_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State, default=State.NEW)
    meaning = models.CharField(max_length=7, choices=Meaning, blank=True)
    # What it was about: an offer, an assignment, a case.
    about = models.UUIDField(null=True)
    answer = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(null=True)
    # Words, sender and person were taken out on this day; that something came is kept (`conversation.retention`).
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event"], name="received_once")]
        indexes = [
            models.Index(
                fields=["came_at"],
                condition=models.Q(state="settled", forgotten_at__isnull=True),
                name="received_to_forget",
            ),
            models.Index(fields=["came_at"], condition=models.Q(state="new"), name="received_new"),
            models.Index(fields=["organisation", "sender_index", "came_at"], name="received_from"),
            models.Index(fields=["person", "came_at"], name="received_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class ProviderState(models.Model):
    """How a provider does, as all workers know it. Without a row it does well. It holds nothing about anybody.

    `failures`: tries in a row that did not reach it; `broken_until`: left alone until then, afterwards one message is
    tried; `slow_until`: it answers, but so slowly that others go first.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=20, unique=True)
    failures = models.PositiveIntegerField(default=0)
    broken_until = models.DateTimeField(null=True)
    slow_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.failures}"


class PostSettings(models.Model):
    """What a group spends on messages, and how it sends them. Without a row, the defaults are meant."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="post")
    # Cents a day. What is urgent may take as much again.
    daily_cents = models.PositiveIntegerField(default=2000)
    # Whether the phone line reads messages to people who can only be called.
    reads_aloud = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return str(self.organisation_id)


class Code(models.Model):
    """The number by which somebody answers one of our texts ("YES 42"). Rows are overwritten once they are old.

    While `until` is not over, neither this phone number nor this person has the same number for anything else.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="answer_codes")
    phone_index = models.CharField(max_length=43)
    number = models.PositiveSmallIntegerField()
    # The offer that is answered.
    about = models.UUIDField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "phone_index", "number"], name="code_once_a_phone"
            ),
            models.UniqueConstraint(fields=["person", "number"], name="code_once_a_person"),
            models.UniqueConstraint(fields=["phone_index", "about"], name="code_one_for_each"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Stop(models.Model):
    """Somebody wants nothing more from us at this number or address (`index`: its keyed hash). Gone when they begin
    again. One STOP makes a row for each number and address of theirs, of the same `group`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    index = models.CharField(max_length=43)
    group = models.UUIDField()
    # The volunteer who takes a break because of it, and is back when it ends.
    paused = models.ForeignKey(Volunteer, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "index"], name="stop_once")]
        indexes = [models.Index(fields=["group"], name="stop_of_group")]

    def __str__(self) -> str:
        return str(self.at)


class OwnWords(models.Model):
    """What a group says instead of one of our templates (`wording`): in every language that it speaks, or in none."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="own_words")
    template = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    # As in `words.Words`; a part that ours has not is empty.
    text = models.TextField()
    subject = models.TextField()
    mail = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "template", "language"], name="own_words_once"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.language}"
