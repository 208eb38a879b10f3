"""What a volunteer paid, on the page of the visit: the amount, the receipt, and until the money is back."""

from base64 import b64decode, b64encode
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from quartier.cases.rules import NotPossible
from quartier.conversation import actions as conversation
from quartier.expenses import access, actions, pictures, rules, wrong
from quartier.expenses.models import Expense
from quartier.lib import clock
from quartier.lib.text import clean, one_line
from quartier.look.rules import euros
from quartier.shopping import queries as shopping
from quartier.team import access as team
from quartier.team.access import Actor
from quartier.visits.access import offer_by_token, visit_of
from quartier.visits.models import Assignment
from quartier.volunteer import rules as saying
from quartier.volunteer.app.frame import keep

STEPS = frozenset(
    {"paid", "paid_right", "paid_word", "paid_back", "paid_account", "paid_wrong", "paid_cancel"}
)


# Characters of photographs in a form: with its other fields it stays below what a request may hold without files.
MOST_KEPT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE * 9 // 10


@dataclass
class Typed:
    """What was typed and could not be taken: the words as they were, and what is wrong, by field. `kept`: photographs
    that were sent with it, as the form sends them again; `lost`: there were some, and they are too large for that."""

    words: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    lost: bool = False


def shown(assignment: Assignment, typed: Typed | None = None, own: int | None = None) -> dict[str, Any]:
    """What the page of a visit shows of its money; nothing where there was none and none can be written any more.
    `own`: what the household's list may cost at most, in cents."""
    expense = access.of_visit(assignment)
    may_say = actions.may_say(assignment)
    if expense is None and (not may_say or assignment.request.kind not in saying.WITH_MONEY):
        return {}
    if expense is not None and expense.said_at < clock.now() - rules.SHOWN:
        return {}
    return {
        "money": {
            "expense": expense,
            "over_limit": own if expense and own is not None and expense.cents > own else None,
            "state": expense.state if expense else "",
            "is_decided": bool(expense and expense.agreed_by == Expense.Agreed.DECIDED),
            "can_correct": may_say and (expense is None or expense.state in {"advanced", "asked"}),
            "cap": shopping.most_cents(assignment.request.organisation, own),
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
        return Typed(wrong={"step": _("This is no longer possible. Here is how things stand now.")})


def _paid(request: HttpRequest, actor: Actor, assignment: Assignment) -> Typed | None:
    written = one_line(request.POST.get("amount", ""), 60)
    typed = Typed({"amount": written})
    made = _pictures(request, typed)
    try:
        cents = rules.parse_amount(written)
    except rules.BadAmount as error:
        typed.wrong["amount"] = str(wrong.AMOUNT[error.why])
    if typed.wrong:
        return _with_pictures(typed, made)
    try:
        actions.paid_in_shop(actor=actor, assignment=assignment, cents=cents, pictures=tuple(made))
    except rules.OverCap as over:
        typed.wrong["amount"] = wrong.over(over, euros)
        return _with_pictures(typed, made)
    return None


def _pictures(request: HttpRequest, typed: Typed) -> list[pictures.Picture]:
    """The photographs that were chosen; else those that came back with an amount that could not be taken."""
    made: list[pictures.Picture] = []
    for file in request.FILES.getlist("receipt")[: rules.MOST_RECEIPTS]:
        try:
            made.append(pictures.cleaned(file))
        except pictures.NoPicture as error:
            typed.wrong["receipt"] = str(wrong.PICTURE[error.why])
    if made:
        return made
    for words in request.POST.getlist("kept")[: rules.MOST_RECEIPTS]:
        # Whoever sends the form could have changed it: it is opened with the same care as any file.
        try:
            made.append(pictures.cleaned(BytesIO(b64decode(words, validate=True))))
        except (ValueError, pictures.NoPicture):
            typed.lost = True
    return made


def _with_pictures(typed: Typed, made: list[pictures.Picture]) -> Typed:
    """A browser empties the field of a file: what was sent goes back with the form, as far as a form may hold it."""
    kept = [b64encode(each.jpeg).decode() for each in made]
    if sum(len(each) for each in kept) > MOST_KEPT:
        return replace(typed, lost=True)
    return replace(typed, kept=kept)


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
                    {"word": _("Your neighbour was given a different one. Ask again: a word and a number.")},
                )
        case "paid_back":
            actions.settle(actor=actor, expense=expense, way=request.POST.get("way", ""))
        case "paid_wrong":
            words = clean(request.POST.get("words", ""), 1000)
            if not words:
                return Typed(wrong={"words": _("Say in a few words what is wrong.")})
            heard = conversation.hear_on_page(
                person=expense.volunteer.person,
                words=words,
                about=expense.pk,
                case=expense.assignment.request.case,
                is_read=False,
            )
            actions.dispute(actor=actor, expense=expense, by="volunteer", words=heard.to_keep)
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
            typed.wrong["iban"] = _("We cannot read this as an account number. It begins like BE71 0961…")
        if not holder:
            typed.wrong["holder"] = _("Enter the name on the account.")
    if typed.wrong:
        return typed
    actions.wants_transfer(actor=actor, volunteer=expense.volunteer, iban=bare, holder=holder)
    return None


@never_cache
def receipt_page(request: HttpRequest, token: str, receipt_id: UUID) -> HttpResponse:
    """The photograph in a page with its way back: an app on a phone may have no button for that."""
    offer = offer_by_token(token)
    team.only_at(request.organisation, offer.organisation_id)  # type: ignore[attr-defined]
    request.organisation = offer.organisation  # type: ignore[attr-defined]
    assignment = visit_of(offer)
    if assignment is None:
        return redirect("offer_link", token)
    expense = access.of_visit(assignment)
    if expense is None or receipt_id not in {each.pk for each in expense.shown}:  # type: ignore[attr-defined]
        raise Http404
    context = {"expense": expense, "receipt_id": receipt_id, "token": token}
    return keep(render(request, "volunteer/receipt.html", context), None)


@never_cache
def picture(request: HttpRequest, token: str, receipt_id: UUID) -> HttpResponse:
    """The photograph of a receipt, for who took it."""
    offer = offer_by_token(token)
    team.only_at(request.organisation, offer.organisation_id)  # type: ignore[attr-defined]
    assignment = visit_of(offer)
    if assignment is None:
        return redirect("offer_link", token)
    actor = team.link(offer.organisation, offer.volunteer.person_id)
    return wrong.as_file(access.picture_for_volunteer(actor, assignment, receipt_id))
