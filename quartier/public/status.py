"""The private page of a case: who comes and when, and what one can do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quartier.cases import access


def show(request: HttpRequest, token: str) -> HttpResponse:
    """What the holder of the link may know."""
    link = access.by_token(token)
    return render(request, "public/status.html", {"case": link.case})
