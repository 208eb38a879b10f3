"""Money that volunteers lay out: what is open, what was said on the telephone, what a coordinator decides, the book."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.cases.rules import NotPossible
from quartier.console import words
from quartier.console.intake.boxes import LineField
from quartier.console.queries import board_money as counted
from quartier.console.request_page import COORDINATES, too_late
from quartier.expenses import access, actions, exporting, queries, rules, wrong
from quartier.expenses.models import Expense
from quartier.expenses.rules import Oddity
from quartier.lib import clock
from quartier.lib.text import clean
from quartier.look.rules import euros
from quartier.people.access import looked
from quartier.team.access import Actor


class AmountField(LineField):
    """Euros as people write them; cents once it is clean. `zero`: 0 is an amount too."""

    def __init__(self, *, zero: bool = False, **given: Any) -> None:
        super().__init__(limit=60, required=True, **given)
        self.zero = zero
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if self.zero and text.strip(" €").replace(",", ".") in {"0", "0.0", "0.00"}:
            return 0
        try:
            return rules.parse_amount(text)
        except rules.BadAmount as error:
            raise forms.ValidationError(str(wrong.AMOUNT[error.why])) from None


class Decision(forms.Form):
    """What it was, who bears what is missing, and why."""

    use_required_attribute = False
    amount = AmountField(label=gettext_lazy("What is right, in euros (0 for nothing)"), zero=True)
    by_fund = forms.BooleanField(
        required=False, label=gettext_lazy("The group pays what one of them is still missing")
    )
    words = LineField(
        label=gettext_lazy("Why, for both to read"),
        limit=1000,
        lines=True,
        required=True,
        error_messages={"required": gettext_lazy("Say why: both of them read it.")},
    )


class Caps(forms.Form):
    """What may be laid out."""

    use_required_attribute = False
    visit = AmountField(label=gettext_lazy("On one visit at most, in euros"))
    week = AmountField(label=gettext_lazy("For one person within seven days at most, in euros"))


def show(request: HttpRequest) -> HttpResponse:
    """What is open, for whoever answers the line; what is odd and the book, for coordinators."""
    return _page(request)


def _page(request: HttpRequest, **forms_: Any) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    here, coordinates = actor.organisation, actor.has(*COORDINATES)
    rows = access.open_ones(actor)
    context: dict[str, Any] = {
        "to_call": [_row(each) for each in rows if each.state == "asked" and each.told_at is None],
        "disputed": [_row(each) for each in rows if each.state == "disputed"],
        "others": [
            _row(each)
            for each in rows
            if each.state != "disputed" and not (each.state == "asked" and each.told_at is None)
        ],
        "coordinates": coordinates,
        "is_head": actor.has("admin"),
        "caps": here,
        "here": request.get_full_path(),
    }
    if coordinates:
        month = _month(request)
        context |= {
            "odd": _odd(actor),
            "month": month,
            "months": queries.months(here),
            "sums": queries.sums(here, month),
        }
    return render(request, "console/money.html", context | forms_, status=422 if forms_ else 200)


def _month(request: HttpRequest) -> date:
    typed = request.GET.get("month", "")
    try:
        return (
            date.fromisoformat(f"{typed}-01")
            if typed
            else clock.now()
            .astimezone(
                request.actor.organisation.zone  # type: ignore[attr-defined]
            )
            .date()
            .replace(day=1)
        )
    except ValueError as error:
        raise Http404 from error


def _row(expense: Expense, form: Decision | None = None) -> dict[str, Any]:
    case = expense.assignment.request.case
    return {
        "expense": expense,
        "state": words.MONEY[Expense.State(expense.state)],
        "tell": case.asked_by if case.tell_asker else case.person,
        "form": form or Decision(auto_id=f"{expense.pk}_%s"),
    }


def _odd(actor: Actor) -> list[dict[str, Any]]:
    found: list[Oddity] = queries.oddities(actor.organisation, clock.now())
    rows = queries.some(actor.organisation, [key for each in found for key in each.expenses])
    return [
        {
            "words": words.ODD[each.kind],
            "key": each.key,
            "volunteer": next(rows[key].volunteer for key in each.expenses if key in rows),
            "expenses": [rows[key] for key in each.expenses if key in rows],
        }
        for each in found
        if any(key in rows for key in each.expenses)
    ]


def _back(request: HttpRequest) -> HttpResponseRedirect:
    to = request.POST.get("next", "")
    if to and url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(to)
    return redirect("money")


def act(request: HttpRequest, expense_id: UUID) -> HttpResponse:
    """What was said on the telephone: it is right, it is not, the money is back. Twice, it changes nothing more."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    expense = access.expense_for(actor, expense_id)
    heard = clean(request.POST.get("words", ""), 1000)
    try:
        match request.POST.get("do"):
            case "agree" if heard:
                shown = request.POST.get("cents", "")
                cents = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else -1
                actions.agree(actor=actor, expense=expense, by=Expense.Agreed.CALL, words=heard, cents=cents)
                messages.success(request, _("Saved: they say that it is right."))
            case "dispute" if heard:
                actions.dispute(actor=actor, expense=expense, by="person", words=heard)
                messages.success(
                    request, _("Saved. A coordinator is looking into it; no one pays until then.")
                )
            case "nothing" if heard and actor.has(*COORDINATES):
                actions.cancel(actor=actor, expense=expense, words=heard)
                messages.success(request, _("Saved: there is nothing to pay."))
            case "agree" | "dispute" | "nothing":
                messages.warning(request, _("Write down what they said, in their words."))
            case "cash" | "transfer" as way:
                actions.settle(actor=actor, expense=expense, way=way)
                messages.success(request, _("Saved: the money has been paid back."))
            case _:
                raise Http404
    except NotPossible:
        messages.warning(request, too_late())
    return _back(request)


