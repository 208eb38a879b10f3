"""One pairing: where it stands, its calls, its end; the notebook for its supervisor, and the glass for others."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from quartier.companions import access, actions, queries
from quartier.companions.actions.pairing import Ending
from quartier.companions.actions.referrals import Agreed
from quartier.companions.forms import NEXTS, OUTCOMES, STATES, TALKS, WHYS, EndForm, RhythmForm, StandInForm
from quartier.companions.models import Pairing, Talk
from quartier.companions.queries import Wanted
from quartier.companions.rules import NotPossible
from quartier.companions.scales import SCALES
from quartier.lib import clock, emergency
from quartier.team.access import Actor


@never_cache
def show(request: HttpRequest, pairing_id: UUID) -> HttpResponse:
    """The pairing; POST: what the supervisor decides."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    pairing = access.pairing_for(actor, pairing_id)
    if request.method == "POST":
        if not actor.has("supervisor"):
            raise Http404
        wrong = _act(request, actor, pairing)
        if wrong:
            return _page(request, actor, pairing, **wrong)
        return redirect("companion", pairing.pk)
    return _page(request, actor, pairing)


def _act(request: HttpRequest, actor: Actor, pairing: Pairing) -> dict[str, forms.Form]:
    """Do it; gives the form back in which something is left to put right."""
    try:
        match request.POST.get("do"):
            case "person_yes":
                actions.agree_person(actor=actor, pairing=pairing)
            case "person_no":
                actions.decline(actor=actor, pairing=pairing, by_listener=False)
            case "begin":
                form = RhythmForm(request.POST)
                if not form.is_valid():
                    return {"rhythm_form": form}
                today = clock.now().astimezone(actor.organisation.zone).date()
                actions.begin(
                    actor=actor, pairing=pairing, rhythm=form.rhythm(), first_day=today, at=form.time()
                )
            case "pause":
                actions.pause(actor=actor, pairing=pairing, until=_day(request))
            case "resume":
                actions.resume(actor=actor, pairing=pairing)
            case "refer":
                said = Agreed(
                    request.POST.get("agreed") == "yes",
                    request.POST.get("number") == "yes",
                    request.POST.get("together") == "yes",
                )
                service = _key(request.POST.get("service", ""))
                try:
                    actions.refer(actor=actor, pairing=pairing, service_id=service, said=said)
                except NotPossible:
                    messages.warning(request, _("Unless they agree, no one is called."))
            case "called" | "outcome" as do:
                referral = _key(request.POST.get("referral", ""))
                if do == "called":
                    actions.call_service(actor=actor, pairing=pairing, referral_id=referral)
                else:
                    outcome = request.POST.get("outcome", "")
                    actions.note_outcome(actor=actor, pairing=pairing, referral_id=referral, outcome=outcome)
            case "scale":
                actions.choose_scale(actor=actor, pairing=pairing, scale=request.POST.get("scale", ""))
            case "instead":
                stand_in = StandInForm(request.POST, today=access.today_of(actor))
                if not stand_in.is_valid():
                    return {"instead_form": stand_in}
                actions.ask_stand_in(
                    actor=actor,
                    pairing=pairing,
                    listener_id=stand_in.cleaned_data["listener"],
                    days=stand_in.days(),
                )
                messages.success(request, _("Asked. You will hear from us as soon as there is an answer."))
            case "instead_end":
                actions.end_stand_in(actor=actor, pairing=pairing)
            case "told":
                actions.say_told(actor=actor, pairing=pairing)
            case "end":
                ending = EndForm(request.POST)
                if not ending.is_valid():
                    return {"end_form": ending}
                actions.end(actor=actor, pairing=pairing, ending=Ending(**ending.cleaned_data))
                messages.success(request, _("It is ended."))
            case _:
                raise Http404
    except NotPossible:
        messages.warning(request, _("This is no longer possible. Here is how things stand."))
    return {}


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        return None


def _talks(pairing: Pairing) -> list[tuple[Talk, Any]]:
    """The next three calls, and those that were, the newest first."""
    now = clock.now()
    ahead = list(pairing.talks.filter(state=Talk.State.PLANNED, at__gt=now).order_by("at", "pk")[:3])
    past = pairing.talks.exclude(state=Talk.State.DROPPED).filter(at__lte=now).order_by("-at", "-pk")[:30]
    return [(each, TALKS[each.state]) for each in [*reversed(ahead), *past]]


def _page(request: HttpRequest, actor: Actor, pairing: Pairing, **given: forms.Form) -> HttpResponse:
    book = access.notebook(actor, pairing)
    times = list(pairing.entries.order_by("-at", "-pk").values_list("at", flat=True)[:200])
    supervises = actor.has("supervisor")
    owns = pairing.listener.supervisor_id == actor.id
    context: dict[str, Any] = {
        "pairing": pairing,
        "state": STATES[pairing.state],
        "why": dict(WHYS).get(pairing.why, _("They have died") if pairing.why else ""),
        "what_next": dict(NEXTS).get(pairing.what_next, ""),
        "over": pairing.state == Pairing.State.ENDED,
        "supervises": supervises,
        "book": book,
        "entry_times": times,
        "may_break": book is None and actor.has("coordinator", "admin"),
        "glasses": [
            (each, each.reason if owns or each.account_id == actor.id else "")
            for each in pairing.glasses.select_related("account").order_by("-at", "-pk")
        ],
        "talks": _talks(pairing),
        "referrals": pairing.referrals.select_related("service", "called_by", "proposed_by").order_by(
            "-at", "-pk"
        ),
        "outcomes": OUTCOMES,
        "services": queries.services(actor.organisation, Wanted(near=queries.near(pairing.wish)), limit=200)
        if supervises
        else [],
        "scales": SCALES.values(),
        "numbers": emergency.numbers(actor.organisation.country, get_language() or "en", short=True),
        "stand_in": queries.standing_in(pairing),
        "could_call": queries.stand_ins(pairing)
        if supervises and pairing.state == Pairing.State.RUNNING
        else [],
        "instead_form": StandInForm(today=access.today_of(actor)),
        "rhythm_form": RhythmForm(initial=RhythmForm.begin_with(pairing)),
        "end_form": EndForm(),
        **given,
    }
    return render(request, "console/companions/pairing.html", context, status=422 if given else 200)


@never_cache
def glass(request: HttpRequest, pairing_id: UUID) -> HttpResponse:
    """Break the glass: a reason, and what follows from it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    pairing = access.pairing_for(actor, pairing_id)
    reason, wrong = request.POST.get("reason", ""), ""
    if request.method == "POST":
        try:
            actions.break_glass(actor=actor, pairing=pairing, reason=reason)
            return redirect("companion", pairing.pk)
        except NotPossible:
            wrong = _("Say why, in a sentence.")
    return render(
        request,
        "console/companions/glass.html",
        {"pairing": pairing, "reason": reason, "wrong": wrong},
        status=422 if wrong else 200,
    )
