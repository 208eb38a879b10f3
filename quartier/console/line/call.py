"""The page of a call: the file of whoever calls, what to say, and the form that becomes a request."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quartier.callcore import Recording
from quartier.concerns.actions import token_of
from quartier.concerns.queries import written_on_call
from quartier.console import actions
from quartier.console.intake import page
from quartier.console.intake.begun import was_taken_over
from quartier.console.line import script
from quartier.console.line.afterwards import AfterwardsForm, code_labels, form_for, history_labels
from quartier.console.line.call_quality import quality_lines
from quartier.console.line.call_words import asked_words
from quartier.console.line.refusals import refusal_of
from quartier.console.line.risk import open_panel
from quartier.console.queries import line as read
from quartier.console.queries.danger import open_danger_of_call
from quartier.console.request_page import COORDINATES
from quartier.incidents.queries import running
from quartier.intake import actions as intake
from quartier.intake import queries as drafts
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.lib.text import one_line
from quartier.look import rules as look
from quartier.team.access import Actor
from quartier.telephony import access, queries
from quartier.telephony import actions as line
from quartier.telephony.models import Call, Callback, CallNote
from quartier.telephony.rules import LateWords, MayNotDial, NotPossible

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
    return JsonResponse({"owner": _owner(actor, call), "noted": newest.isoformat() if newest else ""})


def _owner(actor: Actor, call: Call) -> str:
    """Changes when the call is somebody else's, or over; and when the actor is asked about it, or not any more."""
    asked = "asked" if read.asked_on(actor, call) else ""
    return f"{call.operator_id or ''} {'ended' if call.ended_at else asked}"


