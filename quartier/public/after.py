"""How it was, after a visit: three questions behind a private link. Looking changes nothing."""

from collections.abc import Collection
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quartier.conversation import actions as conversation
from quartier.conversation.danger import Sign
from quartier.conversation.numbers import with_numbers
from quartier.followup import access, actions
from quartier.followup.forms import AnswerForm, kept
from quartier.followup.models import FollowUp
from quartier.followup.rules import Said
from quartier.lib import clock
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.promises.queries import open_about
from quartier.team.access import link
from quartier.visits.actions.ledger import first_name


@answer_by_redirect
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
    sent = sent_or_waiting(request)
    if sent is not None:
        form = AnswerForm(sent, name=name, remote=remote)
        if request.method == "POST" and form.is_valid():
            said, signs = _heard(found, form.said())
            actions.answer(
                actor=link(found.organisation, found.person_id),
                follow_up=found,
                said=said,
                by=FollowUp.By.WEB,
            )
            return with_numbers(redirect(request.path), signs)
    elif found.answered_at is not None and not request.GET.get("change"):
        return render(request, "public/after_thanks.html", _next(found))
    else:
        form = AnswerForm(initial=kept(found), name=name, remote=remote)
    context = {"form": form, "visit": visit, "what": visit.request.what}
    return render(request, "public/after.html", context)


def _heard(found: FollowUp, said: Said) -> tuple[Said, Collection[Sign]]:
    """What is kept of an answer, and its signs of danger; words that were said before are nothing new."""
    if said.words == found.words:
        return said, ()
    heard = conversation.hear_on_page(
        person=found.person, words=said.words, about=found.pk, case=found.assignment.request.case
    )
    return replace(said, words=heard.to_keep), heard.signs


def _next(found: FollowUp) -> dict[str, object]:
    request = found.assignment.request
    calls = found.is_bad and found.looked_after_at is None
    promise = open_about("request", request.pk) if calls else None
    writes = calls and not found.person.phone
    return {
        "calls": calls,
        "writes": writes,
        "by": promise.due_at if promise and promise.due_at > clock.now() else None,
    }


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
