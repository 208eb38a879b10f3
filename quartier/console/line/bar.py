"""The bar of the line on every page: where I stand, who rings, the call I am on; and what I wish of call control."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from quartier.callcore import Standing
from quartier.callcore.operator import CONNECTING_REASON, OWN_SPENT, UNREACHABLE_REASON
from quartier.console.line.call_words import call_words, goes_on_text
from quartier.console.line.failure_words import FAILURE_WORDS, failure_text
from quartier.console.line.waits import callback_counts
from quartier.console.line.wallboard import STANDINGS
from quartier.console.queries import line as read
from quartier.console.queries.danger import open_danger_of_call
from quartier.console.queries.own_work import own_work
from quartier.lib import choices, clock
from quartier.look import rules as look
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.telephony import access, actions
from quartier.telephony.models import Call, Operator

# Why somebody takes a break, as they choose it.
REASONS = {
    "break": pgettext_lazy("why somebody pauses", "a break"),
    "meal": pgettext_lazy("why somebody pauses", "a meal"),
    "notes": pgettext_lazy("why somebody pauses", "finishing notes"),
    "talk": pgettext_lazy("why somebody pauses", "a word with a colleague"),
}
SAID_BY_US = {
    "missed": gettext_lazy("You are paused because you did not answer."),
    "declined": gettext_lazy("You are paused because you declined the call."),
    UNREACHABLE_REASON: gettext_lazy("You are paused because your phone could not be reached."),
    "interrupted": gettext_lazy(
        "Your call was cut off by a fault on our side; the caller is on the list to be called back."
    ),
}
OWN_SPENT_TEXT = gettext_lazy(
    "Today’s budget for own phones is spent: take calls in the browser, or on your phone again tomorrow."
)
# Of `rules.MayNotDial`: the bar says it with what to do about it.
UNPROVEN = "unproven"
REFUSED = {
    "busy": gettext_lazy("Your colleague is no longer free. You still have the call."),
    "edge": gettext_lazy("The phone line is not answering at the moment; try again in a minute."),
    "gone": gettext_lazy("That call has ended."),
    "not_there_yet": gettext_lazy("No one has answered yet. You can do this as soon as someone has."),
    "not_yours": gettext_lazy("You do not have this call, so nothing was changed."),
    "no_number": gettext_lazy("There is no number that can be dialled."),
    "own_number": gettext_lazy("That is the number of this line."),
    "demonstration": gettext_lazy("That number is invented, and is never dialled."),
    "not_allowed": gettext_lazy(
        "Your group does not dial this kind of number. An administrator can allow it."
    ),
    "costly": gettext_lazy("This number costs too much, and is never dialled."),
    "no_recording": gettext_lazy("Your group does not record calls."),
    "cannot_record": gettext_lazy("The provider of your line cannot record calls."),
    "recorded": gettext_lazy(
        "This call is being recorded, so no one can listen in. You can hear it afterwards, on its page."
    ),
    "private": gettext_lazy("No one can listen in on this call."),
    "spent": gettext_lazy("You have reached today’s limit for calls. Calling out starts again tomorrow."),
    "stopped": gettext_lazy(
        "Outgoing calls are stopped: one that was not ours went to the carrier. A coordinator is dealing "
        "with it."
    ),
    "no_calls_out": gettext_lazy("This line cannot call out."),
    "too_many_now": gettext_lazy("Your group’s limit for outgoing calls at the same time has been reached."),
    "too_many_hour": gettext_lazy("You have made as many calls in an hour as your group allows each of you."),
    "no_phone": gettext_lazy("We do not have your number: take calls in the browser."),
    "own_spent": OWN_SPENT_TEXT,
    UNPROVEN: gettext_lazy("You have not confirmed yet that this phone is yours."),
}
# Where the bar says how many wait to be called back.
AWAY_FROM_CALLS = {Standing.OFFLINE, Standing.AVAILABLE, Standing.PAUSED, Standing.WRAP_UP}
# What a page may wish, and whether it is about a call, or to a colleague.
OF_A_CALL = {
    *("hold", "unhold", "complete", "cancel", "end", "listen"),
    *("record", "pause_record", "resume_record", "stop_record"),
}
TO_A_COLLEAGUE = set(read.TO_A_COLLEAGUE)
TO_SOMEBODY = {"dial"}
OF_ONESELF = {"on", "off", "pause", "resume"}


def show(request: HttpRequest) -> HttpResponse:
    """The bar alone, for a page that hears that something changed; for one that only wants to know whether it shows
    what is so (`seen`), nothing (204) if it does."""
    if "seen" in request.GET:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return HttpResponse(status=204 if request.GET["seen"] == read.bar_mark(actor) else 205)
    return _bar(request)


def wish(request: HttpRequest) -> HttpResponse:
    """Something is wished of call control. With htmx the bar comes back, else the page one was on."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    what = request.POST.get("what", "")
    call, to = _id(request, "call"), _id(request, "to")
    if (what in OF_A_CALL | TO_A_COLLEAGUE and call is None) or (what in TO_A_COLLEAGUE and to is None):
        raise Http404
    if what not in OF_A_CALL | TO_A_COLLEAGUE | OF_ONESELF:
        raise Http404
    if what == "off" and "sure" not in request.POST:
        left = own_work(actor, clock.now())
        if left and request.htmx:  # type: ignore[attr-defined]
            # Asked once; nobody is kept from leaving.
            shown = context(actor, clock.now()) | {"own_work": left}
            return render(request, "console/line_bar.html", shown)
        if left:
            messages.warning(request, _("You have left, and something is still yours: look at the board."))
    try:
        actions.wish(actor=actor, what=what, call=call, to=to, details=_details(request, what))
    except ValueError:
        messages.warning(request, _("That is no longer possible. Here is how things stand now."))
    if request.htmx:  # type: ignore[attr-defined]
        return _bar(request)
    # To the page it was sent from. The bar alone, which comes by itself, does not know on which page it stands.
    back = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return redirect(back if safe else "board")


