"""The page of a call: the file of whoever calls, what to say, and the form that becomes a request."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quartier.callcore import Recording
from quartier.console import actions
from quartier.console.intake import page
from quartier.console.line import script
from quartier.console.line.afterwards import AfterwardsForm, code_labels, form_for, history_labels
from quartier.console.line.call_quality import quality_lines
from quartier.console.line.refusals import refusal_of
from quartier.console.line.risk import open_panel
from quartier.console.queries import line as read
from quartier.console.queries.danger import open_danger_of_call
from quartier.console.request_page import COORDINATES
from quartier.incidents.queries import running
from quartier.intake import actions as intake
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.lib.text import one_line
from quartier.look import rules as look
from quartier.team.access import Actor
from quartier.telephony import access, queries
from quartier.telephony import actions as line
from quartier.telephony.models import Call, Callback
from quartier.telephony.rules import MayNotDial, NotPossible

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def show(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The page. Whoever has the call types in its form, which is saved as always and outlives the call; colleagues
    see the file and the script."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    call = access.call_for(actor, call_id)
    if request.htmx:  # type: ignore[attr-defined]
        if request.GET.get("part") == "danger":
            shown = {"call": call, "danger": open_danger_of_call(actor, call)}
            return render(request, "console/line_danger.html", shown)
        if request.GET.get("part") == "risk":
            return render(request, "console/line_risk.html", {"call": call, "risk": open_panel(actor, call)})
        # What was recorded comes by itself.
        return render(request, "console/line_sounds.html", _sounds(actor, call))
    spoken = _spoken(request.GET.get("say", "") or call.language)
    again = "again" in request.GET and call.ended_at is None
    return render(request, "console/line_call.html", context(actor, call, spoken, again=again))


def owner(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Who has the call, whether it goes on, and when a colleague last wrote of it: for a page that hears that something
    changed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    call = access.call_for(actor, call_id)
    newest = queries.newest_note_at(call, but=actor)
    return JsonResponse({"owner": _owner(call), "noted": newest.isoformat() if newest else ""})


def _owner(call: Call) -> str:
    """Changes when the call is somebody else's, or over."""
    return f"{call.operator_id or ''} {'ended' if call.ended_at else ''}"


