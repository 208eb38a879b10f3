"""Campaigns: what they would cost, how they stand, letting them rest and ending them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from quartier.console.queries.map import hexagons, is_wide
from quartier.followup import access, actions, queries
from quartier.followup.actions import NobodyThere, Plan, RunsAlready
from quartier.followup.models import CheckIn
from quartier.followup.queries import Place
from quartier.followup.rules import CAMPAIGN_BOUNDS, OCCASIONS
from quartier.lib import cells, clock
from quartier.messaging import spending
from quartier.places.queries import names_of_areas
from quartier.team.access import Actor

State = CheckIn.State
# For who does not coordinate, places of fewer people stand together.
FEW = 5
# In the order in which they are shown, and whether a bar is calm, waits, or alarms.
STATES = (
    (State.NEEDS_HELP, pgettext_lazy("a check-in", "needs help"), "none"),
    (State.ALERTED, pgettext_lazy("a check-in", "not reached at all"), "none"),
    (State.KNOCKING, pgettext_lazy("a check-in", "a neighbour is sent"), "human"),
    (State.CALLING, pgettext_lazy("a check-in", "one of us calls"), "human"),
    (State.ASKED, pgettext_lazy("a check-in", "asked, no answer yet"), ""),
    (State.WAITING, pgettext_lazy("a check-in", "to be asked"), ""),
    (State.KNOCKED, pgettext_lazy("a check-in", "a neighbour was there"), "done"),
    (State.FINE, pgettext_lazy("a check-in", "well"), "done"),
    (State.ENDED, pgettext_lazy("a check-in", "not asked any more"), "closed"),
)
NAMES = {each.code: each.name for each in OCCASIONS}
LABELS = {
    "asks": gettext_lazy("How often we write before one of us calls"),
    "answer_minutes": gettext_lazy("Minutes for an answer"),
    "call_minutes": gettext_lazy("Minutes for one of us to call"),
    "knock_minutes": gettext_lazy("Minutes for a neighbour to be there"),
    "per_minute": gettext_lazy("People asked in a minute, at most"),
}


class CampaignForm(forms.Form):
    """Whom, and in what rhythm."""

    use_required_attribute = False

    occasion = forms.ChoiceField(
        label=gettext_lazy("For what?"),
        choices=list(NAMES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose for what.")},
    )
    postcodes = forms.CharField(
        label=gettext_lazy("Only these postcodes"),
        help_text=gettext_lazy("With commas between. Empty: everybody on the list."),
        required=False,
        max_length=400,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in CAMPAIGN_BOUNDS.items():
            wrong = _("A whole number from %(least)s to %(most)s.") % {"least": least, "most": most}
            self.fields[name] = forms.IntegerField(
                label=LABELS[name],
                min_value=least,
                max_value=most,
                initial=Plan.__dataclass_fields__[name].default,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
            )

    def plan(self) -> Plan:
        """What a valid form says."""
        given = dict(self.cleaned_data)
        words = re.split(r"[,;\s]+", given.pop("postcodes").strip())
        return Plan(postcodes=tuple(word[:12] for word in words if word), **given)


def show(request: HttpRequest) -> HttpResponse:
    """Campaigns, those that run first, and how many people agreed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = [(row, NAMES[row.occasion]) for row in queries.campaigns(actor.organisation)[:20]]
    context = {
        "rows": rows,
        "counts": queries.counts(actor.organisation),
        "coordinates": actor.has(*access.READERS),
    }
    return render(request, "console/checks.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """First what it would take, then a second press begins it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = CampaignForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        plan = form.plan()
        if request.POST.get("do") == "start":
            try:
                campaign = actions.start(actor=actor, plan=plan)
            except RunsAlready:
                form.add_error("occasion", _("One for this occasion runs already. End it first."))
            except NobodyThere:
                form.add_error("occasion", _("Nobody has agreed to be called for this, there."))
            else:
                messages.success(request, _("It has begun."))
                return redirect("campaign", campaign.pk)
        else:
            context["estimate"] = actions.estimate(actor.organisation, plan)
            context["cap"] = spending.cap(actor.organisation)
            context["spent"] = spending.spent(actor.organisation, clock.now())
    return render(request, "console/campaign_new.html", context, status=422 if form.errors else 200)


def one(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """How it stands; asked by htmx, only its moving part."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    campaign = access.campaign_for(actor, campaign_id)
    found = queries.progress(campaign)
    shown = (*found.help, *found.unreached, *found.longest)
    access.looked_at_all(actor, "check_in", [row.pk for row in shown])
    done = queries.ladder_histories(found.unreached)
    for row in found.unreached:
        row.done = done[row.pk]  # type: ignore[attr-defined]
    spent, cap = spending.spent(actor.organisation, clock.now()), spending.cap(actor.organisation)
    if not actor.has(*access.READERS):
        # Who does not look after an area need not know who is the only one of a street.
        found.places = queries.few_together(found.places, FEW)
        found.areas = queries.few_together(found.areas, FEW)
    names = names_of_areas([one.key for one in found.areas if one.key], get_language() or "en")
    context = {
        "areas": [(names.get(one.key, ""), one) for one in found.areas],
        "map_cells": drawn(found.areas, names),
        "campaign": campaign,
        "name": NAMES[campaign.occasion],
        "found": found,
        "bars": [(name, kind, found.states[state]) for state, name, kind in STATES if found.states[state]],
        "state_names": {state.value: name for state, name, _kind in STATES},
        "no_money": spent >= cap > 0 and found.states[State.WAITING] > 0,
        "coordinates": actor.has(*access.READERS),
    }
    name = "console/campaign_live.html" if request.htmx else "console/campaign.html"  # type: ignore[attr-defined]
    return render(request, name, context)


def drawn(areas: Sequence[Place], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """The neighbourhoods for a map: how many have not answered or need help; by region where they lie far apart."""
    placed = [one for one in areas if one.key]
    wide = bool(placed) and is_wide(one.key for one in placed)
    waits: Counter[int] = Counter()
    for one in placed:
        waits[cells.region_of(one.key) if wide else one.key] += one.silent + one.help
    named = {cell for cell, _count in waits.most_common(4)} if not wide else set()
    return hexagons(
        {
            cell: (
                "none" if count else "1",
                str(count or ""),
                names.get(cell, "").split(",")[0] if cell in named else "",
            )
            for cell, count in waits.items()
        }
    )


def act(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Pause it, go on, end it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    campaign = access.campaign_for(actor, campaign_id)
    match request.POST.get("do"):
        case "pause":
            actions.pause(actor=actor, campaign=campaign)
            messages.success(request, _("It rests. Answers are still taken."))
        case "resume":
            actions.resume(actor=actor, campaign=campaign)
            messages.success(request, _("It goes on."))
        case "end":
            actions.end(actor=actor, campaign=campaign)
            messages.success(request, _("It is over. Who needs help stays on the list of calls."))
        case _:
            raise Http404
    return redirect("campaign", campaign.pk)
