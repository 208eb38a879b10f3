"""Who runs the line: what the public page about the group says of it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.console.intake.boxes import LineField
from quartier.team import actions
from quartier.team.access import Actor
from quartier.team.sessions import BY_PASSKEY, HOW_KEY


class DetailsForm(forms.Form):
    """Each may stay empty: the page then says nothing of it."""

    use_required_attribute = False
    legal_name = LineField(
        limit=160,
        label=gettext_lazy("Who runs the line"),
        help_text=gettext_lazy("The name of the association or the authority, as in its statutes."),
    )
    postal_address = LineField(
        limit=200,
        label=gettext_lazy("Address for letters"),
        help_text=gettext_lazy("Street, number, postcode and town, in one line."),
    )
    contact_email = forms.EmailField(
        required=False,
        max_length=254,
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy(
            "One of you must read it: here people ask what you keep about them, and complain."
        ),
        error_messages={
            "invalid": gettext_lazy(
                "This email address is not complete. It should look like name@example.org."
            )
        },
    )
    demands_passkeys = forms.BooleanField(
        required=False,
        label=gettext_lazy("Coordinators and administrators sign in with a passkey"),
        help_text=gettext_lazy(
            "A code alone then no longer opens the console to them. Anyone without a passkey adds one when they "
            "next sign in."
        ),
    )


def details(request: HttpRequest) -> HttpResponse:
    """The page; sent, everybody reads it from then on."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    here = actor.organisation
    first = {name: getattr(here, name) for name in DetailsForm.base_fields}
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        demands = form.cleaned_data.pop("demands_passkeys")
        try:
            # Whoever has come in by a code would be led out by their own press.
            if demands and not here.demands_passkeys and request.session.get(HOW_KEY) != BY_PASSKEY:
                raise actions.NoOwnPasskey
            actions.demand_passkeys(actor=actor, wish=demands)
        except actions.NoOwnPasskey:
            form.add_error(
                "demands_passkeys",
                _("Add a passkey and sign in with it yourself first, so as not to lock yourself out."),
            )
            return render(request, "console/group.html", {"form": form}, status=422)
        actions.change_details(actor=actor, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("group_details")
    return render(request, "console/group.html", {"form": form}, status=422 if form.errors else 200)
