"""Are you well? Two large buttons behind a private link. Looking changes nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quartier.conversation import actions as conversation
from quartier.conversation.numbers import with_numbers
from quartier.followup import access, actions
from quartier.followup.models import CheckIn, FollowUp
from quartier.incidents.shipped import BY_OCCASION
from quartier.team.access import link


def show(request: HttpRequest, token: str) -> HttpResponse:
    """The question, and what was answered."""
    try:
        found = access.check_by_token(token)
        if found.organisation_id != request.organisation.id:  # type: ignore[attr-defined]
            raise Http404
    except Http404:
        response = render(request, "public/status/gone.html", status=404)
    else:
        response = _page(request, found)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _page(request: HttpRequest, found: CheckIn) -> HttpResponse:
    if request.method == "POST":
        if request.POST.get("do") in {"fine", "help"}:
            heard = conversation.hear_on_page(
                person=found.member.person,
                words=request.POST.get("words", ""),
                about=found.pk,
                case=found.member.case,
            )
            actions.check_answer(
                actor=link(found.organisation, found.member.person_id),
                check_in=found,
                # Whoever writes of danger is not well, whatever was pressed.
                fine=request.POST["do"] == "fine" and not heard.signs,
                by=FollowUp.By.WEB,
                words=heard.to_keep,
            )
            return with_numbers(redirect(request.path), heard.signs)
        return redirect(request.path)
    context = {
        "occasion": found.campaign.occasion,
        "about": BY_OCCASION.get(found.campaign.occasion),
        "fine": found.state == CheckIn.State.FINE,
        "help": found.state == CheckIn.State.NEEDS_HELP,
    }
    return render(request, "public/are_you_well.html", context)
