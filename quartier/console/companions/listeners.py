"""A listener: the training that makes one, what they can take on, being away, and supervision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from quartier.companions import actions
from quartier.companions.access import listener_for
from quartier.companions.forms import STATES, ListeningForm, TrainingForm
from quartier.companions.models import Listener, Pairing
from quartier.companions.rules import NotPossible
from quartier.lib import clock, phone
from quartier.lib.text import clean
from quartier.people.queries import to_sign_in
from quartier.team.access import Actor
from quartier.team.models import Account
from quartier.team.queries import supervisors


class SeveralSignIn(Exception):
    """More than one signs in with this address."""


def train(request: HttpRequest) -> HttpResponse:
    """Record a training that was passed: from then on somebody may be entrusted to them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    start = {"passed_on": clock.now().date(), "slots": [str(bit) for bit in range(21)], "languages": ["fr"]}
    form = TrainingForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        account = None
        try:
            account = _account(actor, form.cleaned_data["reach"])
        except SeveralSignIn:
            form.add_error(
                "reach", _("Several people share this email or number. Enter a mobile number instead.")
            )
        if account is None and not form.errors:
            form.add_error(
                "reach", _("No one signs in here with that. They must sign up as a volunteer first.")
            )
        elif account is not None:
            try:
                listener = actions.record_training(
                    actor=actor,
                    account=account,
                    passed_on=form.cleaned_data["passed_on"],
                    good_until=form.cleaned_data["good_until"],
                    listening=form.listening(),
                )
            except NotPossible:
                form.add_error(
                    "reach", _("You cannot supervise yourself: a colleague records your training.")
                )
            else:
                messages.success(request, _("The training is recorded."))
                return redirect("companion_listener", listener.pk)
    return render(
        request,
        "console/companions/train.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


def _account(actor: Actor, reach: str) -> Account | None:
    """Whoever signs in with this number or address. Raises `SeveralSignIn`."""
    try:
        validate_email(reach)
        found = to_sign_in(actor.organisation, email=reach)
    except ValidationError:
        try:
            found = to_sign_in(actor.organisation, phone=phone.parse(reach, actor.organisation.country))
        except phone.NotANumber:
            return None
    if len(found) > 1:
        raise SeveralSignIn
    return found[0].account if found else None


def show(request: HttpRequest, listener_id: UUID) -> HttpResponse:
    """One listener; POST: change, away, back, stop, a supervision."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    listener = listener_for(actor, listener_id)
    form = ListeningForm(initial=ListeningForm.begin_with(listener))
    if request.method == "POST":
        if not actor.has("supervisor"):
            raise Http404
        match request.POST.get("do"):
            case "change":
                form = ListeningForm(request.POST)
                if form.is_valid():
                    actions.change_listener(actor=actor, listener=listener, listening=form.listening())
                    return redirect("companion_listener", listener.pk)
                return render(
                    request, "console/companions/listener.html", _page(actor, listener, form), status=422
                )
            case "away":
                actions.go_away(actor=actor, listener=listener)
            case "back":
                actions.come_back(actor=actor, listener=listener)
            case "stop":
                try:
                    actions.stop_listening(actor=actor, listener=listener)
                except NotPossible:
                    messages.warning(
                        request, _("This listener still has someone to call: end those calls first.")
                    )
            case "hand_over":
                to = next(
                    (one for one in supervisors(actor.organisation) if str(one.pk) == request.POST.get("to")),
                    None,
                )
                if to is None:
                    raise Http404
                actions.hand_over(actor=actor, listener=listener, to=to)
            case "meet":
                notes = clean(request.POST.get("notes", ""), 10_000)
                actions.meet(actor=actor, listener=listener, on=_today(actor), notes=notes)
                messages.success(request, _("The supervision is recorded."))
            case _:
                raise Http404
        return redirect("companion_listener", listener.pk)
    return render(request, "console/companions/listener.html", _page(actor, listener, form))


def _page(actor: Actor, listener: Listener, form: ListeningForm) -> dict[str, Any]:
    supervises = actor.has("supervisor")
    pairings = listener.pairings.select_related("wish__person").order_by("-created_at", "-pk")[:50]
    return {
        "listener": listener,
        "form": form,
        "supervises": supervises,
        "others": [each for each in supervisors(actor.organisation) if each.pk != listener.supervisor_id]
        if supervises
        else [],
        "trainings": listener.trainings.select_related("recorded_by").order_by("-passed_on", "-pk"),
        "is_trained": listener.trained_until >= _today(actor),
        "pairings": [(each, STATES[each.state]) for each in pairings],
        # What was said in supervision is for supervisors.
        "meetings": [
            (each, each.notes if supervises else "")
            for each in listener.meetings.select_related("supervisor").order_by("-on", "-pk")[:30]
        ],
        "calls": sum(each.state != Pairing.State.ENDED for each in pairings),
    }


def _today(actor: Actor) -> Any:
    return clock.now().astimezone(actor.organisation.zone).date()
