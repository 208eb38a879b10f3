"""What somebody who has just joined is shown on their page: a rehearsal, what we go by until they say otherwise, and
the one question to which no answer can be assumed: how they get around."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from quartier.lib import choices
from quartier.people.forms import kilometres, times_a_day
from quartier.people.getting_around import set_travel
from quartier.people.models import Volunteer
from quartier.volunteer.access import me


def frame(volunteer: Volunteer) -> dict[str, Any]:
    """What the page says until they have said how they get around, and whether they were never asked yet."""
    found: dict[str, Any] = {"is_rehearsal_offered": not volunteer.asked_total}
    if volunteer.travel:
        return found
    return found | {
        "ways_around": [
            (each.code, each.name, "walk" if each.code == "foot" else each.code) for each in choices.TRAVEL
        ],
        "at_any_time": volunteer.slots == choices.ALL_SLOTS,
        "radius": kilometres(volunteer.radius_m),
        "how_often": times_a_day(volunteer.budget),
        "spoken": ", ".join(
            str(each.name) for each in choices.chosen(choices.LANGUAGES, volunteer.languages)
        ),
    }


def travel(request: HttpRequest) -> HttpResponse:
    """How they get around, in one tap."""
    actor, volunteer = me(request)
    try:
        set_travel(actor=actor, volunteer=volunteer, travel=request.POST.get("travel", ""))
    except ValueError as error:
        raise Http404 from error
    messages.success(request, _("Saved."))
    return redirect("volunteer_home")
