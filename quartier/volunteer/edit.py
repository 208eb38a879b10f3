"""Everything I said when I joined, to be changed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache

from quartier.people import actions
from quartier.people.forms import VolunteerForm, said_by
from quartier.people.models import Volunteer
from quartier.volunteer.access import me


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The form, filled in; POST: saved, or shown again with every word kept and what is wrong."""
    actor, volunteer = me(request)
    if volunteer.state == Volunteer.State.SUSPENDED:
        return redirect("volunteer_home")
    said = said_by(volunteer)
    form = VolunteerForm(
        request.POST if request.method == "POST" else None, organisation=actor.organisation, **said
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_volunteer(actor=actor, volunteer=volunteer, who=form.who(), ready=form.ready())
        except actions.AlreadyInUse:
            form.add_error(
                "email" if form.cleaned_data["channel"] == "email" else "phone",
                _("Somebody else of ours uses this number or address already. If that is you, call us."),
            )
        else:
            with override(form.cleaned_data["language"]):
                messages.success(request, _("It is saved."))
                return redirect("volunteer_home")
    return render(request, "volunteer/edit.html", {"form": form, "volunteer": volunteer})
