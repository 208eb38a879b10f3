"""A rehearsal: a question as neighbours really get it, and what a yes does, with an invented neighbour.

Every page says that it is one. The rows are made and never kept: nothing is written, sent or counted, so anybody may
look, also before they join.
"""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from quartier.cases.models import Case, Request
from quartier.lib import choices, clock
from quartier.matching.models import Offer
from quartier.people.access import own_volunteer
from quartier.people.models import Volunteer
from quartier.team.access import Actor
from quartier.team.models import Organisation
from quartier.visits.actions.ledger import first_name
from quartier.volunteer import offer, rules

# What follows which answer: the word of the page in the address.
NEXT_STAGES = {"yes": "visit", "no": "no", "on_way": "way", "done": "end"}
STAGE_TEMPLATES = {
    "": "volunteer/rehearsal.html",
    "visit": "volunteer/rehearsal_visit.html",
    "way": "volunteer/rehearsal_visit.html",
    "no": "volunteer/rehearsal_end.html",
    "end": "volunteer/rehearsal_end.html",
}
USUAL_KIND_CODE = "groceries"
EXAMPLE_DISTANCE_M = 800
TIME_TO_ANSWER = timedelta(hours=2)
TIME_LEFT = timedelta(minutes=95)


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """A stage of the rehearsal; POST: an answer, which leads to the next one."""
    if request.method == "POST":
        stage = NEXT_STAGES.get(request.POST.get("do", ""), "")
        return redirect(f"{reverse('rehearsal')}?at={stage}" if stage else reverse("rehearsal"))
    stage = request.GET.get("at", "")
    stage = stage if stage in STAGE_TEMPLATES else ""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    mine = own_volunteer(actor) if actor is not None and actor.has("volunteer") else None
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    me = mine or _anybody(organisation)
    context = _example(organisation, me, clock.now()) | {"stage": stage, "mine": mine}
    return render(request, STAGE_TEMPLATES[stage], context)


def _anybody(organisation: Organisation) -> Volunteer:
    """A volunteer of whom nothing is known, for who has not joined yet."""
    speaks = choices.mask(choices.LANGUAGES, [(get_language() or "fr")[:2]])
    return Volunteer(
        organisation=organisation, kinds=choices.kind(USUAL_KIND_CODE).mask, languages=speaks, travel=""
    )


def _example(organisation: Organisation, me: Volunteer, now: datetime) -> dict[str, Any]:
    """What the pages show: an invented request near this volunteer, of a kind that they do."""
    kinds = choices.chosen(choices.KINDS, me.kinds)
    kind = choices.kind(next((each.code for each in kinds if each.code == USUAL_KIND_CODE), kinds[0].code))
    case = Case(organisation=organisation, postcode=me.postcode, place_name=me.place_name)
    tomorrow = (now + timedelta(days=1)).astimezone(organisation.zone)
    asked = Request(
        organisation=organisation,
        case=case,
        kind=kind.code,
        remote=kind.remote,
        languages=me.languages,
        area=me.area,
        window_from=tomorrow.replace(hour=10, minute=0, second=0, microsecond=0),
        window_until=tomorrow.replace(hour=12, minute=0, second=0, microsecond=0),
        urgency=Request.Urgency.DAY,
    )
    return {
        "asked": asked,
        "offer": Offer(request=asked, distance_m=None if kind.remote else EXAMPLE_DISTANCE_M),
        "kind": kind,
        "where": rules.where(asked) if me.place_name else "",
        "start": asked.window_from,
        "state": "open",
        "left": TIME_LEFT.total_seconds() / 60,
        "promise": TIME_TO_ANSWER.total_seconds() / 60,
        "asked_count": 4,
        "volunteer": me,
        "first_name": first_name(me.person) if me.person_id else "",
        **offer.frame_before_yes(asked, me, now),
    }
