"""Numbers that nobody speaks with for a while: blocked from a call, seen in a list, unblocked there."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from quartier.console.intake.boxes import LineField
from quartier.console.line.callbacks import last_digits
from quartier.lib import clock
from quartier.look import rules as look
from quartier.team.access import Actor
from quartier.telephony import access, queries
from quartier.telephony import actions as line
from quartier.telephony.actions.blocking import MAX_BLOCK_DAYS, MAX_REASON_CHARS, USUAL_BLOCK_DAYS
from quartier.telephony.rules import NotPossible


class BlockReasonForm(forms.Form):
    """Why a number is to be blocked."""

    use_required_attribute = False

    reason = LineField(
        label=pgettext_lazy("of blocking a number", "Why?"),
        help_text=gettext_lazy("For your colleagues. Say what happened, not who you think it is."),
        required=True,
        limit=MAX_REASON_CHARS,
        lines=True,
        error_messages={"required": gettext_lazy("Say why, so that your colleagues know.")},
    )


class BlockForm(BlockReasonForm):
    """Why, and for how long."""

    days = forms.IntegerField(
        label=gettext_lazy("For how many days?"),
        help_text=gettext_lazy("From 1 to 365. Then the number is answered again automatically."),
        initial=USUAL_BLOCK_DAYS,
        min_value=1,
        max_value=MAX_BLOCK_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            gettext_lazy("“For how many days?”: a whole number from 1 to 365."),
        ),
    )


def line_block(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Block the number of a call."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    call = access.call_for(actor, call_id)
    form = BlockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        try:
            row = line.block_number(actor=actor, about=call, reason=data["reason"], days=data["days"])
        except NotPossible:
            form.add_error(None, _("This number cannot be blocked: it was withheld, or is the line’s own."))
        else:
            messages.success(
                request,
                _("Blocked until %(when)s. You can unblock the number here.")
                % {"when": look.day_time(row.until, clock.now())},
            )
            return redirect("line_blocked")
    context = {
        "form": form,
        "call": call,
        "digits": last_digits(call.number),
        "can_block": bool(call.number_index) and call.number != actor.organisation.phone,
    }
    return render(request, "console/line_block.html", context, status=422 if form.errors else 200)


def line_blocked(request: HttpRequest) -> HttpResponse:
    """The numbers that are blocked, and those that colleagues want blocked."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = queries.blocked_numbers(actor.organisation, clock.now())
    asked = queries.asked_blocks(actor.organisation)
    context = {
        "asked": [(each, last_digits(each.first.number)) for each in asked],
        "usual_days": USUAL_BLOCK_DAYS,
        "rows": [(row, last_digits(row.number)) for row in rows],
    }
    return render(request, "console/line_blocked.html", context)


def line_unblock(request: HttpRequest, blocked_id: UUID) -> HttpResponse:
    """The number is answered again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    line.unblock_number(actor=actor, blocked_id=blocked_id)
    messages.success(request, _("Unblocked: the number is answered again."))
    return redirect("line_blocked")
