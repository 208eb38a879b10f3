"""What was written before somebody noticed that they were signed out: shown once more, then sent."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from quartier.lib import clock, kept
from quartier.team import last_here

# Fields that are choices of the page, not words of a person.
TOO_SHORT_TO_SHOW = 3


def show(request: HttpRequest) -> HttpResponse:
    """The words, and a button that sends them where they were going: for whoever was signed in when they wrote them,
    and nobody else. Gone after half an hour, or once shown."""
    found = kept.read(request.session, clock.now())
    whose = request.session.pop(kept.WHOSE, "")
    if found is not None and (not whose or whose != last_here.mark_of(request.actor)):  # type: ignore[attr-defined]
        kept.forget(request.session)
        found = None
    if found is None:
        return HttpResponseRedirect(reverse("home_of_role"))
    path, fields = found
    kept.forget(request.session)
    words = [value for _name, value in fields if len(value) > TOO_SHORT_TO_SHOW and not value.isdigit()]
    response = render(request, "public/kept.html", {"path": path, "fields": fields, "words": words[:12]})
    response["Cache-Control"] = "no-store"
    return response
