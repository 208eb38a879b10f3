"""What makes an app of the pages: the service worker, the manifest, the page for when there is nothing to show;
and what a page says to the worker about itself."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from quartier.lib import clock

FILE = Path(__file__).resolve().parent.parent / "static" / "volunteer" / "worker.js"
AWAY_KEPT = timedelta(days=90)
GROUND, PLATE = "#f3f4f1", "#14377d"


@cache
def _words_of_worker() -> str:
    return FILE.read_text()


def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Browsers ask for it again each day at most, and get the newest."""
    response = HttpResponse(_words_of_worker(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def manifest(request: HttpRequest) -> HttpResponse:
    """What stands on the home screen: the organisation's name, its picture, the volunteer's page."""
    here = request.organisation  # type: ignore[attr-defined]
    sizes = (("192", "any"), ("512", "any"), ("512", "maskable"))
    response = JsonResponse(
        {
            "id": "/volunteer/",
            "name": here.name,
            "short_name": here.name if len(here.name) <= 12 else "Quartier",
            "lang": get_language(),
            "start_url": reverse("volunteer_home"),
            "scope": "/",
            "display": "standalone",
            "background_color": GROUND,
            "theme_color": PLATE,
            "icons": [
                {
                    "src": static(f"volunteer/icon-{size}{'-mask' if purpose == 'maskable' else ''}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for size, purpose in sizes
            ],
        },
        content_type="application/manifest+json",
    )
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
def away(request: HttpRequest) -> HttpResponse:
    """What is shown without a network in place of a page that was never opened here."""
    return keep(render(request, "volunteer/app/away.html"), clock.now() + AWAY_KEPT)


def keep(response: HttpResponse, until: datetime | None, state: str = "") -> HttpResponse:
    """Say how long the phone may keep this page for when there is no network (`None`: not at all), and where the
    offer stands: the worker tells its reader when that is not what they have answered."""
    response["Quartier-Keep"] = str(int(until.timestamp())) if until else "0"
    if state:
        response["Quartier-State"] = state
    return response
