"""The pages of becoming a volunteer."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from quartier.intake.models import Draft
from quartier.public import drafts, entrance, questions
from quartier.public.join import forms, sending
from quartier.public.questions import Flow, Step
from quartier.trust.rules import CHARTER

JOIN = Flow(
    form=Draft.Form.JOIN,
    start="join",
    step="join_step",
    steps=(
        Step("where", forms.Where),  # type: ignore[arg-type]
        Step("what", forms.What),  # type: ignore[arg-type]
        Step("when", forms.When),  # type: ignore[arg-type]
        Step("who", forms.Who),  # type: ignore[arg-type]
    ),
    last="send",
    template="public/join.html",
)


def start(request: HttpRequest) -> HttpResponse:
    """The first question."""
    if request.method == "POST" and not entrance.may(request, "begin"):
        return entrance.refuse(request, reverse(JOIN.start), kept=False)
    return questions.ask(request, JOIN, JOIN.steps[0], None)


def step(request: HttpRequest, step: str) -> HttpResponse:
    """Another question; the last answer is the one that sends."""
    if step == "done":
        return _done(request)
    if step == JOIN.last:
        return _send(request)
    last = step == JOIN.steps[-1].name
    if last and request.method == "POST" and not entrance.may(request, "send"):
        return entrance.refuse(request, request.get_full_path(), kept=True)
    shown = questions.page(request, JOIN, step, last=last, charter=CHARTER if last else ())
    if shown is None:
        raise Http404
    if last and request.method == "POST" and shown.status_code == 302:
        return _sent(request) or shown
    return shown


def _sent(request: HttpRequest) -> HttpResponse | None:
    """After the last answer: when nothing is missing, it is sent. Doing so again changes nothing."""
    draft = drafts.opened(request, JOIN.form)
    if draft is None:
        return None
    if draft.submitted_at is None:
        if JOIN.missing(draft.answers or {}) != JOIN.last:
            return None
        sending.send(organisation=request.organisation, draft_id=draft.id)  # type: ignore[attr-defined]
    return HttpResponseRedirect(JOIN.url("done", draft))


def _send(request: HttpRequest) -> HttpResponse:
    """There is no last page to read through: back to the question that is missing, or to the receipt."""
    draft = drafts.opened(request, JOIN.form)
    if draft is None:
        return HttpResponseRedirect(f"{reverse(JOIN.start)}?lost=1")
    if draft.submitted_at is not None:
        return HttpResponseRedirect(JOIN.url("done", draft))
    missing = JOIN.missing(draft.answers or {})
    return HttpResponseRedirect(JOIN.url(JOIN.steps[-1].name if missing == JOIN.last else missing, draft))


def _done(request: HttpRequest) -> HttpResponse:
    draft = drafts.opened(request, JOIN.form)
    if draft is None or draft.submitted_at is None:
        return HttpResponseRedirect(reverse(JOIN.start))
    response = render(request, "public/joined.html", {"channel": (draft.receipt or {}).get("channel")})
    response["Cache-Control"] = "no-store"
    return response
