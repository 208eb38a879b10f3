"""Who is kept from joining, and objections to it: decided by somebody else than who put them there."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from quartier.lib import clock
from quartier.team.access import Actor
from quartier.trust import actions, queries


def show(request: HttpRequest) -> HttpResponse:
    """The list without a number or an address: only why, by whom, until when."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = clock.now().astimezone(actor.organisation.zone).date()
    context = {
        "blocks": list(queries.blocks(actor.organisation, today)[:200]),
        "appeals": list(queries.appeals(actor.organisation)[:100]),
        "me": actor.id,
    }
    return render(request, "console/blocks.html", context)


def act(request: HttpRequest) -> HttpResponse:
    """Lift one, or decide on an objection."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        match request.POST.get("do"):
            case "lift":
                actions.lift(actor=actor, block_id=UUID(request.POST.get("block", "")))
                messages.success(request, _("They can sign up again."))
            case "agree" | "refuse" as answer:
                actions.decide(
                    actor=actor,
                    appeal_id=UUID(request.POST.get("appeal", "")),
                    words=request.POST.get("words", ""),
                    lifts=answer == "agree",
                )
                messages.success(
                    request, _("Decided. Tell them yourself: their number or address is beside it.")
                )
            case _:
                raise Http404
    except ValueError as error:
        if not isinstance(error, actions.NothingSaid):
            raise Http404 from error
        messages.warning(request, _("If nothing was done, say why, in a few words."))
    except actions.NotYours:
        messages.warning(request, _("You put them there: someone else decides."))
    return redirect("blocks")
