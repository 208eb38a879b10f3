"""What was written before somebody noticed that they were signed out: shown once more, then sent."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from quartier.lib import clock, kept

# Fields that are choices of the page, not words of a person.
TOO_SHORT_TO_SHOW = 3


def show(request: HttpRequest) -> HttpResponse:
    """The words, and a button that sends them where they were going. Gone after half an hour, or once shown."""
    found = kept.read(request.session, clock.now())
    if found is None:
        return HttpResponseRedirect(reverse("home_of_role"))
    path, fields = found
    kept.forget(request.session)
    words = [value for _name, value in fields if len(value) > TOO_SHORT_TO_SHOW and not value.isdigit()]
    response = render(request, "public/kept.html", {"path": path, "fields": fields, "words": words[:12]})
    response["Cache-Control"] = "no-store"
    return response
