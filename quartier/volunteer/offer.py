"""One offer, by the link in the message: yes or no before, the visit after."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quartier.visits import access


def show(request: HttpRequest, token: str) -> HttpResponse:
    """What this volunteer may know of it now."""
    offer = access.offer_by_token(token)
    return render(request, "volunteer/offer.html", {"offer": offer})
