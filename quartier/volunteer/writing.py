"""Words to whoever is helped, or asked for them, and what they have answered, as long as the visit goes on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from quartier.conversation import actions, queries
from quartier.conversation.forms import SAID_LATE, Sent, WordsToOther, title
from quartier.lib import clock, emergency
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.team import access as team
from quartier.visits import access
from quartier.visits.rules import may_see_details
from quartier.volunteer.app.frame import keep


@never_cache
@answer_by_redirect
def write(request: HttpRequest, token: str) -> HttpResponse:
    """The form, and what was written so far; `said`: what became of the last words. Whoever goes there no longer is led
    to what their link says now."""
    offer = access.offer_by_token(token)
    team.only_at(request.organisation, offer.organisation_id)  # type: ignore[attr-defined]
    request.organisation = offer.organisation  # type: ignore[attr-defined]
    visit = access.visit_of(offer)
    exchange = None
    if visit is not None and may_see_details(visit, clock.now()):
        exchange = queries.exchange(visit, visit.volunteer.person)
    late = Sent(request.POST) if request.method == "POST" and (not exchange or not exchange.channel) else None
    if visit is not None and late is not None and late.is_valid():
        came = actions.write_too_late(visit=visit, person=visit.volunteer.person, **late.cleaned_data)
        if exchange is None and came not in SAID_LATE:
            if came:
                messages.success(request, _("Thank you, we have received it. Our team will read it."))
            return redirect("offer_link", token)
        return HttpResponseRedirect(f"{request.path}?said={came or ''}")
    said = request.GET.get("said", "")[:10]
    shown = {
        "said": said,
        "numbers": emergency.numbers(offer.organisation.country, request.LANGUAGE_CODE),
        "back": reverse("offer_link", args=[token]),
    }
    if visit is not None and exchange is None and said in SAID_LATE:
        return keep(render(request, "volunteer/write.html", {**shown, "title": _("Your messages")}), None)
    if visit is None or exchange is None:
        return redirect("offer_link", token)
    access.noted_look(team.link(offer.organisation, offer.volunteer.person_id), visit)
    form = WordsToOther(sent_or_waiting(request), exchange=exchange)
    status = 200
    if request.method == "POST" and exchange.channel and form.is_valid():
        try:
            came = actions.write_to_other(visit=visit, person=visit.volunteer.person, **form.cleaned_data)
            return HttpResponseRedirect(f"{request.path}?said={came}")
        except actions.TooManyWords:
            form.too_many()
            status = 429
    context = {**shown, "form": form, "exchange": exchange, "title": title(exchange)}
    # Not kept on the phone: words that were not sent would seem to be.
    return keep(render(request, "volunteer/write.html", context, status=status), None)
