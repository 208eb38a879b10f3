"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def show(request: HttpRequest) -> HttpResponse:
    """What the line does, its number, and the two ways in."""
    return render(request, "public/home.html")
