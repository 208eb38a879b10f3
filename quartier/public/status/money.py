"""Money, on the private page: is the amount right, and how it can be given back. Never a card, never a PIN."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quartier.cases.models import StatusLink
from quartier.cases.rules import NotPossible
from quartier.conversation.numbers import with_numbers
from quartier.expenses import access, actions, exporting, rules, wrong
from quartier.expenses.models import Expense
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.public.questions import Question, Words
from quartier.public.status.frame import actor_of as acting
from quartier.public.status.frame import private
from quartier.public.status.pages import back, heard_words
from quartier.shopping import queries as shopping


class NotRight(Question):
    """What is not right about the amount."""

    words = Words(
        max_length=1000,
        lines=True,
        label=_("What is not right?"),
        help_text=_("Our team will read it and call you. You need not pay anything until then."),
        error_messages={"required": _("Write a few words.")},
    )


@private
@answer_by_redirect
def show(request: HttpRequest, token: str, found: StatusLink, expense_id: UUID) -> HttpResponse:
    """One amount: what was paid, the receipt, yes or no; then how to pay it."""
    expense = access.one_of_link(found, expense_id)
    do = request.POST.get("do") if request.method == "POST" else ""
    sent = sent_or_waiting(request)
    is_wrong = sent is not None and sent.get("do") == "no"
    form = NotRight(sent if is_wrong else None, organisation=found.case.organisation, answers={})
    actor = acting(found)
    try:
        if do == "yes":
            cents = request.POST.get("cents", "")
            actions.agree(
                actor=actor,
                expense=expense,
                by=Expense.Agreed.PAGE,
                cents=int(cents) if cents.isascii() and cents.isdigit() and len(cents) < 10 else -1,
            )
            return back(token, "money")
        if do == "no" and form.is_valid():
            heard = heard_words(found, form.cleaned_data["words"], expense.pk)
            actions.dispute(actor=actor, expense=expense, by="person", words=heard.to_keep)
            return with_numbers(back(token, "money_no"), heard.signs)
    except NotPossible:
        return back(token, "over")
    payee = access.account_to_pay(actor, expense)
    own = shopping.own_limit(expense.assignment.request_id)
    context = {
        "expense": expense,
        "token": token,
        "form": form,
        "name": expense.first_name,
        "back": reverse("status", args=[token]),
        "payee": payee,
        "over_limit": own if own is not None and expense.cents > own else None,
    }
    if payee is not None:
        text = f"{expense.organisation.name} {found.case.reference}"
        code = exporting.transfer(payee.holder, payee.iban, expense.owed_cents, text)
        context |= {
            "iban": rules.iban_in_groups(payee.iban),
            "text": text,
            "code": code.png_data_uri(scale=5, border=4),
        }
    return render(request, "public/status/money.html", context)


@private
def receipt(request: HttpRequest, token: str, found: StatusLink, receipt_id: UUID) -> HttpResponse:
    """The photograph of a receipt."""
    return wrong.as_file(access.picture_for_link(acting(found), found, receipt_id))
