"""The first page."""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from quartier.cases import queries
from quartier.cases.models import Request
from quartier.cases.rules import news_by_day, news_hour
from quartier.incidents import queries as incidents
from quartier.lib import choices, clock
from quartier.look import rules as saying
from quartier.team.models import Organisation
from quartier.telephony import queries as telephony

KEEP_SECONDS = 300
# In a crisis most requests are for this page, and it is the same for everybody who has not signed in.
SAME_SECONDS = 5


def show(request: HttpRequest) -> HttpResponse:
    """What the line does, its number, the two ways in, and how long it takes until a neighbour says yes."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    # Who has no cookie and asks for the plain address sees what the last one saw.
    key = (
        ""
        if request.COOKIES or request.META["QUERY_STRING"]
        else f"public.home.{organisation.id}.{get_language()}"
    )
    words = cache.get(key) if key else None
    if words is None:
        words = _drawn(request, organisation)
        if key:
            cache.set(key, words, SAME_SECONDS)
    return HttpResponse(words)


def _drawn(request: HttpRequest, organisation: Organisation) -> str:
    today = clock.now().astimezone(organisation.zone).date()
    opens, closes = (
        saying.clock_time(datetime.combine(today, at, tzinfo=organisation.zone))
        for at in (organisation.opens, organisation.closes)
    )
    names = [str(each.name) for each in choices.LANGUAGES if each.code in organisation.languages]
    now = clock.now()
    context = {
        "incidents": incidents.running(organisation),
        "kinds": incidents.offered(organisation),
        "wait": _wait(organisation),
        # What is promised to whoever asks now; where nobody can say yet how long a yes takes.
        "news_by": news_by_day(news_hour(now, Request.Urgency.NOW, organisation), organisation),
        "opens_at": telephony.opens_again(organisation, now) if organisation.phone else None,
        "always": opens == closes,
        "opens": opens,
        "closes": closes,
        "spoken": ", ".join(names),
    }
    return render_to_string("public/home.html", context, request)


def _wait(organisation: Organisation) -> dict[str, Any] | None:
    """The median as a figure with its unit; `None` while too few were helped to say one."""
    key = f"public.wait.{organisation.id}"
    known = cache.get(key)
    if known is None:
        found = queries.median_wait(organisation, clock.now())
        known = {"found": found}
        cache.set(key, known, KEEP_SECONDS)
    wait: timedelta | None = known["found"]
    if wait is None:
        return None
    minutes = max(1, round(wait / timedelta(minutes=1)))
    if minutes < 100:
        return {"figure": minutes, "unit": "minutes"}
    return {"figure": round(minutes / 60), "unit": "hours"}
