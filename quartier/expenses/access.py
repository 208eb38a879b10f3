"""The gate to money: who may see an amount, a receipt, an account. Each look at the last two is written down."""

import base64
from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404

from quartier.audit import actions as audit
from quartier.cases.models import StatusLink
from quartier.expenses import rules
from quartier.expenses.models import Expense, LedgerEntry, Payee, Receipt
from quartier.lib import clock
from quartier.people.access import looked
from quartier.team.access import TEAM, Actor
from quartier.visits.models import Assignment

# More than this nobody is shown at once.
MOST, MOST_OPEN = 20, 200
# Receipts that are there, without their pictures.
RECEIPTS = Prefetch(
    "receipts", Receipt.objects.filter(deleted_at=None).defer("picture").order_by("at", "pk"), to_attr="shown"
)


def expense_for(actor: Actor, expense_id: UUID) -> Expense:
    """The expense, for somebody of the team; raises `Http404`."""
    found = _expenses().filter(pk=expense_id, organisation=actor.organisation).first()
    if found is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "expense", found.id)
    return found


def open_ones(actor: Actor) -> list[Expense]:
    """Money that is not settled, the oldest first, for somebody of the team; raises `Http404`."""
    if not actor.has(*TEAM):
        raise Http404
    rows = (
        _expenses()
        .select_related("assignment__request__case__person", "assignment__request__case__asked_by")
        .filter(organisation=actor.organisation, state__in=Expense.OPEN)
        .order_by("said_at", "pk")[:MOST_OPEN]
    )
    found = list(rows)
    audit.record_all(
        organisation_id=actor.organisation.id,
        verb="expense.look",
        subject_kind="expense",
        about=[(actor.id, each.pk) for each in found],
    )
    return found


def of_visit(assignment: Assignment) -> Expense | None:
    """What was paid on this visit, for its volunteer; the visit passed its gate before."""
    return (
        with_laid_out(Expense.objects.filter(assignment=assignment))
        .exclude(state=Expense.State.CANCELLED)
        .prefetch_related(RECEIPTS)
        .first()
    )


def of_link(found: StatusLink) -> list[Expense]:
    """What the holder of a private link is asked about, or was lately; the newest first."""
    rows = _expenses().filter(
        organisation_id=found.organisation_id,
        assignment__request__case_id=found.case_id,
        state__in=[*Expense.BOOKED, Expense.State.CANCELLED],
        said_at__gt=clock.now() - rules.SHOWN,
        asked_at__isnull=False,
    )
    return list(rows.order_by("-said_at", "-pk")[:MOST])


def one_of_link(found: StatusLink, expense_id: UUID) -> Expense:
    """One of these; raises `Http404`."""
    one = next((each for each in of_link(found) if each.pk == expense_id), None)
    if one is None:
        raise Http404
    return one


def receipt_for_team(actor: Actor, receipt_id: UUID) -> Receipt:
    """Which receipt it is, for the page around its photograph; raises `Http404` as `picture_for_team` does."""
    rows = Receipt.objects.filter(organisation=actor.organisation, deleted_at=None).exclude(picture="")
    found = rows.defer("picture").filter(pk=receipt_id).first()
    if found is None or not actor.has(*TEAM):
        raise Http404
    found.expense = with_laid_out(Expense.objects.select_related("assignment")).get(pk=found.expense_id)
    return found


def picture_for_team(actor: Actor, receipt_id: UUID) -> bytes:
    """The photograph (JPEG), for somebody of the team; raises `Http404`, also once it is deleted."""
    if not actor.has(*TEAM):
        raise Http404
    return _picture(actor, Receipt.objects.filter(organisation=actor.organisation), receipt_id)


def picture_for_link(actor: Actor, found: StatusLink, receipt_id: UUID) -> bytes:
    """The photograph, for the holder of a private link: of what they are asked about."""
    mine = Receipt.objects.filter(expense__in=[each.pk for each in of_link(found)])
    return _picture(actor, mine, receipt_id)


def picture_for_volunteer(actor: Actor, assignment: Assignment, receipt_id: UUID) -> bytes:
    """The photograph, for who took it: while the visit goes on, or the money is not back."""
    mine = Receipt.objects.filter(expense__assignment=assignment)
    if assignment.state not in Assignment.ACTIVE:
        mine = mine.filter(expense__state__in=Expense.OPEN)
    return _picture(actor, mine, receipt_id)


def _picture(actor: Actor, allowed: QuerySet[Receipt], receipt_id: UUID) -> bytes:
    receipt = allowed.filter(pk=receipt_id, deleted_at=None).first()
    if receipt is None or not receipt.picture:
        raise Http404
    looked(actor, "receipt", receipt.id)
    return base64.b64decode(receipt.picture)


def account_to_pay(actor: Actor, expense: Expense) -> Payee | None:
    """Where this expense can be transferred to: while it is agreed and not paid. The look is written down."""
    if expense.state != Expense.State.AGREED or expense.owed_cents <= 0:
        return None
    payee = Payee.objects.filter(volunteer_id=expense.volunteer_id).first()
    if payee is not None:
        looked(actor, "payee", payee.id)
    return payee


def own_account(assignment: Assignment) -> Payee | None:
    """The volunteer's own account, for themselves."""
    return Payee.objects.filter(volunteer_id=assignment.volunteer_id).first()


def with_laid_out(rows: QuerySet[Expense]) -> QuerySet[Expense]:
    """Each with `laid_out_cents`: what the volunteer said was paid, before any decision; `None` where not booked, or
    not any more, since they correct it."""
    said = LedgerEntry.objects.filter(expense=OuterRef("pk"), why=LedgerEntry.Why.LAID_OUT)
    said = said.exclude(expense__state=Expense.State.ADVANCED)
    return rows.annotate(laid_out_cents=Subquery(said.order_by("-at", "-pk").values("cents")[:1]))


def _expenses() -> QuerySet[Expense]:
    return (
        with_laid_out(Expense.objects.all())
        .select_related(
            "organisation",
            "person",
            "volunteer__person",
            "assignment__request__case",
            "assignment__offer",
            "assignment__request__organisation",
        )
        .prefetch_related(RECEIPTS)
    )
