"""How somebody reached us: contacts, and the drafts of what is still being typed."""

from django.db import models

from quartier.lib.fields import SealedJSON, SealedText
from quartier.lib.ids import uuid7
from quartier.people.models import Person
from quartier.team.models import Account, Organisation
from quartier.telephony.models import Call


class Contact(models.Model):
    """One interaction: a call, a form, a text, a referral, a post."""

    class Channel(models.TextChoices):
        WEB = "web"
        PHONE = "phone"
        TEXT = "text"
        PARTNER = "partner"
        POST = "post"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="contacts")
    channel = models.CharField(max_length=7, choices=Channel)
    language = models.CharField(max_length=2)
    words = SealedText(blank=True)
    taken_by = models.ForeignKey(Account, models.SET_NULL, null=True)
    # How consent was given: the version of the words shown or read, and whether it was spoken.
    consent = models.CharField(max_length=40, blank=True)
    consent_spoken = models.BooleanField(default=False)
    # Without the proof of work a form waits for a human glance before neighbours are asked.
    moderated = models.BooleanField(default=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.channel} {self.at}"


class Draft(models.Model):
    """What somebody has typed so far. Survives a refresh, a crash and a lost session; becomes one result, once."""

    class Form(models.TextChoices):
        ASK = "ask"
        JOIN = "join"
        INTAKE = "intake"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    form = models.CharField(max_length=6, choices=Form)
    account = models.ForeignKey(Account, models.CASCADE, null=True)
    # The call during which it is typed. It goes with the call when that is handed over, and stays when it is cut off.
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="drafts")
    answers = SealedJSON(default=dict)
    # Counts the saves, so that an older tab cannot overwrite what a newer one has saved.
    version = models.IntegerField(default=0)
    # Which page saved last, by a name that it gives itself, and the number of that save of its: two saves of one page
    # may arrive in the wrong order.
    page = models.CharField(max_length=24, default="", blank=True)
    revision = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    # The case or volunteer that it became.
    result = models.UUIDField(null=True)
    # The token of the status page, so that sending the form again shows the same page. Sealed with the answers.
    receipt = SealedJSON(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "submitted_at"], name="draft_of_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["call"],
                condition=models.Q(call__isnull=False, submitted_at__isnull=True),
                name="draft_once_a_call",
            )
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.updated_at}"
