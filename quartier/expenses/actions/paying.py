"""From "I paid so much" to "the money is back": each step changes nothing when it was taken already.

Who pays is asked for nothing but a word: never a card, never a PIN (docs/decisions/0029).
"""

import base64

from django.db import transaction
from django.db.models import F, Sum

from quartier.cases.rules import NotPossible
from quartier.expenses import rules
from quartier.expenses.actions import ledger
from quartier.expenses.actions.ledger import Party, Why, lock
from quartier.expenses.models import Expense, Payee, Receipt
from quartier.expenses.pictures import Picture
from quartier.lib import clock, crypto
from quartier.people.models import Person, Volunteer
from quartier.team.access import Actor
from quartier.visits.actions.ledger import whom_to_tell
from quartier.visits.actions.progress import lock as lock_visit
from quartier.visits.models import Assignment

State = Expense.State


@transaction.atomic
def paid_in_shop(
    *, actor: Actor, assignment: Assignment, cents: int, pictures: tuple[Picture, ...] = ()
) -> Expense:
    """The volunteer writes what they paid, or corrects it as long as nobody has agreed. Nobody is asked yet.

    Raises `rules.OverCap` above what may be laid out, `NotPossible` when the visit is over for too long or the amount
    is agreed already.
    """
    visit = lock_visit(assignment)
    # Two volunteers for one person wait for each other here: the cap of a week is theirs together.
    person = Person.objects.select_for_update(no_key=True).get(pk=visit.request.case.person_id)
    before = (
        Expense.objects.select_for_update().filter(assignment=visit).exclude(state=State.CANCELLED).first()
    )
    if not may_say(visit) or (before is not None and before.state not in {State.ADVANCED, State.ASKED}):
        raise NotPossible
    _check_caps(visit, person, cents, before)
    if before is None:
        expense = Expense.objects.create(
            organisation=visit.organisation,
            assignment=visit,
            person=person,
            volunteer=visit.volunteer,
            cents=cents,
            said_at=clock.now(),
        )
        ledger.changed(actor, "expense.say", expense)
    else:
        expense = before
        expense.assignment = visit
        if expense.cents != cents:
            _take_back(expense)
            expense.cents = cents
            expense.save()
            ledger.changed(actor, "expense.correct", expense)
    for picture in pictures:
        _keep(actor, expense, picture)
    return expense


def may_say(visit: Assignment) -> bool:
    """Whether what was paid can be written now: while the visit goes on, and a day after it."""
    if visit.state in Assignment.ACTIVE:
        return True
    return (
        visit.state == Assignment.State.DONE
        and visit.ended_at is not None
        and clock.now() < visit.ended_at + rules.LATE
    )


def _check_caps(visit: Assignment, person: Person, cents: int, before: Expense | None) -> None:
    here = visit.request.organisation
    others = Expense.objects.filter(state__in=Expense.COUNTS)
    if before is not None:
        others = others.exclude(pk=before.pk)
    week = others.filter(person=person, said_at__gt=clock.now() - rules.WEEK)
    rules.check_caps(
        cents,
        0,
        int(week.aggregate(all=Sum("cents"))["all"] or 0),
        visit_cap=here.visit_cap_cents,
        week_cap=here.week_cap_cents,
    )


def _take_back(expense: Expense) -> None:
    """What was confirmed is not any more: out of the book again, and the word means nothing now."""
    if expense.state == State.ASKED:
        ledger.book(expense, Party.PERSON, Party.VOLUNTEER, expense.cents, Why.CORRECTED)
    expense.state, expense.word, expense.word_tries = State.ADVANCED, "", 0
    expense.asked_at = expense.told_at = None


def _keep(actor: Actor, expense: Expense, picture: Picture) -> None:
    if expense.receipts.filter(deleted_at=None).count() >= rules.MOST_RECEIPTS:
        raise NotPossible
    now = clock.now()
    Receipt.objects.create(
        organisation_id=expense.organisation_id,
        expense=expense,
        picture=base64.b64encode(picture.jpeg).decode(),
        fingerprint=crypto.blind("receipt", expense.organisation_id, picture.looks),
        at=now,
        delete_on=(now + rules.KEEP_RECEIPTS).astimezone(expense.assignment.request.organisation.zone).date(),
    )
    ledger.changed(actor, "expense.receipt", expense)


@transaction.atomic
def confirm(*, actor: Actor, expense: Expense) -> Expense:
    """The volunteer says: that is right. Who is helped is asked, and told the word to agree with."""
    locked = lock(expense)
    if locked.state != State.ADVANCED:
        return locked
    visit = locked.assignment
    locked.state, locked.asked_at = State.ASKED, clock.now()
    locked.word = rules.agreement_word(whom_to_tell(visit).language, visit.code_word)
    locked.word_tries = 0
    ledger.book(locked, Party.VOLUNTEER, Party.PERSON, locked.cents, Why.LAID_OUT)
    locked.told_at = clock.now() if ledger.ask(locked) else None
    locked.save()
    ledger.changed(actor, "expense.confirm", locked)
    return locked


