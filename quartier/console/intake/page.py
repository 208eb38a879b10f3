"""The screen on which a call becomes a request, and what to say at its end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quartier.cases.models import Case, Request
from quartier.cases.rules import NotPossible
from quartier.console import actions
from quartier.console.intake import parsing
from quartier.console.intake.begun import take_over
from quartier.console.intake.beside import beside
from quartier.console.intake.consent import said_in
from quartier.console.intake.danger_hint import danger_hint, danger_hint_html, is_to_be_asked
from quartier.console.intake.dropped import dropped_answers, keep_dropped, restore_dropped
from quartier.console.intake.form import SPOKEN, IntakeForm, spoken_at_first
from quartier.console.words import spoken_language
from quartier.incidents.rules import field_name
from quartier.incidents.shipped import TEMPLATES
from quartier.intake import actions as intake
from quartier.intake import queries
from quartier.intake.access import own_draft
from quartier.intake.models import Draft
from quartier.lib import choices, clock
from quartier.lib.text import one_line
from quartier.live import actions as live
from quartier.look import rules as look
from quartier.messaging import actions as messaging
from quartier.people.models import Person
from quartier.places.asking import question_about
from quartier.places.queries import ReadingKind, read_place

FORM = Draft.Form.INTAKE


def start(request: HttpRequest) -> HttpResponse:
    """The number first; and the calls that were begun and not finished."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.POST.get("do") == "undo":
        restored = restore_dropped(request, FORM)
        return redirect("intake_page", restored.pk) if restored else redirect("intake")
    if request.POST.get("do") == "take_over":
        return _take_over(request)
    if request.method == "POST":
        number = one_line(request.POST.get("phone", ""), 40)
        with transaction.atomic():
            draft = intake.start_draft(organisation=actor.organisation, form=FORM, actor=actor)
            intake.save_draft(draft_id=draft.pk, answers=first_answers(actor, number))
        return redirect("intake_page", draft.pk)
    drafts = queries.open_drafts(actor, FORM)
    context = {"drafts": drafts, "dropped": dropped_answers(request)}
    return render(request, "console/intake_start.html", context)


def _take_over(request: HttpRequest) -> HttpResponseRedirect:
    actor = request.actor  # type: ignore[attr-defined]
    try:
        draft = take_over(actor=actor, draft_id=UUID(request.POST.get("draft", "")))
    except (ValueError, Draft.DoesNotExist, NotPossible):
        messages.warning(request, _("Nothing was changed: someone is writing there again, or it was sent."))
        return redirect("board")
    live.touch(actor.organisation.id, "board")
    return redirect("intake_page", draft.pk)


def first_answers(actor: Any, number: str, language: str = "") -> dict[str, Any]:
    """The number, the language spoken, and who calls if only one person is known by the number."""
    answers: dict[str, Any] = {"phone": number, "urgency": Request.Urgency.DAY}
    if language:
        answers["language"] = language
    found = beside(actor, answers)
    if len(found.people) == 1:
        (person,) = found.people
        answers |= {
            "caller": str(person.pk),
            "caller_name": person.name,
            "language": language or person.language,
            "channel": messaging.told_by(person),
            "email": person.email,
            "phone_is_shared": "on" if person.phone_is_shared else "",
        }
        mine = [file for file in found.files if file.person_id == person.pk]
        if len(mine) == 1:
            answers["case"] = str(mine[0].pk)
    return answers


