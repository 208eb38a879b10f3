"""What a volunteer paid, on the page of the visit: the amount, the receipt, and until the money is back."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from quartier.cases.rules import NotPossible
from quartier.expenses import access, actions, pictures, rules, wrong
from quartier.expenses.models import Expense
from quartier.lib import clock
from quartier.lib.text import clean, one_line
from quartier.look.rules import euros
from quartier.team import access as team
from quartier.team.access import Actor
from quartier.visits.access import offer_by_token, visit_of
from quartier.visits.models import Assignment
from quartier.volunteer import rules as saying

STEPS = frozenset(
    {"paid", "paid_right", "paid_word", "paid_back", "paid_account", "paid_wrong", "paid_cancel"}
)


@dataclass
class Typed:
    """What was typed and could not be taken: the words as they were, and what is wrong, by field."""

    words: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def shown(assignment: Assignment, typed: Typed | None = None) -> dict[str, Any]:
    """What the page of a visit shows of its money; nothing where there was none and none can be written any more."""
    expense = access.of_visit(assignment)
    may_say = actions.may_say(assignment)
    if expense is None and (not may_say or assignment.request.kind not in saying.WITH_MONEY):
        return {}
    if expense is not None and expense.said_at < clock.now() - rules.SHOWN:
        return {}
    return {
        "money": {
            "expense": expense,
            "state": expense.state if expense else "",
            "can_correct": may_say and (expense is None or expense.state in {"advanced", "asked"}),
            "cap": assignment.request.organisation.visit_cap_cents,
            "gives_back": -expense.owed_cents if expense and expense.owed_cents < 0 else 0,
            "no_more_words": bool(expense and expense.word_tries >= rules.WORD_TRIES),
            "account": access.own_account(assignment) if expense and expense.state == "agreed" else None,
            "typed": typed or Typed(),
            "by_call": bool(expense and expense.state == Expense.State.ASKED and not expense.told_at),
        }
    }


def take_step(request: HttpRequest, actor: Actor, assignment: Assignment, step: str) -> Typed | None:
    """One of `STEPS`. What could not be taken comes back; a step taken already changes nothing."""
    try:
        if step == "paid":
            return _paid(request, actor, assignment)
        expense = access.of_visit(assignment)
        return _step(request, actor, expense, step) if expense else None
    except NotPossible:
        return Typed(wrong={"step": _("This is not possible any more. Here is how it stands now.")})


def _paid(request: HttpRequest, actor: Actor, assignment: Assignment) -> Typed | None:
    written = one_line(request.POST.get("amount", ""), 60)
    typed = Typed({"amount": written})
    made = []
    for file in request.FILES.getlist("receipt")[: rules.MOST_RECEIPTS]:
        try:
            made.append(pictures.cleaned(file))
        except pictures.NoPicture as error:
            typed.wrong["receipt"] = str(wrong.PICTURE[error.why])
    try:
        cents = rules.parse_amount(written)
    except rules.BadAmount as error:
        typed.wrong["amount"] = str(wrong.AMOUNT[error.why])
    if typed.wrong:
        return typed
    try:
        actions.paid_in_shop(actor=actor, assignment=assignment, cents=cents, pictures=tuple(made))
    except rules.OverCap as over:
        typed.wrong["amount"] = wrong.over(over, euros)
        return typed
    return None


def _step(request: HttpRequest, actor: Actor, expense: Expense, step: str) -> Typed | None:
    match step:
        case "paid_right":
            actions.confirm(actor=actor, expense=expense)
        case "paid_cancel":
            actions.cancel(actor=actor, expense=expense)
        case "paid_word":
            word = one_line(request.POST.get("word", ""), 60)
            if not actions.agree_by_word(actor=actor, expense=expense, typed=word):
                return Typed(
                    {"word": word},
                    {"word": _("Your neighbour was told something else. Ask again: a word and a number.")},
                )
        case "paid_back":
            actions.settle(actor=actor, expense=expense, way=request.POST.get("way", ""))
        case "paid_wrong":
            words = clean(request.POST.get("words", ""), 1000)
            if not words:
                return Typed(wrong={"words": _("Write in a few words what is not right.")})
            actions.dispute(actor=actor, expense=expense, by="volunteer", words=words)
        case "paid_account":
            return _account(request, actor, expense)
    return None


def _account(request: HttpRequest, actor: Actor, expense: Expense) -> Typed | None:
    number, holder = (one_line(request.POST.get(name, ""), 70) for name in ("iban", "holder"))
    typed = Typed({"iban": number, "holder": holder})
    bare = ""
    if number:
        try:
            bare = rules.iban(number)
        except rules.NotAnIban:
            typed.wrong["iban"] = _("This is no account number that we can read. It begins like BE71 0961…")
        if not holder:
            typed.wrong["holder"] = _("Write the name that stands on the account.")
    if typed.wrong:
        return typed
    actions.wants_transfer(actor=actor, volunteer=expense.volunteer, iban=bare, holder=holder)
    return None


@never_cache
def picture(request: HttpRequest, token: str, receipt_id: UUID) -> HttpResponse:
    """The photograph of a receipt, for who took it."""
    offer = offer_by_token(token)
    assignment = visit_of(offer)
    if assignment is None:
        return redirect("offer_link", token)
    actor = team.link(offer.organisation, offer.volunteer.person_id)
    return wrong.as_file(access.picture_for_volunteer(actor, assignment, receipt_id))
