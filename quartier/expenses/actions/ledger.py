"""What goes with every change: the line in the book, the audit entry, the open pages, the words to both sides."""

from typing import Any

from quartier.audit import actions as audit
from quartier.cases import actions as cases
from quartier.expenses.models import Expense, LedgerEntry
from quartier.lib import clock
from quartier.live import actions as live
from quartier.matching import actions as matching
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.visits.actions.ledger import first_name, whom_to_tell
from quartier.visits.actions.progress import lock as lock_visit

Party, Why = LedgerEntry.Party, LedgerEntry.Why


def lock(expense: Expense) -> Expense:
    """The expense with everything around it; its request's row is locked first (decision 0007)."""
    assignment = lock_visit(expense.assignment)
    locked = (
        Expense.objects.select_for_update(of=("self",))
        .select_related("organisation", "person", "volunteer__person")
        .get(pk=expense.pk)
    )
    locked.assignment = assignment
    return locked


def book(expense: Expense, source: str, target: str, cents: int, why: str) -> None:
    """Write a line: `cents` (any sign; none for 0) go from one to the other."""
    if cents == 0:
        return
    if cents < 0:
        source, target, cents = target, source, -cents
    LedgerEntry.objects.create(
        organisation_id=expense.organisation_id,
        expense=expense,
        source=source,
        target=target,
        cents=cents,
        why=why,
        at=clock.now(),
    )


def changed(actor: Actor, verb: str, expense: Expense, **details: Any) -> None:
    """Write down what was done, and tell the pages that show it."""
    audit.record(
        organisation_id=expense.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="expense",
        subject_id=expense.id,
        details={"cents": expense.cents, **details},
    )
    live.touch(
        expense.organisation_id,
        "money",
        *cases.topics_of(expense.assignment.request.case_id),
        f"volunteer:{expense.volunteer_id}",
    )


def ask(expense: Expense) -> bool:
    """Ask who is helped whether the amount is right. False: somebody must call."""
    to = whom_to_tell(expense.assignment)
    return _tell_helped(expense, to, "expense_asked", {"word": expense.word})


def told_of_payment(expense: Expense) -> None:
    """Who is helped hears that the money has come back, and can say that it has not."""
    _tell_helped(expense, whom_to_tell(expense.assignment), "expense_settled", {})


def decided(expense: Expense) -> None:
    """Both hear that a coordinator has decided."""
    _tell_helped(expense, whom_to_tell(expense.assignment), "expense_decided", {})
    tell_volunteer(expense, "expense_decided")


def _tell_helped(expense: Expense, to: Person, template: str, values: dict[str, Any]) -> bool:
    request = expense.assignment.request
    token = cases.issue_link(case=request.case, person=to)
    message = messaging.write(
        organisation=request.organisation,
        letter=Letter(
            to,
            template,
            _key(expense, template, "p"),
            {
                "name": first_name(expense.volunteer.person),
                "cents": expense.cents,
                "page": ("status", token),
                **cases.for_whom(request.case, to),
                **values,
            },
        ),
    )
    return message is not None


def tell_volunteer(expense: Expense, template: str) -> None:
    """Write to the volunteer; how things stand is on the page of the visit."""
    assignment = expense.assignment
    messaging.write(
        organisation=assignment.request.organisation,
        letter=Letter(
            assignment.volunteer.person,
            template,
            _key(expense, template, "v"),
            {
                "name": first_name(assignment.volunteer.person),
                "cents": expense.cents,
                "page": ("offer_link", matching.token_of(assignment.offer)),
            },
        ),
    )


def _key(expense: Expense, template: str, side: str) -> str:
    """Once for each time that the book was written in: asked again after a correction, it is a new message."""
    lines = LedgerEntry.objects.filter(expense=expense).count()
    return f"{template}:{side}:{expense.id}:{lines}"