def note(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Keep what came of it, whatever is missing; with `ready`, the next call may come. Without `X-Requested-With:
    fetch`, which is sent while it is typed, the page says what is missing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    call = access.call_for(actor, call_id)
    codes = code_labels(actor.organisation)
    saved = queries.note_of(actor, call)
    if saved is None and call.operator_id != actor.id:
        raise Http404
    was_handed = saved is not None and read.was_handed_over(actor, call)
    taken = read.taken(call)
    form = form_for(actor, request.POST, codes=codes, note=saved, was_handed=was_handed, taken=taken)
    is_typing = request.headers.get("X-Requested-With") == "fetch"
    # What is right is kept, also where something is missing: whoever leaves the page then loses nothing.
    is_whole = form.is_valid()
    said = ""
    try:
        promised = _keep(actor, call, form)
    except LateWords:
        # The page has said more since, and that is kept.
        said = _("Saved.")
    except NoNumber:
        form.add_error("came", _("There is no number to call back. Ask for one, and enter it in the form."))
    except NotPossible:
        form.add_error(
            None,
            _("Someone has spoken to them since. Your note stays as it was, and this is not saved."),
        )
    except MayNotDial as error:
        refused = refusal_of(error.reason, call.number)
        form.add_error("came", f"{refused.why} {refused.advice}" if refused else _("That did not work."))
    else:
        said = _("Saved.")
        if promised is not None:
            said = _("Saved. We’ll call back %(when)s.") % {
                "when": look.day_time(promised.due_at, clock.now())
            }
    if is_typing:
        line.notes_are_typed(actor=actor)
        return _typed(form, said)
    if said and is_whole:
        messages.success(request, said)
        _settle_callback(actor, call, form)
        if request.POST.get("ready"):
            line.wish(actor=actor, what="resume")
            return redirect("board")
        return redirect("line_call", call.pk)
    shown = context(actor, call, _spoken(call.language)) | {"after": form, "note_closed": False}
    return render(request, "console/line_call.html", shown, status=422)


def _settle_callback(actor: Actor, call: Call, form: AfterwardsForm) -> None:
    """They were called for an entry of the callback list, and answered: it is done, unless another call is promised or
    the note says that it is not."""
    data = form.cleaned_data
    if not data.get("reached") or data.get("came") == Call.Noted.CALLBACK:
        return
    callback = queries.callback_in_hand(actor, call)
    if callback is not None:
        line.done(actor=actor, callback_id=callback.pk)


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
    sent = form.data
    revision = str(sent.get("revision", ""))[:9]
    what |= {"page": sent.get("page", ""), "revision": revision if revision.isdecimal() else 0}
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
    taken = read.taken(call)
    own_blocks = queries.own_block_requests(actor, call)
    shown: dict[str, Any] = {
        "call": call,
        "owner": _owner(actor, call),
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
        "steps": _steps(actor, caller, spoken, mine),
        "said_in": spoken,
        "languages": [
            (code, name) for code, name in settings.LANGUAGES if code in actor.organisation.languages
        ],
        "taken": taken,
        "coordinates": actor.has(*COORDINATES),
        "is_mine": is_mine,
        "is_noting": is_mine or mine is not None,
        "my_note": mine,
        "promise": queries.open_promise(actor, call) if is_mine or mine is not None else None,
        "in_hand": queries.callback_in_hand(actor, call) if mine is not None and call.ended_at else None,
        "note_closed": mine is not None and call.ended_at is not None and queries.is_note_closed(call),
        "after": form_for(
            actor,
            codes=codes,
            note=mine,
            was_handed=mine is not None and read.was_handed_over(actor, call),
            taken=taken,
        ),
        "concerns": [(one, token_of(one)) for one in written_on_call(actor, call)],
        "quality_lines": quality_lines(actor, call),
        "own_blocks": [(each, "") for each in own_blocks],
        "asks_to_block": any(not each.outcome for each in own_blocks),
        **_sounds(actor, call),
    }
    if read.asked_on(actor, call) is not None:
        # Whoever gives advice reads what it is about, and changes nothing.
        typed = Draft.objects.filter(call=call, submitted_at=None).first()
        shown["typed"] = page.typed_rows(typed.answers or {}) if typed is not None else []
    if draft is not None:
        # Still there once the call is over: what was asked for is not with anybody yet.
        shown["is_unsent"] = call.ended_at is not None and drafts.is_begun(draft)
        shown |= page.context(actor, draft, draft.answers or {}, None)
    return shown


def _steps(actor: Actor, caller: read.Caller, spoken: str, note: CallNote | None) -> list[script.Step]:
    """What to say: to whoever calls, or to the colleague who asks the actor about them. `note`: the actor's
    own."""
    speakers = script.Speakers(
        actor.organisation.name, actor.account.name if actor.account else "", caller.name
    )
    asked = read.asked_on(actor, caller.call)
    if asked is not None:
        asks, asked_for, since = asked
        caller.typed_name = read.typed_name(caller.call)
        return script.for_colleague(
            spoken=spoken,
            speakers=speakers,
            colleague=asks,
            asked=asked_words((asks, asked_for), caller, since),
            is_heard=asked_for == "third",
        )
    gave = read.who_gave(actor, caller.call, note)
    if gave:
        caller.typed_name = read.typed_name(caller.call)
        speakers = replace(speakers, caller=caller.called, gave=gave)
    return script.steps(
        spoken=spoken,
        speakers=speakers,
        running=running(actor.organisation),
        reason=queries.reason_of_call(caller.call),
    )


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
    rows = list(Draft.objects.filter(call=call).order_by("created_at"))
    begun = next((each for each in rows if each.submitted_at is None), None)
    if begun is not None and begun.account_id == actor.id:
        return begun
    if begun is None and (call.ended_at is not None or (rows and not again)):
        return None
    if begun is not None and call.ended_at is not None and was_taken_over(begun):
        # A colleague goes on with what was left lying: to look at the call takes nothing from them.
        return None
    answers = page.first_answers(actor, call.number, call.language) if begun is None else {}
    return intake.draft_of_call(actor=actor, call=call, answers=answers)
