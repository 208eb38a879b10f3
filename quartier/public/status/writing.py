"""Words to the neighbour who comes, and what they have answered, as long as the visit goes on."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from quartier.cases.models import StatusLink
from quartier.conversation import actions, queries
from quartier.conversation.forms import SAID_LATE, Sent, WordsToOther, title
from quartier.lib import emergency
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.public.status.frame import private
from quartier.public.status.pages import back
from quartier.visits.access import visit_by_link


@private
@answer_by_redirect
def write(request: HttpRequest, token: str, found: StatusLink, assignment_id: UUID) -> HttpResponse:
    """The form, and what was written so far; `said`: what became of the last words."""
    visit = visit_by_link(found, assignment_id)
    exchange = queries.exchange(visit, found.person)
    late = Sent(request.POST) if request.method == "POST" and (not exchange or not exchange.channel) else None
    if late is not None and late.is_valid():
        came = actions.write_too_late(visit=visit, person=found.person, **late.cleaned_data)
        if exchange is None and came not in SAID_LATE:
            return back(token, "tell" if came else "over")
        return HttpResponseRedirect(f"{request.path}?said={came or ''}")
    said = request.GET.get("said", "")[:10]
    shown = {
        "said": said,
        "numbers": emergency.numbers(found.organisation.country, request.LANGUAGE_CODE),
        "back": reverse("status", args=[token]),
    }
    if exchange is None:
        if said not in SAID_LATE:
            return back(token, "over")
        return render(request, "public/status/write.html", {**shown, "title": _("Your messages")})
    form = WordsToOther(sent_or_waiting(request), exchange=exchange)
    status = 200
    if request.method == "POST" and exchange.channel and form.is_valid():
        try:
            came = actions.write_to_other(visit=visit, person=found.person, **form.cleaned_data)
            return HttpResponseRedirect(f"{request.path}?said={came}")
        except actions.TooManyWords:
            form.too_many()
            status = 429
    context = {**shown, "form": form, "exchange": exchange, "title": title(exchange)}
    return render(request, "public/status/write.html", context, status=status)
