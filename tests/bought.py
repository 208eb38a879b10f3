"""Something that was paid, planted for tests of who may see it."""

from typing import Any

from quartier.expenses import actions as expenses
from quartier.expenses.pictures import Picture
from quartier.matching import actions as matching
from quartier.team.access import of_account, system
from quartier.visits import actions as visits


def bought(actor: Any, assignment: Any) -> dict[str, Any]:
    """The volunteer has paid something, with a receipt, and who is helped is asked whether it is right."""
    picture = Picture(b"\xff\xd8\xff", "0123456789abcdef")
    expense = expenses.paid_in_shop(actor=actor, assignment=assignment, cents=1250, pictures=(picture,))
    expenses.confirm(actor=actor, expense=expense)
    return {"expense_id": expense.pk, "receipt_id": expense.receipts.get().pk}


def visit_there(opened: Any, volunteer: Any) -> Any:
    """This volunteer goes there."""
    actor = system(volunteer.organisation)
    offer = matching.offer_by_hand(actor=actor, request=opened.requests[0], volunteer=volunteer)
    return visits.accept_offer(actor=of_account(volunteer.person.account), offer=offer).assignment
