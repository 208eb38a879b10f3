"""When one of both sees it otherwise: it stands still until a coordinator has decided, with words for both."""

from django.db import transaction

from quartier.audit import actions as audit
from quartier.cases.rules import NotPossible
from quartier.expenses.actions import ledger
from quartier.expenses.actions.ledger import Party, Why, lock
from quartier.expenses.actions.paying import end
from quartier.expenses.models import Expense, Looked
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.team.models import Organisation

State = Expense.State
CAN_BE_DISPUTED = (State.ASKED, State.AGREED, State.SETTLED)


@transaction.atomic
def dispute(*, actor: Actor, expense: Expense, by: str, words: str) -> Expense:
    """`by` (`person` or `volunteer`) says that it is not right. Both hear that somebody looks into it."""
    locked = lock(expense)
    if locked.state == State.DISPUTED:
        return locked
    if locked.state not in CAN_BE_DISPUTED:
        raise NotPossible
    locked.state, locked.disputed_by, locked.words = State.DISPUTED, by, words
    locked.word, locked.ended_at = "", None
    locked.save()
    ledger.changed(actor, "expense.dispute", locked, by=by)
    if by == "person":
        ledger.tell_volunteer(locked, "expense_disputed")
    return locked


@transaction.atomic
def resolve(*, actor: Actor, expense: Expense, cents: int, by_fund: bool, words: str) -> Expense:
    """A coordinator decides what it was (`cents`, perhaps 0), and whether the group bears what is still missing.

    The book gets further lines; nothing in it is changed. Raises `NotPossible` when it is not disputed.
    """
    locked = lock(expense)
    if locked.state != State.DISPUTED:
        raise NotPossible
    if cents < 0:
        raise ValueError("an amount is not below zero")
    if cents == 0 and not locked.paid_cents and not locked.fund_cents:
        ledger.book(locked, Party.PERSON, Party.VOLUNTEER, locked.cents, Why.CORRECTED)
        locked.state, locked.decision, locked.ended_at = State.CANCELLED, words, clock.now()
        locked.agreed_by, locked.agreed_at = Expense.Agreed.DECIDED, locked.ended_at
        locked.save()
    else:
        ledger.book(locked, Party.VOLUNTEER, Party.PERSON, cents - locked.cents, Why.CORRECTED)
        locked.cents, locked.decision = cents, words
        locked.agreed_by, locked.agreed_at = Expense.Agreed.DECIDED, clock.now()
        _who_bears(locked, by_fund=by_fund)
    ledger.changed(actor, "expense.resolve", locked, by_fund=by_fund)
    ledger.decided(locked)
    return locked


def _who_bears(locked: Expense, *, by_fund: bool) -> None:
    owed = locked.owed_cents
    if owed == 0:
        end(locked, locked.way or Expense.Way.CASH)
    elif not by_fund:
        locked.state = State.AGREED
        locked.save()
    elif owed > 0:
        ledger.book(locked, Party.FUND, Party.VOLUNTEER, owed, Why.COVERED)
        locked.fund_cents += owed
        end(locked, Expense.Way.FUND)
    else:
        # Too much had come back, and who has it does not return it: the group gives it to who paid it.
        from_person = min(-owed, locked.paid_cents)
        ledger.book(locked, Party.FUND, Party.PERSON, from_person, Why.COVERED)
        locked.paid_cents -= from_person
        locked.lost_cents += from_person
        rest = -locked.owed_cents
        locked.fund_cents -= rest
        locked.lost_cents += rest
        end(locked, Expense.Way.FUND)


@transaction.atomic
def change_caps(*, actor: Actor, visit_cents: int, week_cents: int) -> Organisation:
    """What may be laid out on a visit, and for one person in a week. Whoever calls this has checked who may."""
    here = Organisation.objects.select_for_update(no_key=True).get(pk=actor.organisation.pk)
    here.visit_cap_cents, here.week_cap_cents = visit_cents, week_cents
    here.save(update_fields=["visit_cap_cents", "week_cap_cents"])
    audit.record(
        organisation_id=here.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="organisation.caps",
        subject_kind="organisation",
        subject_id=here.id,
        details={"visit": visit_cents, "week": week_cents},
    )
    return here


def looked_at(*, actor: Actor, key: str) -> None:
    """A coordinator has seen to something odd."""
    Looked.objects.get_or_create(
        organisation=actor.organisation,
        key=key[:120],
        defaults={"account": actor.account, "at": clock.now()},
    )