def note(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Keep what came of it; with `ready`, the next call may come. While it is typed (`X-Requested-With: fetch`) what
    is there is kept, whatever is missing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    call = access.call_for(actor, call_id)
    codes = code_labels(actor.organisation)
    saved = queries.note_of(actor, call)
    if saved is None and call.operator_id != actor.id:
        raise Http404
    was_handed = saved is not None and read.was_handed_over(actor, call)
    form = form_for(actor, request.POST, codes=codes, note=saved, was_handed=was_handed)
    is_typing = request.headers.get("X-Requested-With") == "fetch"
    is_whole = form.is_valid()
    said = ""
    if is_whole or is_typing:
        try:
            promised = _keep(actor, call, form)
        except NoNumber:
            form.add_error(
                "came", _("There is no number to call back. Ask for one, and write it in the form.")
            )
        except NotPossible:
            form.add_error(
                None,
                _("Somebody has spoken with them since. Your note stays as it was, and this is not kept."),
            )
        except MayNotDial as error:
            refused = refusal_of(error.reason, call.number)
            form.add_error("came", f"{refused.why} {refused.advice}" if refused else _("That did not work."))
        else:
            said = _("Kept.")
            if promised is not None:
                said = _("Kept. We call back %(when)s.") % {
                    "when": look.day_time(promised.due_at, clock.now())
                }
    if is_typing:
        line.notes_are_typed(actor=actor)
        return _typed(form, said)
    if said:
        messages.success(request, said)
        if request.POST.get("ready"):
            line.wish(actor=actor, what="resume")
            return redirect("board")
        return redirect("line_call", call.pk)
    shown = context(actor, call, _spoken(call.language)) | {"after": form, "note_closed": False}
    return render(request, "console/line_call.html", shown, status=422)


class NoNumber(NotPossible):
    """Whoever called cannot be called back."""


def _keep(actor: Actor, call: Call, form: AfterwardsForm) -> Callback | None:
    """What is right of the form, and what is typed in it as it is."""
    data = form.cleaned_data
    what = {name: data.get(name, "") for name in ("came", "service", "note")}
    what |= {name: one_line(str(form[name].value() or ""), 20) for name in ("at", "day")}
    if "note" in form.errors or "service" in form.errors:
        # Too long: what was kept before stays.
        before = queries.note_of(actor, call)
        answers = (before.answers or {}) if before else {}
        what |= {name: answers.get(name, "") for name in ("note", "service") if name in form.errors}
    is_promise = what["came"] == Call.Noted.CALLBACK
    if is_promise and not call.number and not (call.person and call.person.phone):
        actions.call_noted(actor=actor, call=call, what={**what, "came": ""}, due_at=None)
        raise NoNumber
    due_at = form.due_at if is_promise and not {"at", "day"} & set(form.errors) else None
    return actions.call_noted(actor=actor, call=call, what=what, due_at=due_at)


def _typed(form: AfterwardsForm, said: str) -> JsonResponse:
    """What the page says while somebody types: what is wrong, but not yet what is missing. 409: nothing was kept."""
    closed = form.non_field_errors()
    if closed:
        return JsonResponse({"said": "", "wrong": {"": str(closed[0])}}, status=409)
    wrong = {name: str(texts[0]) for name, texts in form.errors.items() if form[name].value()}
    return JsonResponse({"said": said, "wrong": wrong})


def _spoken(wanted: str) -> str:
    """The language of the sentences: the caller's, else that of the page."""
    return wanted if wanted in LANGUAGES else get_language() or LANGUAGES[0]


def context(actor: Actor, call: Call, spoken: str, *, again: bool = False) -> dict[str, Any]:
    """Everything on the page. `again`: something else is asked for after a request was taken."""
    caller = read.caller(actor, call)
    draft = draft_of(actor, call, again=again)
    codes = code_labels(actor.organisation)
    labels = history_labels(codes)
    mine = queries.note_of(actor, call)
    notes = queries.notes_of_caller(call, but=mine)
    told = {one.call_id for one in notes} | {call.pk}
    is_mine = call.operator_id == actor.id
    shown: dict[str, Any] = {
        "call": call,
        "owner": _owner(call),
        # The newest first, as `owner` says it.
        "noted_at": next(
            (one.saved_at.isoformat() for one in notes if one.call_id == call.pk and one.saved_at), ""
        ),
        "caller": caller,
        "danger": (danger := open_danger_of_call(actor, call)),
        "risk": open_panel(actor, call) if danger else None,
        "before": [(one, labels.get(one.noted, ""), one.pk not in told) for one in read.calls_before(call)],
        "noted": labels.get(call.noted, ""),
        "notes": [(one, labels.get(one.code, "")) for one in notes if one.code or one.words],
        "steps": script.steps(
            spoken=spoken,
            speakers=script.Speakers(
                actor.organisation.name, actor.account.name if actor.account else "", caller.name
            ),
            running=running(actor.organisation),
            reason=queries.reason_of_call(call),
        ),
        "said_in": spoken,
        "languages": [
            (code, name) for code, name in settings.LANGUAGES if code in actor.organisation.languages
        ],
        "taken": read.taken(call),
        "coordinates": actor.has(*COORDINATES),
        "is_mine": is_mine,
        "is_noting": is_mine or mine is not None,
        "my_note": mine,
        "promise": queries.open_promise(actor, call) if is_mine or mine is not None else None,
        "note_closed": mine is not None and call.ended_at is not None and queries.is_note_closed(call),
        "after": form_for(
            actor, codes=codes, note=mine, was_handed=mine is not None and read.was_handed_over(actor, call)
        ),
        "quality_lines": quality_lines(actor, call),
        **_sounds(actor, call),
    }
    if draft is not None:
        shown |= page.context(actor, draft, draft.answers or {}, None)
    return shown


def _sounds(actor: Actor, call: Call) -> dict[str, Any]:
    """What there is to hear of a call, and whether more of it may come."""
    sounds = access.heard_of(actor, call)
    if call.ended_at is None:
        more = call.operator_id == actor.id and queries.records(actor.organisation)
    else:
        more = call.recording == Recording.KEPT and not sounds
    return {"call": call, "sounds": sounds, "more_sounds": more, "actor_id": actor.id}


def draft_of(actor: Actor, call: Call, *, again: bool = False) -> Draft | None:
    """What is typed during the call, for whoever has it: after the call only what was begun, after a request that was
    taken only a new one that is asked for (`again`)."""
    if call.operator_id != actor.id:
        return None
    drafts = list(Draft.objects.filter(call=call).order_by("created_at"))
    begun = next((each for each in drafts if each.submitted_at is None), None)
    if begun is not None and begun.account_id == actor.id:
        return begun
    if begun is None and (call.ended_at is not None or (drafts and not again)):
        return None
    answers = page.first_answers(actor, call.number, call.language) if begun is None else {}
    return intake.draft_of_call(actor=actor, call=call, answers=answers)