def colleagues(request: HttpRequest) -> HttpResponse:
    """Who could take the call now: asked for when it is to be handed on, since people come and go meanwhile."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    free, away = read.colleagues(actor)
    context = {"colleagues": free, "away": away, "call": read.own_call(actor)}
    return render(request, "console/line_colleagues.html", context)


def credentials(request: HttpRequest) -> HttpResponse:
    """What the phone of this browser registers with, good for an hour. Nothing keeps it but the page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = access.sip_credentials(actor)
    answer = JsonResponse(
        {
            "uri": given.uri,
            "user": given.user,
            "password": given.password,
            "expires_at": given.expires_at.isoformat(),
            # The one address that the policy of our pages lets a browser connect to.
            "wss_url": settings.LINE_WSS or given.wss_url,
            "ice_servers": given.ice_servers,
        }
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _bar(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return render(request, "console/line_bar.html", context(actor, clock.now()))


def context(actor: Actor, now: datetime) -> dict[str, Any]:
    """What the bar shows."""
    here = read.mine(actor, now)
    call = here.caller.call if here.caller else None
    return {
        "mine": here,
        "actor_id": actor.id,
        "now": now,
        "call": call,
        "danger": open_danger_of_call(actor, call) if call else None,
        "call_address": reverse("line_call", args=[call.pk]) if call else "",
        "phone": _phone(here),
        "said": _said(here),
        "connecting": _is_connecting(here),
        "paused_by_us": here.standing != Standing.AVAILABLE and here.reason in {*SAID_BY_US, OWN_SPENT},
        "refused": _refused(here),
        "reasons": REASONS.items(),
        "spoken": language_names(here.languages),
        "waited": _waited(call, now) if call else "",
        **call_words(here),
        "failed": failure_text(call, REFUSED),
        "language": language_names([call.language])[0] if call and call.language else "",
        "offered": _offered(actor, here) if here.standing == Standing.OFFLINE else [],
        "owed": callback_counts(actor) if here.standing in AWAY_FROM_CALLS else None,
        **(_own_phone(actor, here) if here.standing == Standing.OFFLINE else {}),
    }


def _phone(here: read.Mine) -> str:
    """Where they are rung: `browser`, `own`, or `off`."""
    if here.standing == Standing.OFFLINE:
        return "off"
    return "own" if here.own_phone else "browser"


def _is_connecting(here: read.Mine) -> bool:
    """Whether they have come on, and their browser is not at the line yet: no pause of theirs."""
    return here.standing == Standing.PAUSED and here.reason == CONNECTING_REASON


def _said(here: read.Mine) -> str:
    """Where they stand, in words."""
    if _is_connecting(here):
        return _("You are joining the line: this browser is being connected.")
    match here.standing:
        case Standing.AVAILABLE:
            return _("You are available for the next call.")
        case Standing.PAUSED:
            if here.reason in SAID_BY_US:
                return str(SAID_BY_US[here.reason])
            reason = REASONS.get(here.reason)
            return _("You are paused: %(reason)s.") % {"reason": reason} if reason else _("You are paused.")
        case Standing.WRAP_UP:
            if here.goes_on:
                return goes_on_text(here)
            if here.reason in FAILURE_WORDS:
                return _("%(why)s Time for your notes.") % {"why": FAILURE_WORDS[here.reason]}
            return _("The call has ended: time for your notes.")
    if here.pending == "on" and not here.late:
        return _("You are joining the line.")
    if here.reason == OWN_SPENT:
        return str(OWN_SPENT_TEXT)
    return _("You are not on the line.")


def away_text(one: Operator) -> str:
    """Why a colleague who is on the line cannot take a call now."""
    if one.standing != Standing.PAUSED:
        return str(STANDINGS.get(Standing(one.standing), ""))
    if one.reason == CONNECTING_REASON:
        return _("joining the line")
    if one.reason == "missed":
        return _("pause, missed a call")
    reason = REASONS.get(one.reason)
    return _("pause: %(reason)s") % {"reason": reason} if reason else str(STANDINGS[Standing.PAUSED])


def _waited(call: Call, now: datetime) -> str:
    minutes = look.minutes_between(call.began_at, now)
    if minutes < 1:
        return _("waited less than a minute")
    return _("waited %(time)s") % {"time": look.age(minutes)}


def language_names(codes: list[str]) -> list[str]:
    """In the language of the page."""
    names = {each.code: str(each.name) for each in choices.LANGUAGES}
    return [names.get(code, code) for code in codes]


def _offered(actor: Actor, here: read.Mine) -> list[tuple[str, str, bool]]:
    """Languages of the line: code, name, ticked as the last time; the first time, the one of the page."""
    last = here.languages or [get_language() or "en"]
    codes = list(actor.organisation.languages)
    return [(code, name, code in last) for code, name in zip(codes, language_names(codes), strict=True)]


def _own_phone(actor: Actor, here: read.Mine) -> dict[str, Any]:
    """The number on which they could be rung instead of in the browser, or ''; whether it is proven; and whether they
    wanted to be rung there, now or the last time, and are not because it is not."""
    found = Person.objects.filter(account=actor.id).first()
    number = found.phone if found else ""
    is_unproven = bool(number) and not (found and found.is_phone_proven)
    is_wanted = here.own_phone or here.refused == UNPROVEN
    return {"own": number, "own_unproven": is_unproven, "asks_proof": is_unproven and is_wanted}


def _refused(here: read.Mine) -> str:
    """What spoke against the last wish, in words; of a phone that is not proven the bar says more, elsewhere."""
    if not here.refused or here.refused == UNPROVEN:
        return ""
    return str(REFUSED.get(here.refused, _("That did not work.")))


def _id(request: HttpRequest, name: str) -> UUID | None:
    text = request.POST.get(name, "")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _details(request: HttpRequest, what: str) -> dict[str, Any]:
    if what == "on":
        actor: Actor = request.actor  # type: ignore[attr-defined]
        given = [code for code in actor.organisation.languages if code in request.POST.getlist("languages")]
        chosen = given or list(actor.organisation.languages)[:1]
        return {"languages": chosen, "own_phone": request.POST.get("phone") == "own"}
    if what == "pause":
        reason = request.POST.get("reason", "")
        return {"reason": reason if reason in {*REASONS, "declined"} else "break"}
    return {}