def decide(request: HttpRequest, expense_id: UUID) -> HttpResponse:
    """A coordinator has spoken with both, and says what it was."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    expense = access.expense_for(actor, expense_id)
    form = Decision(request.POST, auto_id=f"{expense.pk}_%s")
    if not form.is_valid():
        rows = [
            _row(each, form if each.pk == expense.pk else None)
            for each in access.open_ones(actor)
            if each.state == "disputed"
        ]
        return _page(request, disputed=rows, wrong=form)
    try:
        actions.resolve(
            actor=actor,
            expense=expense,
            cents=form.cleaned_data["amount"],
            by_fund=form.cleaned_data["by_fund"],
            words=form.cleaned_data["words"],
        )
        messages.success(request, _("Decided. Both of them are told."))
    except NotPossible:
        messages.warning(request, too_late())
    return redirect("money")


def seen(request: HttpRequest) -> HttpResponse:
    """A coordinator has looked at something odd; it comes back when there is more of it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    key = request.POST.get("key", "")
    if not any(each.key == key for each in queries.oddities(actor.organisation, clock.now())):
        return redirect("money")
    actions.looked_at(actor=actor, key=key)
    counted.looked(actor.organisation)
    messages.success(request, _("Saved. It will come up again if there is more of it."))
    return redirect("money")


def export(request: HttpRequest) -> StreamingHttpResponse:
    """The book of a month, as a file for a spreadsheet."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    month = _month(request)
    looked(actor, "ledger", actor.organisation.pk, month=f"{month:%Y-%m}")
    lines = list(queries.lines_of(actor.organisation, month))
    answer = StreamingHttpResponse(exporting.book(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="money-{month:%Y-%m}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """The photograph in a page with its way back."""
    found = access.receipt_for_team(request.actor, receipt_id)  # type: ignore[attr-defined]
    return render(request, "console/money_receipt.html", {"receipt": found})


def receipt_photo(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """The photograph of a receipt. Who looks is written down."""
    return wrong.as_file(access.picture_for_team(request.actor, receipt_id))  # type: ignore[attr-defined]


def caps(request: HttpRequest) -> HttpResponse:
    """How much may be laid out: the head of the group says it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    here = actor.organisation
    first = {"visit": _plain(here.visit_cap_cents), "week": _plain(here.week_cap_cents)}
    form = Caps(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        visit, week = form.cleaned_data["visit"], form.cleaned_data["week"]
        if week < visit:
            form.add_error("week", _("The limit for a week cannot be lower than the one for a visit."))
        else:
            actions.change_caps(actor=actor, visit_cents=visit, week_cents=week)
            messages.success(
                request,
                _("From now on: %(visit)s on a visit, %(week)s a week.")
                % {"visit": euros(visit), "week": euros(week)},
            )
            return redirect("money")
    return render(request, "console/money_caps.html", {"form": form}, status=422 if form.errors else 200)


def _plain(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}" if cents % 100 else str(cents // 100)
