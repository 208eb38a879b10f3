"""Whom we call: people of a check-in who did not answer or need help, and people who are asked how a visit was and can
only be called. One has them, calls, writes down what is said."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quartier.console.checks.campaigns import STATES as STATES_OF_CHECKS
from quartier.followup import access, actions, queries
from quartier.followup.actions.calling import TakenAlready
from quartier.followup.forms import AnswerForm, kept
from quartier.followup.models import CheckIn, FollowUp
from quartier.incidents.shipped import BY_OCCASION
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.visits.actions.ledger import first_name

SHOWN = 50
STATES = {state.value: (name, kind) for state, name, kind in STATES_OF_CHECKS}


def show(request: HttpRequest) -> HttpResponse:
    """The list; asked by htmx, only its moving part."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = clock.now()
    rows = queries.to_call(actor.organisation, now)
    shown, checks = list(rows[:SHOWN]), list(queries.checks_to_call(actor.organisation, now)[:SHOWN])
    access.looked_at_all(actor, "follow_up", [row.pk for row in shown])
    access.looked_at_all(actor, "check_in", [row.pk for row in checks])
    context = {
        "rows": [(row, _is_of_another(row, actor)) for row in shown],
        "count": rows.count(),
        "checks": [(row, STATES[row.state], _is_of_another(row, actor)) for row in checks],
    }
    return render(request, "console/calls_live.html" if request.htmx else "console/calls.html", context)  # type: ignore[attr-defined]


def _is_of_another(row: FollowUp | CheckIn, actor: Actor) -> bool:
    if row.claimed_by_id in {None, actor.id} or row.claimed_until is None:
        return False
    return row.claimed_until > clock.now()


def after(request: HttpRequest, follow_up_id: UUID) -> HttpResponse:
    """What to say, and the three questions to fill in beside the call."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = access.call_for(actor, follow_up_id)
    name, remote = first_name(row.assignment.volunteer.person), row.assignment.request.remote
    form = AnswerForm(initial=kept(row), name=name, remote=remote)
    if request.method == "POST":
        do = request.POST.get("do")
        try:
            if do == "claim":
                actions.claim(actor=actor, follow_up=row)
                return redirect("after_call", row.pk)
        except TakenAlready:
            messages.warning(request, _("Somebody else has it, or it is over. Here is how it stands now."))
            return redirect("calls_out")
        if do == "nobody":
            actions.nobody_answered(actor=actor, follow_up=row)
            messages.success(request, _("Noted. Nobody is called too often."))
            return redirect("calls_out")
        form = AnswerForm(request.POST, name=name, remote=remote)
        if form.is_valid():
            actions.answer(actor=actor, follow_up=row, said=form.said(), by=FollowUp.By.CALL)
            messages.success(request, _("It is written down."))
            return redirect("calls_out")
    context = {"row": row, "form": form, "name": name, "what": row.assignment.request.what}
    return render(request, "console/after_call.html", context, status=422 if form.errors else 200)


def check(request: HttpRequest, check_in_id: UUID) -> HttpResponse:
    """Somebody of a check-in: what to say, what to know, and what came of the call."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = access.check_in_for(actor, check_in_id)
    if request.method == "POST":
        words = request.POST.get("words", "")
        try:
            said = _checked(actor, row, request.POST.get("do", ""), words)
        except TakenAlready:
            messages.warning(request, _("Somebody else has it, or it is over. Here is how it stands now."))
            return redirect("calls_out")
        if said:
            messages.success(request, said)
            return redirect("calls_out")
        return redirect("check_call", row.pk)
    name, kind = STATES[row.state]
    member, case = row.member, row.member.case
    spoken, question = _question(row)
    context = {
        "row": row,
        "member": member,
        "occasion": row.campaign.occasion,
        "question": question,
        "spoken": spoken,
        "state": name,
        "kind": kind,
        "address": (case.address, case.postcode, case.place_name)
        if case
        else (member.address, member.postcode, member.place_name),
        "can_knock": row.state in {CheckIn.State.CALLING, CheckIn.State.ALERTED}
        and (case is not None or member.cell is not None),
    }
    return render(request, "console/check_call.html", context)


def _question(row: CheckIn) -> tuple[str, str]:
    """What the incident's template asks, in the language of who is called, else in the reader's."""
    about = BY_OCCASION.get(row.campaign.occasion)
    language = row.member.person.language
    if language not in dict(settings.LANGUAGES):
        language = get_language() or "en"
    with translation.override(language):
        return language, str(about.check_in) if about else ""


def _checked(actor: Actor, row: CheckIn, do: str, words: str) -> str:
    """What was done, in words; '' for what only opens the page."""
    match do:
        case "claim":
            actions.claim_check(actor=actor, check_in=row)
            return ""
        case "nobody":
            actions.check_unanswered(actor=actor, check_in=row)
            return _("Noted. Called again in a while; then a neighbour knocks.")
        case "knock":
            actions.send_neighbour(actor=actor, check_in=row)
            return _("The nearest neighbours are asked to knock.")
        case "fine" | "help":
            fine = do == "fine"
            actions.check_answer(actor=actor, check_in=row, fine=fine, by=FollowUp.By.CALL, words=words)
            return (
                _("It is written down.")
                if fine
                else _("Noted: help is needed. It stands first on the board.")
            )
    raise Http404
