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
