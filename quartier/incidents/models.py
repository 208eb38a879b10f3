"""Incidents: a crisis or a campaign for which an organisation helps, from its opening to its end."""

from django.db import models
from django.utils.translation import get_language

from quartier.incidents.shipped import TEMPLATES, Template
from quartier.lib.ids import uuid7
from quartier.team.models import Account, Organisation


class Incident(models.Model):
    """One incident; several may run at once. Runs while `ended_at` is empty.

    `names`, `sentences`: own words by language (`{"fr": "Inondations de juillet"}`), else the template's. `kinds`:
    codes of the kinds of help offered, in the order of the page.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    template = models.CharField(max_length=10)
    names = models.JSONField(default=dict)
    sentences = models.JSONField(default=dict)
    kinds = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="incidents_opened")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "-opened_at"],
                condition=models.Q(ended_at__isnull=True),
                name="incident_running",
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.opened_at}"

    @property
    def shipped(self) -> Template:
        """The template it was opened from: its questions, its lines, its rules at the door."""
        return TEMPLATES[self.template]

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.names.get((get_language() or "en")[:2]) or str(self.shipped.name)

    @property
    def sentence(self) -> str:
        """For the first page, in the reader's language."""
        return self.sentences.get((get_language() or "en")[:2]) or str(self.shipped.sentence)


class Feed(models.Model):
    """An address from which alerts are read every ten minutes. `etag`, `modified`: what the last answer said, so that
    an unchanged one is not sent again; `seen`: the messages of an Atom or RSS feed that were read; `problem`: what was
    wrong the last time, as a code of `cap.fetching`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    address = models.CharField(max_length=300)
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=60, blank=True)
    seen = models.JSONField(default=list)
    read_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "address"], name="feed_once")]

    def __str__(self) -> str:
        return self.address


class Proposal(models.Model):
    """An alert of an authority that speaks of a template. It opens nothing: the head does, or sets it aside.

    open -> opened | dismissed | replaced (an update came) | withdrawn (cancelled, or over for us)
    """

    class State(models.TextChoices):
        OPEN = "open"
        OPENED = "opened"
        DISMISSED = "dismissed"
        REPLACED = "replaced"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    sender = models.CharField(max_length=250)
    identifier = models.CharField(max_length=250)
    sent_at = models.DateTimeField()
    template = models.CharField(max_length=10)
    headlines = models.JSONField(default=dict)
    areas = models.CharField(max_length=300, blank=True)
    expires_at = models.DateTimeField()
    # Whether a signature stood in it, which nobody has checked.
    signed = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(Account, models.SET_NULL, null=True)
    incident = models.ForeignKey(Incident, models.SET_NULL, null=True, related_name="proposals")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sender", "identifier"], name="proposal_once")
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.state}"

    @property
    def shipped(self) -> Template:
        """The template that it proposes."""
        return TEMPLATES[self.template]

    @property
    def headline(self) -> str:
        """In the reader's language, else in the first one; else the name of the template."""
        here = (get_language() or "en")[:2]
        return self.headlines.get(here) or next(iter(self.headlines.values()), str(self.shipped.name))
