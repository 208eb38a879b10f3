"""Whoever may not block a number asks for it from a call; coordinators decide with one press, and whoever asked reads
what came of it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from quartier.console.line.blocking import BlockReasonForm
from quartier.console.line.callbacks import last_digits
from quartier.console.request_page import COORDINATES
from quartier.lib import clock
from quartier.limits.actions import allow
from quartier.look import rules as look
from quartier.team.access import Actor
from quartier.telephony import access
from quartier.telephony import actions as line
from quartier.telephony.actions.blocking import AlreadyBlocked
from quartier.telephony.models import BlockRequest, Call
from quartier.telephony.rules import NotPossible

MAX_BLOCK_REQUESTS_AN_HOUR = 5


def line_block_ask(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Ask that the number of a call be blocked. Whoever coordinates blocks it without asking."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    call = access.call_for(actor, call_id)
    if actor.has(*COORDINATES):
        return redirect("line_block", call.pk)
    form = BlockReasonForm(request.POST if request.method == "POST" else None)
    can_ask = bool(call.number_index) and call.number != actor.organisation.phone
    if request.method == "POST" and form.is_valid():
        if not can_ask:
            form.add_error(None, _("This number cannot be blocked: it was withheld, or is the line’s own."))
        elif not _may_ask_now(actor):
            form.add_error(
                None,
                _(
                    "You have asked for this five times within an hour. What you wrote is still here: "
                    "speak to a coordinator, or try again later."
                ),
            )
        elif _ask(actor, call, form):
            messages.success(
                request, _("Asked. A coordinator decides, and you can read the result on this page.")
            )
            return redirect("line_call", call.pk)
    context = {"form": form, "call": call, "digits": last_digits(call.number), "can_ask": can_ask}
    return render(request, "console/line_block_ask.html", context, status=422 if form.errors else 200)


def _ask(actor: Actor, call: Call, form: BlockReasonForm) -> bool:
    """Whether it was asked; if not, the form says why."""
    try:
        line.ask_to_block(actor=actor, about=call, reason=form.cleaned_data["reason"])
    except AlreadyBlocked as error:
        said = _("This number is already blocked until %(when)s.")
        form.add_error(None, said % {"when": look.day_time(error.until, clock.now())})
    except NotPossible:
        form.add_error(None, _("This number cannot be blocked: it was withheld, or is the line’s own."))
    return not form.errors


def line_block_decide(request: HttpRequest, block_request_id: UUID) -> HttpResponse:
    """Block the number that a colleague asked for, or not, with a word for them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    what = request.POST.get("do", "")
    if what not in {"block", "dismiss"}:
        raise Http404
    wanted = {"block": BlockRequest.Outcome.BLOCKED, "dismiss": BlockRequest.Outcome.DISMISSED}[what]
    try:
        if what == "block":
            row = line.grant_block_request(actor=actor, block_request_id=block_request_id)
        else:
            row = line.dismiss_block_request(
                actor=actor, block_request_id=block_request_id, answer=request.POST.get("answer", "")
            )
    except NotPossible:
        messages.warning(request, _("This number cannot be blocked: it was withheld, or is the line’s own."))
        return redirect("line_blocked")
    if row.outcome != wanted or row.decided_by_id != actor.id:
        messages.warning(request, _("This has been decided meanwhile. Here is how things stand now."))
    elif row.blocked_until:
        said = _("Blocked until %(when)s. The colleague who asked for it can read that.")
        messages.success(request, said % {"when": look.day_time(row.blocked_until, clock.now())})
    else:
        messages.success(request, _("Not blocked. The colleague who asked for it can read that."))
    return redirect("line_blocked")


def line_block_settle(request: HttpRequest, block_request_id: UUID) -> HttpResponse:
    """Whoever asked takes it back, or has read what came of it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    what = request.POST.get("do", "")
    if what not in {"back", "read"}:
        raise Http404
    row = line.settle_own_block_request(
        actor=actor, block_request_id=block_request_id, takes_back=what == "back"
    )
    if row.outcome == BlockRequest.Outcome.WITHDRAWN:
        messages.success(request, _("Withdrawn: no one is asked any longer."))
    elif what == "back":
        messages.warning(request, _("This has been decided meanwhile. Here is how things stand now."))
    return redirect("line_callbacks")


def _may_ask_now(actor: Actor) -> bool:
    return allow(
        purpose="block_request", who=str(actor.id), limit=MAX_BLOCK_REQUESTS_AN_HOUR, per_seconds=3600
    )
