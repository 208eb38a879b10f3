"""What is to be bought, thing by thing, and what a household wishes each time."""

from django.db import models

from quartier.cases.models import Case, Request
from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.team.models import Account, Organisation
from quartier.visits.models import Assignment


class Household(models.Model):
    """What holds for every list of a household: allergies, and what is never to be bought."""

    class Consent(models.TextChoices):
        ORAL = "oral"
        OWN = "own"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    case = models.OneToOneField(Case, models.CASCADE, related_name="household_wishes")
    # Data about health: kept only with the explicit consent below (docs/decisions/0040), and gone with it.
    allergies = SealedText(blank=True)
    never = SealedText(blank=True)
    changed_at = models.DateTimeField()
    # How she agreed, to which words (`shopping.rules.CONSENT`), who noted it, when. '': there is no consent.
    consent = models.CharField(max_length=4, choices=Consent, blank=True)
    consent_script = models.CharField(max_length=40, blank=True)
    consent_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    consent_at = models.DateTimeField(null=True)
    # Since when allergies are deleted that had been kept: what was printed before is to be thrown away.
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(consent="", consent_script="", consent_at=None)
                | models.Q(consent_at__isnull=False) & ~models.Q(consent="") & ~models.Q(consent_script=""),
                name="allergies_with_consent",
            )
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class ShoppingList(models.Model):
    """The list of one request. `Request.details` says the same in lines, for whoever reads the request alone.

    What is ticked is of one visit (`visit`): who goes after another one begins anew.
    """

    class Substitutions(models.TextChoices):
        """If a thing is not there: something like it, a question first, or nothing."""

        YES = "yes"
        ASK = "ask"
        NO = "no"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    request = models.OneToOneField(Request, models.CASCADE, related_name="shopping_list")
    shop = SealedText(blank=True)
    # What it may cost at most, in cents of the euro; `None`: nothing was said beyond what a visit may cost.
    budget_cents = models.PositiveIntegerField(null=True)
    substitutions = models.CharField(max_length=3, choices=Substitutions, default=Substitutions.ASK)
    visit = models.ForeignKey(Assignment, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.request_id)


class Item(models.Model):
    """One thing on a list, as it was written (`2 loaves (grey)`), and what became of it in the shop."""

    class State(models.TextChoices):
        WANTED = "wanted"
        BOUGHT = "bought"
        MISSING = "missing"
        REPLACED = "replaced"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    list = models.ForeignKey(ShoppingList, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    words = SealedText()
    state = models.CharField(max_length=8, choices=State, default=State.WANTED)
    instead = SealedText(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "position"], name="item_place_once")]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.state}"
