"""Everything I said when I joined, to be changed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache

from quartier.lib import phone
from quartier.lib.waiting_form import add_error, answer_by_redirect, sent_or_waiting, show_errors
from quartier.messaging.providers import ways_out
from quartier.people import actions
from quartier.people.forms import VolunteerForm, said_by
from quartier.people.models import Person
from quartier.team.access import TEAM, Actor
from quartier.telephony import queries
from quartier.volunteer.access import me


@never_cache
@answer_by_redirect
def show(request: HttpRequest) -> HttpResponse:
    """The form, filled in; POST: saved, or shown again with every word kept and what is wrong."""
    actor, volunteer = me(request)
    said = said_by(volunteer)
    form = VolunteerForm(sent_or_waiting(request), organisation=actor.organisation, **said)
    form.offer_only(ways_out.written_ways())
    if request.method == "POST" and form.is_valid():
        before = volunteer.person.phone_index
        try:
            edited = actions.edit_volunteer(
                actor=actor, volunteer=volunteer, who=form.who(), ready=form.ready()
            )
        except actions.AlreadyInUse:
            who = form.who()
            add_error(
                request,
                form,
                "phone" if not who.email or phone.is_mobile(who.phone) else "email",
                _("This number or address is already in use. If it is yours, call us."),
            )
        else:
            with override(form.cleaned_data["language"]):
                messages.success(request, _("Saved."))
                is_new = edited.person.phone_index != before
                asks = is_new and _is_own_phone_unproven(actor, edited.person)
                return redirect("line_own_phone" if asks else "volunteer_home")
    show_errors(request, form)
    own_phone_unproven = _is_own_phone_unproven(actor, volunteer.person)
    context = {"form": form, "volunteer": volunteer, "own_phone_unproven": own_phone_unproven}
    return render(request, "volunteer/edit.html", context)


def _is_own_phone_unproven(actor: Actor, person: Person) -> bool:
    """Whether they answer calls, could do it on this number, and the line does not ring it yet."""
    if not person.phone or person.is_phone_proven or not actor.has(*TEAM):
        return False
    return queries.has_line(actor.organisation)
