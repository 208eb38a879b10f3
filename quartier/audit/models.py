"""Who did what, and who looked at what: rows that are only added, and the seals that prove it.

The database itself refuses to change or delete entries and seals: triggers stand in migration 0002. A seal
names the entries that it covers, and contains the seal before it; its signature needs the installation's key,
so that somebody who can only write to the database cannot make the chain anew.

The organisation is a plain column, since this room stands beside `team` and knows nothing of it. Entries hold
identifiers, never names, numbers or addresses.
"""

from django.db import models
from django.db.models.functions import Now

from quartier.lib.ids import uuid7


class Kind(models.TextChoices):
    """Who acted: somebody signed in, the holder of a private link, or the machine."""

    ACCOUNT = "account"
    LINK = "link"
    SYSTEM = "system"


class Entry(models.Model):
    """One thing that was done or seen. `details`: short values by name, without personal data."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField()
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=7, choices=Kind)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "subject_id", "at"], name="audit_of_subject"),
            models.Index(fields=["organisation_id", "actor_id", "at"], name="audit_of_actor"),
            models.Index(fields=["organisation_id", "at"], name="audit_of_time"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind}"


class Unsealed(models.Model):
    """An entry that waits for its seal. Added with the entry, so that a late commit is not passed over."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True)
    organisation_id = models.UUIDField(db_index=True)
    since = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.entry_id)


class Seal(models.Model):
    """A link of one organisation's chain. `entries`: the ids that it covers, in order."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField()
    number = models.PositiveIntegerField()
    entries = models.JSONField()
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=43)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation_id", "number"], name="audit_one_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"


class Head(models.Model):
    """Where the chain of an organisation ends, signed: so that its end cannot be cut off unseen."""

    organisation_id = models.UUIDField(primary_key=True)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=43)

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"
