"""What the screen asks for while somebody types: saving, places, what is known."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from quartier.console.intake import page, parsing
from quartier.console.intake.begun import LEFT
from quartier.console.intake.beside import beside
from quartier.console.intake.danger_hint import danger_hint_html, words_of_danger
from quartier.intake import actions as intake
from quartier.intake.access import lost_draft, own_draft
from quartier.intake.models import Draft
from quartier.lib.text import one_line
from quartier.live import actions as live
from quartier.look import rules as look

FORM = Draft.Form.INTAKE
# What the button "Finish later" says where no script sends it.
WITHOUT_SCRIPT = "page"


def save(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Keep what is typed. 200: the new version. 409: another page saved first; both texts are kept and come back
    to be shown. 410: it was sent already, with the address of the result.

    Saves of one page count in the order in which it made them (`page`, `revision`), however they arrive; what a page
    sends while it goes (`leaving`) is kept beside the words of the one that has overtaken it. With `later` a colleague
    may go on with it at once.

    With `resolve`, somebody has looked at both texts: `here` keeps the one of the draft, `other` takes the one beside
    it. What stands beside is dropped only if it is what they were shown (`shown`).

    Whoever has lost the call to a colleague can only leave: what they had typed is kept beside, and they read nothing.
    """
    actor = request.actor  # type: ignore[attr-defined]
    try:
        draft = own_draft(actor, FORM, draft_id)
    except Http404:
        return _last_words(request, draft_id)
    resolve = request.POST.get("resolve", "")
    if resolve:
        return _resolve(request, draft, resolve)
    answers, later = parsing.answers(request.POST), request.POST.get("later", "")
    kept = answers | {LEFT: bool(later)}
    try:
        saved = intake.save_draft(draft_id=draft.pk, answers=kept, **page.order_of(request))
    except intake.Overtaken as overtaken:
        if overtaken.draft.submitted_at is not None:
            return JsonResponse({"sent": reverse("intake_done", args=[draft.pk])}, status=410)
        if "leaving" in request.POST:
            # That page is gone, and reads no answer; the one that came after it goes on undisturbed.
            page.keep_words_beside(request, overtaken.draft, answers)
            return HttpResponse(status=204)
        if later == WITHOUT_SCRIPT:
            # There both texts are shown, at an address from which the form can be sent.
            page.keep_words_beside(request, overtaken.draft, answers)
            return redirect("intake_page", draft.pk)
        return page.both_texts(request, overtaken.draft, answers)
    if later or bool(words_of_danger(answers)) != bool(words_of_danger(draft.answers or {})):
        # It stands on the board of everybody, or does so no longer.
        live.touch(actor.organisation.id, "board")
    if later == WITHOUT_SCRIPT:
        return redirect("intake")
    return JsonResponse(
        {
            "version": saved.version,
            "at": look.clock_time(saved.updated_at),
            "danger": danger_hint_html(actor, saved, answers),
        }
    )


def _last_words(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = lost_draft(request.actor, FORM, draft_id)  # type: ignore[attr-defined]
    is_known = page.order_of(request)["version"] is not None
    if "leaving" not in request.POST or "resolve" in request.POST or not is_known:
        raise Http404
    page.keep_words_beside(request, draft, parsing.answers(request.POST))
    return HttpResponse(status=204)


def _resolve(request: HttpRequest, draft: Draft, resolve: str) -> HttpResponseRedirect:
    shown = request.POST.get("shown", "")
    intake.choose_text(draft_id=draft.pk, take_other=resolve == "other", shown=shown)
    # During a call on the page of the call, with what to say.
    if draft.call is not None and draft.call.operator_id == draft.account_id:
        return redirect("line_call", draft.call.pk)
    return redirect("intake_page", draft.pk)


def known(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Who is calling and what is open for them, for what is typed at this moment."""
    actor = request.actor  # type: ignore[attr-defined]
    draft = own_draft(actor, FORM, draft_id)
    answers = parsing.answers(request.POST)
    context = {"beside": beside(actor, answers), "draft": draft, "answers": answers}
    return render(request, "console/intake_beside.html", context)


def places(request: HttpRequest) -> HttpResponse:
    """Places that the text may mean, as radios. What was ticked stood for the words before: it is not ticked again by
    the machine."""
    actor = request.actor  # type: ignore[attr-defined]
    suggestions = page.suggestions(actor, one_line(request.POST.get("place", ""), 200))
    return render(request, "console/intake_places.html", suggestions)
