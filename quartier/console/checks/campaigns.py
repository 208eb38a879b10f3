"""Campaigns: what they would cost, how they stand, letting them rest and ending them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from quartier.console.cut import CutList, href_of_all, limit_of
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
# After so long the clock of a wait is red: for a call of the team, and while the ladder goes on by itself.
CALL_MINUTES, ANSWER_MINUTES = queries.LATE_AFTER // timedelta(minutes=1), 240
# In the order in which they are shown, and whether a bar is calm, waits, or alarms.
STATES = (
    (State.NEEDS_HELP, pgettext_lazy("a check-in", "needs help"), "none"),
    (State.ALERTED, pgettext_lazy("a check-in", "not reached at all"), "none"),
    (State.KNOCKING, pgettext_lazy("a check-in", "neighbours are asked to go"), "human"),
    (State.CALLING, pgettext_lazy("a check-in", "one of us is to call"), ""),
    (State.ASKED, pgettext_lazy("a check-in", "asked, no answer yet"), ""),
    (State.WAITING, pgettext_lazy("a check-in", "to be asked"), ""),
    (State.KNOCKED, pgettext_lazy("a check-in", "a neighbour was there"), "done"),
    (State.FINE, pgettext_lazy("a check-in", "OK"), "done"),
    (queries.UNHEARD, pgettext_lazy("a check-in", "had not answered when it ended"), "none"),
    (State.ENDED, pgettext_lazy("a check-in", "no longer asked"), "closed"),
)
# The lists of people: the part of the page, its words, and who stands in it.
LISTS = (
    ("help", gettext_lazy("Needs help"), (State.NEEDS_HELP,)),
    ("unreached", gettext_lazy("Not reached at all"), (State.ALERTED,)),
    (
        "longest",
        gettext_lazy("Who has been waiting longest"),
        (State.ASKED, State.CALLING, State.KNOCKING),
    ),
)
PEOPLE_SHOWN = 20
NAMES = {each.code: each.name for each in OCCASIONS}
LABELS = {
    "asks": gettext_lazy("How often we write before one of us calls"),
    "answer_minutes": gettext_lazy("Minutes for a reply"),
    "call_minutes": gettext_lazy("Minutes for one of us to call"),
    "knock_minutes": gettext_lazy("Minutes for a neighbour to be there"),
    "per_minute": gettext_lazy("People asked in a minute, at most"),
}


class CampaignForm(forms.Form):
    """Whom, and in what rhythm."""

    use_required_attribute = False

    occasion = forms.ChoiceField(
        label=gettext_lazy("What for?"),
        choices=list(NAMES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what for.")},
    )
    postcodes = forms.CharField(
        label=gettext_lazy("Only these postcodes"),
        help_text=gettext_lazy("With commas between. Empty: everyone on the list."),
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


NAMES_OF_STATES = {str(state): (name, kind) for state, name, kind in STATES}


def state_of(row: CheckIn, now: datetime) -> tuple[Any, str]:
    """The words and the kind of tag of somebody in a campaign: red once they have waited too long for a call."""
    name, kind = NAMES_OF_STATES[row.state]
    return name, "stop" if queries.is_call_late(row, now) else kind


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
                form.add_error("occasion", _("One is already running for this occasion. End it first."))
            except NobodyThere:
                form.add_error("occasion", _("No one there has agreed to be called for this."))
            else:
                messages.success(request, _("It has started."))
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
    limit = limit_of(request, "all", PEOPLE_SHOWN)
    found, now = queries.progress(campaign, limit), clock.now()
    people = (found.help, found.unreached, found.longest)
    shown = [row for rows in people for row in rows]
    everybody = href_of_all(request, "all") if limit == PEOPLE_SHOWN else ""
    access.looked_at_all(actor, "check_in", [row.pk for row in shown])
    done = queries.ladder_histories(shown)
    for row in found.unreached:
        row.done = done[row.pk]  # type: ignore[attr-defined]
    for row in found.longest:
        row.shown_state = state_of(row, now)  # type: ignore[attr-defined]
    for row in shown:
        row.vain = done[row.pk].vain_words(now)  # type: ignore[attr-defined]
        row.is_claimed = (row.claimed_until or now) > now  # type: ignore[attr-defined]
        is_called = row.state in access.TO_CALL
        row.promise_minutes = CALL_MINUTES if is_called else ANSWER_MINUTES  # type: ignore[attr-defined]
    spent, cap = spending.spent(actor.organisation, now), spending.cap(actor.organisation)
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
        "no_money": spent >= cap > 0 and found.states[State.WAITING] > 0,
        "coordinates": actor.has(*access.READERS),
        "lists": [
            (part, title, CutList(rows, sum(found.states[state] for state in states), everybody))
            for (part, title, states), rows in zip(LISTS, people, strict=True)
        ],
    }
    if request.GET.get("end") and context["coordinates"] and campaign.state != campaign.State.ENDED:
        silent = [found.states[state] for state in queries.SILENT_STATES]
        context["ending"] = {"silent": sum(silent), "unasked": found.states[State.WAITING]}
    name = "console/campaign_live.html" if request.htmx else "console/campaign.html"  # type: ignore[attr-defined]
    return render(request, name, context)


def drawn(areas: Sequence[Place], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """The neighbourhoods for a map: how many have not answered or need help; where there is nobody of these, whether
    somebody is still to be asked. By region where they lie far apart."""
    placed = [one for one in areas if one.key]
    wide = bool(placed) and is_wide(one.key for one in placed)
    waits: Counter[int] = Counter()
    unasked: Counter[int] = Counter()
    for one in placed:
        cell = cells.region_of(one.key) if wide else one.key
        waits[cell] += one.silent + one.help
        unasked[cell] += one.unasked
    named = {cell for cell, _count in waits.most_common(4)} if not wide else set()
    return hexagons(
        {
            cell: (
                "none" if count else "2" if unasked[cell] else "1",
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
            messages.success(request, _("Paused. Replies still count."))
        case "resume":
            actions.resume(actor=actor, campaign=campaign)
            messages.success(request, _("The visits carry on."))
        case "end" if not request.POST.get("sure"):
            return redirect(f"{reverse('campaign', args=[campaign.pk])}?end=1#end")
        case "end":
            actions.end(actor=actor, campaign=campaign, call=request.POST["sure"] == "call")
            messages.success(request, _("It has ended. Anyone who needs help stays on the list of calls."))
        case _:
            raise Http404
    return redirect("campaign", campaign.pk)
