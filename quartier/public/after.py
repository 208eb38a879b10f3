"""How it was, after a visit: three questions behind a private link. Looking changes nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quartier.cases.models import Request
from quartier.followup import access, actions
from quartier.followup.forms import AnswerForm, kept
from quartier.followup.models import FollowUp
from quartier.lib import clock
from quartier.promises.queries import open_about
from quartier.team.access import link
from quartier.visits.actions.ledger import first_name


def show(request: HttpRequest, token: str) -> HttpResponse:
    """The questions, or thanks and what comes next; `?change=1` shows the questions again."""
    try:
        found = access.by_token(token)
        if found.organisation_id != request.organisation.id:  # type: ignore[attr-defined]
            raise Http404
    except Http404:
        return _private(render(request, "public/status/gone.html", status=404))
    return _private(_page(request, found))


def _page(request: HttpRequest, found: FollowUp) -> HttpResponse:
    visit = found.assignment
    name, remote = first_name(visit.volunteer.person), visit.request.remote
    if request.method == "POST":
        form = AnswerForm(request.POST, name=name, remote=remote)
        if form.is_valid():
            actions.answer(
                actor=link(found.organisation, found.person_id),
                follow_up=found,
                said=form.said(),
                by=FollowUp.By.WEB,
            )
            return redirect(request.path)
    elif found.answered_at is not None and not request.GET.get("change"):
        return render(request, "public/after_thanks.html", _next(found))
    else:
        form = AnswerForm(initial=kept(found), name=name, remote=remote)
    context = {"form": form, "visit": visit, "what": visit.request.what}
    return render(request, "public/after.html", context)


def _next(found: FollowUp) -> dict[str, object]:
    request = found.assignment.request
    calls = found.is_bad and found.looked_after_at is None
    promise = open_about("request", request.pk) if calls and request.state != Request.State.CLOSED else None
    return {"calls": calls, "by": promise.due_at if promise and promise.due_at > clock.now() else None}


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
