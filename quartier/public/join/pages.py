"""The pages of becoming a volunteer."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from quartier.intake.models import Draft
from quartier.public import drafts, entrance, questions
from quartier.public.join import forms, proving, sending
from quartier.public.questions import Flow, Step
from quartier.trust.rules import CHARTER

JOIN = Flow(
    form=Draft.Form.JOIN,
    start="join",
    step="join_step",
    steps=(
        Step("where", forms.Where),  # type: ignore[arg-type]
        Step("what", forms.What),  # type: ignore[arg-type]
        Step("reach", forms.Reach),  # type: ignore[arg-type]
    ),
    last="send",
    template="public/join.html",
)
# Questions that were asked once: a form that was under way then, or open in a tab, goes on with what is missing.
FORMER_STEPS = frozenset({"when", "who"})


def start(request: HttpRequest) -> HttpResponse:
    """The first question."""
    if entrance.is_refused(request):
        return entrance.refuse(request, reverse(JOIN.start), kept=False)
    if request.method == "POST" and not entrance.may(request, "begin"):
        return entrance.refuse_later(reverse(JOIN.start))
    return questions.ask(request, JOIN, JOIN.steps[0], None)


def step(request: HttpRequest, step: str) -> HttpResponse:
    """Another question; the last answer is the one that sends."""
    if step == "done":
        return proving.joined(request, drafts.opened(request, JOIN.form))
    if step == JOIN.last or step in FORMER_STEPS:
        return _send(request)
    last = step == JOIN.steps[-1].name
    if last and entrance.is_refused(request):
        return entrance.refuse(request, JOIN.url(step, drafts.opened(request, JOIN.form)), kept=True)
    if last and request.method == "POST" and not entrance.may(request, "send"):
        return entrance.refuse_later(JOIN.url(step, drafts.opened(request, JOIN.form)))
    shown = questions.page(request, JOIN, step, last=last, charter=CHARTER if last else ())
    if shown is None:
        raise Http404
    taken = shown.status_code == 302 and not isinstance(shown, questions.WordsWait)
    if last and request.method == "POST" and taken:
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
        organisation, reach = request.organisation, draft.answers["reach"]  # type: ignore[attr-defined]
        to = proving.code_goes_to(reach["channel"], reach["phone"], reach["email"])
        draft = sending.send(
            organisation=organisation,
            draft_id=draft.id,
            with_code=entrance.may_send_code(request, entrance.code_key(organisation, to)),
        )
    return proving.led_to(draft)


def _send(request: HttpRequest) -> HttpResponse:
    """There is no last page to read through: back to the question that is missing, or to the receipt."""
    draft = drafts.opened(request, JOIN.form)
    if draft is None:
        return HttpResponseRedirect(f"{reverse(JOIN.start)}?lost=1")
    if draft.submitted_at is not None:
        return proving.led_to(draft)
    missing = JOIN.missing(draft.answers or {})
    return HttpResponseRedirect(JOIN.url(JOIN.steps[-1].name if missing == JOIN.last else missing, draft))
