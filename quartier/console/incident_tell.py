"""Making an incident known from its page: volunteers are asked by an appeal, those who were helped before are told, and
everybody on the list is asked whether they are well. Each with what it takes, and one press."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from quartier.appeals import actions as appeals
from quartier.appeals.actions import Asked
from quartier.appeals.actions.making import described
from quartier.appeals.models import Appeal
from quartier.appeals.rules import EVERYBODY
from quartier.console.appeals.write import Preview, preview
from quartier.followup import actions as followup
from quartier.followup.actions import Estimate, NobodyThere, Plan, Reached, RunsAlready
from quartier.followup.models import Campaign, News
from quartier.followup.rules import OCCASIONS
from quartier.incidents.access import incident_for
from quartier.incidents.models import Incident
from quartier.lib import clock, sms
from quartier.messaging import saying, spending, wording
from quartier.team.access import Actor
from quartier.team.models import Organisation

WANTED = 10
NAMES = {each.code: each.name for each in OCCASIONS}


@dataclass
class Shown:
    """What stands in the three boxes: what it takes, or what runs already."""

    volunteers: Preview | None
    appeal: Appeal | None
    people: Reached | None
    news: News | None
    checks: Estimate | None
    campaign: Campaign | None


def show(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """What it takes; sent with `do`, it begins."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    incident = incident_for(actor, incident_id)
    if incident.ended_at is not None:
        return redirect("incident", incident.pk)
    if request.method == "POST":
        return _begin(request, actor, incident)
    # The row of the organisation itself, whose numbers of today are counted.
    here = Organisation.objects.get(pk=actor.organisation.pk)
    context = {
        "incident": incident,
        "shown": _shown(here, incident),
        "occasion": NAMES.get(incident.shipped.occasion, ""),
        "arrives": _arrives(here, incident),
        "asked": _asked(here, incident),
        "cap": spending.cap(here),
        "spent": spending.spent(here, clock.now()),
        "wanted": WANTED,
    }
    return render(request, "console/incident_tell.html", context)


def _wish(incident: Incident) -> Asked:
    return Asked(Appeal.Purpose.EVENT, WANTED, incident=incident, idle_days=EVERYBODY)


def _shown(here: Organisation, incident: Incident) -> Shown:
    appeal = Appeal.objects.filter(organisation=here, incident=incident).order_by("-created_at").first()
    is_open = appeal is not None and appeal.ended_at is None
    news = News.objects.filter(incident=incident).first()
    occasion = incident.shipped.occasion
    running = Campaign.objects.filter(organisation=here, occasion=occasion).exclude(state="ended").first()
    plans = occasion and running is None
    return Shown(
        volunteers=None if is_open else preview(described(here, _wish(incident))),
        appeal=appeal,
        people=followup.would_reach(here, incident) if news is None else None,
        news=news,
        checks=followup.estimate(here, Plan(occasion)) if plans else None,
        campaign=running,
    )


def _arrives(here: Organisation, incident: Incident) -> list[tuple[str, str, str]]:
    """What people who were helped read, in each language: its name, its code, the text."""
    found = []
    for code in wording.languages(here):
        own = wording.of(here).get(("news", code)) or wording.ours("news", code)
        with translation.override(code):
            values = {"event": incident.shipped.announce, "page": ("ask",)}
            text = wording.filled(str(own.text), saying.ready(here, values, clock.now()))
        found.append((str(dict(settings.LANGUAGES)[code]), code, sms.plain(text)))
    return found


def _asked(here: Organisation, incident: Incident) -> list[tuple[str, str]]:
    """What is asked in a check-in, in each language."""
    found = []
    for code in wording.languages(here) if incident.shipped.occasion else []:
        with translation.override(code):
            found.append((code, str(incident.shipped.check_in)))
    return found


def _begin(request: HttpRequest, actor: Actor, incident: Incident) -> HttpResponse:
    match request.POST.get("do"):
        case "volunteers":
            appeal = appeals.make(actor=actor, asked=_wish(incident))
            messages.success(
                request, _("It is made. The first people are asked at once, unless it is night.")
            )
            return redirect("appeal", appeal.pk)
        case "people":
            followup.tell(actor=actor, incident=incident)
            messages.success(request, _("It has started: a few are told each minute, by day."))
        case "stop":
            if followup.stop_telling(actor=actor, incident=incident):
                messages.success(request, _("No one else will be told."))
        case "checks" if incident.shipped.occasion:
            return _checks(request, actor, incident)
        case _:
            raise Http404
    return redirect("incident_tell", incident.pk)


def _checks(request: HttpRequest, actor: Actor, incident: Incident) -> HttpResponse:
    try:
        plan = Plan(incident.shipped.occasion, incident=incident)
        campaign = followup.start(actor=actor, plan=plan)
    except RunsAlready:
        messages.warning(request, _("One is already running for this occasion. End it first."))
    except NobodyThere:
        messages.warning(request, _("No one there has agreed to be called for this."))
    else:
        messages.success(request, _("It has started."))
        return redirect("campaign", campaign.pk)
    return redirect("incident_tell", incident.pk)
