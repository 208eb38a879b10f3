"""Who would like another role, and a yes or no to it."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from quartier.appeals import access, actions, queries
from quartier.appeals.models import Appeal
from quartier.appeals.rules import ROLE_NAMES
from quartier.console.cut import cut
from quartier.lib import choices, clock
from quartier.people.access import looked
from quartier.team.access import Actor

SHOWN = 60


def show(request: HttpRequest) -> HttpResponse:
    """The list, by role; the first who said so first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wishes = cut(request, "role-1", queries.wishes(actor.organisation), SHOWN)
    rows = wishes.rows
    if rows:
        looked(actor, "volunteers", rows[0].volunteer_id, count=len(rows))
    groups = [
        (
            name,
            [
                (each, choices.chosen(choices.LANGUAGES, each.volunteer.languages))
                for each in rows
                if each.role == role
            ],
        )
        for role, name in ROLE_NAMES.items()
    ]
    in_training = cut(request, "training", queries.in_training(actor.organisation), SHOWN)
    if training := in_training.rows:
        looked(actor, "volunteers", training[0].volunteer_id, count=len(training))
    context = {
        "groups": [group for group in groups if group[1]],
        "training": [(each, ROLE_NAMES[Appeal.Role(each.role)]) for each in training],
        "wishes": wishes,
        "in_training": in_training,
        "operator": Appeal.Role.OPERATOR,
        "supervises": actor.has("supervisor"),
        "today": clock.now().astimezone(actor.organisation.zone).date(),
    }
    return render(request, "console/role_wishes.html", context)


def act(request: HttpRequest, wish_id: UUID) -> HttpResponse:
    """`accept`, `decline`, or `passed`: the training. What is settled already stays so."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wish = access.wish_for(actor, wish_id)
    match request.POST.get("do"):
        case "accept":
            if actions.accept_wish(actor=actor, wish=wish):
                messages.success(request, _("Saved, and they are told. Call them soon."))
        case "decline":
            if actions.decline_wish(actor=actor, wish=wish):
                messages.success(request, _("Saved. They are not sent a message."))
        case "passed":
            try:
                day = date.fromisoformat(request.POST.get("passed_on", ""))
                if actions.pass_training(actor=actor, wish=wish, passed_on=day):
                    messages.success(request, _("The training is recorded: the line is open to them now."))
            except (ValueError, actions.NotTrained):
                messages.warning(
                    request, _("Not recorded: the date is in the future, or it is your own training.")
                )
        case _unknown:
            raise Http404
    return redirect("role_wishes")
