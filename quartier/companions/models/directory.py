"""The directory of professional services, and warm referrals to them."""

from django.db import models

from quartier.companions.models.programme import Pairing
from quartier.lib.ids import uuid7
from quartier.team.models import Account, Organisation


class Service(models.Model):
    """A professional service to refer people to: the core of Open Referral HSDS 3. Public facts only, hence unsealed.

    `languages`: BCP 47 codes; `phones`: `[{number, extension, description}]`; `places`: `[{name, address, city,
    postal_code, latitude, longitude}]`; `schedules`: `[{byday, opens_at, closes_at, description}]`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    # Its identifiers where it came from, by which it is known again.
    key = models.CharField(max_length=80)
    provider_key = models.CharField(max_length=80)
    provider = models.CharField(max_length=200)
    provider_about = models.TextField(blank=True)
    name = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=254, blank=True)
    # What it is about, as bits (`companions.hsds.KINDS`); whom it serves (no postcode: everybody), and what it costs.
    kinds = models.IntegerField(default=0)
    postcodes = models.JSONField(default=list)
    for_whom = models.TextField(blank=True)
    cost = models.TextField(blank=True)
    # When somebody last made sure that all of it is still so.
    checked_on = models.DateField(null=True)
    languages = models.JSONField(default=list)
    phones = models.JSONField(default=list)
    places = models.JSONField(default=list)
    schedules = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="service_once")]

    def __str__(self) -> str:
        return self.name


class Referral(models.Model):
    """A warm referral: she agreed, the service is called with her or for her, and this is what came of it.

    `called_at` empty: the listener has proposed it, and the supervisor is to call.
    """

    class Outcome(models.TextChoices):
        WAITS = "waits"
        TAKEN = "taken"
        FULL = "full"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="referrals")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    consent_at = models.DateTimeField()
    # The listener who proposed it; empty when the supervisor did it all.
    proposed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    called_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(null=True)
    # Whether they called together, she on the line.
    together = models.BooleanField(default=False)
    # She would like to have the number, and when it was written to her; empty: it is to be told to her aloud.
    wants_number = models.BooleanField(default=False)
    number_sent_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=7, choices=Outcome, default=Outcome.WAITS)
    outcome_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.outcome
