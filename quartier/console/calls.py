"""Whom we call: people of a check-in who did not answer or need help, who expect somebody that is not coming, whom we
cannot write something to, and who are asked how a visit was and can only be called. One has them, calls, writes down
what is said."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from quartier.cases.access import request_for
from quartier.cases.models import Request
from quartier.console.checks.campaigns import state_of
from quartier.console.cut import MAX_ALL_ROWS, cut
from quartier.console.queries.call_offs import expecting as expecting_of
from quartier.console.queries.untold import KINDS as UNTOLD_KINDS
from quartier.console.queries.untold import untold as untold_of
from quartier.console.words import spoken_language
from quartier.followup import access, actions, queries
from quartier.followup.actions.calling import TakenAlready
from quartier.followup.forms import AnswerForm, kept
from quartier.followup.models import CheckIn, FollowUp
from quartier.incidents.shipped import BY_OCCASION
from quartier.lib import clock
from quartier.look.rules import clock_time
from quartier.promises.models import Promise
from quartier.team.access import Actor
from quartier.telephony import actions as telephony
from quartier.visits.actions.ledger import first_name

SHOWN = 50


def show(request: HttpRequest) -> HttpResponse:
    """The list; asked by htmx, only its moving part. Posted: somebody was told what we could not write, or whom we had
    failed was called."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        if failed_id := request.POST.get("called", ""):
            actions.record_late_call(actor=actor, request=_request_of(actor, failed_id))
        elif undone_id := request.POST.get("not_called", ""):
            return _undo_called(request, actor, undone_id)
        else:
            telephony.words_said(actor=actor, promise=_promise_of(actor, request.POST.get("told", "")))
        messages.success(request, _("Saved."))
        return redirect("calls_out")
    now = clock.now()
    after_visits = cut(request, "after-visits", queries.to_call(actor.organisation, now), SHOWN)
    check_ins = cut(request, "check-ins", queries.checks_to_call(actor.organisation, now), SHOWN)
    failed = cut(request, "failed", queries.neglected(actor.organisation, now), SHOWN)
    access.looked_at_all(actor, "follow_up", [row.pk for row in after_visits.rows])
    access.looked_at_all(actor, "check_in", [row.pk for row in check_ins.rows])
    called = list(queries.called_lately(actor.organisation, now)[:SHOWN])
    access.looked_at_all(actor, "request", [row.pk for row in [*failed.rows, *called]])
    expecting = cut(request, "call-offs", expecting_of(actor.organisation, now, MAX_ALL_ROWS), SHOWN)
    access.looked_at_all(actor, "request", [row.asked.pk for row in expecting.rows])
    untold = cut(request, "untold", untold_of(actor.organisation, now, MAX_ALL_ROWS), SHOWN)
    for kind in UNTOLD_KINDS:
        ids = [row.promise.subject_id for row in untold.rows if row.promise.subject_kind == kind]
        access.looked_at_all(actor, kind, ids)
    context = {
        "failed": failed,
        "called": [(row, row.called_at + queries.CALLED_UNDO_WINDOW) for row in called],  # type: ignore[attr-defined]
        "expecting": expecting,
        "untold": untold,
        "here": request.path,
        "after_visits": after_visits,
        "check_ins": check_ins,
        "rows": [(row, _is_of_another(row, actor)) for row in after_visits.rows],
        "checks": [
            (row, state_of(row, now), _is_of_another(row, actor), queries.call_again_at(row, now))
            for row in check_ins.rows
        ],
    }
    return render(request, "console/calls_live.html" if request.htmx else "console/calls.html", context)  # type: ignore[attr-defined]


