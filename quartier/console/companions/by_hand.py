"""One service of the directory: written by hand, changed, checked, withdrawn."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from quartier.companions import actions, queries
from quartier.companions.forms import ServiceForm
from quartier.companions.models import Service
from quartier.lib import clock
from quartier.team.access import Actor


def new(request: HttpRequest) -> HttpResponse:
    """A service that is not there yet."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = ServiceForm(request.POST if request.method == "POST" else None, initial={"languages": ["fr"]})
    if request.method == "POST" and form.is_valid():
        row = actions.keep_service(actor=actor, said=form.listed())
        messages.success(request, _("It is in the directory."))
        return redirect("companion_service", row.pk)
    return render(
        request, "console/companions/service.html", {"form": form}, status=422 if form.errors else 200
    )


def show(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """The service; POST: change it, note that it was checked, withdraw it or give it again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    service = Service.objects.filter(pk=service_id, organisation=actor.organisation).first()
    if service is None:
        raise Http404
    form = ServiceForm(initial=ServiceForm.begin_with(service))
    if request.method == "POST":
        match request.POST.get("do"):
            case "save":
                form = ServiceForm(request.POST)
                if form.is_valid():
                    actions.keep_service(actor=actor, said=form.listed(service), service=service)
                    messages.success(request, _("Saved, and checked today."))
            case "check":
                actions.check_service(actor=actor, service=service)
                messages.success(request, _("Saved: checked today."))
            case "withdraw":
                actions.give_service(actor=actor, service=service, wish=False)
                messages.success(request, _("No one will be referred to it any longer."))
            case "give":
                actions.give_service(actor=actor, service=service, wish=True)
                messages.success(request, _("It is in the directory again."))
            case _:
                raise Http404
        if not form.errors:
            return redirect("companion_service", service.pk)
    today = clock.now().astimezone(actor.organisation.zone).date()
    context = {
        "form": form,
        "service": service,
        "stale": queries.is_stale(service, today),
        # What stands in the file it came from and is not in the form: it stays as it is.
        "timed": [each for each in service.schedules if each["opens_at"] or each["byday"]],
        "phones": service.phones[1:],
        "places": service.places[1:],
    }
    return render(request, "console/companions/service.html", context, status=422 if form.errors else 200)
