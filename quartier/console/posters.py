"""Posters and flyers to print: of every day, and of each incident that runs."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from quartier.incidents import queries
from quartier.incidents.models import Incident
from quartier.team.access import Actor
from quartier.team.models import Organisation
from quartier.team.queries import origin_of

Papers = list[tuple[str, str, list[tuple[str, str]]]]


def show(request: HttpRequest) -> HttpResponse:
    """What can be printed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    here = actor.organisation
    rows = [(each.name, offered(here, each)) for each in queries.running(here)]
    return render(request, "console/posters.html", {"rows": rows, "every_day": offered(here)})


def offered(here: Organisation, incident: Incident | None = None) -> Papers:
    """For each language its name, its code, and the sheets: words and address."""
    names = dict(settings.LANGUAGES)
    about = f"?incident={incident.pk}" if incident else ""
    return [
        (
            names[code],
            code,
            [
                (words, reverse("poster", args=[size, code]) + about)
                for size, words in (("poster", _("Poster (A4)")), ("flyer", _("Flyers (4 on a sheet)")))
            ],
        )
        for code, _name in settings.LANGUAGES
        if code in here.languages
    ]


def sheet(request: HttpRequest, size: str, spoken: str) -> HttpResponse:
    """One of them; `incident`: its own, else that of every day."""
    from quartier.incidents import paper  # Only here: it reads the fonts.

    actor: Actor = request.actor  # type: ignore[attr-defined]
    here, given = actor.organisation, request.GET.get("incident", "")
    if size not in paper.DRAWN or spoken not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(spoken):
        site = f"{origin_of(here)}{reverse('home')}"
    notice = paper.Notice(here, spoken, site)
    if given:
        incident = _incident(here, given)
        notice = paper.Notice(here, spoken, site, incident.shipped, tuple(incident.kinds))
    answer = HttpResponse(paper.DRAWN[size](notice), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{size}-{notice.template.code}-{spoken}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def _incident(here: Organisation, given: str) -> Incident:
    try:
        found = Incident.objects.filter(pk=UUID(given), organisation=here).first()
    except ValueError as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found