def _undo_called(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    if actions.undo_late_call(actor=actor, request=_request_of(actor, key)):
        messages.success(request, _("Undone: they are still to be called."))
    else:
        messages.warning(request, _("That can no longer be undone. Here is how things stand now."))
    return redirect("calls_out")


def _promise_of(actor: Actor, key: str) -> Promise:
    try:
        return Promise.objects.get(
            pk=UUID(key), organisation=actor.organisation, subject_kind__in=UNTOLD_KINDS
        )
    except (ValueError, Promise.DoesNotExist) as error:
        raise Http404 from error


def _request_of(actor: Actor, key: str) -> Request:
    try:
        return request_for(actor, UUID(key))
    except ValueError as error:
        raise Http404 from error


def _is_of_another(row: FollowUp | CheckIn, actor: Actor) -> bool:
    if row.claimed_by_id in {None, actor.id} or row.claimed_until is None:
        return False
    return row.claimed_until > clock.now()


def after(request: HttpRequest, follow_up_id: UUID) -> HttpResponse:
    """What to say, and the three questions to fill in beside the call."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = access.call_for(actor, follow_up_id)
    name, remote = first_name(row.assignment.volunteer.person), row.assignment.request.remote
    form = AnswerForm(initial=kept(row), name=name, remote=remote)
    if request.method == "POST":
        do = request.POST.get("do")
        try:
            if do == "claim":
                actions.claim(actor=actor, follow_up=row)
                return redirect("after_call", row.pk)
        except TakenAlready:
            messages.warning(
                request, _("Someone else has it, or it has ended. Here is how things stand now.")
            )
            return redirect("calls_out")
        if do == "nobody":
            actions.nobody_answered(actor=actor, follow_up=row)
            messages.success(request, _("Saved. No one is called too often."))
            return redirect("calls_out")
        form = AnswerForm(request.POST, name=name, remote=remote)
        if form.is_valid():
            actions.answer(actor=actor, follow_up=row, said=form.said(), by=FollowUp.By.CALL)
            messages.success(request, _("Saved."))
            return redirect("calls_out")
    context = {"row": row, "form": form, "name": name, "what": row.assignment.request.what}
    return render(request, "console/after_call.html", context, status=422 if form.errors else 200)


def check(request: HttpRequest, check_in_id: UUID) -> HttpResponse:
    """Somebody of a check-in: what to say, what to know, and what came of the call."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = access.check_in_for(actor, check_in_id)
    words, do = request.POST.get("words", ""), request.POST.get("do", "")
    # One touch would end what somebody has said that they need.
    asks_fine = do == "fine" and row.state == CheckIn.State.NEEDS_HELP and not request.POST.get("sure")
    if request.method == "POST" and not asks_fine:
        try:
            said = _checked(actor, row, do, words)
        except TakenAlready:
            messages.warning(
                request, _("Someone else has it, or it has ended. Here is how things stand now.")
            )
            return redirect("calls_out")
        if said:
            messages.success(request, said)
            return redirect("calls_out")
        return redirect("check_call", row.pk)
    now = clock.now()
    name, kind = state_of(row, now)
    member, case = row.member, row.member.case
    spoken, question = _question(row)
    context = {
        "row": row,
        "member": member,
        "occasion": row.campaign.occasion,
        "question": question,
        "spoken": spoken,
        "state": name,
        "kind": kind,
        "vain": queries.ladder_histories([row])[row.pk].vain_words(now),
        "asks_fine": asks_fine,
        "typed": words if asks_fine else "",
        "address": (case.address, case.postcode, case.place_name)
        if case
        else (member.address, member.postcode, member.place_name),
        "can_knock": row.state in {CheckIn.State.CALLING, CheckIn.State.ALERTED}
        and (case is not None or member.cell is not None),
    }
    return render(request, "console/check_call.html", context)


def _question(row: CheckIn) -> tuple[str, str]:
    """What the incident's template asks, in the language of who is called, else in the reader's."""
    about = BY_OCCASION.get(row.campaign.occasion)
    language = spoken_language(row.member.person)
    with translation.override(language):
        return language, str(about.check_in) if about else ""


def _unanswered(row: CheckIn) -> str:
    """What comes next for somebody who did not answer our call: at the end of the ladder nobody goes by themselves."""
    match row.state:
        case CheckIn.State.CALLING:
            return _("Saved. We’ll call again in a while; then a neighbour goes to the door.")
        case CheckIn.State.KNOCKING:
            return _("The nearest neighbours are asked to go to the door.")
    again = queries.call_again_at(row, clock.now())
    return _("Saved. To be called again at %(time)s.") % {"time": clock_time(again)} if again else _("Saved.")


def _checked(actor: Actor, row: CheckIn, do: str, words: str) -> str:
    """What was done, in words; '' for what only opens the page."""
    match do:
        case "claim":
            actions.claim_check(actor=actor, check_in=row)
            return ""
        case "nobody":
            return _unanswered(actions.check_unanswered(actor=actor, check_in=row))
        case "knock":
            actions.send_neighbour(actor=actor, check_in=row)
            return _("The nearest neighbours are asked to go to the door.")
        case "fine" | "help":
            fine = do == "fine"
            actions.check_answer(actor=actor, check_in=row, fine=fine, by=FollowUp.By.CALL, words=words)
            return _("Saved.") if fine else _("Saved: help is needed. It is first on the board.")
    raise Http404