def show(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The screen. Sent, it becomes a file with its requests; sent again, it shows the same file.

    Sent by a script (`X-Requested-With: fetch`), the page stays as it is and gets JSON: 200 with the address of the
    result, and whether it had been sent `before`; 422 with what is wrong, by field; 409 as `saving.save`, also once
    where words of another page were never shown.
    """
    actor = request.actor  # type: ignore[attr-defined]
    draft = own_draft(actor, FORM, draft_id)
    by_script = request.headers.get("X-Requested-With") == "fetch"
    if draft.submitted_at is not None:
        return _sent(draft, by_script, before=True)
    if request.method != "POST":
        return _page(request, draft, draft.answers or {}, None)
    answers, typed = parsing.answers(request.POST), parsing.answers(request.POST, whole=True)
    form = IntakeForm(typed, organisation=actor.organisation)
    try:
        draft = intake.save_draft(draft_id=draft.pk, answers=answers, **order_of(request))
    except intake.Overtaken as overtaken:
        if overtaken.draft.submitted_at is not None:
            return _sent(overtaken.draft, by_script, before=True)
        if by_script:
            return both_texts(request, overtaken.draft, answers)
        return overtaken_page(request, overtaken.draft, answers)
    if form.is_valid() and (draft.answers or {}).get("unseen"):
        # What is sent deletes the draft, and with it words that nobody has been shown: first they are.
        draft = intake.save_draft(draft_id=draft.pk, answers={"unseen": False})
        return (
            _shown_both(request, draft, is_saved=True)
            if by_script
            else _page(request, draft, draft.answers or {}, None)
        )
    if form.is_valid():
        said = request.POST.get("danger", "")
        if is_to_be_asked(actor, draft, answers, said):
            return _asked_about_danger(request, draft, answers, by_script=by_script)
        try:
            actions.take_request(actor=actor, draft=draft, form=form, danger=said)
        except NotPossible:
            text = _("This case was merged into another one just now. Choose again.")
            if by_script:
                return JsonResponse({"version": draft.version, "wrong": {"case": text}}, status=422)
            messages.warning(request, text)
            return _page(request, draft, answers, None)
        return _sent(draft, by_script)
    if by_script:
        wrong = {name: str(texts[0]) for name, texts in form.errors.items()}
        return JsonResponse({"version": draft.version, "wrong": wrong}, status=422)
    return _page(request, draft, answers, form)


def _asked_about_danger(
    request: HttpRequest, draft: Draft, answers: dict[str, Any], *, by_script: bool
) -> HttpResponse:
    """Nothing is sent before somebody has said whether these words are a danger."""
    actor = request.actor  # type: ignore[attr-defined]
    if by_script:
        html = danger_hint_html(actor, draft, answers, asks=True)
        return JsonResponse({"version": draft.version, "danger": html}, status=422)
    shown = context(actor, draft, answers, None) | {
        "typed_danger": danger_hint(actor, draft, answers, asks=True)
    }
    return render(request, "console/intake.html", shown, status=422)


def _sent(draft: Draft, by_script: bool, *, before: bool = False) -> HttpResponse:
    if by_script:
        return JsonResponse({"sent": reverse("intake_done", args=[draft.pk]), "before": before})
    return redirect("intake_done", draft.pk)


def both_texts(request: HttpRequest, draft: Draft, mine: dict[str, Any]) -> JsonResponse:
    """For a script whose page was overtaken. 409: both texts are kept, and come back to be shown. 200: they are the
    same."""
    kept = keep_words_beside(request, draft, mine)
    is_same = not parsing.differing(mine, draft.answers or {})
    return _shown_both(request, kept, is_saved=is_same, status=200 if is_same else 409)


def keep_words_beside(request: HttpRequest, draft: Draft, mine: dict[str, Any]) -> Draft:
    """What was typed in a page that another one has overtaken, as far as it is not the same."""
    other = parsing.differing(mine, draft.answers or {})
    return intake.keep_beside(draft_id=draft.pk, other=other, **_save_of(request))


def _shown_both(request: HttpRequest, draft: Draft, *, is_saved: bool, status: int = 409) -> JsonResponse:
    """`is_saved`: what this page holds is the text of the draft; else it is what stands beside it."""
    html = render_to_string("console/intake_others.html", both(draft), request)
    at = look.clock_time(clock.now())
    said = {"html": html.strip(), "version": draft.version, "at": at, "is_saved": is_saved}
    return JsonResponse(said, status=status)


def both(draft: Draft) -> dict[str, Any]:
    """What is shown of both texts, and what says afterwards that it was shown."""
    answers = draft.answers or {}
    return {
        "draft": draft,
        "others": others(answers),
        "shown_mark": intake.beside_mark(answers),
        "arrived": " ".join(f"{page}:{number}" for page, number in intake.beside_pages(answers).items()),
    }


def order_of(request: HttpRequest) -> dict[str, Any]:
    """Upon which version this was typed, in which page, and the number of this save of its."""
    return {"version": _number(request, "version"), **_save_of(request)}


def _save_of(request: HttpRequest) -> dict[str, Any]:
    page, revision = request.POST.get("page", ""), _number(request, "revision")
    is_ordered = revision is not None and page.isascii() and page.isalnum() and len(page) <= 24
    return {"page": page, "revision": revision} if is_ordered else {}


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def overtaken_page(request: HttpRequest, draft: Draft, mine: dict[str, Any]) -> HttpResponse:
    """Another page saved first: both texts are kept and shown, and nothing is sent yet."""
    kept = keep_words_beside(request, draft, mine)
    return _page(request, kept, kept.answers or {}, None)


def _page(
    request: HttpRequest, draft: Draft, answers: dict[str, Any], form: IntakeForm | None
) -> HttpResponse:
    shown = context(request.actor, draft, answers, form)  # type: ignore[attr-defined]
    return render(request, "console/intake.html", shown, status=422 if form else 200)


def context(actor: Any, draft: Draft, answers: dict[str, Any], form: IntakeForm | None) -> dict[str, Any]:
    """What the form needs, wherever it stands. `form`: sent and wrong."""
    shown = form or IntakeForm(initial=answers, organisation=actor.organisation)
    if form is None:
        shown.initial["language"] = shown.initial.get("language") or spoken_at_first(actor)
    return {
        **both(draft),
        "form": shown,
        "answers": answers,
        "typed_danger": danger_hint(actor, draft, answers),
        "beside": beside(actor, answers),
        **suggestions(actor, str(answers.get("place") or "")),
        "chosen_place": answers.get("place_choice", ""),
        "kinds": [
            (number, kind, shown[f"detail_{kind.code}"], kind.code in (answers.get("kinds") or []))
            for number, kind in enumerate(shown.kinds_shown, 1)
        ],
        "keys": f"Alt+1-{min(len(shown.kinds_shown), 9)}",
        "situations": [
            (template, [shown[field_name(template, asked)] for asked in template.questions])
            for template in shown.asking
        ],
        "read_aloud": [said_in(code, str(answers.get("person_name") or "")) for code, _name in SPOKEN],
    }


def suggestions(actor: Any, text: str) -> dict[str, Any]:
    """Places that the text may mean, `found`; and where it names none, what to ask the caller, `place_question`."""
    if len(text) < 2:
        return {"found": [], "place_question": ""}
    country = actor.organisation.country
    reading = read_place(text, country, get_language() or "en")
    asked = reading.kind in {ReadingKind.NO_TOWN, ReadingKind.ABROAD}
    return {
        "found": list(reading.found),
        "place_question": question_about(reading, text, country) if asked else "",
    }


def others(answers: dict[str, Any]) -> list[dict[str, str]]:
    """What another page held when this one was saved first: label and both texts."""
    form = IntakeForm.base_fields
    kinds = {f"detail_{kind.code}": kind.name for kind in choices.KINDS}
    kinds |= {
        field_name(template, asked): asked.words
        for template in TEMPLATES.values()
        for asked in template.questions
    }
    return [
        {
            "label": str(form[name].label if name in form else kinds.get(name, name)),
            "kept": said(answers.get(name)),
            "other": said(value),
        }
        for name, value in (answers.get("other") or {}).items()
    ]


# What a colleague reads who is asked about a call, in the order of the form.
READ_BY_COLLEAGUE = (
    *("caller_name", "person_name", "relation", "place", "address", "access_notes"),
    *("transport_to", "transport_from", "transport_at", "urgency", "day", "start", "end", "words"),
)


def typed_rows(answers: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and words of what stands in a form so far."""
    form = IntakeForm.base_fields
    rows = []
    for kind in choices.KINDS:
        if kind.code in (answers.get("kinds") or []):
            rows.append((str(kind.name), said(answers.get(f"detail_{kind.code}")) or _("yes")))
    for name in READ_BY_COLLEAGUE:
        value = answers.get(name)
        labels = dict(getattr(form[name], "choices", ()))
        if text := str(labels.get(value, "")) or said(value):
            rows.append((str(form[name].label), text))
    return rows


def said(value: Any) -> str:
    """An answer as one can read it."""
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return _("yes") if value == "on" else str(value or "")


def _who_called(draft: Draft, case: Case) -> Person:
    """Of an older file perhaps neither who is helped nor who asked first."""
    key = (draft.receipt or {}).get("caller")
    found = Person.objects.filter(pk=key, organisation=case.organisation_id).first() if key else None
    return found or case.asked_by


def done(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The reference, and what to tell the caller before hanging up."""
    actor = request.actor  # type: ignore[attr-defined]
    draft = own_draft(actor, FORM, draft_id)
    case = (
        Case.objects.select_related("person", "asked_by")
        .filter(pk=draft.result, organisation=actor.organisation)
        .first()
        if draft.result
        else None
    )
    if case is None:
        return redirect("intake_page", draft.pk)
    ids = (draft.receipt or {}).get("requests", [])
    requests = list(
        Request.objects.filter(pk__in=ids, organisation=actor.organisation).order_by("created_at", "pk")
    )
    told = case.asked_by if case.tell_asker else case.person
    caller = _who_called(draft, case)
    call = draft.call
    context = {
        # They are still on the phone, and hear what is read from this page.
        "call": call if call is not None and call.ended_at is None and call.operator_id == actor.id else None,
        "without_allergies": (draft.receipt or {}).get("without_allergies"),
        "case": case,
        "requests": [(each, choices.kind(each.kind)) for each in requests],
        "promised_at": min((each.promised_at for each in requests), default=None),
        "told": told,
        "told_by": messaging.told_by(told),
        # They alone hear what is read out from this page.
        "caller_is_told": told == caller,
        "caller_is_helped": case.person == caller,
        "spoken": spoken_language(caller),
        "read_first": any(each.state == Request.State.HUMAN for each in requests),
    }
    return render(request, "console/intake_done.html", context)


def drop(request: HttpRequest, draft_id: UUID) -> HttpResponseRedirect:
    """A call that came to nothing."""
    actor = request.actor  # type: ignore[attr-defined]
    draft = own_draft(actor, FORM, draft_id)
    is_kept = keep_dropped(request, draft)
    intake.drop_draft(draft=draft)
    live.touch(actor.organisation.id, "board")
    messages.success(
        request,
        _("Discarded. For half an hour you can undo it under “New request”.") if is_kept else _("Discarded."),
    )
    if draft.call_id is not None and "call" in request.POST:
        return redirect("line_call", draft.call_id)
    return redirect("intake")
