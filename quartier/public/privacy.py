"""What we do with what people tell us, in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quartier.intake.jobs import KEEP_DAYS


def show(request: HttpRequest) -> HttpResponse:
    """The page that each form links to."""
    return render(request, "public/privacy.html", {"draft_days": KEEP_DAYS})
