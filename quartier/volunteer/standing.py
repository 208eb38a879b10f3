"""My standing: what I may be asked for, what is missing, and the charter to sign."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from quartier.lib import clock
from quartier.trust import actions, queries, rules
from quartier.volunteer.access import me


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The levels with what is met and missing; POST signs the charter."""
    actor, volunteer = me(request)
    if request.method == "POST":
        actions.sign(actor=actor, volunteer=volunteer, language=get_language() or "fr")
        messages.success(request, _("Signed. Thank you."))
        return redirect("volunteer_standing")
    today = clock.now().astimezone(volunteer.organisation.zone).date()
    context = {
        "volunteer": volunteer,
        "standing": queries.standing(volunteer, today),
        "charter": rules.CHARTER,
        "version": rules.CHARTER_VERSION,
        "vets": volunteer.organisation.vets,
    }
    return render(request, "volunteer/standing.html", context)
