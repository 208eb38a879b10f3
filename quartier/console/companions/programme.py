"""The programme at a glance: who speaks with whom, what needs a look, who waits, who listens, who supervises."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quartier.companions import access, queries
from quartier.companions.forms import STATES
from quartier.lib import clock
from quartier.team import actions as team
from quartier.team.access import Actor
from quartier.team.queries import accounts_of_team

TONE_ORDER = {"very_low": 0, "low": 1, "falling": 2}


def show(request: HttpRequest) -> HttpResponse:
    """The lists. A supervisor sees her own listeners first, `?all=1` everybody's."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = actor.has("supervisor") and request.GET.get("all") != "1"
    rows = queries.overview(actor.organisation, actor.id if mine else None)
    tones = access.tones(actor, [row.pairing for row in rows])
    # Whoever is worst comes first, then what needs a look for another reason.
    rows.sort(key=lambda row: TONE_ORDER.get(tones.get(row.pairing.pk, ""), 2 + (not row.needs_a_look)))
    return render(
        request,
        "console/companions/programme.html",
        {
            "rows": [(row, STATES[row.pairing.state], tones.get(row.pairing.pk, "")) for row in rows],
            "mine": mine,
            "supervises": actor.has("supervisor"),
            "wishes": queries.open_wishes(actor.organisation),
            "listeners": queries.listeners(actor.organisation),
            "to_check": queries.to_check(actor.organisation),
            "today": clock.now().date(),
            "team": accounts_of_team(actor.organisation) if actor.has("admin") else [],
        },
    )


def supervisors(request: HttpRequest) -> HttpResponse:
    """An administrator says who supervises, and who no longer does."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    do = request.POST.get("do")
    if do not in ("give", "take"):
        raise Http404
    team.set_supervisor(actor=actor, account_id=request.POST.get("account", ""), wish=do == "give")
    return redirect("companions")
