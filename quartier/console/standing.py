"""Trust: what the team has seen of a volunteer, and the table of levels."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.incidents.queries import running
from quartier.lib import choices
from quartier.lib.text import one_line
from quartier.people.access import volunteer_for
from quartier.team.access import Actor
from quartier.trust import actions, rules
from quartier.trust.models import Sighting

KINDS = {
    "identity": gettext_lazy("identity card"),
    "595": gettext_lazy("extract from the criminal record, model 595"),
    "596.2": gettext_lazy("extract from the criminal record, model 596.2 (minors)"),
    "reference": gettext_lazy("a reference, spoken to"),
    "training": gettext_lazy("training passed"),
}


def name_of(sighting: Sighting) -> str:
    """What was seen, in words."""
    return str(KINDS[sighting.model or sighting.kind])


def act(request: HttpRequest, volunteer_id: UUID) -> HttpResponse:
    """Write down what was seen, or take it back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    volunteer = volunteer_for(actor, volunteer_id)
    match request.POST.get("do"):
        case "saw":
            what = request.POST.get("what", "")
            if what not in KINDS:
                raise Http404
            extract = what in Sighting.Model.values
            try:
                actions.saw(
                    actor=actor,
                    volunteer=volunteer,
                    paper=actions.Paper(
                        Sighting.Kind.EXTRACT if extract else what,
                        what if extract else "",
                        _day(request.POST.get("seen_on", "")),
                        _day(request.POST.get("valid_until", "")),
                    ),
                )
                messages.success(request, _("Saved. The level is worked out again."))
            except actions.NotSeen:
                messages.warning(
                    request,
                    _("Not saved: the date is in the future or has expired, or it is your own paper."),
                )
        case "take_back":
            try:
                key = UUID(request.POST.get("sighting", ""))
            except ValueError as error:
                raise Http404 from error
            actions.take_back(actor=actor, volunteer=volunteer, sighting_id=key)
            messages.success(request, _("It no longer counts. The level is worked out again."))
        case _:
            raise Http404
    return redirect("volunteer_page", volunteer.pk)


def _day(text: str) -> date | None:
    """The day of a date field; what cannot be read is none."""
    try:
        return date.fromisoformat(one_line(text, 10)) if text.strip() else None
    except ValueError:
        return None


def levels(request: HttpRequest) -> HttpResponse:
    """The table: what each level needs and opens; whether it counts is its head's to say."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        if "pairs" in request.POST:
            actions.pair_first(actor=actor, wish=request.POST["pairs"] == "yes")
        else:
            actions.vet(actor=actor, wish=request.POST.get("vets") == "yes")
        messages.success(request, _("Saved."))
        return redirect("levels")
    context = {
        "rows": [
            (
                each,
                [rules.NEEDS[code] for code in each.needs],
                [kind.name for kind in choices.KINDS if rules.needed(kind.code) == each.number],
            )
            for each in rules.LEVELS
        ],
        "vets": actor.organisation.vets,
        "pairs": actor.organisation.pairs_first,
        "experienced": rules.EXPERIENCED,
        "is_head": actor.has("admin"),
        "incidents": running(actor.organisation),
    }
    return render(request, "console/levels.html", context)
