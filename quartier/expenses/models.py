"""Money that a volunteer lays out for somebody, until it is back: amount, receipt, who agreed, and the book."""

from django.db import models

from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.lib.names import first_name_in
from quartier.people.models import Person, Volunteer
from quartier.team.models import Account, Organisation
from quartier.visits.models import Assignment


class Expense(models.Model):
    """What one volunteer paid for one person on one visit. Amounts are whole cents of the euro.

    advanced   the volunteer has written an amount; nobody is asked yet, and it can still be corrected
    asked      the volunteer has confirmed it; who is helped must agree
    agreed     both agree; the money is on its way back
    settled    nobody owes anybody anything any more
    disputed   one of them sees it otherwise; a coordinator decides
    cancelled  there was nothing to pay

    `cents` is what the volunteer laid out, `paid_cents` what came back from the person, `fund_cents` what the group
    bore. The volunteer still gets `cents - paid_cents - fund_cents`; below 0, they give that back. `lost_cents`: what
    the group gave back to the person because the volunteer did not.
    """

    class State(models.TextChoices):
        ADVANCED = "advanced"
        ASKED = "asked"
        AGREED = "agreed"
        SETTLED = "settled"
        DISPUTED = "disputed"
        CANCELLED = "cancelled"

    class Way(models.TextChoices):
        """How the money came back."""

        CASH = "cash"
        TRANSFER = "transfer"
        FUND = "fund"

    class Agreed(models.TextChoices):
        """How who is helped agreed: on the page, by the word that the volunteer was told, by a call, or a coordinator
        decided."""

        PAGE = "page"
        WORD = "word"
        CALL = "call"
        DECIDED = "decided"

    # The amount counts: against the caps, and in what is watched.
    COUNTS = (State.ADVANCED, State.ASKED, State.AGREED, State.SETTLED, State.DISPUTED)
    OPEN = (State.ADVANCED, State.ASKED, State.AGREED, State.DISPUTED)
    # The volunteer has confirmed it: it is in the book.
    BOOKED = (State.ASKED, State.AGREED, State.SETTLED, State.DISPUTED)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="expenses")
    person = models.ForeignKey(Person, models.PROTECT, related_name="expenses")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="expenses")
    cents = models.PositiveIntegerField()
    paid_cents = models.PositiveIntegerField(default=0)
    fund_cents = models.PositiveIntegerField(default=0)
    lost_cents = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State, default=State.ADVANCED)
    way = models.CharField(max_length=8, choices=Way, blank=True)
    agreed_by = models.CharField(max_length=7, choices=Agreed, blank=True)
    # What who is helped says to the volunteer when the amount is right; and how often something else was said.
    word = SealedText(blank=True)
    word_tries = models.PositiveSmallIntegerField(default=0)
    # What was said when it was disputed, or on the telephone; and what a coordinator decided, for both to read.
    words = SealedText(blank=True)
    decision = SealedText(blank=True)
    disputed_by = models.CharField(max_length=9, blank=True)
    said_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Whether who is helped could be written to; else somebody calls.
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Only somebody who decides can say that it was nothing at all.
            models.CheckConstraint(
                condition=models.Q(cents__gt=0) | ~models.Q(state__in=["advanced", "asked"]),
                name="expense_above_zero",
            ),
            # One visit, one amount: what is bought in two shops is added up.
            models.UniqueConstraint(
                fields=["assignment"], condition=~models.Q(state="cancelled"), name="expense_once_a_visit"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="settled")
                | models.Q(cents=models.F("paid_cents") + models.F("fund_cents")),
                name="expense_settled_is_paid",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "said_at"], name="expense_of_person"),
            models.Index(fields=["organisation", "said_at"], name="expense_by_time"),
            models.Index(
                fields=["organisation", "state"],
                condition=models.Q(state__in=["advanced", "asked", "agreed", "disputed"]),
                name="expense_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.cents}"

    @property
    def owed_cents(self) -> int:
        """What the volunteer still gets; below 0: what they give back."""
        return self.cents - self.paid_cents - self.fund_cents

    @property
    def gives_back(self) -> int:
        """What the volunteer gives back, in cents."""
        return max(0, -self.owed_cents)

    @property
    def first_name(self) -> str:
        """How the volunteer is called in front of who is helped."""
        return first_name_in(self.volunteer.person.name)


class Receipt(models.Model):
    """A photograph of a receipt. Re-encoded, sealed (base64 of a JPEG); deleted on its day by a job, the row stays.

    `fingerprint`: a keyed hash of what the picture looks like, by which the same one is found again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    expense = models.ForeignKey(Expense, models.CASCADE, related_name="receipts")
    picture = SealedText(blank=True)
    fingerprint = models.CharField(max_length=43, blank=True)
    at = models.DateTimeField()
    delete_on = models.DateField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["delete_on"], condition=models.Q(deleted_at__isnull=True), name="receipt_to_delete"
            ),
        ]

    def __str__(self) -> str:
        return str(self.expense_id)


class LedgerEntry(models.Model):
    """One line of the book: cents go from one account to another. Nothing in it is changed or deleted, what was wrong
    is put right by a further line. It names nobody: who they are is in the expense."""

    class Party(models.TextChoices):
        PERSON = "person"
        VOLUNTEER = "volunteer"
        FUND = "fund"

    class Why(models.TextChoices):
        LAID_OUT = "laid_out"
        CORRECTED = "corrected"
        PAID_BACK = "paid_back"
        GIVEN_BACK = "given_back"
        COVERED = "covered"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    expense = models.ForeignKey(Expense, models.PROTECT, related_name="entries")
    source = models.CharField(max_length=9, choices=Party)
    target = models.CharField(max_length=9, choices=Party)
    cents = models.PositiveIntegerField()
    why = models.CharField(max_length=10, choices=Why)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="ledger_above_zero"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="ledger_from_one_to_another"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "at"], name="ledger_by_time")]

    def __str__(self) -> str:
        return f"{self.source} -> {self.target} {self.cents}"


class Payee(models.Model):
    """Where a volunteer wants transfers to go, if they do: an account, by IBAN, and whose it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    volunteer = models.OneToOneField(Volunteer, models.CASCADE, related_name="payee")
    iban = SealedText()
    holder = SealedText()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.volunteer_id)


class Looked(models.Model):
    """A coordinator has looked at something odd: it is not shown again until more of it happens."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    key = models.CharField(max_length=120)
    account = models.ForeignKey(Account, models.SET_NULL, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="oddity_looked_at_once")]

    def __str__(self) -> str:
        return self.key
