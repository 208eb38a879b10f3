"""What somebody is worried about: somebody of the team, a volunteer, a neighbour, a person who is helped, a partner, or
they do not know. It goes around whoever it is about (decision 0030)."""

from django.db import models

from quartier.alerts.models import Alert
from quartier.cases.models import Case
from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.people.models import Person, Volunteer
from quartier.team.models import Account, Organisation
from quartier.telephony.models import Call


class Concern(models.Model):
    """One concern. Where it stands is its alert's: open, taken, closed with words; it never closes by itself."""

    class About(models.TextChoices):
        TEAM = "team"
        VOLUNTEER = "volunteer"
        NEIGHBOUR = "neighbour"
        HELPED = "helped"
        PARTNER = "partner"
        UNKNOWN = "unknown"

    class By(models.TextChoices):
        """Who raised it. `anybody`: by the public page, without saying who they are; `phone`: by a key on the line;
        `writer`: in a text or a mail."""

        HELPED = "helped"
        VOLUNTEER = "volunteer"
        TEAM = "team"
        ANYBODY = "anybody"
        PHONE = "phone"
        WRITER = "writer"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    alert = models.OneToOneField(Alert, models.PROTECT, related_name="concern")
    about = models.CharField(max_length=9, choices=About, default=About.UNKNOWN)
    # Whom it is about, as far as is known: an account, a volunteer, somebody helped; or a name as it was said.
    account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    volunteer = models.ForeignKey(Volunteer, models.SET_NULL, null=True, related_name="+")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    named = SealedText(blank=True)
    # Where they can be found, as it was said: of somebody of whom there is no file.
    address = SealedText(blank=True)
    words = SealedText()
    # Who raised it, if they have said so, and how they can be reached; in which language.
    by = models.CharField(max_length=9, choices=By)
    by_person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    contact = SealedText(blank=True)
    language = models.CharField(max_length=2)
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="+")
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="+")
    # The link by which whoever raised it reads what came of it: worked out from the id, never stored.
    token_hash = models.CharField(max_length=64, unique=True)
    # What they may be told, once it is closed.
    answer = SealedText(blank=True)
    # A form without the proof of work: perhaps no person.
    unproven = models.BooleanField(default=False)
    raised_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)

    @property
    def has_page(self) -> bool:
        """Whether whoever raised it can read the answer: where they filled in the form, or by a message with its link.
        Who pressed a key on the phone and is not known to us cannot."""
        return self.by != self.By.PHONE or self.by_person_id is not None
