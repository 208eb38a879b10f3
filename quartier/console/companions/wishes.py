"""Somebody would like to be called regularly: the wish with its consent, and who could call her."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from quartier.cases.access import case_for
from quartier.companions import actions, queries
from quartier.companions.access import listener_for, wish_for
from quartier.companions.forms import WishForm
from quartier.companions.models import CallWish
from quartier.companions.rules import INTERESTS, NotPossible
from quartier.lib import choices
from quartier.team.access import Actor


def begin(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Write down what she wishes, on the phone with her: the consent is read to her first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_for(actor, case_id)
    wish = CallWish.objects.filter(person=case.person).exclude(state=CallWish.State.CLOSED).first()
    start = (
        WishForm.begin_with(wish)
        if wish
        else {"languages": [case.person.language], "slots": [str(bit) for bit in range(21)]}
    )
    form = WishForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        actions.wish_for(actor=actor, case=case, person=case.person, wanted=form.wanted())
        messages.success(request, _("Saved. The supervisor is looking for a listener who suits them."))
        return redirect("case_page", case.pk)
    return render(
        request,
        "console/companions/wish_begin.html",
        {"form": form, "case": case},
        status=422 if form.errors else 200,
    )


def show(request: HttpRequest, call_wish_id: UUID) -> HttpResponse:
    """What she wishes, and who could call her, with the reasons; POST: the supervisor decides."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wish = wish_for(actor, call_wish_id)
    if request.method == "POST":
        if not actor.has("supervisor"):
            raise Http404
        try:
            if request.POST.get("do") == "close":
                actions.close_wish(actor=actor, wish=wish)
                return redirect("companions")
            if request.POST.get("do") != "propose":
                raise Http404
            listener = listener_for(actor, _uuid(request.POST.get("listener", "")))
            pairing = actions.propose(actor=actor, wish=wish, listener=listener)
        except NotPossible:
            messages.warning(request, _("This is no longer possible. Here is how things stand."))
            return redirect("companion_wish", wish.pk)
        messages.success(request, _("The listener is being asked. Ask the person too, by phone."))
        return redirect("companion", pairing.pk)
    live = wish.pairings.exclude(state="ended").first()
    return render(
        request,
        "console/companions/wish.html",
        {
            "wish": wish,
            "live": live,
            "supervises": actor.has("supervisor"),
            "languages": choices.chosen(choices.LANGUAGES, wish.languages),
            "interests": choices.chosen(INTERESTS, wish.interests),
            "proposals": [
                {
                    "listener": each.listener,
                    "fit": each.fit,
                    "languages": choices.chosen(choices.LANGUAGES, each.fit.languages),
                    "interests": choices.chosen(INTERESTS, each.fit.interests),
                    "times": each.fit.slots.bit_count(),
                }
                for each in (queries.proposals(wish) if wish.state == CallWish.State.OPEN else [])
            ],
        },
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
