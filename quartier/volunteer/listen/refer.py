"""Services that could help one of my people: search near her, and refer her warmly, with her yes."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from quartier.companions import access, actions, hsds, queries
from quartier.companions.actions.referrals import Agreed
from quartier.companions.models import Pairing
from quartier.companions.queries import Wanted
from quartier.companions.rules import NotPossible
from quartier.lib import choices
from quartier.lib.text import one_line
from quartier.people.queries import first_name
from quartier.team.access import Actor


@never_cache
def show(request: HttpRequest, pairing_id: UUID) -> HttpResponse:
    """The directory, those near her first; POST: she agrees that one of them is called."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    pairing = access.own_pairing(actor, pairing_id)
    if pairing.state == Pairing.State.PROPOSED:
        raise Http404  # Nobody is known to the listener yet.
    if request.method == "POST":
        return _refer(request, actor, pairing)
    need, language, kind = (one_line(request.GET.get(name, ""), 80) for name in ("need", "language", "kind"))
    wanted = Wanted(need, language=language, kind=kind, near=queries.near(pairing.wish))
    return render(
        request,
        "volunteer/listen/services.html",
        {
            "pairing": pairing,
            "name": first_name(pairing.wish.person),
            "chosen": {"need": need, "language": language, "kind": kind},
            "services": queries.services(actor.organisation, wanted, limit=30),
            "languages": choices.LANGUAGES,
            "kinds": hsds.KINDS,
            "is_shared": pairing.wish.person.phone_is_shared,
        },
    )


def _refer(request: HttpRequest, actor: Actor, pairing: Pairing) -> HttpResponse:
    together = request.POST.get("do") == "together"
    if not together and request.POST.get("do") != "propose":
        raise Http404
    said = Agreed(request.POST.get("agreed") == "yes", request.POST.get("number") == "yes", together)
    try:
        service = UUID(request.POST.get("service", ""))
    except ValueError as error:
        raise Http404 from error
    try:
        made = actions.refer(actor=actor, pairing=pairing, service_id=service, said=said)
    except NotPossible:
        messages.warning(request, _("Ask them first: unless they agree, no one is called."))
        return redirect("listen_services", pairing.pk)
    if said.wants_number and made.number_sent_at is None:
        messages.warning(request, _("We cannot send them the number: tell them on the phone."))
    messages.success(
        request,
        _("Thank you. Your supervisor will know that you called together.")
        if together
        else _("Thank you. Your supervisor will call this service for them."),
    )
    return redirect("listen_pairing", pairing.pk)