@transaction.atomic
def cancel(*, actor: Actor, expense: Expense, words: str = "") -> Expense:
    """It was a mistake: there is nothing to pay. As long as nobody has agreed. Raises `NotPossible` later.

    `words`: why, where it is somebody of the team who ends it.
    """
    locked = lock(expense)
    if locked.state == State.CANCELLED:
        return locked
    if locked.state not in {State.ADVANCED, State.ASKED}:
        raise NotPossible
    _take_back(locked)
    locked.state, locked.ended_at = State.CANCELLED, clock.now()
    locked.decision = words or locked.decision
    locked.save()
    ledger.changed(actor, "expense.cancel", locked)
    return locked


@transaction.atomic
def agree(*, actor: Actor, expense: Expense, by: str, words: str = "", cents: int | None = None) -> Expense:
    """Who is helped says that it is right: on her page, or on the telephone (`words`: hers). `cents`: the amount that
    she was shown; another one by now raises `NotPossible`, as does what is nobody's question any more."""
    locked = lock(expense)
    if cents is not None and cents != locked.cents:
        raise NotPossible
    if locked.state in {State.AGREED, State.SETTLED}:
        return locked
    if locked.state != State.ASKED:
        raise NotPossible
    return _agreed(actor, locked, by, words)


def _agreed(actor: Actor, locked: Expense, by: str, words: str = "") -> Expense:
    locked.state, locked.agreed_by, locked.agreed_at = State.AGREED, Expense.Agreed(by), clock.now()
    locked.word = ""
    if words:
        locked.words = words
    locked.save()
    ledger.changed(actor, "expense.agree", locked, by=by)
    ledger.tell_volunteer(locked, "expense_agreed")
    return locked


@transaction.atomic
def agree_by_word(*, actor: Actor, expense: Expense, typed: str) -> bool:
    """The volunteer types the word that who is helped has told them. False: it is another one.

    After a few wrong ones no word helps any more; she agrees on her page, or by a call. Raises `NotPossible` then.
    """
    locked = lock(expense)
    if locked.state in {State.AGREED, State.SETTLED}:
        return True
    if locked.state != State.ASKED or locked.word_tries >= rules.WORD_TRIES:
        raise NotPossible
    if not rules.same_word(typed, locked.word):
        Expense.objects.filter(pk=locked.pk).update(word_tries=F("word_tries") + 1)
        ledger.changed(actor, "expense.wrong_word", locked)
        return False
    _agreed(actor, locked, Expense.Agreed.WORD)
    return True


@transaction.atomic
def settle(*, actor: Actor, expense: Expense, way: str) -> Expense:
    """The money is back (or given back, where too much had come). Raises `NotPossible` before both agree."""
    locked = lock(expense)
    if locked.state == State.SETTLED:
        return locked
    if locked.state != State.AGREED or way not in {Expense.Way.CASH, Expense.Way.TRANSFER}:
        raise NotPossible
    owed = locked.owed_cents
    if owed >= 0:
        ledger.book(locked, Party.PERSON, Party.VOLUNTEER, owed, Why.PAID_BACK)
        locked.paid_cents += owed
    else:
        _give_back(locked, -owed)
    end(locked, way)
    ledger.changed(actor, "expense.settle", locked, way=way)
    ledger.told_of_payment(locked)
    return locked


def _give_back(locked: Expense, cents: int) -> None:
    """Too much had come: what the person paid goes back to her first, what the group bore to the group."""
    to_person = min(cents, locked.paid_cents)
    ledger.book(locked, Party.VOLUNTEER, Party.PERSON, to_person, Why.GIVEN_BACK)
    ledger.book(locked, Party.VOLUNTEER, Party.FUND, cents - to_person, Why.GIVEN_BACK)
    locked.paid_cents -= to_person
    locked.fund_cents -= cents - to_person


def end(locked: Expense, way: str) -> None:
    """Nobody owes anything any more."""
    locked.state, locked.way, locked.ended_at = State.SETTLED, Expense.Way(way), clock.now()
    locked.word = ""
    locked.save()


@transaction.atomic
def wants_transfer(*, actor: Actor, volunteer: Volunteer, iban: str, holder: str) -> None:
    """Where transfers to this volunteer go; '' takes it back. `iban`: checked (`rules.iban`)."""
    if not iban:
        Payee.objects.filter(volunteer=volunteer).delete()
        return
    payee = Payee.objects.select_for_update().filter(volunteer=volunteer).first() or Payee(
        organisation_id=volunteer.organisation_id, volunteer=volunteer
    )
    payee.iban, payee.holder, payee.changed_at = iban, holder, clock.now()
    payee.save()
